"""What a batch of records came to, for those who watch a worker."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from schemas import ledger
from schemas.ledger import Effect, Record


class Tally:
    """What records came to, for counters and for a few lines of a log.

    The records themselves are not kept: a batch of them would not fit the processor's cache.

    Attributes:
        refusals: by reason.
        examples: of each reason the event id of the first; of one that says none the place in the
            input, `input 2/1904`.
        whole: accepted records of the whole partition: closed days, programmes.
    """

    def __init__(self, partition: int) -> None:
        self._partition = partition
        self._events: dict[str, int] = {}
        self.refusals: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self._effects: dict[type[Effect], int] = {}
        self._points: dict[type[Effect], dict[str, int]] = {kind: {} for kind in _MOVED}
        self.whole: list[Record] = []

    def add(self, record: Record, offset: int, *, final: bool) -> None:
        """Count one more record, of the event at that offset of the input.

        An event counts with its last record.
        """
        if final:
            self._events[record.event_type] = self._events.get(record.event_type, 0) + 1
        if record.reason:
            self.refusals[record.reason] += 1
            example = record.event_id or f"input {self._partition}/{offset}"
            self.examples.setdefault(record.reason, example)
        elif not record.account_id:
            self.whole.append(record)
        for effect in record.effects:
            kind = type(effect)
            self._effects[kind] = self._effects.get(kind, 0) + 1
            moved = _MOVED.get(kind)
            if moved is not None:
                # Only effects that name a wallet move points.
                wallet: str = effect.wallet  # type: ignore[union-attr]
                points = self._points[kind]
                points[wallet] = points.get(wallet, 0) + moved(effect)

    @property
    def events(self) -> Counter[str]:
        """Decided events by type; `` for what could not be read."""
        return Counter(self._events)

    @property
    def effects(self) -> Counter[str]:
        """Effects by kind."""
        return Counter({kind.__name__: count for kind, count in self._effects.items()})

    @property
    def points(self) -> Counter[tuple[str, str]]:
        """Moved points by wallet and kind of effect.

        They are as many as the bucket that moves most of them gains or loses: of PointsEarned what
        was granted, of HoldEnded all that is held no longer, whether it was spent or given back.
        """
        return Counter(
            {
                (wallet, kind.__name__): points
                for kind, by_wallet in self._points.items()
                for wallet, points in by_wallet.items()
            }
        )


def _granted(effect: ledger.PointsEarned) -> int:
    return effect.granted


def _plain(
    effect: ledger.PointsSpent
    | ledger.PointsReversed
    | ledger.PointsOwed
    | ledger.PointsRepaid
    | ledger.PointsExpired
    | ledger.PointsRestored
    | ledger.PointsWrittenOff
    | ledger.HoldPlaced,
) -> int:
    return effect.points


def _matured(effect: ledger.PointsMatured) -> int:
    return sum(effect.taken.points)


def _adjusted(effect: ledger.PointsAdjusted) -> int:
    return abs(effect.points)


def _ended(effect: ledger.HoldEnded) -> int:
    return effect.points + effect.released


_MOVED: Final[dict[type[Effect], Callable[[Any], int]]] = {
    ledger.PointsEarned: _granted,
    ledger.PointsMatured: _matured,
    ledger.PointsSpent: _plain,
    ledger.PointsReversed: _plain,
    ledger.PointsOwed: _plain,
    ledger.PointsRepaid: _plain,
    ledger.PointsExpired: _plain,
    ledger.PointsAdjusted: _adjusted,
    ledger.PointsRestored: _plain,
    ledger.PointsWrittenOff: _plain,
    ledger.HoldPlaced: _plain,
    ledger.HoldEnded: _ended,
}
"""Effect → how many points it moves in its wallet."""
