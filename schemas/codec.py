"""Bytes to records and back: Confluent framing (0, four-byte schema id, Avro datum) over fastavro.

Schema ids come from the checked-in lock `ids.lock.json`, so no registry is needed to read or
write.  fastavro is the reference for what the bytes mean; msgspec makes the typed records and
checks the bounds that the types state.

Exceptions, each the refusal its name says:
    EventRefused
      reason UNREADABLE      not framed, cut, too long, or not the Avro of the schema it names
      reason UNKNOWN_SCHEMA  the id is not that of an event
      reason INVALID         a bound of a field is broken
"""

import json
import struct
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import fastavro
import msgspec
from fastavro.types import Schema

from schemas import events, ledger
from schemas.events import EVENT_TYPES, Event
from schemas.ledger import EFFECT_TYPES, Record
from schemas.refusals import Refusal

EVENT_BYTES_MAX = 64 * 1024
"""A till's event is at most 64 KiB on the wire."""
PROGRAMME_BYTES_MAX = 512 * 1024 + 4096
"""A programme's activation is at most 512 KiB of document and its envelope."""
FRAME_BYTES = 5
PREFIX_FIELDS = 10
"""How many fields of the ledger record are the chain prefix, which `schemas.chain` reads."""


class EventRefused(Exception):  # noqa: N818  it is a refusal on its way to becoming data
    """The bytes cannot become an event; `reason` says why."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(detail or reason.sentence)
        self.reason = reason


def file_name(full_name: str) -> str:
    """The `.avsc` that holds a schema: `loyalty.event.SaleRecorded` → `sale_recorded.avsc`."""
    if full_name == "loyalty.ledger.Record":
        return "ledger_record.avsc"
    short = full_name.rsplit(".", 1)[1]
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in short).lstrip("_") + ".avsc"


@cache
def schema_text(full_name: str) -> str:
    """The checked-in Avro schema of a record, as JSON text."""
    return (files("schemas") / "avro" / file_name(full_name)).read_text("utf-8")


@cache
def schema_ids() -> dict[str, int]:
    """Full name → wire id, from the lock."""
    lock = json.loads((files("schemas") / "ids.lock.json").read_text("utf-8"))
    return {name: entry["id"] for name, entry in lock.items()}


def plain(schema: Any) -> Any:
    """The schema without logical types: dates and times stay the integers that they are."""
    if isinstance(schema, dict):
        return {key: plain(value) for key, value in schema.items() if key != "logicalType"}
    if isinstance(schema, list):
        return [plain(item) for item in schema]
    return schema


@cache
def parsed(full_name: str) -> Schema:
    """The schema as fastavro wants it."""
    return fastavro.parse_schema(plain(json.loads(schema_text(full_name))))


@cache
def parsed_body() -> Schema:
    """The ledger record without its chain prefix: what `Record` holds."""
    schema = plain(json.loads(schema_text("loyalty.ledger.Record")))
    # The prefix defines the fixed type that later fields name, so the first of them defines it.
    sha256 = schema["fields"][4]["type"]
    body = [dict(field) for field in schema["fields"][PREFIX_FIELDS:]]
    for field in body:
        if field["name"] == "event_digest":
            field["type"] = sha256
    return fastavro.parse_schema({**schema, "fields": body})


def event_name(kind: type[Event]) -> str:
    """The full Avro name of an event type."""
    return f"loyalty.event.{kind.__name__}"


def frame(full_name: str) -> bytes:
    """The five bytes in front of every datum of a schema."""
    return struct.pack(">bI", 0, schema_ids()[full_name])


@cache
def _event_frames() -> dict[bytes, tuple[type[Event], Schema]]:
    return {frame(event_name(kind)): (kind, parsed(event_name(kind))) for kind in EVENT_TYPES}


@cache
def _frame_of() -> dict[type[Event], tuple[bytes, Schema]]:
    return {kind: (head, schema) for head, (kind, schema) in _event_frames().items()}


def encode_event(event: Event) -> bytes:
    """The framed bytes of an event.

    Raises:
        ValueError: if the event is larger than its limit.
    """
    head, schema = _frame_of()[type(event)]
    out = BytesIO(head)
    out.seek(FRAME_BYTES)
    fastavro.schemaless_writer(out, schema, msgspec.to_builtins(event))
    value = out.getvalue()
    if len(value) > _limit(type(event)):
        raise ValueError(f"{event.header.event_id} has {len(value)} bytes, more than allowed")
    return value


def decode_event(value: bytes) -> Event:
    """The event in framed bytes.

    Raises:
        EventRefused: the bytes are not one whole event within its bounds.
    """
    found = _event_frames().get(value[:FRAME_BYTES])
    if found is None:
        known_framing = len(value) >= FRAME_BYTES and value[0] == 0
        raise EventRefused(Refusal.UNKNOWN_SCHEMA if known_framing else Refusal.UNREADABLE)
    kind, schema = found
    if len(value) > _limit(kind):
        raise EventRefused(Refusal.INVALID, f"{len(value)} bytes are more than allowed")
    source = BytesIO(value)
    source.seek(FRAME_BYTES)
    try:
        datum = fastavro.schemaless_reader(source, schema, None)
    except Exception as problem:  # whatever the reader meets in foreign bytes is one refusal
        raise EventRefused(Refusal.UNREADABLE, str(problem)) from None
    if source.tell() != len(value):
        raise EventRefused(Refusal.UNREADABLE, "bytes are left over behind the event")
    try:
        event = msgspec.convert(datum, kind)
    except (msgspec.ValidationError, OverflowError) as problem:
        raise EventRefused(Refusal.INVALID, str(problem)) from None
    _refuse_unprintable(event)
    return event


def decode_events(values: Sequence[bytes]) -> list[Event | EventRefused]:
    """Each value's event, or its refusal."""
    decoded: list[Event | EventRefused] = []
    for value in values:
        try:
            decoded.append(decode_event(value))
        except EventRefused as refused:
            decoded.append(refused)
    return decoded


