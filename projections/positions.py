"""How far each partition is projected: read at the start, moved with the rows."""

from collections.abc import Iterable, Mapping

import psycopg
from msgspec import Struct

from projections.tables.writes import numbers, texts
from schemas.chain import Chain, Halt
from schemas.ledger import WalletTotals

_BEGIN = """
    INSERT INTO positions (ledger_partition)
    SELECT generate_series(0, %s - 1) ON CONFLICT DO NOTHING
"""
_READ = """
    SELECT ledger_partition, ledger_seq, head, epoch, source_offset, source_part, final,
        ledger_offset, closed_on - DATE '1970-01-01', recorded_at_ms
    FROM positions
"""
_TOTALS = """
    SELECT ledger_partition, wallet, sum(issued_total), sum(adjusted_total), sum(owed),
        sum(pending), sum(available), sum(held), sum(spent_total), sum(expired_total),
        sum(reversed_total)
    FROM balances GROUP BY ledger_partition, wallet
"""
_MOVE = """
    UPDATE positions AS p
    SET ledger_seq = u.seq, head = decode(u.head, 'hex'), epoch = u.epoch,
        source_offset = u.source_offset, source_part = u.source_part, final = u.final = 1,
        ledger_offset = u.ledger_offset, closed_on = DATE '1970-01-01' + u.closed_day,
        recorded_at_ms = u.recorded_at_ms
    FROM unnest(
        %s::int[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::int[],
        %s::int[], %s::bigint[], %s::int[], %s::bigint[]
    ) AS u (
        partition, mine, seq, head, epoch, source_offset, source_part, final, ledger_offset,
        closed_day, recorded_at_ms
    )
    WHERE p.ledger_partition = u.partition AND p.ledger_seq = u.mine
"""

_STAND_STILL = """
    INSERT INTO projections.halts VALUES (%s, %s, %s, %s)
    ON CONFLICT (ledger_partition, head)
    DO UPDATE SET reason = excluded.reason, detail = excluded.detail
"""


class AnotherProjector(Exception):
    """Somebody else moved a position that was ours: this projector must stop."""


class Position(Struct, frozen=True):
    """How far one partition is projected.

    Attributes:
        chain: the accepted chain so far.
        offset: the place in the log to read on from.
        closed_through: the last closed business day; None before the first.
        recorded_at: the log's time of the last accepted record, in milliseconds.
    """

    chain: Chain
    offset: int = 0
    closed_through: int | None = None
    recorded_at: int = 0


def begin(connection: psycopg.Connection, partitions: int) -> None:
    """Every partition has a position, at the start of the ledger if it was not seen before."""
    connection.execute(_BEGIN, (partitions,))


def read(connection: psycopg.Connection, generation: str) -> dict[int, Position]:
    """Every partition's position."""
    return {
        row[0]: Position(Chain(generation, row[0], row[1], bytes(row[2]), *row[3:7]), *row[7:])
        for row in connection.execute(_READ)
    }


def read_totals(connection: psycopg.Connection) -> dict[int, dict[str, WalletTotals]]:
    """Every partition's sums by wallet, as the table of balances has them."""
    found: dict[int, dict[str, WalletTotals]] = {}
    for partition, wallet, *sums in connection.execute(_TOTALS):
        totals = WalletTotals(wallet, *(int(one) for one in sums))
        found.setdefault(partition, {})[wallet] = totals
    return found


def move(
    connection: psycopg.Connection,
    before: Mapping[int, Position],
    after: Mapping[int, Position],
) -> None:
    """Move the positions of a batch, inside its transaction.

    Raises:
        AnotherProjector: one of them is not where we left it.
    """
    moved = sorted(after)
    chains = [after[p].chain for p in moved]
    cursor = connection.execute(
        _MOVE,
        (
            numbers(moved),
            numbers([before[p].chain.seq for p in moved]),
            numbers([chain.seq for chain in chains]),
            texts([chain.head.hex() for chain in chains]),
            numbers([chain.epoch for chain in chains]),
            numbers([chain.source_offset for chain in chains]),
            numbers([chain.source_part for chain in chains]),
            numbers([int(chain.final) for chain in chains]),
            numbers([after[p].offset for p in moved]),
            numbers([after[p].closed_through for p in moved]),
            numbers([after[p].recorded_at for p in moved]),
        ),
    )
    if cursor.rowcount != len(moved):
        raise AnotherProjector(_lost(moved))


def stand_still(connection: psycopg.Connection, at: Position, reason: Halt, detail: str) -> None:
    """Note that a partition's tables stay at this position, for whoever asks."""
    values = (at.chain.partition, at.chain.head, reason, detail)
    connection.execute(_STAND_STILL, values)


def _lost(partitions: Iterable[int]) -> str:
    named = ", ".join(str(one) for one in partitions)
    return f"Another projector is at work on partition {named}, or the tables were rebuilt."
