"""The text of a writer: from one of our records to bytes at the end of a buffer."""

from collections.abc import Iterator
from typing import Any

from schemas.generate.shapes import Shape, Shapes, named_in, snake

_PLAIN = {"string": "word", "int": "int", "long": "long", "boolean": "bool"}


def writer(shape: Shape, shapes: Shapes) -> Iterator[str]:
    """The lines of `write_…` of a record, and of what only it needs."""
    fields = shape.schema["fields"]
    for name, schema in fields:
        if isinstance(schema, dict) and named_in(schema) in shapes.named:
            yield from _array(name, shapes.named[named_in(schema)])
    yield from (
        "",
        "",
        f"def write_{snake(shape.name)}(out: BytesWriter, record: {shape.name}) -> None:",
        f'    """A {shape.name} at the end of the bytes."""',
    )
    for name, schema in fields:
        yield from (f"    {line}" for line in _statements(name, schema, shapes))


def enum_writer(shape: Shape) -> Iterator[str]:
    """The lines of `write_…` of an enum."""
    yield from (
        "",
        "",
        f"def write_{snake(shape.name)}(out: BytesWriter, symbol: {shape.name}) -> None:",
        f'    """A {shape.name} at the end of the bytes."""',
        "    write_long(out, _PLACES[symbol])",
    )


def union_writer(shape: Shape) -> Iterator[str]:
    """The lines of `write_…` of a union of records."""
    yield from (
        "",
        "",
        f"def write_{snake(shape.name)}(out: BytesWriter, record: {shape.name}) -> None:",
        f'    """Whichever {shape.name} it is, and which, at the end of the bytes."""',
        "    branch, write = _WRITERS[type(record)]",
        "    write_long(out, branch)",
        "    write(out, record)",
    )


def _statements(name: str, schema: Any, shapes: Shapes) -> Iterator[str]:
    """The lines that write a field."""
    value = f"record.{name}"
    match schema:
        case ["null", other]:
            yield f"out.append(0 if {value} is None else 2)"
            yield f"if {value} is not None:"
            yield from (f"    {line}" for line in _statements(name, other, shapes))
        case str() if schema in shapes.sizes:
            yield f"write_fixed(out, {value}, {shapes.sizes[schema]})"
        case {"items": "string" | "int" | "long" as items}:
            yield f"write_{_PLAIN[items]}s(out, {value})"
        case {"items": _}:
            yield f"_write_{name}(out, {value})"
        case str() if schema in _PLAIN:
            yield f"write_{_PLAIN[schema]}(out, {value})"
        case str():
            yield f"write_{snake(shapes.named[schema].name)}(out, {value})"
        case _:
            raise NotImplementedError(f"{name}: no writer for {schema}")


def _array(name: str, items: Shape) -> Iterator[str]:
    """The lines of a function that writes an array of records."""
    yield from (
        "",
        "",
        f"def _write_{name}(out: BytesWriter, records: tuple[{items.name}, ...]) -> None:",
        "    if records:",
        "        write_long(out, len(records))",
        "        for record in records:",
        f"            write_{snake(items.name)}(out, record)",
        "    out.append(0)",
    )
