"""The text of a reader: from the bytes of a `Source` to one of our records."""

from collections.abc import Iterator, Sequence
from typing import Any

from schemas.bounds import UNBOUNDED, Bounds, bounds_of
from schemas.generate.repeated import words_known, words_together
from schemas.generate.shapes import Shape, Shapes, named_in, snake

BY_LINE = frozenset({"quantities_milli", "nets_minor", "points_by_line"})
"""Arrays that only some readers want, with one number a line."""


def reader(shape: Shape, shapes: Shapes) -> Iterator[str]:
    """The lines of `read_…` of a record, and of what only it needs."""
    fields = shape.schema["fields"]
    bounds = {} if shape.kind is None else bounds_of(shape.kind)
    together = words_together(shape)
    if together:
        yield from words_known(together, bounds)
    for name, schema in fields:
        if isinstance(schema, dict) and named_in(schema) in shapes.named:
            yield from _array(name, shapes.named[named_in(schema)], bounds[name])
    yield from (
        "",
        "",
        f"def read_{snake(shape.name)}(source: Source) -> {shape.name}:",
        f'    """The next bytes as a {shape.name}."""',
    )
    arguments = []
    before = [name for name, _ in fields[: _at(fields, together)]]
    for name, schema in fields:
        value = _value(name, schema, bounds[name], shapes)
        if name in before:
            yield f"    {name} = {value}"
            value = name
        elif name in together:
            if name == together[0]:
                yield "    known = _known(source)"
                yield f"    {', '.join(together)} = known.words"
            value = name
        arguments.append(value)
    if together:
        arguments.append("known")
    yield f"    return {shape.name}("
    yield from (f"        {argument}," for argument in arguments)
    yield "    )"


def enum_reader(shape: Shape) -> Iterator[str]:
    """The lines of `read_…` of an enum."""
    yield from (
        "",
        "",
        f"def read_{snake(shape.name)}(source: Source) -> {shape.name}:",
        f'    """The next bytes as a {shape.name}."""',
        "    return _SYMBOLS[source.number_within(0, len(_SYMBOLS) - 1)]",
    )


def union_reader(shape: Shape) -> Iterator[str]:
    """The lines of `read_…` of a union of records."""
    yield from (
        "",
        "",
        f"def read_{snake(shape.name)}(source: Source) -> {shape.name}:",
        f'    """The next bytes as whichever {shape.name} they say."""',
        "    return _READERS[source.number_within(0, len(_READERS) - 1)](source)",
    )


def _value(name: str, schema: Any, bounds: Bounds, shapes: Shapes) -> str:
    """The expression that reads a field."""
    match schema:
        case "string":
            return f"source.word{_within(bounds)}"
        case "int" | "long":
            return f"source.number{_within(bounds)}"
        case "boolean":
            return "source.truth()"
        case str() if schema in shapes.sizes:
            return f"source.fixed({shapes.sizes[schema]})"
        case str():
            return f"read_{snake(shapes.named[schema].name)}(source)"
        case ["null", other]:
            present = _value(name, other, bounds, shapes)
            return f"{present} if source.present() else None"
        case {"items": "string"}:
            inner = bounds.items
            if inner is None or inner == UNBOUNDED:
                return "source.words()"
            return f"source.words_within({_most(bounds)}, {_most(inner)})"
        case {"items": "int" | "long"}:
            if bounds.most is not None or bounds.items != UNBOUNDED:
                raise NotImplementedError(f"{name}: no reader for bounded numbers")
            return "source.numbers_by_line()" if name in BY_LINE else "source.numbers()"
        case {"items": _}:
            return f"_{name}(source)"
        case _:
            raise NotImplementedError(f"{name}: no reader for {schema}")


def _within(bounds: Bounds) -> str:
    if bounds.least is None and bounds.most is None:
        return "()"
    return f"_within({number(bounds.least or 0)}, {_most(bounds)})"


def _most(bounds: Bounds) -> str:
    if bounds.most is None:
        raise NotImplementedError("a bound below has a bound above")
    return number(bounds.most)


def number(value: int) -> str:
    """A number as it is written in Python by hand."""
    return f"{value:_}" if abs(value) > 9_999 else str(value)


def _array(name: str, items: Shape, bounds: Bounds) -> Iterator[str]:
    """The lines of a function that reads an array of records."""
    if bounds.least:
        raise NotImplementedError(f"{name}: no reader for an array with a least length")
    count = "count()" if bounds.most is None else f"count_within({number(bounds.most)})"
    yield from (
        "",
        "",
        f"def _{name}(source: Source) -> tuple[{items.name}, ...]:",
        f"    count = source.{count}",
        "    if count == 0:",
        "        return ()",
        f"    found = [read_{snake(items.name)}(source) for _each in range(count)]",
        "    source.end()",
        "    return tuple(found)",
    )


def _at(fields: Sequence[tuple[str, Any]], together: list[str]) -> int:
    """How many fields come before those that are read together; none if none are."""
    return [name for name, _ in fields].index(together[0]) if together else 0
