"""Bytes to records and back: Confluent framing (0, four-byte schema id, Avro datum).

fastavro is the reference for what the bytes mean, and msgspec checks the bounds that the types
state.  What is read or written by the thousand goes a faster way, which gives up on anything
unusual and leaves it to the reference: the generated modules of `schemas.wire`.

Exceptions, each the refusal its name says:
    EventRefused
      reason UNREADABLE      not framed, cut, too long, or not the Avro of the schema it names
      reason UNKNOWN_SCHEMA  the id is not that of an event
      reason INVALID         a bound of a field is broken
"""

from functools import cache
from io import BytesIO
from typing import Any, Final

import fastavro
import msgspec
from fastavro.types import Schema
from librt.strings import BytesWriter

from schemas import events, ledger
from schemas.checked import checked
from schemas.definitions import (
    RECORD,
    event_name,
    frame,
    parsed,
    parsed_body,
    schema_ids,
    schema_text,
)
from schemas.events import EVENT_TYPES, Event
from schemas.ledger import EFFECT_TYPES, Record
from schemas.records import astuple
from schemas.refusals import Refusal
from schemas.wire.event.every import READERS, WRITERS
from schemas.wire.ledger.record import read_record, write_record
from schemas.wire.source import UNUSUAL, Source

__all__ = [
    "EVENT_BYTES_MAX",
    "FRAME_BYTES",
    "PROGRAMME_BYTES_MAX",
    "EventRefused",
    "decode_body",
    "decode_body_without_lines",
    "decode_event",
    "decoded",
    "encode_body",
    "encode_event",
    "event_name",
    "frame",
    "is_framed_as",
    "schema_ids",
    "schema_text",
]

EVENT_BYTES_MAX: Final = 64 * 1024
"""A till's event is at most 64 KiB on the wire."""
PROGRAMME_BYTES_MAX: Final = 512 * 1024 + 4096
"""A programme's activation is at most 512 KiB of document and its envelope."""
FRAME_BYTES: Final = 5


