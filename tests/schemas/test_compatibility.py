"""What may follow a published schema, and the planted changes that may not."""

import json
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from itertools import combinations
from typing import Any

import fastavro
import pytest

from schemas.codec import FRAME_BYTES
from schemas.compatibility import Mode, incompatibilities, mode_of
from schemas.definitions import PREFIX_FIELDS, RECORD, lock, plain_schema
from tests.schemas import examples
from tests.schemas.test_definitions import published

SALE = "loyalty.event.SaleRecorded"
Schema = dict[str, Any]
Change = Callable[[Schema], object]


def changed(name: str, change: Change) -> Schema:
    """A copy of a schema with something done to it."""
    schema = deepcopy(plain_schema(name))
    change(schema)
    return schema


def field(schema: Schema, *path: str) -> Schema:
    """A field of a record, or of the record inside it."""
    found: Schema = {"type": schema}
    for name in path:
        record = found["type"]
        record = record.get("items", record)
        found = next(field for field in record["fields"] if field["name"] == name)
    return found


@pytest.mark.parametrize("name", sorted(lock()))
def test_every_version_may_follow_every_older_one(name: str) -> None:
    """Events are FULL_TRANSITIVE and the ledger is BACKWARD, over all that was published."""
    versions = [json.loads(file.read_text("utf-8")) for file in published(name)]
    assert versions
    for old, new in [*combinations(versions, 2), (versions[-1], plain_schema(name))]:
        assert incompatibilities(old, new, mode_of(name)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda s: s["fields"].append({"name": "note", "type": "string"}),
            "new code cannot read old data: note is missing and has no default",
        ),
        (
            lambda s: s["fields"].remove(field(s, "cashier_id")),
            "old code cannot read new data: cashier_id is missing and has no default",
        ),
        (
            lambda s: field(s, "lines", "sku").update(name="article"),
            "new code cannot read old data: lines[].article is missing and has no default",
        ),
        (
            lambda s: field(s, "lines", "quantity_milli").update(type="string"),
            "new code cannot read old data: lines[].quantity_milli was long and is string",
        ),
        (
            lambda s: field(s, "lines", "line_no").update(type="long"),
            "old code cannot read new data: lines[].line_no was long and is int",
        ),
        (
            lambda s: field(s, "receipt_no").update(type=["null", "string"]),
            "new code cannot read old data: receipt_no was string and is a union",
        ),
        (
            lambda s: field(s, "vouchers").update(type="string"),
            "new code cannot read old data: vouchers was an array and is string",
        ),
        (
            lambda s: s.update(name="Sale"),
            "the schema was the record SaleRecorded and is the record Sale",
        ),
    ],
    ids=["added", "removed", "renamed", "retyped", "widened", "optional", "one", "rechristened"],
)
def test_an_event_must_not_change_so(change: Change, problem: str) -> None:
    """A change after which old or new code cannot read an event is named, with its place."""
    found = incompatibilities(plain_schema(SALE), changed(SALE, change), Mode.FULL)
    assert any(sentence.endswith(problem) for sentence in found)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda s: field(s, "effects")["type"]["items"].pop(),
            "may be the record VoucherReleased",
        ),
        (
            lambda s: field(s, "effects")["type"]["items"].reverse(),
            "was the record MemberEnrolled and is the record VoucherReleased",
        ),
        (lambda s: field(s, "kind")["type"]["symbols"].insert(0, "NONE"), "has the symbols"),
        (lambda s: field(s, "prev")["type"].update(size=20), "has 32 bytes, read as 20"),
        (
            lambda s: s["fields"].append({"name": "note", "type": "string"}),
            "note is missing and has no default",
        ),
    ],
    ids=["effect removed", "effects moved", "kind inserted", "shorter hash", "no default"],
)
def test_the_ledger_must_not_change_so(change: Change, problem: str) -> None:
    """A change after which new code cannot read an old ledger is named."""
    found = incompatibilities(plain_schema(RECORD), changed(RECORD, change), Mode.BACKWARD)
    assert any(problem in sentence for sentence in found)


def with_note(schema: Schema) -> None:
    """The way an event may grow: a field behind the others, with a default."""
    schema["fields"].append({"name": "note", "type": "string", "default": ""})


def with_another_effect(schema: Schema) -> None:
    """The way the ledger may grow: an effect behind the others, a kind behind the others."""
    effect = {"type": "record", "name": "loyalty.effect.AccountsJoined", "fields": []}
    field(schema, "effects")["type"]["items"].append(effect)
    field(schema, "kind")["type"]["symbols"].append("SNAPSHOT")


def test_an_event_may_grow_by_a_field_with_a_default() -> None:
    """Old and new code read each other's events, and fastavro agrees."""
    old, new = plain_schema(SALE), changed(SALE, with_note)
    assert incompatibilities(old, new, Mode.FULL) == []
    file = examples.FOLDER / "sale_recorded/1/member_basket.json"
    datum: Any = read(examples.framed(file)[FRAME_BYTES:], old, new)
    assert datum.pop("note") == ""
    again = BytesIO()
    fastavro.schemaless_writer(again, fastavro.parse_schema(new), {**datum, "note": "new"})
    assert read(again.getvalue(), new, old) == datum


def test_the_ledger_may_grow_by_an_effect() -> None:
    """New code reads the old ledger, and fastavro agrees; old code halts, so it need not."""
    old, new = plain_schema(RECORD), changed(RECORD, with_another_effect)
    assert incompatibilities(old, new, Mode.BACKWARD) == []
    assert incompatibilities(old, new, Mode.FULL) != []
    value = examples.framed(examples.FOLDER / "ledger_record/1/sale.json")[FRAME_BYTES:]
    assert read(value, old, new) == read(value, old, old)


def read(value: bytes, written: Schema, wanted: Schema) -> Any:
    """What a reader of one schema makes of data of another, by fastavro."""
    schemas = fastavro.parse_schema(written), fastavro.parse_schema(wanted)
    return fastavro.schemaless_reader(BytesIO(value), *schemas)


def test_the_chain_prefix_is_for_ever() -> None:
    """The first ten fields of every version are these, since readers know them by hand."""
    for file in published(RECORD):
        fields = json.loads(file.read_text("utf-8"))["fields"][:PREFIX_FIELDS]
        assert [(field["name"], short(field["type"])) for field in fields] == [
            ("generation", "string"),
            ("partition", "int"),
            ("seq", "long"),
            ("epoch", "long"),
            ("prev", "fixed 32"),
            ("kind", "enum GENESIS CLAIM DECISION CHECKPOINT"),
            ("evolve_version", "int"),
            ("source_offset", "long"),
            ("source_part", "int"),
            ("final", "boolean"),
        ]


def short(schema: Any) -> str:
    """A type in a few words; of an enum its first four symbols, since more may come."""
    match schema:
        case {"type": "fixed", "size": size}:
            return f"fixed {size}"
        case {"type": "enum", "symbols": symbols}:
            return " ".join(["enum", *symbols[:4]])
        case _:
            return str(schema)
