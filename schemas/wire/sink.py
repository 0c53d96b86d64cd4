"""Avro values written into a buffer, byte for byte as fastavro writes them.

Writing raises whatever the wrong type of a value brings (TypeError, AttributeError, KeyError), and
OverflowError for a long of more than 64 bits or an int of more than 32.

`i64` and `u8` are ints of so many bits where this is compiled, and any int where it is not.
"""

from typing import Final

from librt.strings import BytesWriter
from mypy_extensions import i64, u8

from schemas.varint import INT_MAX, INT_MIN, LONG_MAX, LONG_MIN

_SHORT: Final = (1 << 62) - 1
"""Up to so much either way a number and its zigzag are ordinary to the machine."""


def write_long(out: BytesWriter, number: int) -> None:
    """A long: zigzag, seven bits a byte, the lowest first.

    Raises:
        OverflowError: the number has more than 64 bits.
    """
    if -_SHORT <= number <= _SHORT:
        short: i64 = number
        zigzag = (short << 1) ^ (short >> 63)
        while zigzag > 0x7F:
            out.append(u8(zigzag & 0x7F | 0x80))
            zigzag >>= 7
        out.append(u8(zigzag))
        return
    _write_whole(out, number)


def _write_whole(out: BytesWriter, number: int) -> None:
    """Any long, a few of which the machine has no ordinary number for."""
    if not LONG_MIN <= number <= LONG_MAX:
        raise OverflowError(f"{number} has more than 64 bits")
    zigzag = (number << 1) ^ (number >> 63)
    while zigzag > 0x7F:
        out.append(u8(zigzag & 0x7F | 0x80))
        zigzag >>= 7
    out.append(u8(zigzag))


def write_int(out: BytesWriter, number: int) -> None:
    """An int, which other readers of Avro take no more than 32 bits of.

    Raises:
        OverflowError: the number has more than 32 bits.
    """
    if not INT_MIN <= number <= INT_MAX:
        raise OverflowError(f"{number} has more than 32 bits")
    write_long(out, number)


def write_bool(out: BytesWriter, flag: bool) -> None:
    """A boolean."""
    out.append(1 if flag else 0)


def write_word(out: BytesWriter, word: str) -> None:
    """A text."""
    coded = word.encode()
    write_long(out, len(coded))
    out.write(coded)


def write_fixed(out: BytesWriter, value: bytes, size: i64) -> None:
    """So many bytes.

    Raises:
        ValueError: they are not so many, and the rest of the record would be shifted.
    """
    if len(value) != size:
        raise ValueError(f"{len(value)} bytes where the schema wants {size}")
    out.write(value)


def write_words(out: BytesWriter, words: tuple[str, ...]) -> None:
    """An array of texts."""
    if words:
        write_long(out, len(words))
        for word in words:
            write_word(out, word)
    out.append(0)


def write_longs(out: BytesWriter, numbers: tuple[int, ...]) -> None:
    """An array of longs."""
    if numbers:
        write_long(out, len(numbers))
        for number in numbers:
            write_long(out, number)
    out.append(0)


def write_ints(out: BytesWriter, numbers: tuple[int, ...]) -> None:
    """An array of ints."""
    if numbers:
        write_long(out, len(numbers))
        for number in numbers:
            write_int(out, number)
    out.append(0)
