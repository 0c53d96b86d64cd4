"""Kafka for processors: a seat in the consumer group, and a producer of ledger records.

The group only hands partitions out; what counts is said by the chain.  So every partition comes
paused, at no position of the group's, and the worker seeks and resumes it.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from infra import log
from infra.kafka import client, reader, topics
from infra.kafka.producer import open_producer
from infra.log import Identity, LogUnavailable, Polled, Stored
from infra.settings import Settings

_SLICE_S = 0.1
_SERVE_EVERY_S = 1.0
_COMMIT_EVERY_S = 0.5

_GROUP = {
    "partition.assignment.strategy": "cooperative-sticky",
    "session.timeout.ms": 6_000,
    "heartbeat.interval.ms": 2_000,
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "error",
    "check.crcs": True,
    "isolation.level": "read_uncommitted",
    "queued.max.messages.kbytes": 32_768,
}


class KafkaWorkerLog:
    """One worker's seat; keeps `infra.log.WorkerLog`.  Not for two threads.

    Raises:
        LogUnavailable: the broker cannot be reached, or the topics are not as they must be.
    """

    def __init__(self, settings: Settings) -> None:
        if differences := topics.compare_topics(settings):
            raise LogUnavailable(" ".join(differences))
        self._settings = settings
        self._names = client.names(settings)
        self._identity = topics.identity(settings)
        self._ours: set[int] = set()
        self._paused: set[int] = set()
        self._newly_assigned: set[int] = set()
        self._newly_lost: set[int] = set()
        self._held = False
        # Of what is ours: the last noted offset and words, and which of it the broker lacks.
        self._noted: dict[int, int] = {}
        self._notes: dict[int, str] = {}
        self._untold: set[int] = set()
        self._commit_at = 0.0
        self._asking = reader.open_asker(settings)
        self._asked: tuple[int, int] | None = None
        self._producer = self._open_producer()
        self._consumer = Consumer(
            client.configuration(
                settings, {**_GROUP, "group.id": settings.group, "on_commit": self._answered}
            ),
            logger=client.logger,
        )
        self._consumer.subscribe(
            [self._names.events],
            on_assign=self._assigned,
            on_revoke=self._revoked,
            on_lost=self._revoked,
        )

    @property
    def identity(self) -> Identity:
        """The log and the topic this worker reads."""
        return self._identity

    def poll(self, limit: int, wait_s: float) -> Polled:
        """Up to `limit` messages, waiting at most `wait_s` for the first.

        Raises:
            LogUnavailable: the broker refuses, or the log lost what was to come next.
        """
        if self._untold and time.monotonic() >= self._commit_at:
            self._commit_noted()
        with client.saying(f"read {self._names.events}"):
            fetched = reader.fetched(self._consumer, limit, wait_s)
            messages = self._deliverable(fetched)
        told = Polled(messages, sorted(self._newly_assigned), sorted(self._newly_lost))
        self._newly_assigned.clear()
        self._newly_lost.clear()
        return told

    def seek(self, partition: int, offset: int) -> None:
        """The next message polled of this partition is the one at `offset`."""
        place = self._input(partition, offset)
        deadline = time.monotonic() + client.PATIENCE_S
        with client.saying(f"go to offset {offset} of partition {partition}"):
            while partition in self._ours:
                try:
                    self._consumer.seek(place)
                except KafkaException as problem:
                    # A partition just assigned cannot seek until its fetcher has started.
                    if problem.args[0].code() != KafkaError._STATE or time.monotonic() > deadline:
                        raise
                    self._serve_group()
                    time.sleep(_SLICE_S / 10)
                else:
                    return

    def pause(self, partition: int) -> None:
        """No messages of this partition until `resume`."""
        self._paused.add(partition)
        if partition in self._ours:
            with client.saying(f"pause partition {partition}"):
                self._consumer.pause([self._input(partition)])

    def resume(self, partition: int) -> None:
        """Messages of this partition again, from where it stands."""
        if partition in self._ours:
            self._paused.discard(partition)
            self._run([self._input(partition)])

    def append(self, batches: Mapping[int, Sequence[bytes]]) -> Mapping[int, Sequence[int] | None]:
        """Append ledger records in order, and wait until each is durable or known to have failed.

        The group is served meanwhile, with every partition paused, for as long as a broker that
        is away makes it last; what was lost is told by the next poll.
        """
        offsets: dict[int, list[int | None]] = {p: [] for p in batches}
        for p, values in batches.items():
            self._send(p, values, offsets[p])
        self._finish_sending()
        known = {p: _complete(offsets[p], len(values)) for p, values in batches.items()}
        if any(acknowledged is None for acknowledged in known.values()):
            # After an error the producer may go on behind a gap; a new one cannot.
            self._producer = self._open_producer()
        return known

    def ledger_end(self, partition: int) -> int:
        """The offset after the last ledger record, asked of the broker now."""
        return reader.end_of(self._asking, self._names.ledger, partition, self._serve_group)

    def input_end(self, partition: int) -> int:
        """The offset after the last input record, asked of the broker now."""
        return reader.end_of(self._asking, self._names.events, partition, self._serve_group)

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`; serves the group."""
        served = time.monotonic()
        for batch in reader.stretch(self._settings, self._names.ledger, partition, start, end):
            yield from map(client.stored, batch)
            if time.monotonic() - served > _SERVE_EVERY_S:
                self._serve_group()
                served = time.monotonic()

    def read_input(self, partition: int, offset: int) -> log.Message | None:
        """One input record by its offset; None if the log does not have it."""
        asked, self._asked = self._asked == (partition, offset), None
        found = reader.one(self._asking, self._names.events, partition, offset, asked=asked)
        return None if found is None else client.input_message(found)

    def ask_input(self, partition: int, offset: int) -> None:
        """Let one input record come while others are decided; it is fetched by a thread of C."""
        with client.saying(f"ask for offset {offset} of partition {partition}"):
            coming = reader.ask(self._asking, self._names.events, partition, offset)
        self._asked = (partition, offset) if coming else None

    def commit(self, partition: int, offset: int) -> None:
        """Note that input before `offset` is decided: a hint for lag tools, told now and then.

        A broker that writes each hint down has less time for what counts.  What was taken from us
        is noted by whoever opens it next.
        """
        if partition in self._ours:
            self._noted[partition] = offset
            self._untold.add(partition)

    def committed(self, partition: int) -> int | None:
        """The last noted offset; None if there is none."""
        if partition in self._noted:
            return self._noted[partition]

        def ask() -> int:
            place = self._consumer.committed([self._input(partition)], client.REQUEST_S)[0]
            if place.error is not None:
                raise KafkaException(place.error)
            return place.offset

        attempt = f"ask what is committed of partition {partition}"
        offset = client.patiently(attempt, ask, self._serve_group)
        return offset if offset >= 0 else None

    def tell(self, partition: int, note: str) -> None:
        """Put a note beside the committed offset: Kafka keeps one with each."""
        self._notes[partition] = note
        offset = self.committed(partition)
        if offset is not None:
            self.commit(partition, offset)

    def close(self) -> None:
        """Leave the group and let go of everything."""
        self._commit_noted()
        self._consumer.close()
        self._asking.close()

    def _commit_noted(self) -> None:
        """Tell the broker what was noted, without waiting."""
        places = [
            TopicPartition(self._names.events, p, self._noted[p], self._notes.get(p, ""))
            for p in self._untold
        ]
        self._untold.clear()
        self._commit_at = time.monotonic() + _COMMIT_EVERY_S
        if places:
            try:
                self._consumer.commit(offsets=places, asynchronous=True)
            except KafkaException as problem:
                self._answered(problem.args[0], places)

    def _answered(self, error: KafkaError | None, places: list[TopicPartition]) -> None:
        """What the broker did not take, as in a rebalance, is told again with what is noted now."""
        refused = {place.partition for place in places if error or place.error}
        self._untold |= refused & self._noted.keys()

    def _open_producer(self) -> Producer:
        return open_producer(self._settings, {})

    def _input(self, partition: int, offset: int = 0) -> TopicPartition:
        return TopicPartition(self._names.events, partition, offset)

    def _deliverable(self, fetched: Sequence[Message]) -> list[log.Message]:
        """The messages of partitions that run; a rebalance may have come between them."""
        running = self._ours - self._paused
        messages = []
        for message in fetched:
            error = message.error()
            if error is None:
                if message.partition() in running:
                    messages.append(client.input_message(message))
            elif not client.passing(error):
                raise KafkaException(error)
        return messages

    def _send(self, partition: int, values: Sequence[bytes], offsets: list[int | None]) -> None:
        """Queue records; each one's offset is noted when it is acknowledged, None if it failed."""

        def delivered(error: KafkaError | None, message: Message) -> None:
            offsets.append(message.offset() if error is None else None)

        topic = self._names.ledger
        for value in values:
            while True:
                try:
                    self._producer.produce(topic, value, None, partition, delivered)
                    break
                except BufferError:
                    self._producer.poll(_SLICE_S)
                    self._hold()
                except KafkaException:
                    # It cannot even be queued, so nothing behind it may be.
                    offsets.append(None)
                    return

    def _finish_sending(self) -> None:
        """Until nothing is in flight; the group hears of us now and then."""
        started = time.monotonic()
        while self._producer.flush(_SLICE_S):
            # Pausing throws away what was fetched, so a slow moment is not worth it.
            if time.monotonic() - started > _SERVE_EVERY_S:
                self._hold()
        self._let_go()

    def _serve_group(self) -> None:
        """Hear what the group says, without taking messages."""
        self._hold()
        self._let_go()

    def _hold(self) -> None:
        """Pause everything of ours, and hear what the group says."""
        with client.saying("serve the consumer group"):
            self._consumer.pause([self._input(p) for p in self._ours])
            self._held = True
            message = self._consumer.poll(0)
            if message is None:
                return
            error = message.error()
            if error is not None and not client.passing(error):
                raise KafkaException(error)
        if error is None:
            # Fetched before the pause; it must come again.
            self.seek(message.partition() or 0, message.offset() or 0)

    def _let_go(self) -> None:
        """Resume what is still ours and was not paused by the worker."""
        if self._held:
            self._held = False
            self._run([self._input(p) for p in self._ours - self._paused])

    def _run(self, places: list[TopicPartition]) -> None:
        """Let partitions that were paused be fetched at once.

        The thread that fetches sleeps up to a second beside paused partitions, and nothing but a
        question to its broker wakes it.
        """
        with client.saying(f"resume partitions {', '.join(str(one.partition) for one in places)}"):
            self._consumer.resume(places)
        for place in places:
            with suppress(KafkaException):
                self._consumer.get_watermark_offsets(place, _SLICE_S, cached=False)

    def _assigned(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        """The group gives us partitions: taken at an explicit offset, paused."""
        for place in places:
            place.offset = 0
        consumer.incremental_assign(places)
        consumer.pause(places)
        given = {place.partition for place in places}
        self._ours |= given
        self._paused |= given
        self._newly_assigned |= given

    def _revoked(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        """The group takes partitions away, or has given them to another already."""
        self._commit_noted()
        taken = {place.partition for place in places}
        self._ours -= taken
        self._paused -= taken
        self._newly_assigned -= taken
        self._newly_lost |= taken
        for partition in taken:
            self._noted.pop(partition, None)
            self._notes.pop(partition, None)
        self._untold -= taken
        consumer.incremental_unassign(places)


def _complete(offsets: Sequence[int | None], count: int) -> Sequence[int] | None:
    """The offsets if every record has one."""
    known = [offset for offset in offsets if offset is not None]
    return known if len(offsets) == len(known) == count else None
