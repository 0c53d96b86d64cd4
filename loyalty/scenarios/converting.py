"""From plain data to typed words, with every mistake that is made on the way."""

import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any, TypeVar, get_args

from msgspec import Struct, ValidationError, convert
from msgspec.structs import fields

from processors.core.yaml_tree import Path, Tree
from processors.words.nearest import nearest

Found = list[tuple[Path, str]]
"""Mistakes: where in the file, and what is wrong, in a sentence."""

Words = TypeVar("Words", bound=Struct)

_PART = re.compile(r"\.([^.\[\]`]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_EXPECTED = (
    ("Invalid decimal", "an amount such as 12.50"),
    ("encoded datetime", "a local time such as 2026-03-14T10:00:00"),
    ("`datetime`", "a local time such as 2026-03-14T10:00:00, without a zone"),
    ("encoded date", "a date such as 2026-03-14"),
    ("Invalid enum", "active, redeemed, expired or cancelled"),
    ("matching regex", "of the form that is wanted here, such as 02-29 or 20%"),
    ("Expected `int", "a whole number"),
    ("Expected `bool", "true or false"),
    ("Expected `array", "a list"),
    ("Expected `object", "a set of words with values"),
    ("Expected `str", "one word"),
)


class Wrong(Exception):
    """What the file says cannot be meant: a name that nobody had, an amount that no coin pays."""


def converted(
    kind: type[Words], row: Tree, path: Path, found: Found, also: Iterable[str] = ()
) -> Words | None:
    """The row as the words of its kind; None if there are mistakes, which are then in `found`.

    Words of `also` are known beside those of the kind, and may have been meant.
    """
    try:
        return convert(row, kind, strict=False)
    except ValidationError:
        _tell(kind, deepcopy(row), path, found, also)
        return None


def unknown(word: str, known: Iterable[str]) -> str:
    """The sentence for a word that is not one of those known."""
    return f"there is no word `{word}` here{nearest(word, known)}"


def _tell(kind: type[Words], row: Tree, path: Path, found: Found, also: Iterable[str]) -> None:
    """Every unknown word, then the first of the others; a word that is told is taken out."""
    while True:
        try:
            convert(row, kind, strict=False)
        except ValidationError as problem:
            text, _, where = str(problem).partition(" - at `$")
            here = tuple(word or int(number) for word, number in _PART.findall(where))
            if (said := _UNKNOWN.match(text)) is not None:
                word = said[1]
                found.append(((*path, *here, word), unknown(word, _words(kind, here, also))))
                del _at(row, here)[word]
                continue
            found.append(((*path, *here), _sentence(text, (*path, *here), _at(row, here))))
        return


def _sentence(text: str, path: Path, said: Tree) -> str:
    if (missing := _MISSING.match(text)) is not None:
        return f"`{missing[1]}` is missing"
    name = next((part for part in reversed(path) if isinstance(part, str)), "the file")
    shown = repr(said) if isinstance(said, str) else f"a {_NAMES.get(type(said), 'value')}"
    for sign, expected in _EXPECTED:
        if sign in text:
            return f"`{name}`: {shown} is not {expected}"
    return f"`{name}`: {shown}: {text}"


_NAMES: dict[type, str] = {dict: "set of words", list: "list"}


def _at(row: Tree, path: Path) -> Tree:
    for part in path:
        row = row[part]
    return row


def _words(kind: Any, path: Path, also: Iterable[str]) -> list[str]:
    """The words known at a place.  Any: an annotation is whatever Python takes for one."""
    for part in path:
        if isinstance(part, str):
            named = {field.encode_name: field.type for field in fields(kind)}
            kind = _struct_in(named[part])
    own = [field.encode_name for field in fields(kind)]
    return own if path else [*own, *also]


def _struct_in(annotation: Any) -> Any:
    """The record inside `tuple[Line, ...] | None` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return annotation
    inner = (_struct_in(one) for one in get_args(annotation))
    return next((one for one in inner if one is not None), None)
