"""What a module is generated from: the named types of all schemas, each with our declaration."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from schemas.declared.events import EVENT_TYPES
from schemas.definitions import declared, event_name, plain_body, plain_schema


class Shape(Struct, frozen=True):
    """One record, enum or union of records.

    Attributes:
        name: of our class; of a union, its branches' namespace with a capital.
        space: the last part of its namespace, which is the folder of its module.
        schema: with every named type resolved, where it is used, to its full name.
        kind: our declaration; None for an enum or a union.
    """

    name: str
    space: str
    schema: Any
    kind: type | None

    @property
    def file(self) -> str:
        """The name of its module."""
        return "every" if isinstance(self.schema, list) else snake(self.name)

    @property
    def module(self) -> str:
        """Where its class, its reader and its writer are."""
        return f"schemas.wire.{self.space}.{self.file}"


class Shapes:
    """All named types of the schemas of events and of the ledger.

    Attributes:
        named: full name → shape, in the order in which the schemas define them.
        sizes: full name of a fixed type → its bytes.
    """

    def __init__(self) -> None:
        self.named: dict[str, Shape] = {}
        self.sizes: dict[str, int] = {}
        self._kinds: Mapping[str, type] = declared()
        for kind in EVENT_TYPES:
            self._resolved(plain_schema(event_name(kind)), "")
        self._resolved(plain_body(), "")

    def _resolved(self, schema: Any, space: str) -> Any:
        """A schema as it is used: a named type is its full name, a plain one is itself."""
        match schema:
            case "string" | "int" | "long" | "boolean" | "null":
                return schema
            case str():
                return schema if "." in schema else f"{space}.{schema}"
            case ["null", other]:
                return ["null", self._resolved(other, space)]
            case [*branches]:
                return self._union([self._resolved(branch, space) for branch in branches])
            case {"type": "array", "items": items}:
                return {"type": "array", "items": self._resolved(items, space)}
            case {"type": "record" | "enum" | "fixed", "name": name}:
                own = str(schema.get("namespace", space))
                return self._define(f"{own}.{name}", schema, own)
            case {"type": inner, **rest} if not rest:
                return self._resolved(inner, space)
            case _:
                raise NotImplementedError(f"nothing is generated for {schema}")

    def _define(self, full_name: str, schema: Any, space: str) -> str:
        """Note a named type where it is defined; its full name."""
        if schema["type"] == "fixed":
            self.sizes[full_name] = schema["size"]
            return full_name
        if schema["type"] == "enum":
            own: Any = {"type": "enum", "symbols": schema["symbols"]}
        else:
            fields = [
                (field["name"], self._resolved(field["type"], space)) for field in schema["fields"]
            ]
            own = {"type": "record", "fields": fields}
        folder, name = full_name.split(".")[-2:]
        shape = Shape(name, folder, own, self._kinds.get(full_name))
        if self.named.setdefault(full_name, shape) != shape:
            raise ValueError(f"two schemas say different things of {full_name}")
        return full_name

    def _union(self, branches: list[str]) -> str:
        space = branches[0].rsplit(".", 1)[0]
        folder = space.rsplit(".", 1)[1]
        shape = Shape(folder.capitalize(), folder, branches, None)
        self.named[f"{space}.{shape.name}"] = shape
        return f"{space}.{shape.name}"

    def used_by(self, shape: Shape) -> Iterator[Shape]:
        """The shapes that its reader and writer call."""
        if isinstance(shape.schema, list):
            yield from (self.named[name] for name in shape.schema)
            return
        for _, schema in shape.schema.get("fields", ()):
            name = named_in(schema)
            if name in self.named:
                yield self.named[name]


def named_in(schema: Any) -> str:
    """The innermost type of a field: of an array its items', of something optional its own."""
    match schema:
        case {"items": items}:
            return named_in(items)
        case [_, other]:
            return named_in(other)
        case _:
            return str(schema)


def snake(name: str) -> str:
    """`SaleRecorded` → `sale_recorded`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
