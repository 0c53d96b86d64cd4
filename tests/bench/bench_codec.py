"""Microseconds per step of the codec, each beside fastavro doing the same."""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO

import fastavro

from schemas.chain import Kind, Prefix, read_prefix, write_prefix
from schemas.checked import checked
from schemas.codec import (
    FRAME_BYTES,
    decode_body,
    decode_event,
    encode_body,
    encode_event,
    event_name,
    frame,
)
from schemas.definitions import RECORD, parsed, parsed_body
from schemas.events import SaleRecorded
from tests.bench.figures import Figure, each_us
from tests.bench.workload import decided, sales
from tests.schemas import avro_reference


def figures(count: int = 3_000) -> Iterator[Figure]:
    """The codec's steps, of a sale and of its record."""
    events, records = list(sales(count)), list(decided(count))
    values = [encode_event(event) for event in events]
    bodies = [encode_body(record) for record in records]
    yield beside("decode a sale", each_us(decode_event, values), each_us(read_sale, values), "≤ 14")
    yield beside(
        "encode a sale", each_us(encode_event, events), each_us(avro_reference.event_bytes, events)
    )
    yield beside(
        "encode a record",
        each_us(encode_body, records),
        each_us(avro_reference.body_bytes, records),
        "≤ 11",
    )
    yield beside(
        "decode a record",
        each_us(lambda body: decode_body(body, 0), bodies),
        each_us(read_row, bodies),
        "≤ 15",
    )
    yield from _chain(bodies)


def beside(what: str, ours: float, reference: float, goal: str = "") -> Figure:
    """A figure of ours and how many times quicker it is than fastavro's."""
    return Figure(what, ours, "µs", goal, "fastavro", reference / ours)


def read_sale(value: bytes) -> SaleRecorded:
    """A sale by fastavro and msgspec."""
    datum = fastavro.schemaless_reader(
        BytesIO(value[FRAME_BYTES:]), parsed(event_name(SaleRecorded)), None
    )
    return checked(datum, SaleRecorded)


def read_row(body: bytes) -> object:
    """A ledger record by fastavro, not even made into our types."""
    return fastavro.schemaless_reader(BytesIO(body), parsed_body(), None, return_record_name=True)


def _chain(bodies: list[bytes]) -> Iterator[Figure]:
    head = frame(RECORD)
    prefix = Prefix("live", 3, 123_456, 2, bytes(32), Kind.DECISION, 1, 123_000, 0, final=True)
    stored = [write_prefix(prefix, head) + body for body in bodies]
    yield Figure(
        "write the chain prefix", each_us(lambda _: write_prefix(prefix, head), bodies), "µs"
    )
    yield Figure("read the chain prefix", each_us(read_prefix, stored), "µs")
    yield Figure("hash a record", each_us(lambda value: sha256(value).digest(), stored), "µs")
    yield Figure("bytes of a record", sum(map(len, stored)) / len(stored), "bytes")
