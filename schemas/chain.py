"""The hash chain: which records of a ledger partition count.

A record counts only if it extends the chain.  `accept` is the one function that says so; the
processor, the projector and the auditor all use it.  Everything else in the topic is noise, and
is counted as such.

Every ledger record begins with the chain prefix, the same ten fields in the same order for ever.
An Avro record is its fields in order, so the prefix of any schema id, known or not, can be read
here by hand, without a schema.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Final

from schemas.link import HEAD_OF_NOTHING, KINDS, Halt, Ignored, Kind, Prefix
from schemas.varint import LONGS, read_long
from schemas.verdicts import Accepted, Chain, Halted, Verdict

__all__ = [
    "CHECKPOINT_EVERY",
    "FRAME_BYTES",
    "HASHES_KEPT",
    "HEAD_OF_NOTHING",
    "KINDS",
    "Accepted",
    "Chain",
    "Halt",
    "Halted",
    "Ignored",
    "Kind",
    "Prefix",
    "RecentHashes",
    "Verdict",
    "accept",
    "prefix_bytes",
    "read_prefix",
    "sha256",
    "write_prefix",
]

FRAME_BYTES: Final = 5
HASHES_KEPT: Final = 4096
"""A record seen again counts as DUPLICATE while its hash is among this many last ones."""
CHECKPOINT_EVERY = 10_000
"""A CHECKPOINT follows every record whose seq is a positive multiple of this."""


class RecentHashes:
    """The hashes of the last accepted records, to tell a duplicate from a stale fork."""

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self._order: list[bytes] = []
        self._known: set[bytes] = set()
        self._next = 0
        for item in hashes:
            self.add(item)

    def __contains__(self, head: object) -> bool:
        return head in self._known

    def add(self, head: bytes) -> None:
        """Remember one more, once, and forget the oldest beyond the limit."""
        if head in self._known:
            return
        if len(self._order) < HASHES_KEPT:
            self._order.append(head)
        else:
            self._known.discard(self._order[self._next])
            self._order[self._next] = head
            self._next = (self._next + 1) % HASHES_KEPT
        self._known.add(head)


def accept(
    value: bytes,
    chain: Chain,
    recent: RecentHashes,
    evolve_version: int,
    schema_ids: frozenset[int],
) -> Verdict:
    """Whether a stored record extends the chain.  Changes nothing: the caller takes the new chain.

    Args:
        value: the stored bytes, frame included.
        chain: what was accepted before.
        recent: hashes of what was accepted before.
        evolve_version: the newest that the caller can fold.
        schema_ids: the ledger schemas that the caller can read.
    """
    foretold = _next_decision(value, chain, evolve_version, schema_ids)
    if foretold is not None:
        return foretold
    try:
        prefix, body_start = read_prefix(value)
    except (ValueError, IndexError):
        return Ignored.FOREIGN
    if prefix.generation != chain.generation or prefix.partition != chain.partition:
        return Ignored.FOREIGN
    if prefix.seq <= chain.seq:
        return Ignored.DUPLICATE if sha256(value).digest() in recent else Ignored.STALE_FORK
    if prefix.seq > chain.seq + 1 or prefix.prev != chain.head:
        return Ignored.ORPHAN
    kind = prefix.kind
    if prefix.epoch != chain.epoch + (kind is Kind.CLAIM):
        return Ignored.ORPHAN
    return _extend(value, prefix, body_start, chain, evolve_version, schema_ids)


def _next_decision(
    value: bytes, chain: Chain, evolve_version: int, schema_ids: frozenset[int]
) -> Accepted | None:
    """The record if it is the DECISION to come, by its bytes; None leaves it to the full reading.

    All that the next record begins with is known beforehand, but for whether it is final.
    """
    if chain.seq < 0 or int.from_bytes(value[1:FRAME_BYTES]) not in schema_ids:
        return None
    seq = chain.seq + 1
    offset, part = chain.source_offset, chain.source_part + 1
    if chain.final:
        offset, part = chain.source_offset + 1, 0
    expected = b"".join(
        (
            _start(chain.generation, chain.partition, value[:FRAME_BYTES]),
            LONGS[seq],
            LONGS[chain.epoch],
            chain.head,
            _DECISION,
            LONGS[evolve_version],
            LONGS[offset],
            LONGS[part],
        )
    )
    at = len(expected)
    if not value.startswith(expected) or value[0] or len(value) == at or value[at] > 1:
        return None
    final = value[at] == 1
    prefix = Prefix(
        chain.generation, chain.partition, seq, chain.epoch, chain.head, Kind.DECISION,
        evolve_version, offset, part, final,
    )  # fmt: skip
    extended = Chain(
        chain.generation, chain.partition, seq, sha256(value).digest(), chain.epoch,
        offset, part, final,
    )  # fmt: skip
    return Accepted(prefix, at + 1, extended)


def _extend(
    value: bytes,
    prefix: Prefix,
    body_start: int,
    chain: Chain,
    evolve_version: int,
    schema_ids: frozenset[int],
) -> Accepted | Halted:
    """From here on the record extends the chain: it is applied, or the partition halts."""
    schema_id = int.from_bytes(value[1:FRAME_BYTES])
    if prefix.evolve_version > evolve_version:
        return Halted(Halt.UPGRADE_ME, f"evolve version {prefix.evolve_version}")
    if schema_id not in schema_ids or prefix.kind not in KINDS:
        return Halted(Halt.UPGRADE_ME, f"schema {schema_id}, kind {prefix.kind}")
    if (prefix.seq == 0) != (prefix.kind is Kind.GENESIS):
        return Halted(Halt.BAD_GENESIS, f"{prefix.kind} at seq {prefix.seq}")
    head = sha256(value).digest()
    if prefix.kind is not Kind.DECISION:
        extended = Chain(
            chain.generation, chain.partition, prefix.seq, head, prefix.epoch,
            chain.source_offset, chain.source_part, chain.final,
        )  # fmt: skip
        return Accepted(prefix, body_start, extended)
    begins = chain.final and prefix.source_part == 0
    goes_on = not chain.final and prefix.source_part == chain.source_part + 1
    if not (begins and prefix.source_offset == chain.source_offset + 1) and not (
        goes_on and prefix.source_offset == chain.source_offset
    ):
        return Halted(
            Halt.BAD_SOURCE,
            f"offset {prefix.source_offset} part {prefix.source_part} "
            f"after {chain.source_offset} part {chain.source_part}",
        )
    extended = Chain(
        chain.generation, chain.partition, prefix.seq, head, prefix.epoch,
        prefix.source_offset, prefix.source_part, prefix.final,
    )  # fmt: skip
    return Accepted(prefix, body_start, extended)


def read_prefix(value: bytes) -> tuple[Prefix, int]:
    """The chain prefix of a stored record, and where its body starts.

    Raises:
        ValueError, IndexError: the bytes do not begin with a frame and a prefix.
    """
    if value[0] != 0:
        raise ValueError("not framed")
    length, at = read_long(value, FRAME_BYTES)
    if length < 0:
        raise ValueError("negative length")
    generation = value[at : at + length].decode()
    at += length
    partition, at = read_long(value, at)
    seq, at = read_long(value, at)
    epoch, at = read_long(value, at)
    prev = value[at : at + 32]
    kind, at = read_long(value, at + 32)
    evolve_version, at = read_long(value, at)
    source_offset, at = read_long(value, at)
    source_part, at = read_long(value, at)
    final = value[at]
    if final > 1 or not 0 <= kind < 64:
        raise ValueError("not a prefix")
    known: Kind = KINDS[kind] if kind < len(KINDS) else kind  # type: ignore[assignment]  # a kind of the future halts, it is not foreign
    prefix = Prefix(
        generation, partition, seq, epoch, prev, known, evolve_version,
        source_offset, source_part, final == 1,
    )  # fmt: skip
    return prefix, at + 1


def write_prefix(prefix: Prefix, frame: bytes) -> bytes:
    """The stored bytes in front of a record's body."""
    p = prefix
    return prefix_bytes(
        frame, p.generation, p.partition, p.seq, p.epoch, p.prev, p.kind, p.evolve_version,
        p.source_offset, p.source_part, p.final,
    )  # fmt: skip


def prefix_bytes(
    frame: bytes,
    generation: str,
    partition: int,
    seq: int,
    epoch: int,
    prev: bytes,
    kind: Kind,
    evolve_version: int,
    source_offset: int,
    source_part: int,
    final: bool,
) -> bytes:
    """As `write_prefix`, for who has the fields and makes no record of them."""
    return b"".join(
        (
            _start(generation, partition, frame),
            LONGS[seq],
            LONGS[epoch],
            prev,
            _KIND_BYTES[kind],
            LONGS[evolve_version],
            LONGS[source_offset],
            LONGS[source_part],
            b"\x01" if final else b"\x00",
        )
    )


_KIND_BYTES: Final = {kind: LONGS[i] for i, kind in enumerate(KINDS)}
_DECISION: Final = _KIND_BYTES[Kind.DECISION]


@lru_cache(maxsize=4096)
def _start(generation: str, partition: int, frame: bytes) -> bytes:
    """What all records of one ledger partition begin with."""
    name = generation.encode()
    return frame + LONGS[len(name)] + name + LONGS[partition]
