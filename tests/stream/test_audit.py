"""The audit: a right ledger passes, and of a wrong one the first wrong thing is said."""

from collections.abc import Callable
from multiprocessing import Pipe

import pytest
from msgspec import structs

from infra.log import Stored
from infra.simulated_log import SimulatedLedgerLog, SimulatedWorkerLog
from infra.simulated_world import World
from processors.stream.audit import Report, audit
from processors.stream.tip import Tip
from processors.stream.worker import Limits, Worker
from schemas import chain as chains
from schemas.chain import Kind
from schemas.ledger import Record
from schemas.records import replace
from tests.stream.histories import history
from tests.stream.ledgers import walk
from tests.stream.simulation import PARTITIONS, Run, check


def done(seed: int, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose work is done, with a checkpoint after every tenth record."""
    monkeypatch.setattr(chains, "CHECKPOINT_EVERY", 10)
    world = World(PARTITIONS)
    for message in history(seed, PARTITIONS, 80, malformed=0):
        world.publish(message.partition, message.key, message.value)
    worker = Worker(SimulatedWorkerLog(world), owner="the one", code_version="now")
    while not worker.caught_up():
        worker.step()
    return world


def audited(world: World, partition: int = 0) -> Report:
    """The report of one partition."""
    return audit(SimulatedLedgerLog(world), partition)


def test_a_right_ledger_passes_and_its_counts_are_the_ledgers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every record is looked at, every event is decided, and the digest is that of a rebuild."""
    world = done(1, monkeypatch)
    for partition in range(PARTITIONS):
        report, walked = (
            audited(world, partition),
            walk(partition, PARTITIONS, world.ledger[partition]),
        )
        assert report.wrong is None
        assert report.records == len(world.ledger[partition]) == sum(report.accepted.values())
        assert report.decided_events == report.input_events == len(world.events[partition])
        assert report.state_digest == walked.state.digest()
        assert report.chain == walked.chain
        assert (report.accepted["GENESIS"], report.accepted["CLAIM"]) == (1, 1)
        assert report.accepted["CHECKPOINT"] == report.records // 10


@pytest.mark.parametrize("seed", range(20))
def test_the_noise_of_takeovers_is_counted_and_is_not_wrong(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any run of the simulation the audit is clean, its numbers those of the walk."""
    monkeypatch.setattr(chains, "CHECKPOINT_EVERY", 7)
    run = Run(seed)
    run.play()
    for partition, walked in enumerate(check(run)):
        report = audited(run.world, partition)
        assert report.wrong is None
        assert {kind: count for kind, count in report.ignored.items() if count} == walked.ignored


def test_work_that_is_not_done_yet_is_not_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """New events wait; nothing about the ledger is wrong for that."""
    world = done(2, monkeypatch)
    world.publish(0, b"", b"an event to come")
    report = audited(world)
    assert report.wrong is None
    assert report.input_events == report.decided_events + 1


def change_a_byte(world: World) -> None:
    """One bit of an event's id in the middle of the ledger, as a disk or a hand might."""
    at = next(number for number in range(20, 40) if b"sale" in world.ledger[0][number].value)
    stored = world.ledger[0][at]
    changed = stored.value.replace(b"sale", b"sald", 1)
    world.ledger[0][at] = structs.replace(stored, value=changed)


def drop_a_record(world: World) -> None:
    """One record in the middle is gone."""
    topic = world.ledger[0]
    del topic[len(topic) // 2]
    world.ledger[0] = [
        Stored(number, stored.value, stored.timestamp_ms) for number, stored in enumerate(topic)
    ]


def swap_two_records(world: World) -> None:
    """Two neighbours in the other order."""
    topic, at = world.ledger[0], len(world.ledger[0]) // 2
    one, other = topic[at], topic[at + 1]
    topic[at] = structs.replace(one, value=other.value)
    topic[at + 1] = structs.replace(other, value=one.value)


@pytest.mark.parametrize("damage", [change_a_byte, drop_a_record, swap_two_records])
def test_a_changed_ledger_is_told_by_the_end_of_its_chain(
    damage: Callable[[World], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit, a gap or another order anywhere cuts the chain there."""
    world = done(3, monkeypatch)
    damage(world)
    wrong = audited(world).wrong
    assert wrong is not None
    assert wrong.startswith("The chain ends at seq ")
    assert audited(world, 1).wrong is None


@pytest.mark.parametrize("left", [0, 1, 20])
def test_an_end_that_is_gone_is_told_by_what_was_noted_of_it(
    left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger cut off behind some record is a whole chain; who decided noted how far it went."""
    world = done(3, monkeypatch)
    del world.ledger[0][left:]
    assert "was decided, the ledger knows it before" in (audited(world).wrong or "")
    assert audited(world, 1).wrong is None


def test_what_is_decided_while_the_ledger_is_read_is_not_taken_for_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a processor that writes and notes once the ledger's end was asked for, all is right."""
    world = World(1)
    for message in history(3, 1, 80, malformed=0):
        world.publish(message.partition, message.key, message.value)
    worker = Worker(
        SimulatedWorkerLog(world), owner="the one", code_version="now", limits=Limits(batch=5)
    )
    while not world.committed.get(0):
        worker.step()
    log = SimulatedLedgerLog(world)
    asked = log.ledger_end

    def ledger_end(partition: int) -> int:
        end = asked(partition)
        while not worker.caught_up():
            worker.step()
        return end

    monkeypatch.setattr(log, "ledger_end", ledger_end)
    report = audit(log, 0)
    assert report.decided_events < world.committed[0]
    assert report.wrong is None


def forge(world: World, write: Callable[[Tip], bytes]) -> None:
    """Write one record that extends the chain, whatever it says."""
    chain = walk(0, PARTITIONS, world.ledger[0]).chain
    world._write(0, (write(Tip(chain)),))


def test_a_record_that_states_another_balance_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forger who knows the chain cannot invent points."""
    world = done(4, monkeypatch)
    kept = walk(0, PARTITIONS, world.ledger[0]).kept
    earned = next(one.record for one in kept if one.record.before)
    wrong = tuple(replace(one, outstanding=10**6) for one in earned.before)
    forged = replace(earned, before=wrong)
    forge(world, lambda tip: tip.decision(forged, tip.source_offset + 1, 0, True))
    assert "balance that folding the ledger does not give" in (audited(world).wrong or "")


def test_a_missing_checkpoint_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the totals are due and not stated, the writer was not one of ours."""
    world = done(5, monkeypatch)
    monkeypatch.setattr(chains, "CHECKPOINT_EVERY", 3)
    assert "a CHECKPOINT is missing" in (audited(world).wrong or "")


def test_totals_that_are_not_those_of_the_records_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A CHECKPOINT is held against the auditor's own sums."""
    world = done(6, monkeypatch)
    totals = replace(
        walk(0, PARTITIONS, world.ledger[0]).state.totals(), accounts_digest=b"\1" * 32
    )
    forge(world, lambda tip: tip.mark(Kind.CHECKPOINT, Record(totals=totals)))
    assert "the totals of the checkpoint" in (audited(world).wrong or "")


def test_an_input_that_no_longer_holds_what_was_decided_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The ledger decides what is in the input, not what was."""
    world = done(7, monkeypatch)
    last = world.events[0][-1]
    world.events[0][-1] = structs.replace(last, value=last.value + b"!")
    assert "no longer holds the event" in (audited(world).wrong or "")


def test_a_report_passes_between_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partitions are audited side by side, each in a process of its own."""
    report = audited(done(8, monkeypatch))
    sender, receiver = Pipe()
    sender.send(report)
    assert receiver.recv() == report
    sender.close()
    receiver.close()
