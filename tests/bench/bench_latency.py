"""How long an event takes to a decision that a reader sees, at a steady rate."""

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import quantiles
from threading import Thread

from confluent_kafka import Producer

from infra.kafka import KafkaLedgerLog, KafkaWorkerLog
from infra.settings import Settings
from processors.stream.worker import Limits, Worker
from schemas.chain import Kind, read_prefix
from schemas.codec import encode_event
from schemas.topics import partition_of
from tests.bench.bench_kafka import PARTITIONS, on
from tests.bench.figures import Figure
from tests.bench.workload import sales

RATE = 2_000
WARM_S = 2


def figures(address: str, home: Path, seconds: int) -> Iterator[Figure]:
    """p50 and p99, from the call that hands the event over to the record in a reader's hand."""
    settings = on(address, home)
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    processor = context.Process(target=_process, args=(settings.model_dump(), stop))
    processor.start()
    try:
        delays = _measure(settings, (WARM_S + seconds) * RATE)[WARM_S * RATE :]
    finally:
        stop.set()
        processor.join()
    cuts = quantiles(delays, n=100)
    said = f"of {len(delays):,} at {RATE:,} events/s"
    yield Figure(f"event to visible decision, p50 {said}", cuts[49] * 1e3, "ms")
    yield Figure(f"event to visible decision, p99 {said}", cuts[98] * 1e3, "ms", "< 25")


def _process(settings: dict[str, object], stop: Event) -> None:
    log = KafkaWorkerLog(Settings(**settings))  # type: ignore[arg-type]  # as dumped
    worker = Worker(log, owner="latency", code_version="bench", limits=Limits())
    worker.run(stop.is_set)
    worker.close()


def _measure(settings: Settings, count: int) -> list[float]:
    """Seconds from sending to seeing, in the order of sending."""
    events = [
        (partition_of(e.header.account_id, PARTITIONS), encode_event(e)) for e in sales(count)
    ]
    sent: dict[tuple[int, int], float] = {}
    log = KafkaLedgerLog(settings)
    batches = log.follow_ledger(dict.fromkeys(range(PARTITIONS), 0), 10_000, 0.5)
    claimed = 0
    while claimed < PARTITIONS:
        claimed += sum(
            read_prefix(one.value)[0].kind is Kind.CLAIM
            for stored in next(batches).values()
            for one in stored
        )
    sender = Thread(target=_send, args=(settings, events, sent))
    sender.start()
    seen: dict[tuple[int, int], float] = {}
    while len(seen) < count:
        for partition, stored in next(batches).items():
            now = time.perf_counter()
            for one in stored:
                prefix, _ = read_prefix(one.value)
                if prefix.kind is Kind.DECISION:
                    seen[partition, prefix.source_offset] = now
    sender.join()
    log.close()
    return [seen[place] - at for place, at in sent.items()]


def _send(
    settings: Settings, events: list[tuple[int, bytes]], sent: dict[tuple[int, int], float]
) -> None:
    """Hand events over at an even pace, noting when; offsets are counted, being the only writer."""
    producer = Producer(
        {
            "bootstrap.servers": settings.bootstrap_servers,
            "enable.idempotence": True,
            "linger.ms": 0,
        }
    )
    topic = f"{settings.topic_prefix}loyalty.events"
    offsets = dict.fromkeys(range(PARTITIONS), 0)
    started = time.perf_counter()
    for number, (partition, value) in enumerate(events):
        wait_s = started + number / RATE - time.perf_counter()
        if wait_s > 0:
            time.sleep(wait_s)
        sent[partition, offsets[partition]] = time.perf_counter()
        offsets[partition] += 1
        producer.produce(topic, value, partition=partition)
        producer.poll(0)
    producer.flush()
