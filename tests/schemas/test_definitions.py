"""The schemas: each has an id, a published form, and is what our types say."""

import types
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from schemas import definitions
from schemas.chain import Kind, Prefix
from schemas.definitions import PREFIX_FIELDS, RECORD, file_name, lock, plain_schema
from schemas.events import EVENT_TYPES
from tests.schemas import examples

NAMES = sorted(lock())
AVRO = Path(definitions.__file__).parent / "avro"
EVENT_NAMES = [definitions.event_name(kind) for kind in EVENT_TYPES]


def published(full_name: str) -> list[Path]:
    """The published versions of a schema, oldest first."""
    folder = examples.FOLDER / file_name(full_name).removesuffix(".avsc")
    return sorted(folder.glob("*/schema.avsc"), key=lambda file: int(file.parent.name))


def test_every_schema_has_an_id_of_its_own() -> None:
    """The lock names every schema file once, and no two have one id."""
    assert {file_name(name) for name in NAMES} == {file.name for file in AVRO.iterdir()}
    ids = [version["id"] for versions in lock().values() for version in versions]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", NAMES)
def test_a_published_schema_does_not_change(name: str) -> None:
    """A wire id means one schema for ever: other bytes need another version."""
    newest = lock()[name][-1]
    assert definitions.fingerprint(name) == newest["fingerprint"], (
        f"{name} is not the schema that id {newest['id']} was given to.  A published schema "
        f"is never edited: publish another version (schemas/examples/…/<version>/schema.avsc, its "
        f"examples, a new id and fingerprint in schemas/ids.lock.json) and read both."
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_newest_published_version_is_the_one_in_use(name: str) -> None:
    """Versions are counted from 1 without a gap, and the last is the schema in `avro/`."""
    versions = published(name)
    assert [int(file.parent.name) for file in versions] == list(range(1, len(versions) + 1))
    assert [definitions.fingerprint_of(file.read_text("utf-8")) for file in versions] == [
        version["fingerprint"] for version in lock()[name]
    ]


def test_we_write_the_newest_version_and_read_them_all() -> None:
    """Who writes frames with the last id; who reads knows every one, and no other schema's."""
    versions = [version["id"] for version in lock()[RECORD]]
    assert len(versions) > 1
    assert definitions.schema_ids()[RECORD] == versions[-1]
    assert definitions.readable_ids(RECORD) == set(versions)
    assert definitions.frame(RECORD) == b"\0" + versions[-1].to_bytes(4)
    assert definitions.frame(RECORD, 1) == b"\0" + versions[0].to_bytes(4)


def test_a_changed_schema_has_another_fingerprint() -> None:
    """The fingerprint sees a field renamed, and does not see a sentence improved."""
    text = definitions.schema_text(RECORD)
    renamed = text.replace('"source_part"', '"source_piece"')
    reworded = text.replace("what the record is", "which of the four it is")
    assert renamed != text != reworded
    assert definitions.fingerprint_of(renamed) != definitions.fingerprint(RECORD)
    assert definitions.fingerprint_of(reworded) == definitions.fingerprint(RECORD)


@pytest.mark.parametrize("name", EVENT_NAMES)
def test_an_event_schema_is_its_type(name: str) -> None:
    """Fields, their order and their kinds are the same in Avro and in Python."""
    assert list(differences(plain_schema(name), definitions.declared()[name], name)) == []


def test_the_ledger_schema_is_its_types() -> None:
    """The ledger's schema is the chain prefix followed by the fields of `Record`."""
    body = definitions.plain_body()
    assert list(differences(body, definitions.declared()[RECORD], RECORD)) == []
    prefix = {**body, "fields": plain_schema(RECORD)["fields"][:PREFIX_FIELDS]}
    assert list(differences(prefix, Prefix, "prefix")) == []


def test_the_comparison_sees_a_difference() -> None:
    """A field that is missing, moved or of another kind does not go unseen."""
    name = definitions.event_name(EVENT_TYPES[0])
    kind = definitions.declared()[name]
    for change in (
        lambda fields: fields[:-1],
        lambda fields: fields[::-1],
        lambda fields: [{**field, "type": "string"} for field in fields],
    ):
        schema = {**plain_schema(name), "fields": change(plain_schema(name)["fields"])}
        assert list(differences(schema, kind, name))


def differences(schema: Any, kind: Any, path: str) -> list[str]:
    """Where an Avro schema and a Python type disagree."""
    kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    match schema:
        case {"type": "record", "fields": fields}:
            own = [field.name for field in msgspec.structs.fields(kind)]
            if [field["name"] for field in fields] != own:
                return [f"{path}: {[field['name'] for field in fields]} is not {own}"]
            hints = get_type_hints(kind, include_extras=True)
            return [
                difference
                for field in fields
                for difference in differences(
                    field["type"], hints[field["name"]], f"{path}.{field['name']}"
                )
            ]
        case {"type": "array", "items": items} if get_origin(kind) is tuple:
            return differences(items, get_args(kind)[0], f"{path}[]")
        case {"type": "enum", "symbols": symbols}:
            own = list(Kind) if kind is Kind else list(get_args(kind))
            return [] if own == symbols else [f"{path}: {symbols} is not {own}"]
        case {"type": "fixed", "size": 32} | "loyalty.ledger.Sha256":
            return [] if kind is bytes else [f"{path}: not {kind}"]
        case {"type": str() as inner} if inner not in {"array", "record"}:
            return differences(inner, kind, path)
        case ["null", other]:
            absent = type(None) in get_args(kind)
            present = [part for part in get_args(kind) if part is not type(None)]
            return differences(other, present[0], path) if absent else [f"{path}: not optional"]
        case [*branches] if get_origin(kind) in {Union, types.UnionType}:
            parts = get_args(kind)
            names = [branch["name"] for branch in branches]
            if names != [part.__name__ for part in parts]:
                return [f"{path}: {names} is not {parts}"]
            return [
                difference
                for branch, part in zip(branches, parts, strict=True)
                for difference in differences(branch, part, f"{path}.{branch['name']}")
            ]
        case str() if kind in _SCALARS:
            return [] if schema in _SCALARS[kind] else [f"{path}: {schema} is not {kind}"]
        case str():
            return [] if schema.rsplit(".", 1)[-1] == kind.__name__ else [f"{path}: not {kind}"]
        case _:
            return [f"{path}: {schema} is not {kind}"]


_SCALARS: dict[Any, tuple[str, ...]] = {str: ("string",), int: ("int", "long"), bool: ("boolean",)}


def test_a_bounded_int_fits_its_avro_type() -> None:
    """What a bound lets into an Avro `int` has at most 28 bits.

    Reading by columns takes a number of five bytes for a mutant, so no bound may ask for one.
    """
    bounded = [
        (low, high)
        for name in EVENT_NAMES
        for low, high in bounds(plain_schema(name), msgspec.inspect.type_info(types_of(name)))
    ]
    assert bounded
    assert all(low >= -(1 << 27) and high < 1 << 27 for low, high in bounded)


def types_of(name: str) -> type:
    return definitions.declared()[name]


def bounds(schema: Any, shape: Any) -> list[tuple[int, int]]:
    """The bounds of every Avro `int` in an event."""
    match schema, shape:
        case {"fields": fields}, msgspec.inspect.StructType():
            pairs = zip(fields, shape.fields, strict=True)
            return [found for a, b in pairs for found in bounds(a["type"], b.type)]
        case {"type": "array", "items": items}, msgspec.inspect.VarTupleType():
            return bounds(items, shape.item_type)
        case (("int" | {"type": "int"}), msgspec.inspect.IntType()):
            return [(shape.ge, shape.le)]
        case _:
            return []


def test_an_unknown_kind_is_a_difference() -> None:
    """What the comparison cannot read does not pass."""
    assert differences({"type": "map", "values": "int"}, Literal["a"], "x")
