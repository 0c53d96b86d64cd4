"""What fastavro makes of our records, and of their bytes: the reference for our own code."""

from io import BytesIO
from typing import Any

import fastavro
import msgspec

from schemas import ledger
from schemas.checked import checked
from schemas.codec import event_name, frame
from schemas.definitions import parsed, parsed_body
from schemas.events import Event
from schemas.records import asdict


def event_bytes(event: Event) -> bytes:
    """The framed bytes of an event."""
    name = event_name(type(event))
    return frame(name) + _written(parsed(name), _plain(event))


def body_bytes(record: ledger.Record) -> bytes:
    """The Avro bytes of a ledger record behind its prefix."""
    row = asdict(record)
    row["effects"] = [
        (f"loyalty.effect.{type(effect).__name__}", _plain(effect)) for effect in record.effects
    ]
    for name in ("before", "sale", "claim", "totals", "genesis"):
        row[name] = _plain(row[name])
    return _written(parsed_body(), row)


def body(value: bytes) -> ledger.Record | None:
    """The ledger record in bytes without a prefix; None if they are not one whole record."""
    source = BytesIO(value)
    try:
        row: Any = fastavro.schemaless_reader(source, parsed_body(), None, return_record_name=True)
    except Exception:  # noqa: BLE001  whatever it is, the bytes are no record
        return None
    if source.read():
        return None
    effects = tuple(
        _record(fields, getattr(ledger, name.rsplit(".", 1)[1])) for name, fields in row["effects"]
    )
    row["before"] = tuple(_record(item, ledger.Outstanding) for item in row["before"])
    for name in ("sale", "claim", "totals", "genesis"):
        if row[name] is not None:
            row[name] = _record(row[name], getattr(ledger, name.capitalize()))
    return ledger.Record(**{**row, "effects": effects})


def _record(fields: Any, kind: type) -> Any:
    return checked(fields[1] if isinstance(fields, tuple) else fields, kind)


def _plain(record: Any) -> Any:
    return msgspec.to_builtins(record, builtin_types=(bytes,), enc_hook=asdict)


def _written(schema: Any, row: Any) -> bytes:
    out = BytesIO()
    fastavro.schemaless_writer(out, schema, row)
    return out.getvalue()
