"""Sales a second from Kafka to Kafka in one processor process, and where a sale spends its time."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import cast
from uuid import uuid4

import msgspec
from confluent_kafka import Consumer, Producer, TopicPartition

from infra import collector
from infra.kafka import KafkaPublisherLog, KafkaWorkerLog, create_topics
from infra.log import WorkerLog
from infra.settings import Settings
from processors.stream.tally import Tally
from processors.stream.watch import Told
from processors.stream.worker import Limits, Worker
from producers.publish import publish
from tests.bench.figures import Figure
from tests.bench.timed_log import TimedLog
from tests.bench.workload import year

PARTITIONS = 4
TURNS = 5


class Run(msgspec.Struct):
    """What one processor did after all its partitions were open."""

    sales: int = 0
    seconds: float = 0.0
    log_seconds: dict[str, float] = {}

    @property
    def per_second(self) -> float:
        """Sales a second."""
        return self.sales / self.seconds


def on(address: str, home: Path) -> Settings:
    """Topics and a group of one's own, made on the broker."""
    name = uuid4().hex[:8]
    settings = Settings(
        home=home,
        bootstrap_servers=address,
        topic_prefix=f"bench-{name}.",
        group=f"bench-{name}",
        partitions=PARTITIONS,
    )
    create_topics(settings)
    return settings


def figures(address: str, home: Path, events: int) -> Iterator[Figure]:
    """Sales a second, beside a loop that only copies the messages; then the table of steps."""
    runs = []
    copied = []
    for _ in range(TURNS):
        settings = on(address, home)
        log = KafkaPublisherLog(settings)
        publish(year(events), log)
        log.close()
        copied.append(copy(settings))
        runs.append(process(settings))
    middle = median(run.per_second for run in runs)
    yield Figure(
        f"sales/s, Kafka to Kafka, one process (median of {TURNS}, {events:,} events)",
        middle,
        "sales/s",
        "≥ 10,000",
        "a loop that only copies",
        middle / median(copied),
    )
    run = min(runs, key=lambda run: abs(run.per_second - middle))
    yield from steps(run)


def process(settings: Settings) -> Run:
    """Decide all that is in the topic, timing from when every partition is open."""
    run = Run()

    def count(_: int, tally: Tally, *__: object) -> None:
        run.sales += tally.events["SaleRecorded"]

    log = TimedLog(KafkaWorkerLog(settings))
    worker = Worker(
        cast("WorkerLog", log),
        owner=settings.group,
        code_version="bench",
        limits=Limits(batch=settings.batch_events),
        watch=Told(decided=count),
    )
    while len(worker.positions()) < PARTITIONS:
        worker.step()
    collector.spare()
    run.sales = 0
    log.seconds.clear()
    started = time.perf_counter()
    while not worker.caught_up():
        if worker.step():
            # The polls that wait for nothing at the end are no sale's.
            run.seconds = time.perf_counter() - started
            run.log_seconds = dict(log.seconds)
    worker.close()
    return run


def steps(run: Run) -> Iterator[Figure]:
    """Microseconds a sale spends in the log's calls, and in ours."""
    per_sale = {call: spent * 1e6 / run.sales for call, spent in run.log_seconds.items()}
    whole = 1e6 / run.per_second
    poll, append = per_sale.get("poll", 0.0), per_sale.get("append", 0.0)
    yield Figure("a sale, all in", whole, "µs", "≤ 78")
    yield Figure("· poll", poll, "µs")
    yield Figure("· append and acknowledgement", append, "µs")
    yield Figure("· decode, decide, encode, hash and the rest", whole - poll - append, "µs")


def copy(settings: Settings) -> float:
    """Messages a second that a bare loop moves from the input to nowhere else but a topic."""
    consumer = Consumer({"bootstrap.servers": settings.bootstrap_servers, "group.id": "none",
                         "auto.offset.reset": "earliest", "enable.auto.commit": False,
                         "enable.partition.eof": True})  # fmt: skip
    topic = f"{settings.topic_prefix}loyalty.events"
    producer = Producer(
        {
            "bootstrap.servers": settings.bootstrap_servers,
            "enable.idempotence": True,
            "linger.ms": 5,
        }
    )
    consumer.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])
    target = f"{settings.topic_prefix}copy"
    _make(settings, target)
    moved = ended = 0
    started = time.perf_counter()
    while ended < PARTITIONS:
        for message in consumer.consume(settings.batch_events, 1.0):
            if message.error():
                ended += 1
                continue
            producer.produce(target, message.value(), partition=message.partition())
            moved += 1
        producer.flush()
    seconds = time.perf_counter() - started
    consumer.close()
    return moved / seconds


def _make(settings: Settings, topic: str) -> None:
    from confluent_kafka.admin import AdminClient, NewTopic  # noqa: PLC0415

    admin = AdminClient({"bootstrap.servers": settings.bootstrap_servers})
    for made in admin.create_topics([NewTopic(topic, PARTITIONS, 1)]).values():
        made.result()
