"""From stored bytes to records that count: the accepted part of one partition's fetch.

Records are read one by one, as they are folded: twenty thousand of them at once would cost more in
memory that no cache holds than the reading itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from infra.log import Stored
from projections.positions import Position
from projections.tables.place import Place, place
from schemas.chain import Accepted, Halt, Halted, Ignored, RecentHashes, accept
from schemas.codec import decode_body_without_lines, schema_ids
from schemas.ledger import DayClosed

EVOLVE_VERSION = 1
"""The newest records that these folds understand."""

LEDGER_SCHEMAS = frozenset({schema_ids()["loyalty.ledger.Record"]})


class Fetch:
    """What one partition brought, to be gone through once.

    Attributes:
        chain: the accepted chain behind the records that were gone past.
        offset: behind everything gone past, noise included.
        closed_through: the last closed business day; None before the first.
        recorded_at: the log's time of the last accepted record.
        accepted: how many records counted.
        ignored: how many did not, by reason.
        halt: why it ended early, if it did.
    """

    def __init__(self, stored: Iterable[Stored], at: Position, recent: RecentHashes) -> None:
        """Begin.

        Args:
            stored: from where the position is on, in order.
            at: what was accepted before.
            recent: the hashes accepted before; those of this fetch are added.
        """
        self._stored = stored
        self._recent = recent
        self.chain = at.chain
        self.offset = at.offset
        self.closed_through = at.closed_through
        self.recorded_at = at.recorded_at
        self.accepted = 0
        self.ignored: Counter[Ignored] = Counter()
        self.halt: tuple[Halt, str] | None = None

    def places(self) -> Iterator[Place]:
        """Each accepted record in its place, up to the first that nobody may go past.

        A record is gone past when the next one is asked for: who cannot take one stops here.
        """
        for one in self._stored:
            verdict = accept(one.value, self.chain, self._recent, EVOLVE_VERSION, LEDGER_SCHEMAS)
            if isinstance(verdict, Accepted):
                try:
                    record = decode_body_without_lines(one.value, verdict.body_start)
                    here = place(verdict.prefix, record, one.timestamp_ms)
                except Exception as problem:  # noqa: BLE001  whatever it is, nobody may go past it
                    seq = verdict.prefix.seq
                    self.halt = (Halt.DEFECT, f"record {seq} cannot be read: {problem}")
                    return
                yield here
                self.chain = verdict.chain
                self._recent.add(verdict.chain.head)
                self.accepted += 1
                self.recorded_at = one.timestamp_ms
                if record.effects and isinstance(record.effects[-1], DayClosed):
                    self.closed_through = record.effects[-1].closed_date
            elif isinstance(verdict, Halted):
                self.halt = (verdict.reason, verdict.detail)
                return
            else:
                self.ignored[verdict] += 1
            self.offset = one.offset + 1

    @property
    def position(self) -> Position:
        """The position behind what was gone past."""
        return Position(self.chain, self.offset, self.closed_through, self.recorded_at)
