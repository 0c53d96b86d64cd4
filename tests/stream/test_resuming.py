"""A person lets a halted partition go on: whoever holds it tries again, and the ledger says who."""

import pytest

from infra.simulated_log import SimulatedLedgerLog, SimulatedWorkerLog
from infra.simulated_world import World
from processors.stream.fold import Fold
from processors.stream.halts import PartitionHalted
from processors.stream.resuming import LOOKED_EVERY_S, resume
from processors.stream.seat import read
from processors.stream.worker import Limits, Worker
from schemas.chain import Halt
from schemas.ledger import RESUMED, Claim
from tests.stream.histories import history
from tests.stream.ledgers import walk

PARTITIONS = 2
STRICT = Limits(10, 0.1, 20, 100)
CLAIM = Claim("ada", "now", f"{RESUMED}ada: the till is mended")


def broken_world() -> World:
    """Thirty messages that are no events in one partition, an honest history in both."""
    world = World(PARTITIONS)
    for _ in range(30):
        world.publish(0, b"", b"no event")
    for message in history(1, PARTITIONS, 60, malformed=0):
        world.publish(message.partition, message.key, message.value)
    return world


def worker_of(world: World) -> Worker:
    """A worker with the world's clock."""
    return Worker(
        SimulatedWorkerLog(world),
        owner=f"worker {world.started}",
        code_version="now",
        limits=STRICT,
        now=lambda: world.now_s,
    )


def until_idle(worker: Worker) -> None:
    """Step until nothing is left to do."""
    for _ in range(400):
        worker.step()
        if worker.caught_up():
            break


def resumed(world: World) -> bool:
    """As `loyalty resume 0` does it, in no group."""
    log = SimulatedLedgerLog(world)
    fold = Fold("live", 0, log.identity)
    return resume(log, fold, lambda p, value: world._write(p, (value,)), CLAIM)


def test_whoever_holds_the_partition_tries_again() -> None:
    """Given a halt, when a person resumes it, then the worker that runs goes to the end."""
    world = broken_world()
    worker = worker_of(world)
    until_idle(worker)
    assert worker.halted[0][0] is Halt.TOO_MANY_REFUSED

    assert resumed(world)
    until_idle(worker)
    assert 0 in worker.halted, "it looks only now and then"
    world.now_s += LOOKED_EVERY_S
    until_idle(worker)

    assert not worker.halted
    assert worker.positions()[0] == len(world.events[0])


def test_the_ledger_keeps_who_and_why() -> None:
    """The claim of the person, and behind it the one of the worker that goes on because of it."""
    world = broken_world()
    worker = worker_of(world)
    until_idle(worker)
    resumed(world)
    world.now_s += LOOKED_EVERY_S
    until_idle(worker)

    claims = [one.record.claim for one in walk(0, PARTITIONS, world.ledger[0]).kept]
    found = [claim for claim in claims if claim is not None]
    assert found[-2] == CLAIM
    assert (found[-1].owner, found[-1].why) == (worker._owner, CLAIM.why)


def test_a_new_worker_goes_on_where_a_partition_was_resumed() -> None:
    """Nobody need run while the person decides."""
    world = broken_world()
    first = worker_of(world)
    until_idle(first)
    first.close()
    again = worker_of(world)
    until_idle(again)
    assert 0 in again.halted, "starting anew alone does not reset the count"
    again.close()

    resumed(world)
    last = worker_of(world)
    until_idle(last)

    assert not last.halted


def test_a_resumed_partition_halts_again_when_it_goes_on_like_that() -> None:
    """What was forgiven is what had been seen, not what comes."""
    world = broken_world()
    worker = worker_of(world)
    until_idle(worker)
    resumed(world)
    for _ in range(30):
        world.publish(0, b"", b"no event again")
    world.now_s += LOOKED_EVERY_S
    until_idle(worker)

    assert worker.halted[0][0] is Halt.TOO_MANY_REFUSED


def test_who_holds_what_is_noted_where_others_can_read_it() -> None:
    """Owner, epoch and, of a halted partition, the reason."""
    world = broken_world()
    worker = worker_of(world)
    until_idle(worker)

    log = SimulatedLedgerLog(world)
    seats = [read(log.noted(partition).note) for partition in range(PARTITIONS)]
    assert [None if seat is None else (seat.owner, seat.halted) for seat in seats] == [
        (worker._owner, "TOO_MANY_REFUSED"),
        (worker._owner, ""),
    ]


def test_noise_is_no_resumption() -> None:
    """Bytes that are no claim of a person are left to the chain."""
    world = broken_world()
    worker = worker_of(world)
    until_idle(worker)
    for value in (b"", b"\0", b"no record at all", world.ledger[0][1].value):
        world._write(0, (value,))
    world.now_s += LOOKED_EVERY_S
    until_idle(worker)

    assert 0 in worker.halted


def test_a_ledger_that_is_gone_is_not_begun_by_a_claim() -> None:
    """What must be restored is said, and nothing is written."""
    world = broken_world()
    until_idle(worker_of(world))
    world.lose_ledger(0, 10_000)

    with pytest.raises(PartitionHalted, match="LEDGER_LOST: the ledger is empty"):
        resumed(world)
    assert not world.ledger[0]
