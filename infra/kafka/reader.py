"""Reading stretches of a topic outside any group: one consumer for each stretch."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from infra.kafka import client
from infra.log import LogUnavailable
from infra.settings import Settings
from schemas.principals import READERS_GROUP

Answer = TypeVar("Answer")

_BATCH = 10_000
_SLICE_S = 0.5

_READER = {
    # No group is ever joined; librdkafka wants a name all the same.
    "group.id": READERS_GROUP,
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "error",
    "check.crcs": True,
    "enable.partition.eof": True,
    # The chain says what counts; hiding what an aborted transaction left would only hide a fault.
    "isolation.level": "read_uncommitted",
}

_ASKER = {
    **_READER,
    # One record is wanted: a fetch of the usual size brings a thousand, and they are thrown away.
    "fetch.message.max.bytes": 65_536,
    "queued.min.messages": 1,
    # With so short a queue the client would wait a second before it fetches again.  Without any
    # wait it would look whether the queue is still full for ever, and take a core for that.
    "fetch.queue.backoff.ms": 1,
}
_NOT_THERE = {KafkaError._PARTITION_EOF, KafkaError._AUTO_OFFSET_RESET}


def open_consumer(settings: Settings) -> Consumer:
    """A consumer in no group."""
    return Consumer(client.configuration(settings, _READER), logger=client.logger)


def end_of(
    consumer: Consumer, topic: str, partition: int, between: Callable[[], None] = lambda: None
) -> int:
    """The offset after the last record, asked of the broker now, and again while it is away.

    Meanwhile `between` is called before each new attempt.

    Raises:
        LogUnavailable: the broker refuses, or was away for a minute.
    """
    place = TopicPartition(topic, partition)

    def ask() -> int:
        return consumer.get_watermark_offsets(place, client.REQUEST_S, cached=False)[1]

    attempt = f"ask for the end of {topic} partition {partition}"
    return client.patiently(attempt, partial(_hearing, consumer, topic, ask), between)


def _hearing(consumer: Consumer, topic: str, ask: Callable[[], Answer]) -> Answer:
    """What `ask` answers.

    Told by a broker that had hardly woken that there is no such partition, the client believes it
    for minutes, unless it is made to ask again.
    """
    try:
        return ask()
    except KafkaException as problem:
        if problem.args[0].code() in client.NOT_HEARD_YET:
            consumer.list_topics(topic, client.REQUEST_S)
        raise


def stretch(
    settings: Settings, topic: str, partition: int, start: int, end: int
) -> Iterator[Sequence[Message]]:
    """The records there are from `start` up to, not including, `end`, in batches.

    A batch is empty when nothing came for a moment, so that the caller can do other things.

    Raises:
        LogUnavailable: nothing came for a minute, or `start` is not in the log.
    """
    if start >= end:
        return
    consumer = open_consumer(settings)
    try:
        yield from _between(consumer, topic, partition, start, end)
    finally:
        consumer.close()


def _between(
    consumer: Consumer, topic: str, partition: int, start: int, end: int
) -> Iterator[Sequence[Message]]:
    """As `stretch`, by a consumer that has nothing else to do; it stays assigned."""
    at = start
    heard = time.monotonic()
    with client.saying(f"read {topic} partition {partition} from offset {start}"):
        # A consumer waits for ever for what is not there.
        end = min(end, end_of(consumer, topic, partition))
        consumer.assign([TopicPartition(topic, partition, start)])
        while at < end:
            batch, at = _sorted_out(fetched(consumer, _BATCH, _SLICE_S), at, end)
            if batch:
                heard = time.monotonic()
            elif time.monotonic() - heard > client.PATIENCE_S:
                raise LogUnavailable(f"{topic} partition {partition} gave nothing for a minute")
            yield batch


def _sorted_out(messages: Sequence[Message], at: int, end: int) -> tuple[list[Message], int]:
    """The records of a batch before `end`, and the offset reached; raises what is an error."""
    batch = []
    for message in messages:
        error = message.error()
        if error is None:
            offset = message.offset() or 0
            if offset < end:
                batch.append(message)
            at = offset + 1
        elif error.code() == KafkaError._PARTITION_EOF:
            at = max(at, message.offset() or 0)
        elif not client.passing(error):
            raise KafkaException(error)
    return batch, at


def open_asker(settings: Settings) -> Consumer:
    """A consumer in no group for `one` and `end_of`: it fetches little, and nothing ahead."""
    return Consumer(client.configuration(settings, _ASKER), logger=client.logger)


def ask(consumer: Consumer, topic: str, partition: int, offset: int) -> bool:
    """Let an asker fetch one record, which `one` takes; what was asked before is forgotten.

    Returns whether it is on its way.
    """
    consumer.assign([TopicPartition(topic, partition, offset)])
    # The client fetches only once it is rid of what came with the answer before, and only who asks
    # for messages makes it look.  Were the answer there so soon, it would have to be asked again.
    return consumer.poll(0) is None


def one(
    consumer: Consumer, topic: str, partition: int, offset: int, *, asked: bool = False
) -> Message | None:
    """One record by its offset; None if the log does not have it.

    By an asker that stays open: making one takes longer than the question itself.  Where it was
    `asked` for this record already, the answer may be there.

    Raises:
        LogUnavailable: the broker refuses, or gave nothing for a minute.
    """

    def answer() -> Message | None:
        nonlocal asked
        if not asked:
            consumer.assign([TopicPartition(topic, partition, offset)])
        asked = False
        # It stays assigned: its queue is full with what the answer came with, and the next question
        # empties it.  Taking it away would be a wait of its own.
        return _first(consumer)

    attempt = f"read offset {offset} of {topic} partition {partition}"
    found = client.patiently(attempt, partial(_hearing, consumer, topic, answer))
    # Where the log has a hole, the record behind it came.
    return found if found is not None and found.offset() == offset else None


def _first(consumer: Consumer) -> Message | None:
    """The next record of what is assigned; None if the log has none there."""
    message = consumer.poll(client.REQUEST_S)
    if message is None:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
    error = message.error()
    if error is None:
        return message
    if error.code() in _NOT_THERE:
        return None
    raise KafkaException(error)


def follow(
    settings: Settings, topic: str, starts: Mapping[int, int], limit: int, wait_s: float
) -> Iterator[Mapping[int, Sequence[Message]]]:
    """Endless batches by partition from the given offsets; empty ones when nothing came.

    Raises:
        LogUnavailable: a start is not in the log, or the broker refuses.
    """
    consumer = open_consumer(settings)
    try:
        with client.saying(f"follow {topic}"):
            consumer.assign([TopicPartition(topic, p, offset) for p, offset in starts.items()])
            while True:
                batches: dict[int, list[Message]] = {}
                for message in fetched(consumer, limit, wait_s):
                    error = message.error()
                    if error is None:
                        batches.setdefault(message.partition() or 0, []).append(message)
                    elif error.code() != KafkaError._PARTITION_EOF and not client.passing(error):
                        raise KafkaException(error)
                yield batches
    finally:
        consumer.close()


def fetched(consumer: Consumer, limit: int, wait_s: float) -> list[Message]:
    """Up to `limit` messages, waiting for the first only: `consume` alone waits for all of them."""
    first = consumer.poll(wait_s)
    if first is None:
        return []
    if limit == 1:
        return [first]
    return [first, *consumer.consume(limit - 1, 0)]
