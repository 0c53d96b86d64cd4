"""Events into the log, with progress; and going on where an earlier run was killed."""

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from infra.log import Identity, LedgerLog, PublisherLog
from loyalty.amounts import day
from loyalty.console import Phase
from producers.publish import Published, publish
from schemas.codec import FRAME_BYTES
from schemas.definitions import event_name, frame
from schemas.events import Event, SegmentEntered, SegmentLeft

DERIVED = frozenset(frame(event_name(kind)) for kind in (SegmentEntered, SegmentLeft))
"""How the bytes of an event begin that was found in the tables, and is no part of a year."""


class Written(Struct, frozen=True):
    """What a log holds of a year.

    Attributes:
        counts: partition → how many messages of the year itself.
        derived: the bytes of the events that were found in the tables on the way.
    """

    counts: Mapping[int, int]
    derived: Collection[bytes]


def written(log: LedgerLog) -> Written:
    """What an earlier run has written.

    Raises:
        LogUnavailable: the log cannot be read.
    """
    counts: dict[int, int] = {}
    derived: set[bytes] = set()
    for partition in range(log.identity.partitions):
        counts[partition] = 0
        for message in log.read_inputs(partition, 0, log.input_end(partition)):
            if message.value[:FRAME_BYTES] in DERIVED:
                derived.add(message.value)
            else:
                counts[partition] += 1
    return Written(counts, derived)


class GoingOn:
    """A publisher that leaves out what an earlier run of the same events has written.

    The events come in the same order every time and each partition keeps their order, so what is
    there is what comes first.  Events found in the tables are known by their bytes.
    """

    def __init__(self, log: PublisherLog, written: Written) -> None:
        self._log = log
        self._left_out = dict(written.counts)
        self._derived = written.derived

    @property
    def identity(self) -> Identity:
        """The log that is written."""
        return self._log.identity

    def publish(self, partition: int, key: bytes, value: bytes) -> None:
        """Hand over what is not there yet."""
        if value[:FRAME_BYTES] in DERIVED:
            if value not in self._derived:
                self._log.publish(partition, key, value)
        elif self._left_out.get(partition, 0):
            self._left_out[partition] -= 1
        else:
            self._log.publish(partition, key, value)

    def behind(self) -> bool:
        """Whether the log holds more of the year than was handed over by now."""
        return any(self._left_out.values())

    def flush(self) -> None:
        """Return when everything is durable."""
        self._log.flush()

    def close(self) -> None:
        """Flush, and let go."""
        self._log.close()


def write(events: Iterable[Event], log: PublisherLog, running: Phase) -> Published:
    """Publish all events, telling how far it is.

    Raises:
        LogUnavailable: something could not be written.
    """

    def tell(count: int, on: int) -> None:
        running.at(count, f"{count:,} events, {day(on)}")

    published = publish(events, log, tell)
    running.summary = f"{published.event_count:,} events"
    return published
