"""Records of ours out of plain values, by what is declared of them.

It is how anything but our own bytes becomes a record: msgspec checks what the declarations state,
by kind and by bounds.
"""

from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from schemas import events, ledger
from schemas.declared import events as declared_events
from schemas.definitions import declaration

One = TypeVar("One")


def checked(value: Any, kind: type[One]) -> One:
    """The record of this type that plain values say: dictionaries, lists, words and numbers.

    Raises:
        msgspec.ValidationError: they do not say one, or one that is out of its bounds.
    """
    made: One = generated(msgspec.convert(value, declaration(kind)))
    return made


def generated(value: Any) -> Any:
    """A declared record as one of the class that is generated of it; all else is as it is."""
    if isinstance(value, tuple):
        return tuple(generated(one) for one in value)
    if not isinstance(value, Struct):
        return value
    return class_of(type(value))(*(generated(one) for one in msgspec.structs.astuple(value)))


@cache
def class_of(declared: type[Struct]) -> Any:
    """The class that is generated of a declaration."""
    home = events if declared.__module__ == declared_events.__name__ else ledger
    return getattr(home, declared.__name__)
