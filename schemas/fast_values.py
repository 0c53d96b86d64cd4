"""The values inside an Avro record, as the generated readers of `fast_read` ask for them.

What our writer does not write raises one of `fast_read.UNUSUAL`, and is left to the reference.
"""

import re
import sys
from collections.abc import Callable, Sequence
from typing import cast

from schemas.bounds import Bounds
from schemas.varint import read_long

SHORT = tuple((z >> 1) ^ -(z & 1) for z in range(1 << 14))
"""The number of a zigzag value that has one byte, or two."""
NATURAL = {z: z >> 1 for z in range(0, 1 << 14, 2)}
"""The same where nothing below 0 may stand; that is not in here, which is a KeyError."""
LENGTH = tuple("negative" if z & 1 else z >> 1 for z in range(128))
"""The length in a byte; no word can be added to an index, which is a TypeError."""


def _two_byte_numbers() -> list[int | None]:
    """The one in each pair of bytes, as this machine reads them; None where they are not one."""
    pairs: list[int | None] = [None] * (1 << 16)
    for zigzag in range(1 << 7, 1 << 14):
        coded = bytes((zigzag & 127 | 128, zigzag >> 7))
        pairs[int.from_bytes(coded, sys.byteorder)] = SHORT[zigzag]
    return pairs


_PAIR = _two_byte_numbers()

WORDS_REMEMBERED = 200_000
"""Past so many remembered places all are forgotten and learnt again."""


def behind_word(value: bytes, at: int) -> int:
    """The index behind a word of any length."""
    size, at = length(value, at)
    return at + size


def remember(
    known: dict[bytes, tuple[str, ...]],
    bounds: Sequence[Bounds],
    value: bytes,
    start: int,
    end: int,
) -> tuple[str, ...]:
    """The words between two places, from now on known by their bytes."""
    at = start
    found = []
    for one in bounds:
        size, at = length(value, at)
        if not (one.least or 0) <= size <= (sys.maxsize if one.most is None else one.most):
            unusual()
        # The same word is the same object wherever it stands, so that it is hashed once.
        found.append(sys.intern(value[at : (at := at + size)].decode()))
    if at != end or end > len(value):
        unusual()
    if len(known) >= WORDS_REMEMBERED:
        known.clear()
    known[value[start:end]] = tuple(found)
    return known[value[start:end]]


def unusual() -> None:
    """Leave the bytes to the reference."""
    raise ValueError("not as our writer writes it")


def number(value: bytes, at: int) -> tuple[int, int]:
    """A number of any length; three bytes are a day or an amount, six are a time."""
    first = value[at]
    if first < 128:
        return SHORT[first], at + 1
    second = value[at + 1]
    if second < 128:
        return SHORT[second << 7 | first & 127], at + 2
    third = value[at + 2]
    low = first & 127 | (second & 127) << 7 | (third & 127) << 14
    if third < 128:
        return (low >> 1) ^ -(low & 1), at + 3
    fourth = value[at + 3]
    if fourth > 127 and (fifth := value[at + 4]) > 127 and (sixth := value[at + 5]) < 128:
        high = fourth & 127 | (fifth & 127) << 7 | sixth << 14
        return (high << 20 | low >> 1) ^ -(low & 1), at + 6
    one, end = read_long(value, at)
    if end - at > 9:
        raise ValueError("perhaps more than 64 bits")
    return one, end


def count(value: bytes, at: int) -> tuple[int, int]:
    """How many items an array has that is not empty."""
    many, at = number(value, at)
    # Every item has a byte at least, so a count beyond the bytes is a mutant's.
    if not 0 < many <= len(value) - at:
        raise ValueError("not as our writer writes it")
    return many, at


def length(value: bytes, at: int) -> tuple[int, int]:
    """How many bytes a word has."""
    size, at = number(value, at)
    if size < 0:
        raise ValueError("not as our writer writes it")
    return size, at


def longs(value: bytes, at: int) -> tuple[tuple[int, ...], int]:
    """The numbers of an array, and the index behind it."""
    many, at = count(value, at)
    one_byte_each = value[at : at + many]
    if one_byte_each.isascii():
        numbers = tuple(map(SHORT.__getitem__, one_byte_each))
        at += many
    else:
        numbers, at = _longer(value, at, many)
    if value[at]:
        raise ValueError("not as our writer writes it")
    return numbers, at + 1


def _longer(value: bytes, at: int, many: int) -> tuple[tuple[int, ...], int]:
    two_bytes_each = memoryview(value)[at : at + 2 * many]
    if len(two_bytes_each) == 2 * many:
        pairs = tuple(map(_PAIR.__getitem__, two_bytes_each.cast("H")))
        if None not in pairs:
            return cast("tuple[int, ...]", pairs), at + 2 * many
    numbers = []
    for _ in range(many):
        first = value[at]
        if first < 128:
            numbers.append(SHORT[first])
            at += 1
        elif (second := value[at + 1]) < 128:
            numbers.append(SHORT[second << 7 | first & 127])
            at += 2
        else:
            one, at = number(value, at)
            numbers.append(one)
    return tuple(numbers), at


class _Runs(dict[int, Callable[[bytes, int], re.Match[bytes] | None]]):
    """How many → the match of so many numbers, of up to nine bytes each, and the array's end."""

    def __missing__(self, count: int) -> Callable[[bytes, int], re.Match[bytes] | None]:
        run = re.compile(rb"(?:[\x80-\xff]{0,8}[\x00-\x7f]){%d}\x00" % count).match
        if count <= _RUNS_KEPT:
            self[count] = run
        return run


_RUNS_KEPT = 1000
_RUNS = _Runs()


def behind_longs(value: bytes, at: int) -> int:
    """The index behind an array of numbers that nobody wants to know."""
    many, at = count(value, at)
    found = _RUNS[many](value, at)
    if found is None:
        raise ValueError("not as our writer writes it")
    return found.end()


def words(value: bytes, at: int, most: int) -> tuple[tuple[str, ...], int]:
    """The words of an array, each of at most so many bytes, and the index behind it."""
    many, at = count(value, at)
    found = []
    for _ in range(many):
        size, at = length(value, at)
        if size > most:
            unusual()
        found.append(value[at : (at := at + size)].decode())
    if value[at]:
        raise ValueError("not as our writer writes it")
    return tuple(found), at + 1


ASKED_FOR = (
    "SHORT",
    "NATURAL",
    "LENGTH",
    "number",
    "length",
    "count",
    "longs",
    "behind_longs",
    "words",
    "behind_word",
    "remember",
    "unusual",
)
"""The names that generated readers use."""
