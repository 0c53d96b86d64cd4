"""The golden examples: what was published once is read the same for ever."""

import json
from io import BytesIO
from pathlib import Path
from typing import get_args

import fastavro
import pytest

from schemas import chain
from schemas.codec import FRAME_BYTES, decode_body, decode_event
from schemas.definitions import RECORD, file_name, lock, plain
from schemas.ledger import EFFECT_TYPES, Verdict
from tests.schemas import examples

ALL = examples.files()
EVENTS = [file for file in ALL if file.parent.parent.name != examples.LEDGER]
RECORDS = [file for file in ALL if file.parent.parent.name == examples.LEDGER]


@pytest.mark.parametrize("file", EVENTS, ids=examples.name)
def test_an_event_survives_the_wire(file: Path) -> None:
    """An event that was encoded and decoded is the same event."""
    event = examples.event(file)
    assert decode_event(examples.framed(file)) == event


@pytest.mark.parametrize("file", RECORDS, ids=examples.name)
def test_a_ledger_record_survives_the_wire(file: Path) -> None:
    """A ledger record that was encoded and decoded is the same, and so is its place."""
    prefix, record = examples.record(file)
    value = examples.framed(file)
    read, body_start = chain.read_prefix(value)
    assert read == prefix
    assert decode_body(value, body_start) == record


@pytest.mark.parametrize("file", ALL, ids=examples.name)
def test_the_bytes_are_those_of_the_first_day(file: Path) -> None:
    """The bytes of an example never change: hashes of ledgers in the world depend on them."""
    known = examples.digests().get(examples.name(file))
    found = examples.digest(examples.framed(file))
    assert found == known, (
        f"{examples.name(file)} is encoded differently than when it was checked in.  "
        f"If the example is new, add its digest {found} to {examples.DIGESTS.name}."
    )


@pytest.mark.parametrize("file", ALL, ids=examples.name)
def test_the_published_schema_alone_reads_an_example(file: Path) -> None:
    """Anybody with fastavro and the published schema reads what we write, to the last byte."""
    schema = plain(json.loads((file.parent / "schema.avsc").read_text("utf-8")))
    source = BytesIO(examples.framed(file)[FRAME_BYTES:])
    datum = fastavro.schemaless_reader(source, fastavro.parse_schema(schema), None)
    assert source.read() == b""
    assert isinstance(datum, dict)
    assert list(datum) == [field["name"] for field in schema["fields"]]


@pytest.mark.parametrize("file", RECORDS, ids=examples.name)
def test_every_newer_schema_reads_a_ledger_record_alike(file: Path) -> None:
    """A record says the same by its own schema and by later ones: old ledgers stay readable."""
    value = examples.framed(file)[FRAME_BYTES:]
    own = int(file.parent.name)
    schemas = [
        fastavro.parse_schema(plain(json.loads(published.read_text("utf-8"))))
        for published in (examples.FOLDER / examples.LEDGER).glob("*/schema.avsc")
        if int(published.parent.name) >= own
    ]
    read = [fastavro.schemaless_reader(BytesIO(value), schema, None) for schema in schemas]
    assert len(schemas) == len(lock()[RECORD]) + 1 - own
    assert all(datum == read[0] for datum in read)


def test_every_effect_has_an_example() -> None:
    """No effect is written that no example shows."""
    shown = {type(effect) for record in examples.records() for effect in record.effects}
    assert shown == set(EFFECT_TYPES)


def test_every_event_kind_and_decision_has_an_example() -> None:
    """Every event type, every kind of ledger record and every decision is shown."""
    assert {type(event) for event in examples.events()} == set(examples.TYPES.values())
    assert {examples.record(file)[0].kind for file in RECORDS} == set(chain.Kind)
    assert {record.decision for record in examples.records()} == set(get_args(Verdict))


def test_there_is_no_orphan() -> None:
    """Every folder of examples belongs to a schema, and every digest to an example."""
    names = {file_name(full_name).removesuffix(".avsc") for full_name in lock()}
    assert {folder.name for folder in examples.FOLDER.iterdir() if folder.is_dir()} == names
    assert set(examples.digests()) == {examples.name(file) for file in ALL}
    assert file_name(RECORD).removesuffix(".avsc") == examples.LEDGER
