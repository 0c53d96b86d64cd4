"""The text of a record's class: fields that nobody can set, and what makes two of them equal."""

from collections.abc import Iterator, Sequence
from inspect import cleandoc
from typing import Any

from msgspec import NODEFAULT
from msgspec.structs import fields

from schemas.generate.repeated import known_class, words_together
from schemas.generate.shapes import Shape, Shapes

_PLAIN = {"string": "str", "int": "int", "long": "int", "boolean": "bool"}


def record_class(shape: Shape, shapes: Shapes) -> Iterator[str]:
    """The lines of the class of a record, with the words and the defaults of its declaration.

    It has a constructor of its own, since one that `dataclasses` made would stay interpreted, and
    is none of what the cycle collector goes through.
    """
    if shape.kind is None:
        raise NotImplementedError(f"no type of ours is declared for {shape.name}")
    named = [(name, _type(schema, shapes)) for name, schema in shape.schema["fields"]]
    defaults = {one.name: one.default for one in fields(shape.kind)}
    together = words_together(shape)
    if together:
        yield from known_class(together)
    yield from ("", "", "@mypyc_attr(acyclic=True)", "@final", f"class {shape.name}:")
    yield from _said(cleandoc(shape.kind.__doc__ or ""))
    yield from ("", *_named([name for name, _ in named]), "")
    yield from ("    def __init__(", "        self,")
    for name, kind in named:
        yield f"        {name}: {kind}{_default(defaults[name])},"
    if together:
        yield "        known: Known | None = None,"
    yield "    ) -> None:"
    yield from (f"        self.{name}: Final = {name}" for name, _ in named)
    if together:
        # It is no field: records that differ in it alone are equal, and a changed one has none.
        yield "        self.known: Final = known"
    yield from _alike(shape.name)


def _said(text: str) -> Iterator[str]:
    """A docstring as the formatter writes it."""
    first, *rest = text.split("\n")
    if not rest:
        yield f'    """{first}"""'
        return
    yield f'    """{first}'
    yield from (f"    {line}".rstrip() for line in rest)
    yield '    """'


def _named(names: Sequence[str]) -> Iterator[str]:
    """The lines that name the fields."""
    said = "    __match_args__: ClassVar[tuple[str, ...]] = ("
    if len(names) == 1:
        yield f'{said}"{names[0]}",)'
        return
    yield from (said, *(f'        "{name}",' for name in names), "    )")


def _alike(name: str) -> Iterator[str]:
    """The lines of what makes records of equal fields equal, shows and copies them."""
    yield from (
        "",
        "    def __eq__(self, other: object) -> bool:",
        f"        return isinstance(other, {name}) and astuple(self) == astuple(other)",
        "",
        "    def __hash__(self) -> int:",
        "        return hash(astuple(self))",
        "",
        "    def __repr__(self) -> str:",
        "        return shown(self)",
        "",
        "    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:",
        f"        return {name}, astuple(self)",
    )


def _default(value: object) -> str:
    """What stands behind a parameter that may be left out."""
    if value is NODEFAULT:
        return ""
    if isinstance(value, str):
        return f' = "{value}"'
    if isinstance(value, bytes) and not any(value):
        return f" = bytes({len(value)})"
    return f" = {value!r}"


def _type(schema: Any, shapes: Shapes) -> str:
    """A field's type as it is annotated."""
    match schema:
        case ["null", other]:
            return f"{_type(other, shapes)} | None"
        case {"items": items}:
            return f"tuple[{_type(items, shapes)}, ...]"
        case str() if schema in _PLAIN:
            return _PLAIN[schema]
        case str() if schema in shapes.sizes:
            return "bytes"
        case str():
            return shapes.named[schema].name
        case _:
            raise NotImplementedError(f"no type of ours for {schema}")
