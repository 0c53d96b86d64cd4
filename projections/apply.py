"""The projector: accepted ledger records become rows, each exactly once.

Rows and positions are written in one transaction, and a position only moves from where this
projector left it.  So a crash repeats nothing and skips nothing, and of two projectors on one
partition the slower one stops itself.  Several projectors may share the work by partition.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import psycopg

from infra.log import LedgerLog, Stored
from projections import generations, positions, renewal
from projections.events import read_events
from projections.fold import Batch
from projections.positions import AnotherProjector, Position
from projections.reading import Fetch
from projections.tables import balances, discounts_daily, sale_lines
from projections.tables.place import Place
from projections.tables.writes import Copy, texts
from schemas.chain import Halt, Ignored, RecentHashes

WAIT_S = 0.1
"""How long an idle step waits for a record."""
KNOWN_MAX = 500_000
"""So many wallets' outstanding points are kept in memory, to compare what records state."""
COUNT_AFTER = 50_000
"""Once it has caught up with more records than this, Postgres looks at the tables anew."""
RENEW_EVERY_S = 60.0
"""While it catches up, tables that are renewed as a whole are at most so far behind."""


REBUILT = "The tables were rebuilt while this projector was at work; start it again."


class Projector:
    """Fills the live tables of a generation from the ledger.

    Attributes:
        halted: partition → why it stands still; the others go on.
        ignored: how many records did not count, by reason.
    """

    def __init__(
        self,
        connection: psycopg.Connection,
        log: LedgerLog,
        batch_records: int,
        *,
        generation: str = "live",
        partitions: Collection[int] | None = None,
        schema: str = "",
        upto: Mapping[int, int] | None = None,
    ) -> None:
        """Stand where the tables are.

        Args:
            connection: in the role projector or owner, in autocommit mode; nobody else uses it.
            log: where the ledger is.
            batch_records: most records in one transaction.
            generation: which run of the ledger.
            partitions: which ones; all if not given.
            schema: other tables than the live ones.
            upto: partition → the offset in the ledger to stop at; its end where not given.

        Raises:
            TablesUnfit: there are no tables yet, or other code made them.
        """
        generations.use(connection, schema or generations.fit(connection, generation).schema)
        # What a batch changes is found by its keys.  Of tables that were just filled Postgres knows
        # too little to see that, and would read all sales for the few that came back.
        connection.execute("SET enable_seqscan TO off")
        self._connection = connection
        self._log = log
        self._batch_records = batch_records
        self._upto = upto or {}
        positions.begin(connection, log.identity.partitions)
        every = positions.read(connection, generation)
        ours = every if partitions is None else partitions
        self._at: dict[int, Position] = {p: every[p] for p in sorted(ours)}
        self._recent = {p: RecentHashes() for p in self._at}
        self._totals = positions.read_totals(connection)
        self._known: dict[balances.Key, int] = {}
        self._lines_of = {p for (p,) in connection.execute(sale_lines.ASKED)}
        self._discounts_of = {p for (p,) in connection.execute(discounts_daily.ASKED)}
        self._stale = True
        self._uncounted = 0
        self._renew_at = time.monotonic() + RENEW_EVERY_S
        self.halted: dict[int, tuple[Halt, str]] = {}
        self.ignored: Counter[Ignored] = Counter()
        self._batches = self._follow()

    def step(self) -> int:
        """Project the next batch; how many records counted.  Waits at most WAIT_S if idle.

        Raises:
            AnotherProjector: somebody else moved our positions; nothing was written.
            LogUnavailable, psycopg.Error: the outside world; nothing was written.
        """
        try:
            applied = self._project(next(self._batches))
            self._uncounted += applied
            if self._stale and (time.monotonic() >= self._renew_at or self._at_end()):
                self._renew()
        except psycopg.errors.UndefinedTable as problem:
            raise AnotherProjector(REBUILT) from problem
        return applied

    def run(self, stop: Callable[[], bool]) -> int:
        """Project until told to stop; how many records counted."""
        applied = 0
        while not stop():
            applied += self.step()
        return applied

    def caught_up(self) -> bool:
        """Whether the tables hold all that the ledger has, as far as no partition is halted."""
        return not self._stale and self._at_end()

    @property
    def positions(self) -> Mapping[int, Position]:
        """How far each of our partitions is projected."""
        return self._at

    def _renew(self) -> None:
        """Renew what is made as a whole; for good, if there is nothing more to read."""
        if self._uncounted >= COUNT_AFTER:
            generations.count_rows(self._connection)
            self._uncounted = 0
        renewal.renew(self._connection)
        self._stale = not self._at_end()
        self._renew_at = time.monotonic() + RENEW_EVERY_S

    def _at_end(self) -> bool:
        return all(self._at[p].offset >= self._end(p) for p in self._at if p not in self.halted)

    def _end(self, partition: int) -> int:
        end = self._log.ledger_end(partition)
        return min(self._upto.get(partition, end), end)

    def _follow(self) -> Iterator[Mapping[int, Sequence[Stored]]]:
        starts = {p: at.offset for p, at in self._at.items() if p not in self.halted}
        return iter(self._log.follow_ledger(starts, self._batch_records, WAIT_S))

    def _project(self, stored: Mapping[int, Sequence[Stored]]) -> int:
        """Fold and write one fetch."""
        kept = {p: _before(values, self._upto.get(p)) for p, values in stored.items()}
        stored = {p: values for p, values in kept.items() if values}
        if not stored:
            return 0
        batch, fetched = self._folded(stored)
        after = {p: fetch.position for p, fetch in fetched.items()}
        totals = {p: balances.totals(batch.balances, p, self._totals.get(p, {})) for p in fetched}
        self._write(batch, after)
        self._at.update(after)
        self._totals.update(totals)
        self._lines_of = batch.sale_lines.asked
        self._discounts_of = batch.discounts_daily.asked
        self._remember(batch)
        self._stale |= bool(batch.closed_days)
        for fetch in fetched.values():
            self.ignored.update(fetch.ignored)
        self._halt({p: fetch.halt for p, fetch in fetched.items() if fetch.halt is not None})
        return sum(fetch.accepted for fetch in fetched.values())

    def _folded(self, stored: Mapping[int, Sequence[Stored]]) -> tuple[Batch, dict[int, Fetch]]:
        """The rows of what was fetched.

        Rows that hold half of a record, or that believed one which lied, are thrown away, and all
        is folded again: up to that record, or with what is known now.
        """
        defects: dict[int, tuple[int, Halt, str]] = {}
        while True:
            batch = Batch(self._lines_of, self._discounts_of)
            ends = {p: offset for p, (offset, _, _) in defects.items()}
            fetched = {
                p: Fetch(_before(values, ends.get(p)), self._at[p], self._recent[p])
                for p, values in stored.items()
            }
            half = {
                p: (fetch.offset, Halt.DEFECT, why)
                for p, fetch in fetched.items()
                if (why := self._fold(batch, fetch))
            }
            if self._believed_rightly(batch) and not half:
                # Of a partition whose events are not those that were decided, nothing is taken.
                half = {
                    p: (self._at[p].offset, Halt.INPUT_CHANGED, why)
                    for p, why in read_events(self._log, batch).items()
                }
                if not half:
                    break
            defects |= half
        for p, (_, halt, why) in defects.items():
            fetched[p].halt = fetched[p].halt or (halt, why)
        return batch, fetched

    def _fold(self, batch: Batch, fetch: Fetch) -> str:
        """Fold one partition's records; what went wrong, if one of them was folded half."""
        for place in fetch.places():
            differs = self._differs(batch, place)
            if differs:
                fetch.halt = (Halt.SUMS_DIFFER, f"record {place.seq}: {differs}")
                break
            try:
                batch.add(place)
            except Exception as problem:  # noqa: BLE001  whatever it is, nobody may go past it
                return f"record {place.seq} cannot be folded: {problem!r}"
        return ""

    def _believed_rightly(self, batch: Batch) -> bool:
        """Whether wallets that nothing was known of held what the first record on them said.

        They are looked up together, once the whole batch has named them.
        """
        missing = [key for key in batch.balances if key not in self._known]
        if not missing:
            return True
        accounts, wallets = zip(*missing, strict=True)
        rows = self._connection.execute(balances.OUTSTANDING, (texts(accounts), texts(wallets)))
        found = dict.fromkeys(missing, 0)
        found.update({(account, wallet): points for account, wallet, points in rows})
        self._known.update(found)
        return all(balances.before(batch.balances[key]) == found[key] for key in missing)

    def _differs(self, batch: Batch, place: Place) -> str:
        """Empty if the record states what was folded: balances, and in a CHECKPOINT all sums."""
        stated = place.record.totals
        if stated is None:
            return balances.expected(batch.balances, place, self._known)
        p = place.partition
        folded = balances.totals(batch.balances, p, self._totals.get(p, {}))
        return balances.totals_differ(stated.wallets, folded)

    def _write(self, batch: Batch, after: Mapping[int, Position]) -> None:
        """Rows and positions, in one transaction; the positions first, so that one of two waits."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            positions.move(self._connection, self._at, after)
            for write in batch.writes():
                if isinstance(write, Copy):
                    with cursor.copy(write.statement.encode()) as copy:
                        copy.write(write.text)
                else:
                    cursor.execute(write.statement.encode(), write.arrays)

    def _remember(self, batch: Batch) -> None:
        """Keep what the wallets hold now for the records to come."""
        if len(self._known) > KNOWN_MAX:
            self._known.clear()
        for key, row in batch.balances.items():
            self._known[key] = balances.outstanding(row)

    def _halt(self, halts: Mapping[int, tuple[Halt, str]]) -> None:
        """These partitions stand still until a person has looked; the others go on."""
        for p, (reason, detail) in halts.items():
            positions.stand_still(self._connection, self._at[p], reason, detail)
        if halts:
            self.halted.update(halts)
            self._batches = self._follow()


def _before(values: Sequence[Stored], end: int | None) -> Sequence[Stored]:
    """What was fetched, up to an offset if there is one that nothing may go past."""
    return values if end is None else [one for one in values if one.offset < end]
