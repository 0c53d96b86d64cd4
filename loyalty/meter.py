"""A watcher that counts what a worker does, and passes everything on to the next watcher."""

from collections.abc import Mapping, Sequence
from time import time

from infra import metrics as names
from infra.metrics import Metrics
from loyalty.rulebook.activations import today
from processors.core.partition import PartitionState
from processors.stream.tally import Tally
from processors.stream.watch import Watch
from processors.words.calendar import date_of
from producers.days import start_of
from schemas.chain import Halt, Ignored


class Meter:
    """Fills the metrics of one worker (a `processors.stream.watch.Watch`)."""

    def __init__(self, metrics: Metrics, following: Watch) -> None:
        self._metrics = metrics
        self._following = following
        self._programme: tuple[str, ...] = ()

    def opened(self, partition: int, epoch: int) -> None:
        """A claim; a partition that stood still goes on."""
        self._metrics.add(names.CLAIMS, 1, partition)
        self._metrics.forget(names.HALTED, partition)
        self._following.opened(partition, epoch)

    def displaced(self, partition: int, epoch: int) -> None:
        """Not counted: the other worker's claim is."""
        self._following.displaced(partition, epoch)

    def resynced(self, partition: int) -> None:
        """An acknowledgement that was not the expected one."""
        self._metrics.add(names.RESYNCS, 1, partition)
        self._following.resynced(partition)

    def ignored(self, partition: int, counts: Mapping[Ignored, int]) -> None:
        """Records that do not count."""
        for kind, count in counts.items():
            self._metrics.add(names.IGNORED, count, kind)
        self._following.ignored(partition, counts)

    def decided(self, partition: int, tally: Tally, seconds: float, timestamp_ms: int) -> None:
        """A batch."""
        for event_type, count in tally.events.items():
            self._metrics.add(names.EVENTS, count, partition, event_type)
        for reason, count in tally.refusals.items():
            self._metrics.add(names.REFUSALS, count, reason)
        for kind, count in tally.effects.items():
            self._metrics.add(names.EFFECTS, count, kind)
        for (wallet, kind), points in tally.points.items():
            self._metrics.add(names.POINTS, points, wallet, kind)
        self._metrics.observe(names.BATCH_SECONDS, seconds)
        age_s = max(time() - timestamp_ms / 1000, 0)
        self._metrics.observe(names.DECISION_SECONDS, age_s)
        self._following.decided(partition, tally, seconds, timestamp_ms)

    def halted(self, partition: int, reason: Halt, detail: str) -> None:
        """The partition stands still."""
        self._metrics.put(names.HALTED, 1, partition, reason)
        self._following.halted(partition, reason, detail)

    def released(self, partition: int) -> None:
        """What was shown of the partition is another worker's to show now."""
        for gauge in (names.HALTED, names.BEHIND_EVENTS, names.BEHIND_SECONDS):
            self._metrics.forget(gauge, partition)
        self._following.released(partition)

    def behind(self, partition: int, events: int, seconds: float) -> None:
        """How many events are not decided yet, and how long the first of them has waited."""
        self._metrics.put(names.BEHIND_EVENTS, events, partition)
        self._metrics.put(names.BEHIND_SECONDS, seconds, partition)

    def standing(self, states: Sequence[PartitionState]) -> None:
        """How old the last closed day is, and which programme decides today's sales."""
        closed = [state.closed_through for state in states if state.closed_through is not None]
        in_force = [
            one for one in (states[0].programmes if states else ()) if one.effective_from <= today()
        ]
        zone = str(in_force[-1].programme.body.zone) if in_force else "UTC"
        if closed and len(closed) == len(states):
            ended = start_of(date_of(min(closed) + 1), zone)
            age_s = max(time() - ended.at_ms / 1000, 0)
            self._metrics.put(names.CLOSED_DAY_AGE_SECONDS, age_s)
        if in_force:
            programme = in_force[-1].programme
            labels = (programme.name, str(programme.version), programme.checked.document_hash)
            if labels != self._programme:
                self._metrics.forget(names.PROGRAMME_INFO)
                self._metrics.put(names.PROGRAMME_INFO, 1, *labels)
                self._programme = labels
