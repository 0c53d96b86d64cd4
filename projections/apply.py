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
from projections.fold import Batch
from projections.positions import AnotherProjector, Position
from projections.reading import Fetch, Read, read
from projections.tables import balances
from projections.tables.place import place
from projections.tables.writes import Copy, texts
from schemas.chain import Halt, Ignored, Kind, RecentHashes
from schemas.ledger import DayClosed

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
    ) -> None:
        """Stand where the tables are.

        Args:
            connection: in the role projector or owner, in autocommit mode; nobody else uses it.
            log: where the ledger is.
            batch_records: most records in one transaction.
            generation: which run of the ledger.
            partitions: which ones; all if not given.
            schema: other tables than the live ones.

        Raises:
            TablesUnfit: there are no tables yet, or other code made them.
        """
        generations.use(connection, schema or generations.fit(connection, generation).schema)
        self._connection = connection
        self._log = log
        self._batch_records = batch_records
        positions.begin(connection, log.identity.partitions)
        every = positions.read(connection, generation)
        ours = every if partitions is None else partitions
        self._at: dict[int, Position] = {p: every[p] for p in sorted(ours)}
        self._recent = {p: RecentHashes() for p in self._at}
        self._totals = positions.read_totals(connection)
        self._known: dict[balances.Key, int] = {}
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
        return all(
            self._at[p].offset >= self._log.ledger_end(p) for p in self._at if p not in self.halted
        )

    def _follow(self) -> Iterator[Mapping[int, Sequence[Stored]]]:
        starts = {p: at.offset for p, at in self._at.items() if p not in self.halted}
        return iter(self._log.follow_ledger(starts, self._batch_records, WAIT_S))

    def _project(self, stored: Mapping[int, Sequence[Stored]]) -> int:
        """Fold and write one fetch."""
        fetched = {
            p: read(values, self._at[p].chain, self._at[p].offset, self._recent[p], self.ignored)
            for p, values in stored.items()
            if values
        }
        if not fetched:
            return 0
        batch = self._folded(fetched)
        after = {p: _moved(self._at[p], fetch) for p, fetch in fetched.items()}
        totals = {p: balances.totals(batch.balances, p, self._totals.get(p, {})) for p in fetched}
        self._write(batch, after)
        self._at.update(after)
        self._totals.update(totals)
        self._remember(batch)
        self._stale |= bool(batch.closed_days)
        self._halt({p: fetch.halt for p, fetch in fetched.items() if fetch.halt is not None})
        return sum(len(fetch.accepted) for fetch in fetched.values())

    def _folded(self, fetched: Mapping[int, Fetch]) -> Batch:
        """The rows of what was fetched; a fetch is cut before a record that cannot be folded."""
        while True:
            batch = Batch()
            self._begin(batch, fetched)
            failed = [p for p, fetch in fetched.items() if not self._fold(batch, fetch)]
            if not failed:
                return batch
            # The rows hold half of the failed record now, so all but it is folded again.

    def _fold(self, batch: Batch, fetch: Fetch) -> bool:
        """Fold one partition's records into the batch; False if a fold failed half-way."""
        for number, one in enumerate(fetch.accepted):
            seq = one.prefix.seq
            differs = self._differs(batch, one)
            if differs:
                del fetch.accepted[number:]
                fetch.halt = (Halt.SUMS_DIFFER, f"record {seq}: {differs}")
                return True
            try:
                batch.add(place(one.prefix, one.record, one.recorded_at))
            except Exception as problem:  # noqa: BLE001  whatever it is, nobody may go past it
                del fetch.accepted[number:]
                fetch.halt = (Halt.DEFECT, f"record {seq} cannot be folded: {problem!r}")
                return False
        return True

    def _begin(self, batch: Batch, fetched: Mapping[int, Fetch]) -> None:
        """Look up what the wallets of this batch hold before it."""
        known = self._known
        for p, fetch in fetched.items():
            touched = balances.touched(one.record for one in fetch.accepted)
            missing = [key for key in touched if key not in known]
            if missing:
                accounts, wallets = zip(*missing, strict=True)
                rows = self._connection.execute(
                    balances.OUTSTANDING, (texts(accounts), texts(wallets))
                )
                known.update(dict.fromkeys(missing, 0))
                known.update({(account, wallet): points for account, wallet, points in rows})
            for key in touched:
                balances.begin(batch.balances, key, known[key], p)

    def _differs(self, batch: Batch, one: Read) -> str:
        """Empty if the record states what was folded: balances, and in a CHECKPOINT all sums."""
        stated = one.record.totals
        if one.prefix.kind is not Kind.CHECKPOINT or stated is None:
            return balances.expected(batch.balances, one.record)
        p = one.prefix.partition
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
        if halts:
            self.halted.update(halts)
            self._batches = self._follow()


def _moved(before: Position, fetch: Fetch) -> Position:
    """The position behind a fetch, or behind what of it could be folded."""
    if not fetch.accepted:
        return Position(before.chain, fetch.next_offset, before.closed_through, before.recorded_at)
    last = fetch.accepted[-1]
    closed = [
        effect.closed_date
        for one in fetch.accepted
        for effect in one.record.effects
        if isinstance(effect, DayClosed)
    ]
    return Position(
        chain=last.chain,
        offset=last.next_offset if fetch.halt else fetch.next_offset,
        closed_through=closed[-1] if closed else before.closed_through,
        recorded_at=last.recorded_at,
    )
