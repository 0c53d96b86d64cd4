"""What cannot be kept is said: each way a partition comes to stand still, and that others go on."""

from collections.abc import Callable, Iterator

import pytest
from msgspec import structs

from infra.simulated_log import SimulatedWorkerLog
from infra.simulated_world import World
from processors.core.decide import decide
from processors.core.message import Decided, Given
from processors.core.overlay import Overlay
from processors.stream.tip import Tip
from processors.stream.watch import Told
from processors.stream.worker import Limits, Worker
from schemas.chain import Chain, Halt, Kind
from schemas.codec import encode_event
from schemas.ledger import Outstanding, Record
from schemas.records import replace
from tests.stream.histories import FIRST_DAY, activation, history, sale
from tests.stream.ledgers import walk

PARTITIONS = 2


@pytest.fixture
def world() -> World:
    """A world with a small history and nobody in it yet."""
    made = World(PARTITIONS)
    for message in history(1, PARTITIONS, 60, malformed=0):
        made.publish(message.partition, message.key, message.value)
    return made


def run(world: World, **options: object) -> Worker:
    """A worker that has done all it can, and was closed."""
    options = {"limits": Limits(10)} | options
    worker = Worker(
        SimulatedWorkerLog(world),
        owner=f"worker {world.started}",
        code_version="now",
        now=lambda: world.now_s,
        **options,  # type: ignore[arg-type]  # tests are not checked so closely
    )
    for _ in range(400):
        worker.step()
        if worker.caught_up():
            break
    worker.close()
    return worker


def chain_of(world: World, partition: int) -> Chain:
    """The chain of a partition as it stands."""
    return walk(partition, PARTITIONS, world.ledger[partition]).chain


def append(world: World, partition: int, value: bytes) -> None:
    """Write a ledger record behind everybody's back."""
    world._write(partition, (value,))


def reasons(worker: Worker) -> dict[int, Halt]:
    """Why which partitions stand still."""
    return {partition: reason for partition, (reason, _) in worker.halted.items()}


def test_nothing_halts_when_nothing_is_wrong(world: World) -> None:
    """Given an honest history, a worker and its successor go to the end."""
    assert not run(world).halted
    assert not run(world).halted
    assert [chain_of(world, p).source_offset for p in range(PARTITIONS)] == [
        len(events) - 1 for events in world.events
    ]


def test_a_ledger_that_is_gone_halts_and_is_not_begun_again(world: World) -> None:
    """When input was decided and the ledger is empty, everything would be earned twice."""
    run(world)
    world.lose_ledger(0, 10_000)
    worker = run(world)
    assert reasons(worker) == {0: Halt.LEDGER_LOST}
    assert world.ledger[0] == []


def test_a_ledger_that_lost_its_tail_halts(world: World) -> None:
    """When input was decided and the ledger does not know it, somebody must look."""
    run(world)
    world.lose_ledger(1, 4)
    assert reasons(run(world)) == {1: Halt.LEDGER_LOST}


def test_an_input_that_lost_what_was_decided_halts(world: World) -> None:
    """New events would get the offsets of decided ones, and be dropped silently."""
    run(world)
    world.lose_input(0, 1)
    assert reasons(run(world)) == {0: Halt.INPUT_CHANGED}


def test_an_input_that_holds_another_event_where_one_was_decided_halts(world: World) -> None:
    """The same number of events is not the same events."""
    run(world)
    last = world.events[0].pop()
    world.publish(0, b"", encode_event(sale(99, "somebody", FIRST_DAY, (100,))))
    assert world.events[0][-1].offset == last.offset
    assert reasons(run(world)) == {0: Halt.INPUT_CHANGED}


def test_a_gap_in_the_input_halts_behind_what_came_before_it(world: World) -> None:
    """Given a missing offset, the events before it are decided and none behind it is."""
    gap = 7
    world.events[1] = [
        message if message.offset < gap else structs.replace(message, offset=message.offset + 1)
        for message in world.events[1]
    ]
    assert reasons(run(world)) == {1: Halt.INPUT_GAP}
    assert chain_of(world, 1).source_offset == gap - 1


def test_too_many_unreadable_messages_in_a_row_halt_and_a_higher_limit_lets_them_pass() -> None:
    """A broken producer is noticed; a restart does not forget it, a setting overrides it."""
    world = World(PARTITIONS)
    for _ in range(30):
        world.publish(0, b"", b"no event")
    strict, patient = Limits(10, 0.1, 20, 100), Limits(10, 0.1, 100, 100)
    assert reasons(run(world, limits=strict)) == {0: Halt.TOO_MANY_REFUSED}
    decided = chain_of(world, 0).source_offset
    assert 20 <= decided < 30
    assert reasons(run(world, limits=strict)) == {0: Halt.TOO_MANY_REFUSED}
    assert chain_of(world, 0).source_offset == decided
    assert not run(world, limits=patient).halted
    assert chain_of(world, 0).source_offset == 29


