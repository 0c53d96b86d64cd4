"""Avro bytes being read from one end to the other, as our writer writes them.

Avro allows more: lists in several blocks, numbers of more than 63 bits.  On anything else than
what our writer writes a method raises one of UNUSUAL, and the caller leaves the bytes to the
reference (see `schemas.codec`): what is strange is read slower, but never differently.

`i64` is an int of 64 bits where this is compiled, and any int where it is not.
"""

import sys
from typing import Final, NoReturn, final

from mypy_extensions import i64, mypyc_attr

UNUSUAL: Final = (ValueError, IndexError, KeyError, TypeError)
"""What reading raises: UnicodeDecodeError is a ValueError."""

WORDS_REMEMBERED: Final = 200_000
"""Past so many remembered places of words all are forgotten and learnt again."""


@mypyc_attr(acyclic=True)
@final
class Source:
    """The bytes, and how far they are read.

    Attributes:
        value: all the bytes.
        at: the index of the next one.
        lines: whether anybody wants to know what is said line by line.
    """

    __slots__ = ("at", "lines", "value")

    def __init__(self, value: bytes, at: i64, lines: bool = True) -> None:
        self.value: Final = value
        self.at: i64 = at
        self.lines: Final = lines

    def number(self) -> i64:
        """An int or a long: zigzag, seven bits a byte, the lowest first."""
        byte: i64 = self.value[self.at]
        self.at += 1
        if byte <= 0x7F:
            return (byte >> 1) ^ -(byte & 1)
        return self._rest_of_number(byte & 0x7F)

    def _rest_of_number(self, zigzag: i64) -> i64:
        """A number of more than seven bits, of which these are the lowest."""
        value = self.value
        at = self.at
        byte: i64 = 0x80
        shift: i64 = 7
        while byte > 0x7F:
            if shift > 56:
                unusual("perhaps a number of more than 64 bits")
            byte = value[at]
            at += 1
            zigzag |= (byte & 0x7F) << shift
            shift += 7
        self.at = at
        return (zigzag >> 1) ^ -(zigzag & 1)

    def number_within(self, least: i64, most: i64) -> i64:
        """A number between two, both included."""
        number = self.number()
        if number < least or number > most:
            unusual("a number is out of its bounds")
        return number

    def size(self) -> i64:
        """How many bytes or items follow; no more than there are bytes left."""
        size = self.number()
        if size < 0 or size > len(self.value) - self.at:
            unusual("a size is not one of what follows")
        return size

    def word(self) -> str:
        """A text of any length."""
        return self._text(self.size())

    def word_within(self, least: i64, most: i64) -> str:
        """A text whose bytes, which are at least its characters, are so many."""
        size = self.size()
        if size < least or size > most:
            unusual("a word is out of its bounds")
        return self._text(size)

    def _text(self, size: i64) -> str:
        if size == 0:
            return ""
        start = self.at
        self.at = start + size
        return self.value[start : self.at].decode()

    def pass_word(self) -> None:
        """Go past a text of any length."""
        size = self.size()
        self.at += size

    def repeated_word(self, least: i64, most: i64) -> str:
        """A text that will come again: the same object wherever it stands, to be hashed once."""
        return sys.intern(self.word_within(least, most))

    def count(self) -> i64:
        """How many items an array has; of an empty one nothing more follows."""
        return self.size()

    def count_within(self, most: i64) -> i64:
        """How many items an array has, at most so many."""
        count = self.size()
        if count > most:
            unusual("an array has too many items")
        return count

    def end(self) -> None:
        """The end of an array that is not empty: all of it was one block."""
        if self.value[self.at] != 0:
            unusual("an array has another block")
        self.at += 1

    def words(self) -> tuple[str, ...]:
        """An array of texts."""
        count = self.count()
        if count == 0:
            return ()
        found = [self.word() for _each in range(count)]
        self.end()
        return tuple(found)

    def words_within(self, most: i64, longest: i64) -> tuple[str, ...]:
        """An array of at most so many texts, each of at most so many bytes."""
        count = self.count_within(most)
        if count == 0:
            return ()
        found = [self.word_within(0, longest) for _each in range(count)]
        self.end()
        return tuple(found)

    def numbers(self) -> tuple[int, ...]:
        """An array of numbers."""
        count = self.count()
        if count == 0:
            return ()
        found: list[int] = [self.number() for _each in range(count)]
        self.end()
        return tuple(found)

    def numbers_by_line(self) -> tuple[int, ...]:
        """An array of numbers that is about lines; empty if nobody wants to know them."""
        if self.lines:
            return self.numbers()
        count = self.count()
        for _each in range(count):
            self.number()
        if count:
            self.end()
        return ()

    def truth(self) -> bool:
        """A boolean."""
        byte = self.value[self.at]
        if byte > 1:
            unusual("a byte is neither true nor false")
        self.at += 1
        return byte == 1

    def present(self) -> bool:
        """Whether there is a value where null would be allowed."""
        branch = self.number_within(0, 1)
        return branch == 1

    def fixed(self, size: i64) -> bytes:
        """So many bytes."""
        start = self.at
        if size > len(self.value) - start:
            unusual("the bytes end too early")
        self.at = start + size
        return self.value[start : self.at]


def unusual(detail: str) -> NoReturn:
    """Leave the bytes to the reference.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"not as our writer writes it: {detail}")
