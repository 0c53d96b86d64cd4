"""What a worker tells whoever watches it: metrics and logs are wired in from outside.

Every function is called in the worker's own thread and must return at once.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Protocol

from msgspec import Struct

from schemas import ledger
from schemas.chain import Halt, Ignored
from schemas.ledger import Effect, Record


class Watch(Protocol):
    """A watcher of one worker; `Told` is one made of functions."""

    def opened(self, partition: int, epoch: int, /) -> None:
        """The partition is claimed and its input runs."""

    def displaced(self, partition: int, epoch: int, /) -> None:
        """Somebody else holds the partition under this epoch, or won the claim."""

    def resynced(self, partition: int, /) -> None:
        """An acknowledgement was not the expected one; the ledger is read again."""

    def ignored(self, partition: int, counts: Mapping[Ignored, int], /) -> None:
        """Reading the ledger met records that do not count."""

    def decided(self, partition: int, tally: "Tally", seconds: float, timestamp_ms: int, /) -> None:
        """A batch is acknowledged.

        Args:
            partition: of which partition.
            tally: what its DECISIONs come to.
            seconds: from the first message in hand to the last acknowledgement.
            timestamp_ms: when the log took the batch's last event: now less this is how far
                the worker is behind.
        """

    def halted(self, partition: int, reason: Halt, detail: str, /) -> None:
        """The partition stands still until a person has looked."""

    def released(self, partition: int, /) -> None:
        """The partition is no longer this worker's."""


def _unheard(*_: object) -> None:
    """Nobody listens."""


class Told(Struct, frozen=True):
    """A function for each thing that a `Watch` is told; what is not given goes unheard."""

    opened: Callable[[int, int], None] = _unheard
    displaced: Callable[[int, int], None] = _unheard
    resynced: Callable[[int], None] = _unheard
    ignored: Callable[[int, Mapping[Ignored, int]], None] = _unheard
    decided: Callable[[int, "Tally", float, int], None] = _unheard
    halted: Callable[[int, Halt, str], None] = _unheard
    released: Callable[[int], None] = _unheard


NOBODY = Told()


class Tally:
    """What records came to, for counters and for a few lines of a log.

    The records themselves are not kept: a batch of them would not fit the processor's cache.

    Attributes:
        events: decided events by type; `` for what could not be read.
        refusals: by reason.
        examples: of each reason the event id of the first.
        effects: by kind.
        points: moved points by wallet and kind of effect; PointsEarned counts what was granted.
        whole: accepted records of the whole partition: closed days, programmes.
    """

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.effects: Counter[str] = Counter()
        self.points: Counter[tuple[str, str]] = Counter()
        self.whole: list[Record] = []

    def add(self, record: Record, *, final: bool) -> None:
        """Count one more record; an event counts with its last."""
        self.events[record.event_type] += final
        if record.reason:
            self.refusals[record.reason] += 1
            self.examples.setdefault(record.reason, record.event_id)
        elif not record.account_id:
            self.whole.append(record)
        for effect in record.effects:
            kind = type(effect)
            self.effects[kind.__name__] += 1
            moved = _MOVED.get(kind)
            if moved is not None:
                wallet, points = moved(effect)
                self.points[wallet, kind.__name__] += points


_PLAIN = attrgetter("wallet", "points")
_MOVED: dict[type[Effect], Callable[[Any], tuple[str, int]]] = {
    ledger.PointsEarned: attrgetter("wallet", "granted"),
    ledger.PointsMatured: lambda effect: (effect.wallet, sum(effect.taken.points)),
    ledger.PointsSpent: _PLAIN,
    ledger.PointsReversed: _PLAIN,
    ledger.PointsOwed: _PLAIN,
    ledger.PointsRepaid: _PLAIN,
    ledger.PointsExpired: _PLAIN,
    ledger.PointsAdjusted: lambda effect: (effect.wallet, abs(effect.points)),
}
"""Effect → the wallet it is in, and how many points it moves."""
