"""What a worker tells whoever watches it: metrics and logs are wired in from outside."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from schemas import ledger
from schemas.chain import Halt, Ignored
from schemas.ledger import Record


def _nobody(*_args: object) -> None:
    """Nobody watches."""


class Watch(Struct, frozen=True):
    """One function for each thing that happens to a worker; what is not given goes unheard.

    Each is called in the worker's own thread and must return at once.

    Attributes:
        opened: (partition, epoch) it is claimed and its input runs.
        displaced: (partition, epoch) somebody else claimed it, under this epoch.
        resynced: (partition) an acknowledgement was not the expected one; the ledger was read
            again.
        ignored: (partition, counts) reading the ledger met records that do not count.
        decided: (partition, records, seconds, timestamp_ms) these DECISIONs are acknowledged,
            see `tally`; they took so long from the first message in hand to the last
            acknowledgement, and the log took the last event then: now less that is how far the
            worker is behind.
        halted: (partition, reason, detail) it stands still until a person has looked.
        released: (partition) it is no longer this worker's.
    """

    opened: Callable[[int, int], None] = _nobody
    displaced: Callable[[int, int], None] = _nobody
    resynced: Callable[[int], None] = _nobody
    ignored: Callable[[int, Mapping[Ignored, int]], None] = _nobody
    decided: Callable[[int, Sequence[Record], float, int], None] = _nobody
    halted: Callable[[int, Halt, str], None] = _nobody
    released: Callable[[int], None] = _nobody


NOBODY = Watch()


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
