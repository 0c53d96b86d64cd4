"""Whether the tables are what the ledger says: against each other, and against a fresh fold.

Each check stops at the first thing that is wrong.  `check_sums` asks Postgres alone; `check_fold`
reads one partition's ledger and needs nothing of the others, so partitions can be checked by
several processes at once.
"""

from collections import Counter
from collections.abc import Mapping

import psycopg
from msgspec import Struct
from psycopg import sql

from infra.log import LedgerLog
from projections import generations, positions
from projections.definitions import scripts, title
from projections.positions import Position
from projections.reading import Fetch
from projections.tables import balances, intervals, member_labels, member_segments
from projections.tables.place import Place
from schemas.chain import Chain, RecentHashes
from schemas.ledger import (
    ProgrammeActivated,
    PromotionStopped,
    RewardGiven,
    TierChanged,
    WithheldFromControl,
)

_BALANCES = """
    SELECT account_id, wallet, issued_total, adjusted_total, owed, pending, available, held,
        spent_total, expired_total, reversed_total, ledger_partition
    FROM balances WHERE ledger_partition = %s
"""
_COUNT = "SELECT count(*) FROM {} WHERE ledger_partition = %s"
_FACTS: Mapping[type, str] = {
    TierChanged: "tier_changes",
    RewardGiven: "rewards_given",
    WithheldFromControl: "withheld",
    PromotionStopped: "stopped_promotions",
    ProgrammeActivated: "programmes",
}
"""Effects of which each is one row, in a table that no other table could be compared with."""
_INTERVALS = {"member_labels": member_labels, "member_segments": member_segments}
"""Tables of intervals, which are compared one by one."""


class _Held(Struct):
    """What the tables hold of one partition, or what its ledger folds to.

    Attributes:
        balances: account and wallet → buckets.
        rows: (table, row) → how often it stands there; of a table of facts the row is empty.
    """

    balances: balances.Rows
    rows: Counter[tuple[str, tuple[object, ...]]]


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
    folded = _Held({}, Counter())
    spans: dict[str, intervals.Rows] = {table: {} for table in _INTERVALS}
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = positions.read(connection, generation)[partition]
        held = _read(connection, partition)
    stored = log.read_ledger(partition, 0, log.ledger_end(partition))
    fetch = Fetch(stored, Position(Chain(generation, partition)), RecentHashes())
    for here in fetch.places():
        if here.seq > found.chain.seq:
            law = "The tables hold the whole ledger."
            where = f"partition {partition}"
            return Wrong(law, where, f"record {found.chain.seq}", f"record {here.seq}")
        wrong = _fold(folded, spans, here)
        if wrong is not None:
            return wrong
    if fetch.chain != found.chain:
        law = "The tables stand at the ledger's head."
        return Wrong(law, f"partition {partition}", str(found.chain), str(fetch.chain))
    for table, rows in spans.items():
        folded.rows.update((table, row) for row in intervals.whole(rows))
    return _compare_balances(held.balances, folded.balances) or _compare(held.rows, folded.rows)


def _read(connection: psycopg.Connection, partition: int) -> _Held:
    balances_of = {
        (account, wallet): [*numbers, 0]
        for account, wallet, *numbers in connection.execute(_BALANCES, (partition,))
    }
    rows: Counter[tuple[str, tuple[object, ...]]] = Counter()
    for table in _FACTS.values():
        count = sql.SQL(_COUNT).format(sql.Identifier(table))
        for (many,) in connection.execute(count, (partition,)):
            rows[table, ()] = many
    for table, module in _INTERVALS.items():
        rows.update((table, row) for row in connection.execute(module.INTERVALS, (partition,)))
    return _Held(balances_of, rows)


def _fold(folded: _Held, spans: Mapping[str, intervals.Rows], here: Place) -> Wrong | None:
    record = here.record
    for item in record.before:
        if (record.account_id, item.wallet) not in folded.balances:
            balances.begin(folded.balances, (record.account_id, item.wallet), 0, here.partition)
    differs = balances.expected(folded.balances, here, {})
    if differs:
        law = "A record states what the account held before it."
        where = f"partition {here.partition}, record {here.seq}"
        return Wrong(law, where, differs, "the same")
    for effect in record.effects:
        kind = type(effect)
        fold = balances.FOLDS.get(kind)
        if fold is not None:
            fold(folded.balances, here, effect)
        elif kind in _FACTS:
            folded.rows[_FACTS[kind], ()] += 1
        else:
            for table, module in _INTERVALS.items():
                if kind in module.FOLDS:
                    module.FOLDS[kind](spans[table], here, effect)
    return None


def _compare_balances(rows: balances.Rows, folded: balances.Rows) -> Wrong | None:
    if rows == folded:
        return None
    key = min(k for k in rows.keys() | folded.keys() if rows.get(k) != folded.get(k))
    return Wrong(
        "The balances are what the ledger folds to.",
        f"account {key[0]}, wallet {key[1]}",
        str(rows.get(key)),
        str(folded.get(key)),
    )


def _compare(
    found: Counter[tuple[str, tuple[object, ...]]], folded: Counter[tuple[str, tuple[object, ...]]]
) -> Wrong | None:
    """Facts by their number, intervals one by one."""
    if found == folded:
        return None
    table, row = min((k for k in found.keys() | folded.keys() if found[k] != folded[k]), key=str)
    return Wrong(
        "What the ledger tells is in its table, once.",
        " ".join([table, *map(str, row)]),
        f"{found[table, row]} rows",
        f"{folded[table, row]}",
    )
