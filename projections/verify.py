"""Whether the tables are what the ledger says: against each other, and against a fresh fold.

Each check stops at the first thing that is wrong.  `check_sums` asks Postgres alone; `check_fold`
reads one partition's ledger and needs nothing of the others, so partitions can be checked by
several processes at once.
"""

import psycopg
from msgspec import Struct

from infra.log import LedgerLog
from projections import generations, positions
from projections.definitions import scripts, title
from projections.positions import Position
from projections.reading import Fetch
from projections.tables import balances
from projections.tables.place import Place
from schemas.chain import Chain, RecentHashes

_BALANCES = """
    SELECT account_id, wallet, issued_total, adjusted_total, owed, pending, available, held,
        spent_total, expired_total, reversed_total, ledger_partition
    FROM balances WHERE ledger_partition = %s
"""


class Wrong(Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        law: what should hold, in a sentence.
        where: which row.
        found, expected: the two sides of it.
    """

    law: str
    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.law} Not so: {self.where}: {self.found} against {self.expected}."


def check_tables(
    connection: psycopg.Connection, log: LedgerLog, *, generation: str = "live"
) -> Wrong | None:
    """Every check, one partition after the other; the first thing that is wrong, or None."""
    wrong = check_sums(connection, generation=generation)
    for partition in range(log.identity.partitions):
        wrong = wrong or check_fold(connection, log, partition, generation=generation)
    return wrong


def check_sums(connection: psycopg.Connection, *, generation: str = "live") -> Wrong | None:
    """The tables against each other."""
    generations.use(connection, generations.fit(connection, generation).schema)
    # These queries join whole tables; see `projections.renewal`.
    connection.execute("SET enable_nestloop TO off")
    try:
        for _, query in scripts("checks"):
            row = connection.execute(query.encode()).fetchone()
            if row is not None:
                return Wrong(title(query), *(str(value) for value in row))
    finally:
        connection.execute("RESET enable_nestloop")
    return None


def check_fold(
    connection: psycopg.Connection, log: LedgerLog, partition: int, *, generation: str = "live"
) -> Wrong | None:
    """One partition's position and balances against its ledger, read from the beginning."""
    generations.use(connection, generations.fit(connection, generation).schema)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = positions.read(connection, generation)[partition]
        rows = {
            (account, wallet): [*numbers, 0]
            for account, wallet, *numbers in connection.execute(_BALANCES, (partition,))
        }
    folded: balances.Rows = {}
    stored = log.read_ledger(partition, 0, log.ledger_end(partition))
    fetch = Fetch(stored, Position(Chain(generation, partition)), RecentHashes())
    for here in fetch.places():
        if here.seq > found.chain.seq:
            law = "The tables hold the whole ledger."
            where = f"partition {partition}"
            return Wrong(law, where, f"record {found.chain.seq}", f"record {here.seq}")
        wrong = _fold(folded, here)
        if wrong is not None:
            return wrong
    if fetch.chain != found.chain:
        law = "The tables stand at the ledger's head."
        return Wrong(law, f"partition {partition}", str(found.chain), str(fetch.chain))
    return _compare(rows, folded)


def _fold(folded: balances.Rows, here: Place) -> Wrong | None:
    record = here.record
    for item in record.before:
        if (record.account_id, item.wallet) not in folded:
            balances.begin(folded, (record.account_id, item.wallet), 0, here.partition)
    differs = balances.expected(folded, here, {})
    if differs:
        law = "A record states what the account held before it."
        where = f"partition {here.partition}, record {here.seq}"
        return Wrong(law, where, differs, "the same")
    for effect in record.effects:
        fold = balances.FOLDS.get(type(effect))
        if fold is not None:
            fold(folded, here, effect)
    return None


def _compare(rows: balances.Rows, folded: balances.Rows) -> Wrong | None:
    if rows == folded:
        return None
    key = min(k for k in rows.keys() | folded.keys() if rows.get(k) != folded.get(k))
    return Wrong(
        "The balances are what the ledger folds to.",
        f"account {key[0]}, wallet {key[1]}",
        str(rows.get(key)),
        str(folded.get(key)),
    )
