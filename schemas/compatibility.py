"""Whether a new version of a schema may be published: who could no longer read what.

Events evolve FULL: old code reads new events and new code reads old ones, whichever is deployed
first.  The ledger evolves BACKWARD, since a processor that meets a record of newer code halts and
says so; what it must never do is fail to read, or read differently, what is already written.

Against every published version, not the last alone, both are called TRANSITIVE.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from schemas.definitions import RECORD


class Mode(StrEnum):
    """What a new version owes to the old ones."""

    FULL = "FULL"
    BACKWARD = "BACKWARD"


def mode_of(full_name: str) -> Mode:
    """What the versions of a record owe to each other."""
    return Mode.BACKWARD if full_name == RECORD else Mode.FULL


def incompatibilities(old: Mapping[str, Any], new: Mapping[str, Any], mode: Mode) -> list[str]:
    """What forbids publishing `new` after `old`, one sentence each; empty if nothing does.

    Args:
        old: one version of a record's schema, as in an `.avsc`.
        new: a later one.
        mode: what is owed.
    """
    found = [f"new code cannot read old data: {what}" for what in _unreadable(old, new, "")]
    if mode is Mode.FULL:
        found += [f"old code cannot read new data: {what}" for what in _unreadable(new, old, "")]
    return found


def _unreadable(written: Any, read: Any, path: str) -> Iterator[str]:
    """Why data of one schema cannot be read by another."""
    if _kind(written) != _kind(read):
        yield f"{path or 'the schema'} was {_kind(written)} and is {_kind(read)}"
        return
    match written:
        case list():
            yield from _union(written, read, path)
        case {"type": "record"}:
            yield from _record(written, read, path)
        case {"type": "array"}:
            yield from _unreadable(written["items"], read["items"], f"{path}[]")
        case {"type": "enum"}:
            if read["symbols"][: len(written["symbols"])] != written["symbols"]:
                yield f"{path} has the symbols {written['symbols']}, read as {read['symbols']}"
        case {"type": "fixed"}:
            if written["size"] != read["size"]:
                yield f"{path} has {written['size']} bytes, read as {read['size']}"


def _record(written: Mapping[str, Any], read: Mapping[str, Any], path: str) -> Iterator[str]:
    fields = {field["name"]: field for field in written["fields"]}
    for field in read["fields"]:
        name = f"{path}.{field['name']}" if path else str(field["name"])
        if field["name"] in fields:
            yield from _unreadable(fields[field["name"]]["type"], field["type"], name)
        elif "default" not in field:
            yield f"{name} is missing and has no default"


def _union(written: list[Any], read: list[Any], path: str) -> Iterator[str]:
    """Branches are counted, so they keep their places; more may come behind them."""
    for i, branch in enumerate(written):
        if i >= len(read):
            yield f"{path} may be {_kind(branch)}, which is no longer known"
        else:
            yield from _unreadable(branch, read[i], path)


def _kind(schema: Any) -> str:
    """What a schema is, in a word: for a named type its name too."""
    match schema:
        case list():
            return "a union"
        case {"type": "record" | "enum" | "fixed" as kind}:
            return f"the {kind} {schema['name']}"
        case {"type": "array"}:
            return "an array"
        case {"type": inner}:
            return _kind(inner)
        case _:
            return str(schema)
