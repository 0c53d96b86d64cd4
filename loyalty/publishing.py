"""Events into the log, with progress; and going on where an earlier run was killed."""

from collections.abc import Iterable, Mapping

from infra.log import Identity, PublisherLog
from loyalty.amounts import day
from loyalty.console import Phase
from producers.publish import Published, publish
from schemas.events import Event


class GoingOn:
    """A publisher that leaves out what an earlier run of the same events has written.

    The events come in the same order every time and each partition keeps their order, so what is
    there is what comes first.
    """

    def __init__(self, log: PublisherLog, written: Mapping[int, int]) -> None:
        self._log = log
        self._left_out = dict(written)

    @property
    def identity(self) -> Identity:
        """The log that is written."""
        return self._log.identity

    def publish(self, partition: int, key: bytes, value: bytes) -> None:
        """Hand over what is not there yet."""
        if self._left_out.get(partition, 0):
            self._left_out[partition] -= 1
        else:
            self._log.publish(partition, key, value)

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
