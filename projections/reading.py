"""From stored bytes to records that count: the accepted part of one partition's fetch.

A few records are read, then folded, then the next few, so that memory holds the records of a few
and not of a whole fetch.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from infra.log import Stored
from projections.positions import Position
from projections.tables.place import Place, place
from schemas.chain import Accepted, Chain, Halt, Halted, Ignored, RecentHashes, accept
from schemas.codec import decode_body_without_lines
from schemas.definitions import RECORD, readable_ids
from schemas.ledger import DayClosed

EVOLVE_VERSION = 1
"""The newest records that these folds understand."""

TOGETHER = 64
"""So many records are read before the first of them is folded."""

LEDGER_SCHEMAS = readable_ids(RECORD)


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
        stored = iter(self._stored)
        while few := list(islice(stored, TOGETHER)):
            for one, (here, chain) in zip(few, self._read(few), strict=False):
                if isinstance(here, Place):
                    yield here
                    self.chain = chain
                    self.accepted += 1
                    self.recorded_at = one.timestamp_ms
                    effects = here.record.effects
                    if effects and isinstance(effects[-1], DayClosed):
                        self.closed_through = effects[-1].closed_date
                elif isinstance(here, Halted):
                    self.halt = (here.reason, here.detail)
                    return
                else:
                    self.ignored[here] += 1
                self.offset = one.offset + 1

    def _read(self, few: Sequence[Stored]) -> list[tuple[Place | Ignored | Halted, Chain]]:
        """Each in its place, or why it has none, and the chain behind it; up to the first halt."""
        chain, recent = self.chain, self._recent
        found: list[tuple[Place | Ignored | Halted, Chain]] = []
        for one in few:
            verdict = accept(one.value, chain, recent, EVOLVE_VERSION, LEDGER_SCHEMAS)
            if isinstance(verdict, Accepted):
                chain = verdict.chain
                recent.add(chain.head)
                here = _place(one, verdict)
                found.append((here, chain))
                if isinstance(here, Halted):
                    break
            else:
                found.append((verdict, chain))
                if isinstance(verdict, Halted):
                    break
        return found

    @property
    def position(self) -> Position:
        """The position behind what was gone past."""
        return Position(self.chain, self.offset, self.closed_through, self.recorded_at)


def _place(one: Stored, verdict: Accepted) -> Place | Halted:
    """The record in its place, if it can be read."""
    try:
        record = decode_body_without_lines(one.value, verdict.body_start)
        return place(verdict.prefix, record, one.timestamp_ms)
    except Exception as problem:  # noqa: BLE001  whatever it is, nobody may go past it
        return Halted(Halt.DEFECT, f"record {verdict.prefix.seq} cannot be read: {problem}")
