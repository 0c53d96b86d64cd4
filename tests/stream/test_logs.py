"""One suite over every log: whoever keeps the port keeps these laws."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Barrier

import pytest
from msgspec import Struct

from infra.log import LedgerLog, LogUnavailable, Message, Noted, PublisherLog, WorkerLog
from infra.settings import Settings
from infra.simulated_log import SimulatedLedgerLog, SimulatedPublisherLog, SimulatedWorkerLog
from infra.simulated_world import World
from infra.wiring import ledger_log, publisher_log, worker_log
from processors.stream.worker import Worker
from schemas.codec import encode_event
from schemas.events import SaleRecorded
from schemas.ledger import PointsReversed
from schemas.topics import partition_of
from tests.kafka_broker import PARTITIONS
from tests.stream.histories import FIRST_DAY, activation, return_of, sale
from tests.stream.ledgers import walk

PATIENCE_POLLS = 300


class Log(Struct, frozen=True):
    """One log, and how to come to it in each role."""

    worker: Callable[[], WorkerLog]
    ledger: Callable[[], LedgerLog]
    publisher: Callable[[], PublisherLog]


def of_settings(settings: Settings) -> Log:
    """The log that the settings mean."""
    return Log(
        lambda: worker_log(settings), lambda: ledger_log(settings), lambda: publisher_log(settings)
    )


@pytest.fixture(params=["embedded", "simulated", "kafka"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    """Each log in turn, empty."""
    match request.param:
        case "embedded":
            return of_settings(Settings(home=tmp_path, partitions=PARTITIONS))
        case "simulated":
            world = World(PARTITIONS)
            return Log(
                lambda: SimulatedWorkerLog(world),
                lambda: SimulatedLedgerLog(world),
                lambda: SimulatedPublisherLog(world),
            )
        case _:
            return of_settings(request.getfixturevalue("kafka_settings"))


@pytest.fixture
def worker(log: Log) -> Iterator[WorkerLog]:
    """A worker that was given every partition."""
    seat = log.worker()
    assigned: set[int] = set()
    for _ in range(PATIENCE_POLLS):
        polled = seat.poll(10, 0.1)
        assert not polled.messages, "a partition comes paused"
        assigned |= set(polled.assigned)
        if len(assigned) == PARTITIONS:
            break
    assert assigned == set(range(PARTITIONS))
    yield seat
    seat.close()


@pytest.fixture
def reader(log: Log) -> Iterator[LedgerLog]:
    """A reader of both topics."""
    opened = log.ledger()
    yield opened
    opened.close()


def publish(log: Log, values: list[tuple[int, bytes]]) -> None:
    """Publish, and wait until all of it is durable."""
    publisher = log.publisher()
    for partition, value in values:
        publisher.publish(partition, b"key of " + value[:9], value)
    publisher.close()


def polled(worker: WorkerLog, count: int, limit: int = 100) -> list[Message]:
    """Poll until so many messages have come, and never more than the limit at once."""
    messages: list[Message] = []
    for _ in range(PATIENCE_POLLS):
        some = worker.poll(limit, 0.1).messages
        assert len(some) <= limit
        messages += some
        if len(messages) >= count:
            break
    return messages


def test_what_is_published_comes_in_order_with_offsets_without_a_gap(
    log: Log, worker: WorkerLog, reader: LedgerLog
) -> None:
    """Given events in two partitions, a worker polls each partition's in order from 0."""
    publish(log, [(number % 2, b"%d" % number) for number in range(50)])
    for partition in (0, 1):
        worker.seek(partition, 0)
        worker.resume(partition)
    messages = polled(worker, 50, limit=7)
    for partition in (0, 1):
        mine = [message for message in messages if message.partition == partition]
        assert [message.offset for message in mine] == list(range(25))
        assert [message.value for message in mine] == [
            b"%d" % number for number in range(partition, 50, 2)
        ]
        assert all(message.key == b"key of " + message.value for message in mine)
    for port in (worker, reader):
        assert [port.input_end(partition) for partition in range(3)] == [25, 25, 0]


def test_a_paused_partition_brings_nothing_until_it_is_resumed_where_it_stood(
    log: Log, worker: WorkerLog
) -> None:
    """Pause and resume lose nothing and repeat nothing."""
    publish(log, [(0, b"a"), (0, b"b")])
    worker.seek(0, 0)
    worker.resume(0)
    (first, *rest) = polled(worker, 1, limit=1)
    assert (first.value, rest) == (b"a", [])
    worker.pause(0)
    assert not worker.poll(10, 0.1).messages
    worker.resume(0)
    assert [message.value for message in polled(worker, 1)] == [b"b"]


def test_after_a_seek_the_next_message_is_the_one_at_that_offset(
    log: Log, worker: WorkerLog
) -> None:
    """Forward and back, a seek is exact, whatever was fetched before."""
    publish(log, [(0, b"%d" % number) for number in range(30)])
    worker.seek(0, 0)
    worker.resume(0)
    polled(worker, 3, limit=3)
    for offset in (20, 5, 0, 29):
        worker.seek(0, offset)
        assert polled(worker, 1, limit=4)[0].offset == offset


