"""The bounds that our types state for their fields, as plain numbers."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct


class Bounds(Struct, frozen=True):
    """The least and the most: of a number its value, of a word or a list its length.

    Attributes:
        least, most: both included; None where nothing is stated.
        items: of a list: the bounds of each item.
    """

    least: int | None = None
    most: int | None = None
    items: "Bounds | None" = None


UNBOUNDED = Bounds()


def bounds_of(kind: type) -> Mapping[str, Bounds]:
    """Field → what its type states."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: _bounds(hint, Meta()) for name, hint in hints.items()}


def _bounds(hint: Any, meta: Meta) -> Bounds:
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        return _bounds(inner, next((note for note in notes if isinstance(note, Meta)), meta))
    if get_origin(hint) is tuple:
        return Bounds(meta.min_length, meta.max_length, _bounds(get_args(hint)[0], Meta()))
    if hint is str:
        return Bounds(meta.min_length, meta.max_length)
    if hint is int:
        return Bounds(_whole(meta.ge), _whole(meta.le))
    return UNBOUNDED


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