def _refuse_unprintable(event: Event) -> None:
    """Words that reach the ledger, Postgres and a terminal must be printable in all of them."""
    h = event.header
    words = f"{h.event_id}{h.account_id}{h.member_id}{h.store_id}{h.till_id}{h.channel}{h.actor}"
    if not words.isprintable():
        raise EventRefused(Refusal.INVALID, "an identifier holds a control character")
    match event:
        case events.SaleRecorded():
            rest = f"{event.receipt_no}{event.currency}{event.cashier_id}" + "".join(event.vouchers)
        case events.SaleReturned():
            rest = f"{event.receipt_no}{event.currency}{event.original_sale}"
        case events.ProgrammeActivated():
            rest = event.document_hash
        case _:
            rest = "".join(
                value for value in msgspec.structs.astuple(event) if isinstance(value, str)
            )
    if not rest.isprintable():
        raise EventRefused(Refusal.INVALID, "a word holds a control character")


def _limit(kind: type[Event]) -> int:
    return PROGRAMME_BYTES_MAX if kind is events.ProgrammeActivated else EVENT_BYTES_MAX


EFFECT_NAMES = {kind: f"loyalty.effect.{kind.__name__}" for kind in EFFECT_TYPES}
_EFFECTS_BY_NAME = {name: kind for kind, name in EFFECT_NAMES.items()}


def encode_body(record: Record) -> bytes:
    """The Avro bytes of a ledger record behind its chain prefix."""
    row = msgspec.structs.asdict(record)
    row["before"] = [msgspec.structs.asdict(item) for item in record.before]
    row["effects"] = [
        (EFFECT_NAMES[type(effect)], msgspec.to_builtins(effect)) for effect in record.effects
    ]
    for name in ("sale", "claim", "totals", "genesis"):
        if row[name] is not None:
            row[name] = msgspec.to_builtins(row[name], builtin_types=(bytes,))
    out = BytesIO()
    fastavro.schemaless_writer(out, parsed_body(), row)
    return out.getvalue()


def decode_body(value: bytes, start: int) -> Record:
    """The ledger record in `value` behind its chain prefix, which ends at `start`.

    Raises:
        ValueError: the bytes are not one whole record.
    """
    source = BytesIO(value)
    source.seek(start)
    row: Any = fastavro.schemaless_reader(source, parsed_body(), None, return_record_name=True)
    if source.tell() != len(value):
        raise ValueError("bytes are left over behind the ledger record")
    row["effects"] = tuple(
        msgspec.convert(fields, _EFFECTS_BY_NAME[name]) for name, fields in row["effects"]
    )
    row["before"] = tuple(ledger.Outstanding(**item) for item in row["before"])
    for name, kind in _PARTS.items():
        if row[name] is not None:
            row[name] = msgspec.convert(
                row[name][1] if isinstance(row[name], tuple) else row[name], kind
            )
    return Record(**row)


_PARTS: dict[str, type] = {
    "sale": ledger.Sale,
    "claim": ledger.Claim,
    "totals": ledger.Totals,
    "genesis": ledger.Genesis,
}
