"""The golden examples: one JSON file a message, beside the schema they were written by.

`schemas/examples/<schema>/<version>/` holds `schema.avsc`, the schema as it was published, and
messages as people can read them.  An event is its fields; a ledger record is its prefix and its
body, in which an effect is `{"PointsEarned": {…}}`.  Bytes are base64.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from schemas import chain, ledger
from schemas.checked import checked, generated
from schemas.codec import encode_body, encode_event, event_name, frame
from schemas.definitions import RECORD, declaration, file_name
from schemas.events import EVENT_TYPES, Event

FOLDER = Path(__file__).parents[2] / "schemas" / "examples"
DIGESTS = FOLDER / "sha256.lock.json"
TYPES: dict[str, type[Event]] = {
    file_name(event_name(kind)).removesuffix(".avsc"): kind for kind in EVENT_TYPES
}
LEDGER = file_name(RECORD).removesuffix(".avsc")

_EFFECTS = {kind.__name__: kind for kind in ledger.EFFECT_TYPES}
_FIELDS = get_type_hints(declaration(ledger.Record))


def files() -> list[Path]:
    """Every example, of every version of its schema."""
    return sorted(FOLDER.glob("*/*/*.json"))


def name(file: Path) -> str:
    """How an example is called: `sale_recorded/1/basket.json`."""
    return file.relative_to(FOLDER).as_posix()


def digests() -> dict[str, str]:
    """An example's name → SHA-256 of its framed bytes, as checked in."""
    known: dict[str, str] = json.loads(DIGESTS.read_text("utf-8"))
    return known


def digest(value: bytes) -> str:
    """SHA-256 of a message."""
    return sha256(value).hexdigest()


def event(file: Path) -> Event:
    """The event in an example."""
    return checked(json.loads(file.read_text("utf-8")), TYPES[file.parent.parent.name])


def record(file: Path) -> tuple[chain.Prefix, ledger.Record]:
    """The ledger record in an example, and its place in the chain."""
    both = json.loads(file.read_text("utf-8"))
    body: dict[str, Any] = {
        field: value if field == "effects" else generated(msgspec.convert(value, _FIELDS[field]))
        for field, value in both["body"].items()
    }
    body["effects"] = tuple(
        checked(fields, _EFFECTS[effect])
        for item in body["effects"]
        for effect, fields in item.items()
    )
    return msgspec.convert(both["prefix"], chain.Prefix), ledger.Record(**body)


def framed(file: Path) -> bytes:
    """The bytes on the wire of an example, in the frame of its own version."""
    if file.parent.parent.name == LEDGER:
        prefix, body = record(file)
        version = int(file.parent.name)
        return chain.write_prefix(prefix, frame(RECORD, version)) + encode_body(body)
    return encode_event(event(file))


def events() -> list[Event]:
    """Every example of an event."""
    return [event(file) for file in files() if file.parent.parent.name != LEDGER]


def records() -> list[ledger.Record]:
    """Every example of a ledger record, without its place in the chain."""
    return [record(file)[1] for file in files() if file.parent.parent.name == LEDGER]