class EventRefused(Exception):
    """The bytes cannot become an event; `reason` says why."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(detail or reason.sentence)
        self.reason = reason


def encode_event(event: Event) -> bytes:
    """The framed bytes of an event.

    Raises:
        ValueError: if the event is larger than its limit.
    """
    kind = type(event)
    out = BytesWriter()
    out.write(_heads()[kind])
    WRITERS[kind](out, event)
    value = out.getvalue()
    if len(value) > _limit(kind):
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
    source = Source(value, FRAME_BYTES)
    try:
        event = READERS[kind](source)
    except UNUSUAL:
        return _decode_unusual_event(value, kind, schema)
    if source.at == len(value) and _words(event).isprintable():
        return event
    return _decode_unusual_event(value, kind, schema)


def _decode_unusual_event(value: bytes, kind: type[Event], schema: Schema) -> Event:
    """The event as fastavro reads it and msgspec checks it, which is what the bytes mean."""
    source = BytesIO(value)
    source.seek(FRAME_BYTES)
    try:
        datum = fastavro.schemaless_reader(source, schema, None)
    # Whatever the reader meets in foreign bytes is one refusal.
    except Exception as problem:  # noqa: BLE001
        raise EventRefused(Refusal.UNREADABLE, str(problem)) from None
    if source.tell() != len(value):
        raise EventRefused(Refusal.UNREADABLE, "bytes are left over behind the event")
    try:
        event = checked(datum, kind)
    except (msgspec.ValidationError, OverflowError) as problem:
        raise EventRefused(Refusal.INVALID, str(problem)) from None
    if not _words(event).isprintable():
        raise EventRefused(Refusal.INVALID, "a word holds a control character")
    return event


def is_framed_as(value: bytes, kind: type[Event]) -> bool:
    """Whether some bytes say that they are an event of this type; what follows may be anything."""
    return value.startswith(_heads()[kind])


def decoded(value: bytes) -> Event | EventRefused:
    """The event in framed bytes, or why it is none: as `decode_event`, but as data."""
    try:
        return decode_event(value)
    except EventRefused as refused:
        return refused


def _words(event: Event) -> str:
    """Those that reach the ledger, Postgres and a terminal, and must be printable in all."""
    h = event.header
    words = f"{h.event_id}{h.account_id}{h.member_id}{h.store_id}{h.till_id}{h.channel}{h.actor}"
    match event:
        case events.SaleRecorded():
            given = f"{event.receipt_no}{event.currency}{event.cashier_id}"
            return f"{words}{given}{''.join(event.vouchers)}" if event.vouchers else words + given
        case events.SaleReturned():
            return f"{words}{event.receipt_no}{event.currency}{event.original_sale}"
        case events.ProgrammeActivated():
            return words + event.document_hash
        case _:
            return words + "".join(value for value in astuple(event) if isinstance(value, str))


def _limit(kind: type[Event]) -> int:
    return PROGRAMME_BYTES_MAX if kind is events.ProgrammeActivated else EVENT_BYTES_MAX


@cache
def _event_frames() -> dict[bytes, tuple[type[Event], Schema]]:
    return {frame(event_name(kind)): (kind, parsed(event_name(kind))) for kind in EVENT_TYPES}


@cache
def _heads() -> dict[type[Event], bytes]:
    return {kind: frame(event_name(kind)) for kind in EVENT_TYPES}


def encode_body(record: Record) -> bytes:
    """The Avro bytes of a ledger record behind its chain prefix."""
    out = BytesWriter()
    write_record(out, record)
    return out.getvalue()


def decode_body(value: bytes, start: int) -> Record:
    """The ledger record in `value` behind its chain prefix, which ends at `start`.

    Raises:
        ValueError: the bytes are not one whole record.
    """
    return _read_body(value, start, lines=True)


def decode_body_without_lines(value: bytes, start: int) -> Record:
    """As `decode_body`, but for what is said line by line, which most readers have no use for.

    `quantities_milli`, `nets_minor` and `points_by_line` are empty; `line_numbers` is as it is.
    Bytes that only the reference takes may come whole.

    Raises:
        ValueError: the bytes are not one whole record.
    """
    return _read_body(value, start, lines=False)


def _read_body(value: bytes, start: int, *, lines: bool) -> Record:
    source = Source(value, start, lines)
    try:
        record = read_record(source)
    except UNUSUAL:
        return _decode_unusual(value, start)
    return record if source.at == len(value) else _decode_unusual(value, start)


def _decode_unusual(value: bytes, start: int) -> Record:
    """The record as fastavro reads it."""
    source = BytesIO(value)
    source.seek(start)
    try:
        row: Any = fastavro.schemaless_reader(source, parsed_body(), None, return_record_name=True)
    # Whatever the reader meets in foreign bytes is one mistake.
    except Exception as problem:  # noqa: BLE001
        raise ValueError(f"not a {RECORD}: {problem}") from None
    if source.tell() != len(value):
        raise ValueError("bytes are left over behind the ledger record")
    row["effects"] = tuple(
        checked(fields, _EFFECTS_BY_NAME[name]) for name, fields in row["effects"]
    )
    row["before"] = tuple(ledger.Outstanding(**item) for item in row["before"])
    for name, kind in _PARTS.items():
        if row[name] is not None:
            row[name] = checked(row[name][1] if isinstance(row[name], tuple) else row[name], kind)
    return Record(**row)


_EFFECTS_BY_NAME: Final[dict[str, type]] = {
    f"loyalty.effect.{kind.__name__}": kind for kind in EFFECT_TYPES
}
_PARTS: Final[dict[str, type]] = {
    "sale": ledger.Sale,
    "claim": ledger.Claim,
    "totals": ledger.Totals,
    "genesis": ledger.Genesis,
}
