"""From stored bytes to records that count: the accepted part of one partition's fetch."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from infra.log import Stored
from schemas.chain import Accepted, Chain, Halt, Halted, Ignored, Prefix, RecentHashes, accept
from schemas.codec import decode_body, schema_ids
from schemas.ledger import Record

EVOLVE_VERSION = 1
"""The newest records that these folds understand."""

LEDGER_SCHEMAS = frozenset({schema_ids()["loyalty.ledger.Record"]})


class Read(Struct, frozen=True, gc=False):
    """An accepted record: prefix, body, the log's time, and the chain and offset behind it."""

    prefix: Prefix
    record: Record
    recorded_at: int
    chain: Chain
    next_offset: int


class Fetch(Struct):
    """What one partition brought.

    Attributes:
        accepted: the records that count, in order.
        next_offset: behind everything looked at, noise included.
        halt: why reading stopped before the end, if it did.
    """

    accepted: list[Read]
    next_offset: int
    halt: tuple[Halt, str] | None = None


def read(
    stored: Iterable[Stored],
    chain: Chain,
    offset: int,
    recent: RecentHashes,
    ignored: Counter[Ignored],
) -> Fetch:
    """Accept and decode, up to the first record that nobody may go past.

    Args:
        stored: from `offset` on, in order.
        chain: what was accepted before.
        offset: where it begins.
        recent: the hashes accepted before; those of this fetch are added.
        ignored: is told what did not count, and why.
    """
    fetch = Fetch([], offset)
    for one in stored:
        verdict = accept(one.value, chain, recent, EVOLVE_VERSION, LEDGER_SCHEMAS)
        if isinstance(verdict, Accepted):
            try:
                record = decode_body(one.value, verdict.body_start)
            except Exception as problem:  # noqa: BLE001  whatever it is, nobody may go past it
                detail = f"record {verdict.prefix.seq} cannot be read: {problem}"
                fetch.halt = (Halt.DEFECT, detail)
                break
            chain = verdict.chain
            recent.add(chain.head)
            fetch.accepted.append(
                Read(verdict.prefix, record, one.timestamp_ms, chain, one.offset + 1)
            )
        elif isinstance(verdict, Halted):
            fetch.halt = (verdict.reason, verdict.detail)
            break
        else:
            ignored[verdict] += 1
        fetch.next_offset = one.offset + 1
    return fetch
