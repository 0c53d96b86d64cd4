"""Kafka for writers of events."""

import time

from confluent_kafka import KafkaError, KafkaException, Message

from infra.kafka import client, topics
from infra.kafka.producer import open_producer
from infra.log import Identity, LogUnavailable
from infra.settings import Settings

_SLICE_S = 0.1

_BOUNDS = {
    "queue.buffering.max.messages": 100_000,
    "queue.buffering.max.kbytes": 65_536,
    # Success is silent: at the flush, all that was not refused is durable.
    "delivery.report.only.error": True,
}


class KafkaPublisherLog:
    """A writer of events with a bounded queue; keeps `infra.log.PublisherLog`.

    Once something could not be written nothing more is taken: an event must not overtake an
    earlier one of its account.  Publishing everything again is harmless.

    Raises:
        LogUnavailable: the broker cannot be reached, or the topics do not exist.
    """

    def __init__(self, settings: Settings) -> None:
        self._topic = client.names(settings).events
        self._identity = topics.identity(settings)
        self._producer = open_producer(settings, _BOUNDS)
        self._refused = ""

    @property
    def identity(self) -> Identity:
        """The log and the topic it writes."""
        return self._identity

    def publish(self, partition: int, key: bytes, value: bytes) -> None:
        """Hand one event over, waiting while the queue is full.

        Raises:
            LogUnavailable: an event could not be written, or the broker is away for a minute.
        """
        if self._refused:
            raise LogUnavailable(self._refused)
        while True:
            try:
                self._producer.produce(self._topic, value, key, partition, self._failed)
            except BufferError:
                self._make_room()
            except KafkaException as problem:
                self._give_up(problem.args[0])
            else:
                return

    def flush(self) -> None:
        """Return when everything handed over is durable.

        Raises:
            LogUnavailable: something could not be written, or the broker is away for a minute.
        """
        left = len(self._producer)
        moved = time.monotonic()
        while (now_left := self._producer.flush(_SLICE_S)) and not self._refused:
            if now_left < left:
                left, moved = now_left, time.monotonic()
            elif time.monotonic() - moved > client.PATIENCE_S:
                self._refused = f"{self._topic} took nothing for a minute; {left} events wait"
        if self._refused:
            raise LogUnavailable(self._refused)

    def close(self) -> None:
        """Flush, and let go of everything.

        Raises:
            LogUnavailable: as `flush`.
        """
        try:
            self.flush()
        finally:
            # What is still queued then is given up, and was said.
            self._producer.purge()

    def _make_room(self) -> None:
        """Wait until the queue is shorter."""
        full = len(self._producer)
        deadline = time.monotonic() + client.PATIENCE_S
        while len(self._producer) >= full and not self._refused:
            self._producer.poll(_SLICE_S)
            if time.monotonic() > deadline:
                self._refused = f"{self._topic} took nothing for a minute; {full} events wait"
        if self._refused:
            raise LogUnavailable(self._refused)

    def _failed(self, error: KafkaError | None, message: Message) -> None:
        if error is not None and not self._refused:
            self._refused = (
                f"An event for {self._topic} partition {message.partition()} was refused: {error}"
            )

    def _give_up(self, error: KafkaError) -> None:
        self._refused = f"{self._topic} takes no more events: {error}"
        raise LogUnavailable(self._refused)
