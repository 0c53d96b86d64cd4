"""What a batch of records came to, for those who watch a worker."""

from collections import Counter
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from schemas import ledger
from schemas.ledger import Effect, Record


class Tally:
    """What records came to, for counters and for a few lines of a log.

    The records themselves are not kept: a batch of them would not fit the processor's cache.

    Attributes:
        events: decided events by type; `` for what could not be read.
        refusals: by reason.
        examples: of each reason the event id of the first; of one that says none the place in the
            input, `input 2/1904`.
        effects: by kind.
        points: moved points by wallet and kind of effect, as many as the bucket that moves most of
            them gains or loses: of PointsEarned what was granted, of HoldEnded all that is held no
            longer, whether it was spent or given back.
        whole: accepted records of the whole partition: closed days, programmes.
    """

    def __init__(self, partition: int) -> None:
        self._partition = partition
        self.events: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.effects: Counter[str] = Counter()
        self.points: Counter[tuple[str, str]] = Counter()
        self.whole: list[Record] = []

    def add(self, record: Record, offset: int, *, final: bool) -> None:
        """Count one more record, of the event at that offset of the input.

        An event counts with its last record.
        """
        self.events[record.event_type] += final
        if record.reason:
            self.refusals[record.reason] += 1
            example = record.event_id or f"input {self._partition}/{offset}"
            self.examples.setdefault(record.reason, example)
        elif not record.account_id:
            self.whole.append(record)
        for effect in record.effects:
            kind = type(effect)
            self.effects[kind.__name__] += 1
            moved = _MOVED.get(kind)
            if moved is not None:
                wallet, points = moved(effect)
                self.points[wallet, kind.__name__] += points


_PLAIN: Final = attrgetter("wallet", "points")
_MOVED: Final[dict[type[Effect], Callable[[Any], tuple[str, int]]]] = {
    ledger.PointsEarned: attrgetter("wallet", "granted"),
    ledger.PointsMatured: lambda effect: (effect.wallet, sum(effect.taken.points)),
    ledger.PointsSpent: _PLAIN,
    ledger.PointsReversed: _PLAIN,
    ledger.PointsOwed: _PLAIN,
    ledger.PointsRepaid: _PLAIN,
    ledger.PointsExpired: _PLAIN,
    ledger.PointsAdjusted: lambda effect: (effect.wallet, abs(effect.points)),
    ledger.PointsRestored: _PLAIN,
    ledger.PointsWrittenOff: _PLAIN,
    ledger.HoldPlaced: _PLAIN,
    ledger.HoldEnded: lambda effect: (effect.wallet, effect.points + effect.released),
}
"""Effect → the wallet it is in, and how many points it moves."""
