"""The Avro schemas as they are checked in: text, wire id, fingerprint, forms to read and write by.

Schema ids come from the lock `ids.lock.json` (full name → id and fingerprint of every version), so
no registry is needed.  A published schema never changes: what is added makes another version, and
the fingerprint is how a test sees it.
"""

import json
import struct
from functools import cache
from importlib.resources import files
from typing import Any

import fastavro
from fastavro.types import Schema
from msgspec import Struct

from schemas.declared import effects, events, ledger, members

RECORD = "loyalty.ledger.Record"
PREFIX_FIELDS = 10
"""How many fields of the ledger record are the chain prefix, which `schemas.chain` reads."""


def file_name(full_name: str) -> str:
    """The `.avsc` that holds a schema: `loyalty.event.SaleRecorded` → `sale_recorded.avsc`."""
    if full_name == RECORD:
        return "ledger_record.avsc"
    short = full_name.rsplit(".", 1)[1]
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in short).lstrip("_") + ".avsc"


@cache
def schema_text(full_name: str) -> str:
    """The checked-in Avro schema of a record, as JSON text."""
    return (files("schemas") / "avro" / file_name(full_name)).read_text("utf-8")


def published_text(full_name: str, version: int) -> str:
    """A version of a schema as it was published, as JSON text; versions are counted from 1."""
    folder = files("schemas") / "examples" / file_name(full_name).removesuffix(".avsc")
    return (folder / str(version) / "schema.avsc").read_text("utf-8")


@cache
def lock() -> dict[str, list[dict[str, Any]]]:
    """Full name → `id` and `fingerprint` of each version from the first on, as checked in."""
    locked: dict[str, list[dict[str, Any]]] = json.loads(
        (files("schemas") / "ids.lock.json").read_text("utf-8")
    )
    return locked


@cache
def schema_ids() -> dict[str, int]:
    """Full name → wire id of the newest version, by which we write."""
    return {name: versions[-1]["id"] for name, versions in lock().items()}


def readable_ids(full_name: str) -> frozenset[int]:
    """The wire ids of every version: the newest schema reads them all, and does so for ever."""
    return frozenset(version["id"] for version in lock()[full_name])


def fingerprint(full_name: str) -> str:
    """The fingerprint of a checked-in schema."""
    return fingerprint_of(schema_text(full_name))


def fingerprint_of(text: str) -> str:
    """SHA-256 of a schema's parsing canonical form: what readers and writers depend on."""
    canonical = fastavro.schema.to_parsing_canonical_form(json.loads(text))
    return str(fastavro.schema.fingerprint(canonical, "SHA-256"))


def plain(schema: Any) -> Any:
    """The schema without logical types: dates and times stay the integers that they are."""
    if isinstance(schema, dict):
        return {key: plain(value) for key, value in schema.items() if key != "logicalType"}
    if isinstance(schema, list):
        return [plain(item) for item in schema]
    return schema


@cache
def plain_schema(full_name: str) -> dict[str, Any]:
    """The checked-in schema of a record, without logical types."""
    schema: dict[str, Any] = plain(json.loads(schema_text(full_name)))
    return schema


@cache
def plain_body() -> dict[str, Any]:
    """The ledger record without its chain prefix: what `ledger.Record` holds."""
    schema = plain_schema(RECORD)
    # The prefix defines the fixed type that later fields name, so the first of them defines it.
    sha256 = schema["fields"][4]["type"]
    body = [dict(field) for field in schema["fields"][PREFIX_FIELDS:]]
    for field in body:
        if field["name"] == "event_digest":
            field["type"] = sha256
    return {**schema, "fields": body}


@cache
def parsed(full_name: str) -> Schema:
    """The schema as fastavro wants it."""
    return fastavro.parse_schema(plain_schema(full_name))


@cache
def parsed_body() -> Schema:
    """The ledger record without its chain prefix, as fastavro wants it."""
    return fastavro.parse_schema(plain_body())


@cache
def declared() -> dict[str, type[Struct]]:
    """Full name → our declaration, of every record in every schema."""
    spaces = {"event": (events,), "effect": (effects, ledger, members), "ledger": (ledger,)}
    return {
        f"loyalty.{space}.{name}": kind
        for space, modules in spaces.items()
        for module in modules
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, Struct)
    }


def declaration(kind: type) -> type[Struct]:
    """What a generated class is generated from."""
    space = kind.__module__.split(".")[2]
    return declared()[f"loyalty.{space}.{kind.__name__}"]


def event_name(kind: type) -> str:
    """The full Avro name of an event type."""
    return f"loyalty.event.{kind.__name__}"


def frame(full_name: str, version: int | None = None) -> bytes:
    """The five bytes in front of every datum: of the newest version if none is named."""
    versions = lock()[full_name]
    named = versions[-1] if version is None else versions[version - 1]
    return struct.pack(">bI", 0, named["id"])
