"""What a worker tells whoever watches it: metrics and logs are wired in from outside.

Every function is called in the worker's own thread and must return at once.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from schemas import ledger
from schemas.chain import Halt, Ignored
from schemas.ledger import Record


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

    def decided(
        self, partition: int, records: Sequence[Record], seconds: float, timestamp_ms: int, /
    ) -> None:
        """A batch is acknowledged.  See `tally` for what to count in it.

        Args:
            partition: of which partition.
            records: its DECISIONs.
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
    decided: Callable[[int, Sequence[Record], float, int], None] = _unheard
    halted: Callable[[int, Halt, str], None] = _unheard
    released: Callable[[int], None] = _unheard


NOBODY = Told()


class Tally(Struct, frozen=True):
    """What a batch of records came to, for counters.

    Attributes:
        events: decided events by type; `` for what could not be read.
        refusals: by reason.
        effects: by kind.
        points: moved points by wallet and kind of effect; PointsEarned counts what was granted.
    """

    events: Mapping[str, int]
    refusals: Mapping[str, int]
    effects: Mapping[str, int]
    points: Mapping[tuple[str, str], int]


def tally(records: Sequence[Record]) -> Tally:
    """Count a batch."""
    effects: Counter[str] = Counter()
    points: Counter[tuple[str, str]] = Counter()
    for record in records:
        for effect in record.effects:
            kind = type(effect).__name__
            effects[kind] += 1
            match effect:
                case ledger.PointsEarned(wallet=wallet, granted=moved):
                    points[wallet, kind] += moved
                case ledger.PointsMatured(wallet=wallet, taken=taken):
                    points[wallet, kind] += sum(taken.points)
                case (
                    ledger.PointsSpent(wallet=wallet, points=moved)
                    | ledger.PointsReversed(wallet=wallet, points=moved)
                    | ledger.PointsOwed(wallet=wallet, points=moved)
                    | ledger.PointsRepaid(wallet=wallet, points=moved)
                    | ledger.PointsExpired(wallet=wallet, points=moved)
                ):
                    points[wallet, kind] += moved
                case ledger.PointsAdjusted(wallet=wallet, points=moved):
                    points[wallet, kind] += abs(moved)
                case _:
                    pass
    return Tally(
        events=Counter(record.event_type for record in records),
        refusals=Counter(record.reason for record in records if record.reason),
        effects=effects,
        points=points,
    )