def test_an_append_returns_the_offset_of_each_record_in_order(
    worker: WorkerLog, reader: LedgerLog
) -> None:
    """Records of several partitions in one append are durable, in order, at their offsets."""
    first = worker.append({0: [b"a", b"b"], 3: [b"c"]})
    second = worker.append({0: [b"d"]})
    assert {partition: list(offsets or ()) for partition, offsets in first.items()} == {
        0: [0, 1],
        3: [0],
    }
    assert list(second[0] or ()) == [2]
    stored = list(reader.read_ledger(0, 0, reader.ledger_end(0)))
    assert [(one.offset, one.value) for one in stored] == [(0, b"a"), (1, b"b"), (2, b"d")]
    assert [worker.ledger_end(partition) for partition in range(PARTITIONS)] == [3, 0, 0, 1]


def test_the_ledger_is_read_from_a_start_to_an_end(worker: WorkerLog) -> None:
    """The start is in, the end is not; an empty stretch is empty."""
    worker.append({1: [b"%d" % number for number in range(10)]})
    assert [one.offset for one in worker.read_ledger(1, 3, 6)] == [3, 4, 5]
    assert not list(worker.read_ledger(1, 6, 6))
    assert not list(worker.read_ledger(2, 0, 0))


def test_an_input_record_is_found_by_its_offset_or_not_at_all(
    log: Log, worker: WorkerLog, reader: LedgerLog
) -> None:
    """What is not there is None, beyond the end as in an empty partition."""
    publish(log, [(0, b"a"), (0, b"b")])
    for port in (worker, reader):
        found = port.read_input(0, 1)
        assert found is not None
        assert (found.offset, found.value, found.key) == (1, b"b", b"key of b")
        assert port.read_input(0, 2) is None
        assert port.read_input(1, 0) is None


def test_what_was_asked_for_ahead_is_what_is_read(log: Log, worker: WorkerLog) -> None:
    """An answer that nobody came for, or that is none, is never taken for another one."""
    publish(log, [(0, b"a"), (0, b"b"), (1, b"c"), (0, b"d")])
    read = []
    for asked, wanted in (
        ((0, 2), (0, 2)),
        ((0, 1), (0, 0)),
        ((0, 1), (1, 0)),
        ((1, 0), (1, 0)),
        ((1, 1), (1, 1)),
        ((1, 1), (0, 1)),
    ):
        worker.ask_input(*asked)
        found = worker.read_input(*wanted)
        read.append(None if found is None else found.value)
    assert read == [b"d", b"a", b"c", b"c", None, b"b"]


def test_the_input_is_read_from_a_start_to_an_end(log: Log, reader: LedgerLog) -> None:
    """The start is in, the end is not; what is not there is left out."""
    publish(log, [(0, b"a"), (0, b"b"), (1, b"c"), (0, b"d")])
    assert [(one.offset, one.value) for one in reader.read_inputs(0, 1, 3)] == [
        (1, b"b"),
        (2, b"d"),
    ]
    assert [one.offset for one in reader.read_inputs(0, 0, 2)] == [0, 1]
    assert [one.offset for one in reader.read_inputs(0, 2, 9)] == [2]
    assert not list(reader.read_inputs(0, 1, 1))
    assert not list(reader.read_inputs(2, 0, 5))


def test_what_is_noted_as_decided_is_there_for_the_next_worker(log: Log) -> None:
    """A note outlives the worker that made it; without one there is None."""
    first = log.worker()
    while not first.poll(1, 0.1).assigned:
        pass
    assert first.committed(0) is None
    first.commit(0, 5)
    first.append({0: [b"a"]})
    first.close()
    second = log.worker()
    assert second.committed(0) == 5
    second.close()


def test_a_note_lies_beside_what_is_decided_for_whoever_reads(log: Log, reader: LedgerLog) -> None:
    """The last one counts; where nothing is decided yet there is none to read."""
    worker = log.worker()
    while not worker.poll(1, 0.1).assigned:
        pass
    worker.tell(0, "mine")
    assert reader.noted(0) == Noted(None, "")
    worker.commit(0, 5)
    worker.append({0: [b"a"]})
    worker.tell(0, "still mine")
    worker.close()
    deadline = time.monotonic() + 10
    while reader.noted(0) != Noted(5, "still mine") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert reader.noted(0) == Noted(5, "still mine")
    assert reader.noted(1) == Noted(None, "")


def test_what_is_decided_last_is_told_while_nothing_else_comes(log: Log, reader: LedgerLog) -> None:
    """Else whoever asks is told of events that wait, for as long as the shop is closed."""
    worker = log.worker()
    while not worker.poll(1, 0.1).assigned:
        pass
    worker.append({0: [b"a"]})
    worker.commit(0, 1)
    deadline = time.monotonic() + 10
    while reader.noted(0).offset != 1 and time.monotonic() < deadline:
        worker.poll(1, 0.1)
    assert reader.noted(0).offset == 1
    worker.close()


