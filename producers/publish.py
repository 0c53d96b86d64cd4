"""Events into the log: each to the partition of its account, some to every partition."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from infra.log import PublisherLog
from schemas.codec import encode_event
from schemas.events import EVERY_PARTITION, Event
from schemas.topics import partition_of

PROGRESS_EVERY = 1_000


class Published(Struct, frozen=True):
    """What was handed to the log.

    Attributes:
        events: how many of each type, by the type's name.
        messages: how many messages that made; a type for every partition makes one in each.
        first_business_date, last_business_date: the span of the events' business dates as days
            since 1970-01-01; None if there were none.
    """

    events: Mapping[str, int]
    messages: int
    first_business_date: int | None
    last_business_date: int | None

    @property
    def event_count(self) -> int:
        """All events, of whatever type."""
        return sum(self.events.values())


def publish(
    events: Iterable[Event],
    log: PublisherLog,
    on_progress: Callable[[int, int], None] | None = None,
) -> Published:
    """Write events in their order, and return when all of them are durable.

    Writing the same events again is harmless: their business keys are known by then.
    `on_progress` gets the number of events so far and the business date reached (as days since
    1970-01-01), every thousand events and at the end.

    Raises:
        LogUnavailable: something could not be written; what was written before may be there.
        ValueError: an event is larger than the log takes.
    """
    partitions = log.identity.partitions
    counts: dict[str, int] = {}
    written = total = 0
    first: int | None = None
    last: int | None = None
    day = 0
    for event in events:
        written += send(event, log, partitions)
        name = type(event).__name__
        counts[name] = counts.get(name, 0) + 1
        day = event.header.business_date
        first = day if first is None else min(first, day)
        last = day if last is None else max(last, day)
        total += 1
        if on_progress is not None and total % PROGRESS_EVERY == 0:
            on_progress(total, day)
    log.flush()
    if on_progress is not None:
        on_progress(total, day)
    return Published(counts, written, first, last)


def send(event: Event, log: PublisherLog, partitions: int) -> int:
    """Hand one event over; how many messages that took.

    Raises:
        ValueError: the event is larger than the log takes.
    """
    value = encode_event(event)
    if type(event) in EVERY_PARTITION:
        for partition in range(partitions):
            log.publish(partition, b"", value)
        return partitions
    account_id = event.header.account_id
    log.publish(partition_of(account_id, partitions), account_id.encode(), value)
    return 1
