"""How long an event takes to a decision that a reader sees, at a steady rate.

Sender, processor and reader are processes of their own, as they are in a chain; beside ours, and in
the same run, a loop that only copies the messages tells what broker, clients and machine take.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from confluent_kafka import Consumer, Producer, TopicPartition

from infra.kafka import KafkaLedgerLog, KafkaPublisherLog, KafkaWorkerLog
from infra.log import Stored
from infra.settings import Settings
from loyalty.programmes import GROCERY, IN_FORCE_FROM, activation_of
from processors.stream.worker import Limits, Worker
from producers.publish import publish
from schemas.chain import Kind, read_prefix
from schemas.codec import encode_event
from schemas.topics import partition_of
from tests.bench.bench_kafka import PARTITIONS, on
from tests.bench.figures import Figure
from tests.bench.workload import sales

GOALS = {500: "", 2_000: "< 25"}
"""Events a second, and what all but the slowest hundredth should take at most."""
WARM_S = 15
"""A broker that has just started compiles itself while it works."""
_PROCESSES = multiprocessing.get_context("spawn")

Place = tuple[int, int]
"""A partition and an input offset in it."""
Times = dict[Place, float]
"""When something happened to the event at a place: seconds of a clock that all processes share."""
Told = Callable[[int, Stored], Place | None]
"""The event that a record says is done with; None for a record that says it of none."""


def figures(address: str, home: Path, seconds: int) -> Iterator[Figure]:
    """p50 and p99, from the call that hands the event over to the record in a reader's hand."""
    for rate, goal in GOALS.items():
        pace = _Pace(rate, seconds)
        copied = _cuts(on(address, home), _copy, _copied, pace)
        decided = _cuts(on(address, home), _process, _decision, pace)
        for percent, most in ((50, ""), (99, goal)):
            what = f"event to visible decision at {rate:,} events/s, p{percent}"
            rival = f"{copied[percent] * 1e3:,.1f} ms for a loop that only copies"
            yield Figure(what, decided[percent] * 1e3, "ms", most, rival)


class _Pace(NamedTuple):
    """So many events a second, for so many seconds behind the warming up."""

    rate: int
    seconds: int

    @property
    def count(self) -> int:
        """All events that are sent."""
        return self.rate * (WARM_S + self.seconds)


def _cuts(
    settings: Settings, work: Callable[..., None], told: Told, pace: _Pace
) -> Mapping[int, float]:
    """Percent → the delay that so many of the events keep to, in seconds."""
    log = KafkaPublisherLog(settings)
    publish([activation_of(GROCERY, IN_FORCE_FROM)], log)
    log.close()
    stop = _PROCESSES.Event()
    processor = _PROCESSES.Process(target=work, args=(settings.model_dump(), stop))
    processor.start()
    try:
        sent, seen = _measure(settings, told, pace)
    finally:
        stop.set()
        processor.join()
    delays = [seen[place] - at for place, at in sent.items()][pace.rate * WARM_S :]
    return dict(enumerate(quantiles(delays, n=100), 1))


def _measure(settings: Settings, told: Told, pace: _Pace) -> tuple[Times, Times]:
    """When each event was sent and when it was seen, in the order of sending."""
    ours, theirs = _PROCESSES.Pipe()
    begin = _PROCESSES.Event()
    sender = _PROCESSES.Process(target=_send, args=(settings.model_dump(), pace, begin, theirs))
    sender.start()
    log = KafkaLedgerLog(settings)
    batches = log.follow_ledger(dict.fromkeys(range(PARTITIONS), 0), 10_000, 0.5)
    seen: Times = {}
    # The programme's activation is the first event of each partition.
    _read_until(PARTITIONS, batches, told, seen)
    ours.recv()
    begin.set()
    _read_until(PARTITIONS + pace.count, batches, told, seen)
    sent: Times = ours.recv()
    sender.join()
    log.close()
    return sent, seen


def _read_until(
    count: int, batches: Iterator[Mapping[int, Iterable[Stored]]], told: Told, seen: Times
) -> None:
    while len(seen) < count:
        for partition, stored in next(batches).items():
            now = time.perf_counter()
            for one in stored:
                place = told(partition, one)
                if place is not None:
                    seen[place] = now


def _decision(partition: int, one: Stored) -> Place | None:
    prefix, _ = read_prefix(one.value)
    return (partition, prefix.source_offset) if prefix.kind is Kind.DECISION else None


def _copied(partition: int, one: Stored) -> Place:
    return partition, one.offset


def _process(dumped: dict[str, object], stop: Event) -> None:
    log = KafkaWorkerLog(Settings(**dumped))  # type: ignore[arg-type]  # as dumped
    worker = Worker(log, owner="latency", code_version="bench", limits=Limits())
    worker.run(stop.is_set)
    worker.close()


def _copy(dumped: dict[str, object], stop: Event) -> None:
    """What came is written, and acknowledged, before more is read: as a processor does it."""
    settings = Settings(**dumped)  # type: ignore[arg-type]  # as dumped
    consumer = Consumer({"bootstrap.servers": settings.bootstrap_servers, "group.id": "none",
                         "auto.offset.reset": "earliest", "enable.auto.commit": False})  # fmt: skip
    producer = _producer(settings, linger_ms=5)
    source, target = (f"{settings.topic_prefix}loyalty.{name}" for name in ("events", "ledger"))
    consumer.assign([TopicPartition(source, p, 0) for p in range(PARTITIONS)])
    while not stop.is_set():
        first = consumer.poll(0.1)
        if first is None:
            continue
        for message in (first, *consumer.consume(999, 0)):
            producer.produce(target, message.value(), partition=message.partition())
        producer.flush()
    consumer.close()


def _send(dumped: dict[str, object], pace: _Pace, begin: Event, told: Connection) -> None:
    """Hand events over at an even pace, noting when; offsets are counted, being the only writer."""
    settings = Settings(**dumped)  # type: ignore[arg-type]  # as dumped
    events = [
        (partition_of(e.header.account_id, PARTITIONS), encode_event(e)) for e in sales(pace.count)
    ]
    producer = _producer(settings, linger_ms=0)
    topic = f"{settings.topic_prefix}loyalty.events"
    sent: Times = {}
    offsets = dict.fromkeys(range(PARTITIONS), 1)
    told.send("ready")
    begin.wait()
    started = time.perf_counter()
    for number, (partition, value) in enumerate(events):
        wait_s = started + number / pace.rate - time.perf_counter()
        if wait_s > 0:
            time.sleep(wait_s)
        sent[partition, offsets[partition]] = time.perf_counter()
        offsets[partition] += 1
        producer.produce(topic, value, partition=partition)
        producer.poll(0)
    producer.flush()
    told.send(sent)


def _producer(settings: Settings, linger_ms: int) -> Producer:
    return Producer(
        {
            "bootstrap.servers": settings.bootstrap_servers,
            "enable.idempotence": True,
            "linger.ms": linger_ms,
        }
    )
