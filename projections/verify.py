"""Whether the tables are what the ledger says: against each other, and against a fresh fold.

Each check stops at the first thing that is wrong.  `check_sums` asks Postgres alone; a `Refold` is
given the records of one partition's ledger by whoever walks it, and needs nothing of the others, so
partitions can be checked by several processes at once.
"""

from collections import Counter
from collections.abc import Mapping

import psycopg
from msgspec import Struct
from psycopg import sql

from projections import generations, positions
from projections.definitions import scripts, title
from projections.positions import Position
from projections.tables import balances, intervals, member_labels, member_segments, voucher_entries
from projections.tables.place import Place
from schemas.chain import Chain
from schemas.ledger import (
    ProgrammeActivated,
    PromotionStopped,
    Record,
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
    **dict.fromkeys(voucher_entries.FOLDS, "voucher_entries"),
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


class Refold:
    """One partition's rows folded anew from its ledger, and held against the tables.

    The tables are read when it is made, so a ledger that is walked afterwards is never behind them.
    """

    def __init__(
        self, connection: psycopg.Connection, partition: int, *, generation: str = "live"
    ) -> None:
        """Read what the tables hold of the partition.

        Raises:
            TablesUnfit: there are no tables, or they are those of other code.
        """
        generations.use(connection, generations.fit(connection, generation).schema)
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Before the first projector nobody has put a position there.
            nowhere = Position(Chain(generation, partition))
            self._chain = positions.read(connection, generation).get(partition, nowhere).chain
            self._held = _read(connection, partition)
        self._folded = _Held({}, Counter())
        self._spans: dict[str, intervals.Rows] = {table: {} for table in _INTERVALS}
        self._wrong: Wrong | None = None

    def take(self, seq: int, record: Record) -> None:
        """Fold the next record that counts, at its place in the chain."""
        if self._wrong is None:
            self._wrong = self._behind(seq) or self._fold(seq, record)

    def wrong(self, chain: Chain) -> Wrong | None:
        """The first thing that is wrong with the tables.

        Args:
            chain: of the ledger, behind the last record that was taken.
        """
        if self._wrong is not None:
            return self._wrong
        if chain != self._chain:
            law = "The tables stand at the ledger's head."
            where = f"partition {chain.partition}"
            return Wrong(law, where, str(self._chain), str(chain))
        spans: Counter[tuple[str, tuple[object, ...]]] = Counter(
            (table, row) for table, rows in self._spans.items() for row in intervals.whole(rows)
        )
        return _compare_balances(self._held.balances, self._folded.balances) or _compare(
            self._held.rows, self._folded.rows + spans
        )

    def _behind(self, seq: int) -> Wrong | None:
        if seq <= self._chain.seq:
            return None
        law = "The tables hold the whole ledger."
        where = f"partition {self._chain.partition}"
        return Wrong(law, where, f"record {self._chain.seq}", f"record {seq}")

    def _fold(self, seq: int, record: Record) -> Wrong | None:
        # Nothing that is compared has a column of the context.
        here = Place(record, self._chain.partition, seq, source_offset=0, context="")
        rows = self._folded.balances
        for item in record.before:
            if (record.account_id, item.wallet) not in rows:
                balances.begin(rows, (record.account_id, item.wallet), 0, here.partition)
        differs = balances.expected(rows, here, {})
        if differs:
            law = "A record states what the account held before it."
            where = f"partition {here.partition}, record {seq}"
            return Wrong(law, where, differs, "the same")
        for effect in record.effects:
            kind = type(effect)
            fold = balances.FOLDS.get(kind)
            if fold is not None:
                fold(rows, here, effect)
            elif kind in _FACTS:
                self._folded.rows[_FACTS[kind], ()] += 1
            else:
                for table, module in _INTERVALS.items():
                    if kind in module.FOLDS:
                        module.FOLDS[kind](self._spans[table], here, effect)
        return None


def _read(connection: psycopg.Connection, partition: int) -> _Held:
    balances_of = {
        (account, wallet): [*numbers, 0]
        for account, wallet, *numbers in connection.execute(_BALANCES, (partition,))
    }
    rows: Counter[tuple[str, tuple[object, ...]]] = Counter()
    for table in {*_FACTS.values()}:
        count = sql.SQL(_COUNT).format(sql.Identifier(table))
        for (many,) in connection.execute(count, (partition,)):
            rows[table, ()] = many
    for table, module in _INTERVALS.items():
        rows.update((table, row) for row in connection.execute(module.INTERVALS, (partition,)))
    return _Held(balances_of, rows)


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
