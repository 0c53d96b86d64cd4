"""What a worker does, as log lines and metrics: one line per thing that matters, never per event.

Refusals are told once a minute and reason, with their number and one example: an
event id, or the place in the input of an event whose id cannot be read.
"""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Protocol

from loyalty.oncall.advice import fields
from processors.stream.tally import Tally
from producers.pos import iso
from schemas.chain import Halt, Ignored
from schemas.ledger import DayClosed, ProgrammeActivated, Record
from schemas.refusals import Refusal

REFUSALS_TOLD_EVERY_S = 60.0
CAUGHT_UP_TOLD_EVERY_S = 60.0
"""Between two sales of a quiet till the end is reached anew each time, which is no news."""


class Lines(Protocol):
    """Where log lines go: an event's name and its fields (a structlog logger)."""

    def info(self, event: str, **fields: Any) -> Any:
        """Something to know."""

    def warning(self, event: str, **fields: Any) -> Any:
        """Something to look at."""

    def error(self, event: str, **fields: Any) -> Any:
        """Something to act on."""


class Silence:
    """Lines that nobody reads: where progress is shown in their place."""

    def info(self, event: str, **fields: Any) -> None:
        """Say nothing."""

    def warning(self, event: str, **fields: Any) -> None:
        """Say nothing."""

    def error(self, event: str, **fields: Any) -> None:
        """Say nothing."""


class Journal:
    """A watcher of one worker (`processors.stream.watch.Watch`).

    Attributes:
        decided_count: events decided so far.
    """

    def __init__(self, lines: Lines, now: Callable[[], float] = monotonic) -> None:
        self.decided_count = 0
        self._lines = lines
        self._now = now
        self._refused: dict[str, tuple[int, str]] = {}
        self._refused_since = now()
        self._was_caught_up = False
        self._caught_up_told_from = now()

    def started(self) -> None:
        """The worker begins."""
        self._lines.info("started")

    def stopped(self) -> None:
        """The worker has left."""
        self._tell_refusals()
        self._lines.info("stopped", decided=self.decided_count)

    def stepped(self, *, caught_up: bool) -> None:
        """After each poll: tells when the end is reached anew, once a minute at most."""
        if caught_up and not self._was_caught_up and self._now() >= self._caught_up_told_from:
            self._lines.info("caught up", decided=self.decided_count)
            self._caught_up_told_from = self._now() + CAUGHT_UP_TOLD_EVERY_S
        self._was_caught_up = caught_up
        if self._refused and self._now() - self._refused_since >= REFUSALS_TOLD_EVERY_S:
            self._tell_refusals()

    def opened(self, partition: int, epoch: int) -> None:
        """The partition is ours."""
        self._lines.info("claimed", partition=partition, epoch=epoch)

    def displaced(self, partition: int, epoch: int) -> None:
        """Somebody else holds the partition."""
        self._lines.warning("displaced", partition=partition, epoch=epoch)

    def resynced(self, partition: int) -> None:
        """An acknowledgement was not the expected one."""
        self._lines.warning("read the ledger again", partition=partition)

    def ignored(self, partition: int, counts: Mapping[Ignored, int]) -> None:
        """The ledger holds records that do not count."""

    def decided(
        self,
        partition: int,
        tally: Tally,
        _seconds: float,
        _timestamp_ms: int,
    ) -> None:
        """A batch is in the ledger."""
        self.decided_count += tally.events.total()
        for reason, count in tally.refusals.items():
            before, example = self._refused.get(reason, (0, tally.examples[reason]))
            self._refused[reason] = (before + count, example)
        for record in tally.whole:
            self._tell_effects(partition, record)

    def halted(self, partition: int, reason: Halt, detail: str) -> None:
        """The partition stands still."""
        self._lines.error("halted", **fields(partition, reason, detail))

    def released(self, partition: int) -> None:
        """The partition is no longer ours."""
        self._lines.info("released", partition=partition)

    def _tell_effects(self, partition: int, record: Record) -> None:
        for effect in record.effects:
            match effect:
                case DayClosed(closed_date=closed):
                    self._lines.info("day closed", partition=partition, date=iso(closed))
                case ProgrammeActivated(name=name, version=version, effective_from=first):
                    self._lines.info(
                        "programme switched",
                        partition=partition,
                        programme=name,
                        version=version,
                        effective_from=iso(first),
                    )
                case _:
                    pass

    def _tell_refusals(self) -> None:
        for reason, (count, example) in sorted(self._refused.items()):
            self._lines.warning(
                "refused", reason=reason, why=Refusal(reason).sentence, count=count, example=example
            )
        self._refused.clear()
        self._refused_since = self._now()
