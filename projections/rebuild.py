"""A new set of tables from the ledger, beside the live one, and then the swap.

Analysts see the old rows until the moment they see the new ones; nothing is ever migrated.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import psycopg

from infra.log import LedgerLog
from projections import generations
from projections.apply import Projector
from schemas.chain import Halt

_ONE_AT_A_TIME = "SELECT pg_try_advisory_lock(hashtext('loyalty rebuild'))"
_DONE = "SELECT pg_advisory_unlock(hashtext('loyalty rebuild'))"


class RebuildUnderWay(Exception):
    """Somebody else fills new tables in this database."""


class RebuildHalted(Exception):
    """The ledger cannot be projected to its end; the live tables are as they were."""

    def __init__(self, halted: dict[int, tuple[Halt, str]]) -> None:
        said = [f"partition {p}: {why.sentence} ({detail})" for p, (why, detail) in halted.items()]
        super().__init__("; ".join(said))


def rebuild(
    connection: psycopg.Connection,
    log: LedgerLog,
    batch_records: int,
    *,
    generation: str = "live",
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Build the tables anew and swap; how many records they were built from.

    A projector of the old tables stops itself when it next writes, and starts again on the new
    ones, which hold everything the ledger had when they were swapped in.

    Args:
        connection: of the owner, in autocommit mode; the database is installed.
        log: where the ledger is.
        batch_records: most records in one transaction.
        generation: which run of the ledger.
        progress: is told after each batch how many records are done.

    Raises:
        RebuildUnderWay: somebody else does the same.
        RebuildHalted: a partition cannot be projected to its end.
    """
    with new_tables(connection, generation) as new:
        applied = fill(connection, log, batch_records, new, progress)
        with connection.transaction():
            old = generations.live(connection, generation)
            generations.show(connection, new)
            if old is not None:
                generations.drop(connection, old)
    return applied


@contextmanager
def new_tables(connection: psycopg.Connection, generation: str) -> Iterator[generations.Generation]:
    """An empty set of tables beside the live one, as their owner; gone in the end, if not live.

    Raises:
        RebuildUnderWay: somebody else has one.
    """
    if connection.execute(_ONE_AT_A_TIME).fetchone() != (True,):
        raise RebuildUnderWay("Another process rebuilds these tables, or fills new ones to check.")
    try:
        connection.execute("SET ROLE loyalty_owner")
        # Whoever was killed has left a set half-made.
        _drop_the_others(connection, generation)
        with connection.transaction():
            new = generations.create(connection, generation)
        yield new
    finally:
        if not connection.closed:
            connection.execute("RESET ALL")
            _drop_the_others(connection, generation)
            connection.execute("RESET ROLE")
            connection.execute(_DONE)


def _drop_the_others(connection: psycopg.Connection, generation: str) -> None:
    """Only the live set is left."""
    with connection.transaction():
        for left in generations.not_live(connection, generation):
            generations.drop(connection, left)


def fill(
    connection: psycopg.Connection,
    log: LedgerLog,
    batch_records: int,
    new: generations.Generation,
    progress: Callable[[int], None],
    upto: Mapping[int, int] | None = None,
) -> int:
    """Project the ledger to its end, or up to these offsets; how many records counted.

    Raises:
        RebuildHalted: a partition cannot be projected so far.
    """
    # The swap is durable, and with it everything before it.
    connection.execute("SET synchronous_commit TO off")
    projector = Projector(
        connection, log, batch_records, generation=new.name, schema=new.schema, upto=upto
    )
    applied = 0
    while not projector.caught_up() and not projector.halted:
        applied += projector.step()
        progress(applied)
    connection.execute("RESET ALL")
    if projector.halted:
        raise RebuildHalted(projector.halted)
    return applied