def test_too_large_a_share_of_unreadable_messages_halts() -> None:
    """They need not come in a row."""
    world = World(PARTITIONS)
    for number in range(60):
        world.publish(0, b"", b"no event")
        world.publish(0, b"", encode_event(sale(number, "m0", FIRST_DAY, (100,))))
    assert reasons(run(world, limits=Limits(10, 0.1, 50, 40))) == {0: Halt.TOO_MANY_REFUSED}


def test_a_record_that_states_another_balance_halts(world: World) -> None:
    """Given a record that extends the chain with a wrong `before`, nobody goes past it."""
    run(world)
    chain = chain_of(world, 0)
    forged = walk(0, PARTITIONS, world.ledger[0]).kept
    earned = next(
        one.record
        for one in forged
        if one.record.before and one.record.event_type != "MemberEnrolled"
    )
    wrong = replace(earned, before=tuple(Outstanding(one.wallet, 987_654) for one in earned.before))
    append(world, 0, Tip(chain).decision(wrong, chain.source_offset + 1, 0, True))
    assert reasons(run(world)) == {0: Halt.SUMS_DIFFER}


def test_a_checkpoint_with_other_totals_halts(world: World) -> None:
    """The sums over all accounts are stated now and then, and checked by whoever folds."""
    run(world)
    state = walk(0, PARTITIONS, world.ledger[0]).state
    wrong = replace(state.totals(), accounts_digest=bytes(32))
    append(world, 0, Tip(chain_of(world, 0)).mark(Kind.CHECKPOINT, Record(totals=wrong)))
    assert reasons(run(world)) == {0: Halt.SUMS_DIFFER}


def test_a_record_of_newer_code_halts(world: World) -> None:
    """What extends the chain and cannot be folded is never ignored."""
    run(world)
    value = Tip(chain_of(world, 0)).decision(
        Record(), chain_of(world, 0).source_offset + 1, 0, True
    )
    append(world, 0, b"\0\0\x01\0\0" + value[5:])
    assert reasons(run(world)) == {0: Halt.UPGRADE_ME}


def test_a_programme_for_newer_code_halts_before_anything_is_decided_by_it(world: World) -> None:
    """An old processor in a rolling deploy stops at the switch; its successor goes on there."""
    event = replace(activation(3, 1, FIRST_DAY), min_decider_version=99)
    for partition in range(PARTITIONS):
        world.publish(partition, b"", encode_event(event))
    ends = [len(events) for events in world.events]
    worker = run(world)
    assert reasons(worker) == dict.fromkeys(range(PARTITIONS), Halt.UPGRADE_ME)
    assert [chain_of(world, p).source_offset + 2 for p in range(PARTITIONS)] == ends


def test_a_ledger_of_another_input_halts(world: World) -> None:
    """GENESIS binds a ledger to its topics; a ledger copied beside others is not theirs."""
    run(world)
    elsewhere = World(3)
    elsewhere.ledger[0] = world.ledger[0]
    elsewhere.events[0] = world.events[0]
    assert reasons(run(elsewhere)) == {0: Halt.BAD_GENESIS}


def test_a_record_that_skips_an_event_halts(world: World) -> None:
    """Nothing may be decided by being left out."""
    run(world)
    chain = chain_of(world, 1)
    append(world, 1, Tip(chain).decision(Record(), chain.source_offset + 2, 0, True))
    assert reasons(run(world)) == {1: Halt.BAD_SOURCE}


def failing(at_offset: int) -> Callable[..., Iterator[Decided]]:
    """Code with a bug that one event of partition 0 brings out."""

    def decide_badly(overlay: Overlay, given: Given, first_part: int) -> Iterator[Decided]:
        if given.offset == at_offset and overlay.partition == 0:
            raise KeyError("a bug of ours")
        yield from decide(overlay, given, first_part)

    return decide_badly


def test_a_bug_in_deciding_halts_its_partition_alone_and_the_fixed_code_goes_on(
    world: World,
) -> None:
    """What was decided before the event stands, the event is not skipped, others go on."""
    heard: list[tuple[int, Halt, str]] = []
    told = Told(halted=lambda *halt: heard.append(halt))
    worker = run(world, decide=failing(12), watch=told)
    assert reasons(worker) == {0: Halt.DEFECT}
    assert [(partition, reason) for partition, reason, _ in heard] == [(0, Halt.DEFECT)]
    assert "input offset 12" in heard[0][2]
    assert "KeyError" in heard[0][2]
    assert chain_of(world, 0).source_offset == 11
    assert chain_of(world, 1).source_offset == len(world.events[1]) - 1
    assert not run(world).halted
    assert chain_of(world, 0).source_offset == len(world.events[0]) - 1


def test_want_of_memory_is_not_the_partitions_fault(world: World) -> None:
    """It ends the process; nothing halts, and the next process goes on."""

    def hungry(overlay: Overlay, given: Given, first_part: int) -> Iterator[Decided]:
        raise MemoryError

    with pytest.raises(MemoryError):
        run(world, decide=hungry)
    world.leave(world.seats[0])
    assert not run(world).halted


def test_every_halt_says_what_it_is_in_a_sentence() -> None:
    """Whoever reads the log line need not know the code."""
    assert all(reason.sentence.endswith(".") for reason in Halt)