def test_a_follower_gets_every_record_once_and_empty_batches_while_it_waits(
    worker: WorkerLog, reader: LedgerLog
) -> None:
    """Following begins at the given offsets, never repeats, and returns when nothing comes."""
    worker.append({0: [b"a", b"b"], 1: [b"c"]})
    seen: list[tuple[int, int]] = []
    late = iter([b"d"])
    for number, batch in enumerate(reader.follow_ledger({0: 1, 1: 0}, 2, 0.2)):
        seen += [(partition, one.offset) for partition, some in batch.items() for one in some]
        assert sum(len(some) for some in batch.values()) <= 2
        if len(seen) == 2 and not batch:
            # A slow broker may leave the follower waiting more than once: the record comes once.
            for value in late:
                worker.append({0: [value]})
        if len(seen) == 3 or number == PATIENCE_POLLS:
            break
    assert sorted(seen) == [(0, 1), (0, 2), (1, 0)]


def test_everybody_sees_the_same_log(log: Log, worker: WorkerLog, reader: LedgerLog) -> None:
    """Worker, reader and publisher agree on what the ledger is bound to."""
    publisher = log.publisher()
    assert publisher.identity == reader.identity == worker.identity
    assert publisher.identity.partitions == PARTITIONS
    publisher.close()


def test_a_flushed_event_is_there(log: Log, reader: LedgerLog) -> None:
    """`flush` returns when everything handed over is durable."""
    publisher = log.publisher()
    for number in range(3):
        publisher.publish(2, b"", b"%d" % number)
    publisher.flush()
    assert reader.input_end(2) == 3
    publisher.close()


def test_a_return_is_judged_by_the_sale_that_lies_in_the_log(log: Log, reader: LedgerLog) -> None:
    """Given a sale and its return, the worker reads the sale again and takes the bonus back."""
    account = "m1"
    partition = partition_of(account, PARTITIONS)
    sold = sale(1, account, FIRST_DAY, (1500, 1000))
    assert isinstance(sold, SaleRecorded)
    events = [activation(1, 1, FIRST_DAY - 1), sold, return_of(sold, 2)]
    publish(log, [(partition, encode_event(event)) for event in events])
    worker = Worker(log.worker(), owner="a worker", code_version="now")
    for _ in range(PATIENCE_POLLS):
        worker.step()
        if worker.positions().get(partition) == len(events):
            break
    worker.close()
    stored = reader.read_ledger(partition, 0, reader.ledger_end(partition))
    last = walk(partition, PARTITIONS, list(stored)).kept[-1].record
    taken = [e.promotion_id for e in last.effects if isinstance(e, PointsReversed)]
    assert (last.event_type, taken) == ("SaleReturned", ["base", "big"])


def test_a_record_of_700_kilobytes_passes(log: Log, worker: WorkerLog, reader: LedgerLog) -> None:
    """The largest programme and its ledger record fit."""
    large = bytes(700_000)
    publish(log, [(0, large)])
    worker.append({0: [large]})
    assert [len(one.value) for one in islice(reader.read_ledger(0, 0, 1), 1)] == [700_000]
    found = reader.read_input(0, 0)
    assert found is not None
    assert len(found.value) == 700_000


def test_a_second_worker_of_the_embedded_log_is_told_who_the_first_is(tmp_path: Path) -> None:
    """One process has all partitions; another one names it and gives up, until it is gone."""
    settings = Settings(home=tmp_path, partitions=1)
    first = worker_log(settings)
    with pytest.raises(LogUnavailable, match=f"process {os.getpid()} "):
        worker_log(settings)
    first.close()
    worker_log(settings).close()


def test_the_embedded_log_keeps_the_number_of_its_partitions(tmp_path: Path) -> None:
    """Other settings are refused: where an account lies would change."""
    publisher_log(Settings(home=tmp_path, partitions=4)).close()
    with pytest.raises(LogUnavailable, match="4 partitions for ever"):
        ledger_log(Settings(home=tmp_path, partitions=8))


def test_many_may_open_and_fill_a_new_embedded_log_at_once(tmp_path: Path) -> None:
    """Four publishers at the same moment agree on the log, and lose or mix nothing."""
    settings = Settings(home=tmp_path, partitions=2)
    together = Barrier(4)

    def fill(number: int) -> None:
        together.wait()
        publisher = publisher_log(settings)
        for count in range(300):
            publisher.publish(count % 2, b"", b"%d %d" % (number, count))
            if count % 50 == 0:
                publisher.flush()
        publisher.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fill, range(4)))
    reader = ledger_log(settings)
    for partition in range(2):
        found = [reader.read_input(partition, offset) for offset in range(600)]
        values = [tuple(map(int, one.value.split())) for one in found if one is not None]
        assert reader.input_end(partition) == len(values) == 600
        for number in range(4):
            mine = [count for who, count in values if who == number]
            assert mine == list(range(partition, 300, 2))
    reader.close()


def test_a_damaged_embedded_log_says_so(tmp_path: Path) -> None:
    """What SQLite cannot read is a sentence of the port."""
    (tmp_path / "log.sqlite").write_bytes(b"this is no database" * 1000)
    with pytest.raises(LogUnavailable, match="not a database"):
        ledger_log(Settings(home=tmp_path))
