"""How each partition stands, asked of the log alone."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from infra.log import LedgerLog, WorkerLog
from processors.stream.seat import Seat, read
from schemas.chain import Halt


class Standing(Struct, frozen=True):
    """One partition.

    Attributes:
        partition: which.
        seat: what the worker that holds or last held it said; None if none ever did.
        behind: events in the log that are not decided.
        behind_s: seconds since the first of them came into the log; 0 if there is none.
        ledger_end: the offset after its last ledger record.
    """

    partition: int
    seat: Seat | None
    behind: int
    behind_s: float
    ledger_end: int

    @property
    def halted(self) -> Halt | None:
        """Why it stands still; None if it does not."""
        return None if self.seat is None or not self.seat.halted else Halt(self.seat.halted)


def standings(log: LedgerLog, now: Callable[[], float]) -> Sequence[Standing]:
    """Every partition of the log; `now` gives seconds since 1970.

    Raises:
        LogUnavailable: the log cannot be asked.
    """
    return [_standing(log, partition, now()) for partition in range(log.identity.partitions)]


def waiting(
    log: LedgerLog | WorkerLog, partition: int, decided: int, now_s: float
) -> tuple[int, float]:
    """How many events are not decided, and for how many seconds the first of them has waited.

    Args:
        log: where they are.
        partition: which.
        decided: the offset of the first event that is not decided.
        now_s: seconds since 1970.
    """
    behind = max(log.input_end(partition) - decided, 0)
    first = log.read_input(partition, decided) if behind else None
    return behind, 0.0 if first is None else max(now_s - first.timestamp_ms / 1000, 0.0)


def _standing(log: LedgerLog, partition: int, now_s: float) -> Standing:
    noted = log.noted(partition)
    behind, waits_s = waiting(log, partition, noted.offset or 0, now_s)
    return Standing(partition, read(noted.note), behind, waits_s, log.ledger_end(partition))
