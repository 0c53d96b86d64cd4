"""Avro's int and long: zigzag, seven bits a byte, the lowest first, at most ten bytes."""

from collections.abc import Mapping
from typing import Final

INT_MIN: Final = -(1 << 31)
INT_MAX: Final = (1 << 31) - 1
LONG_MIN: Final = -(1 << 63)
LONG_MAX: Final = (1 << 63) - 1

_SHIFTS: Final = range(7, 70, 7)
_TWO_BYTES: Final = 1 << 14
_LAST: Final = [
    bytes((z,)) if z < 0x80 else bytes((z & 0x7F | 0x80, z >> 7)) for z in range(_TWO_BYTES)
]
"""The end of a number: one or two bytes, by zigzag value."""
_MORE: Final = [bytes((z & 0x7F | 0x80, z >> 7 | 0x80)) for z in range(_TWO_BYTES)]
"""Two bytes with more to come, by their fourteen bits."""


def write_long(number: int) -> bytes:
    """An Avro int or long as bytes.

    Raises:
        OverflowError: the number has more than 64 bits.
    """
    zigzag = (number << 1) ^ (number >> 63)
    if zigzag < _TWO_BYTES:
        return _LAST[zigzag]
    if not LONG_MIN <= number <= LONG_MAX:
        raise OverflowError(f"{number} has more than 64 bits")
    out = _MORE[zigzag & 0x3FFF]
    zigzag >>= 14
    while zigzag >= _TWO_BYTES:
        out += _MORE[zigzag & 0x3FFF]
        zigzag >>= 14
    return out + _LAST[zigzag]


class _Longs(dict[int, bytes]):
    """Every Avro long; those met most often stand ready, days until 2037 among them."""

    def __missing__(self, number: int) -> bytes:
        return write_long(number)


LONGS: Final[Mapping[int, bytes]] = _Longs((n, write_long(n)) for n in range(-8192, 24_576))
"""`LONGS[n]` is `write_long(n)`, at the price of a look-up where n is small."""


class _Ints(dict[int, bytes]):
    """Every Avro int."""

    def __missing__(self, number: int) -> bytes:
        if not INT_MIN <= number <= INT_MAX:
            raise OverflowError(f"{number} has more than 32 bits")
        return write_long(number)


INTS: Final[Mapping[int, bytes]] = _Ints(LONGS)
"""As `LONGS`, but of an int, which other readers of Avro take no more than 32 bits of."""


def read_long(value: bytes, at: int) -> tuple[int, int]:
    """The Avro int or long that starts at `at`, and where the next thing starts.

    Raises:
        ValueError: it has more than ten bytes.
        IndexError: the bytes end inside it.
    """
    byte = value[at]
    if byte < 0x80:
        return (byte >> 1) ^ -(byte & 1), at + 1
    number = byte & 0x7F
    for shift in _SHIFTS:
        at += 1
        byte = value[at]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (number >> 1) ^ -(number & 1), at + 1
    raise ValueError("a number has more than ten bytes")
