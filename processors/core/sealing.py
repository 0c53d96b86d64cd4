"""Lots as bytes one behind the other, to which one can be added without unpacking the others.

A list in MessagePack is a header that tells how many items it has, and the items; here they are
kept without the header, which is made when they are asked for.
"""

from typing import Final

_ITEMS_OF_SHORT: Final = 16
_ITEMS_OF_MIDDLE: Final = 1 << 16


def header(count: int) -> bytes:
    """What MessagePack writes before the items of a list of so many."""
    if count < _ITEMS_OF_SHORT:
        return bytes((0x90 | count,))
    if count < _ITEMS_OF_MIDDLE:
        return b"\xdc" + count.to_bytes(2)
    return b"\xdd" + count.to_bytes(4)


def items_of(packed: bytes, count: int) -> bytes:
    """The items of a packed list of so many, without its header."""
    return packed[len(header(count)) :]


def list_of(items: bytes, count: int) -> bytes:
    """So many items as a packed list."""
    return header(count) + items
