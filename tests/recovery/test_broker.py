"""The broker itself is killed, or freezes, in the middle of the work."""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from infra.kafka import KafkaWorkerLog, create_topics
from infra.local_kafka import LocalKafka
from infra.settings import Settings
from tests.kafka_broker import settings_on
from tests.recovery.line import PROGRAMME, YEAR, Tables, line, until

LONGER_THAN_A_SESSION_S = 8.0


def freeze(child: int) -> None:
    """Stop all threads of a process: on a busy machine it still answers after the signal."""
    os.kill(child, signal.SIGSTOP)
    os.waitid(os.P_PID, child, os.WSTOPPED)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalKafka]:
    """A broker of one's own, to be treated badly."""
    with LocalKafka(tmp_path / "kafka") as started:
        yield started


@pytest.fixture
def own_settings(broker: LocalKafka, tmp_path: Path) -> Settings:
    """Settings of topics on that broker."""
    settings = settings_on(broker.bootstrap_servers, tmp_path)
    create_topics(settings)
    return settings


def test_a_killed_broker_changes_no_table(
    broker: LocalKafka, own_settings: Settings, undisturbed: Tables
) -> None:
    """Killed while events are published and again while they are decided, nobody gives up."""
    chance = random.Random(1)
    slow = own_settings.model_copy(update={"batch_events": 5, "projection_batch_records": 200})
    with line(slow) as run:
        run.run("activate", *PROGRAMME)
        services = [run.start("process"), run.start("process"), run.start("project")]
        run.wait_for_epochs_above([0] * len(run.partitions))
        # Who has not begun yet takes a broker that is away for a wrong address.
        run.wait_for_tables()
        publisher = run.start("publish", *YEAR)
        run.wait_for_input(run.input_count() + chance.randrange(200, 2000))
        broker.kill()
        broker.start()
        publisher.expect_success()

        run.wait_for_decided(chance.randrange(1500, 4000))
        broker.kill()
        broker.start()
        run.finish(*services)

        assert run.tables() == undisturbed
        run.run("verify")


def test_a_frozen_broker_costs_the_group_and_no_record(
    broker: LocalKafka, own_settings: Settings
) -> None:
    """An append waits until the broker wakes; what the group took meanwhile the next poll tells."""
    with closing(KafkaWorkerLog(own_settings)) as worker:
        mine: set[int] = set()

        def all_mine() -> bool:
            polled = worker.poll(10, 0.1)
            mine.difference_update(polled.lost)
            mine.update(polled.assigned)
            return mine == {0, 1, 2, 3}

        until(all_mine, lambda: str(mine))
        before = worker.append({0: [b"one"]})

        freeze(broker.pid)
        Timer(LONGER_THAN_A_SESSION_S, os.kill, (broker.pid, signal.SIGCONT)).start()
        during = worker.append({0: [b"two", b"three"], 1: [b"four"]})
        lost = worker.poll(10, 0.0).lost
        mine.difference_update(lost)
        until(all_mine, lambda: str(mine))

        assert before == {0: [0]}
        assert during == {0: [1, 2], 1: [0]}
        assert lost == [0, 1, 2, 3]
        assert [s.value for s in worker.read_ledger(0, 0, 3)] == [b"one", b"two", b"three"]
