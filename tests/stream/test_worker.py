"""What a worker does when nothing is wrong: batches, takeovers, checkpoints, and what it tells."""

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest

from infra.simulated_log import SimulatedWorkerLog
from infra.simulated_world import World
from processors.core.partition import LEFT_TO_CHECKPOINT, SUMMED_AT_ONCE
from processors.stream.tally import Tally
from processors.stream.watch import Told
from processors.stream.worker import DISPLACED_S, Limits, Worker
from schemas import chain as chains
from schemas import ledger
from schemas.chain import Halt, Ignored, Kind
from schemas.codec import encode_event
from schemas.events import BusinessDayClosed
from schemas.topics import partition_of
from tests.stream.histories import FIRST_DAY, Sent, activation, header, history, sale
from tests.stream.ledgers import Walked, check_partition, walk

PARTITIONS = 2


def world_of(messages: Sequence[Sent], partitions: int = PARTITIONS) -> World:
    """A world that holds these events."""
    world = World(partitions)
    for message in messages:
        world.publish(message.partition, message.key, message.value)
    return world


def seated(world: World, owner: str = "a worker", **options: object) -> Worker:
    """A worker at a log of the world."""
    limits = {"limits": Limits(10, 0.1, 1000, 1000)}
    return Worker(
        SimulatedWorkerLog(world), owner=owner, code_version="now", now=lambda: world.now_s,
        **limits | options,
    )  # fmt: skip


def finish(worker: Worker) -> None:
    """Let a worker come to the end."""
    while not worker.caught_up():
        worker.step()


def walked(world: World, partition: int = 0) -> Walked:
    """A partition of the ledger as everybody reads it."""
    return walk(partition, world.partitions, world.ledger[partition])


@pytest.mark.parametrize("batch", [1, 3, 50, 1000])
def test_the_size_of_batches_changes_no_byte(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However events are cut into batches, the ledger is the same bytes, checkpoints included."""
    monkeypatch.setattr(chains, "CHECKPOINT_EVERY", 7)
    messages = history(11, PARTITIONS, 80)
    ledgers = []
    for limit in (10, batch):
        world = world_of(messages)
        finish(seated(world, limits=Limits(limit, 0.1, 1000, 1000)))
        ledgers.append([[stored.value for stored in topic] for topic in world.ledger])
    assert ledgers[0] == ledgers[1]


def test_the_next_worker_claims_and_goes_on_where_the_last_one_stopped() -> None:
    """Given two halves of a history, two workers one after the other decide each event once."""
    messages = history(12, PARTITIONS, 80)
    world = world_of(messages[:60])
    first = seated(world, "the first")
    finish(first)
    first.close()
    for message in messages[60:]:
        world.publish(message.partition, message.key, message.value)
    second = seated(world, "the second")
    finish(second)
    for partition in range(PARTITIONS):
        kept = check_partition(
            partition, PARTITIONS, world.ledger[partition], world.events[partition]
        )
        claims = [one.record.claim for one in kept.kept if one.record.claim]
        assert [claim.owner for claim in claims] == ["the first", "the second"]
        assert kept.chain.epoch == 2
        assert second.state_digests()[partition] == kept.state.digest()
        assert second.positions()[partition] == len(world.events[partition])


def test_who_opens_a_partition_notes_how_far_it_is() -> None:
    """Given an owner whose last notes were lost with its seat, the next one says what is done."""
    world = world_of(history(12, PARTITIONS, 80))
    first = seated(world, "the first")
    finish(first)
    first.close()
    world.committed.clear()

    finish(seated(world, "the second"))

    assert world.committed == {p: len(world.events[p]) for p in range(PARTITIONS)}


def test_a_checkpoint_follows_the_ten_thousandth_record() -> None:
    """At its real distance, in the middle of a batch, with the totals of that place."""
    world = world_of([Sent(0, b"", b"no event")] * 10_100, partitions=1)
    finish(seated(world, limits=Limits(3_000, 0.1, 10**6, 10**6)))
    marks = [one.prefix.seq for one in walked(world).kept if one.prefix.kind is Kind.CHECKPOINT]
    assert marks == [10_001]


def test_who_is_not_behind_leaves_little_to_the_next_checkpoint() -> None:
    """Given more members with a sale than a CHECKPOINT sums up in no time, an idle worker does."""
    accounts = [f"A{number}" for number in range(LEFT_TO_CHECKPOINT + 2 * SUMMED_AT_ONCE)]
    sales = [sale(at, one, FIRST_DAY, (500,)) for at, one in enumerate(accounts)]
    events = [activation(1, 1, FIRST_DAY), *sales]
    sent = [Sent(0, b"", encode_event(event)) for event in events]
    world = world_of(sent, partitions=1)
    worker = seated(world, limits=Limits(len(sent), 0.1, 1000, 1000))
    finish(worker)

    for _ in range(3):
        worker.step()

    assert len(worker._open[0].fold.state.unsummed) == LEFT_TO_CHECKPOINT


def test_the_close_of_a_day_may_be_longer_than_any_batch() -> None:
    """The close is sent in pieces, in order, and each piece shows that the worker lives."""
    members = 250
    events = [
        activation(1, 1, FIRST_DAY - 1),
        *(sale(number, f"m{number}", FIRST_DAY, (500,)) for number in range(members)),
        BusinessDayClosed(header(f"day|{FIRST_DAY}", "", FIRST_DAY)),
    ]
    world = world_of([Sent(0, b"", encode_event(event)) for event in events], partitions=1)
    beats: list[int] = []
    worker = seated(
        world,
        limits=Limits(20, 0.1, 1000, 1000),
        beat=lambda: beats.append(len(world.ledger[0])),
    )
    finish(worker)
    read = check_partition(0, 1, world.ledger[0], world.events[0])
    parts = [one.prefix.source_part for one in read.kept if one.prefix.source_offset == members + 1]
    assert parts == list(range(members + 1))
    assert max(after - before for before, after in pairwise(beats)) <= 26


def test_a_watcher_hears_what_happens_and_a_tally_counts_it() -> None:
    """Everything decided is told once, by type, reason, effect and points."""
    opened: list[tuple[int, ...]] = []
    told: list[Tally] = []
    world = world_of(history(13, PARTITIONS, 80))
    watch = Told(
        opened=lambda *what: opened.append(what),
        decided=lambda _partition, tally, *_when: told.append(tally),
    )
    finish(seated(world, watch=watch))
    kept = [one for partition in range(PARTITIONS) for one in walked(world, partition).kept]
    decisions = [one.record for one in kept if one.record.decision != "NONE"]
    finals = [one.prefix.final for one in kept if one.record.decision != "NONE"]
    assert sorted(opened) == [(0, 1), (1, 1)]
    assert sum(tally.events.total() for tally in told) == sum(finals)
    assert sum(tally.effects.total() for tally in told) == sum(
        len(record.effects) for record in decisions
    )
    assert sum(tally.refusals.total() for tally in told) == sum(
        record.decision == "REFUSED" for record in decisions
    )
    assert sum(tally.points["points", "PointsEarned"] for tally in told) == sum(
        effect.granted
        for record in decisions
        for effect in record.effects
        if isinstance(effect, ledger.PointsEarned)
    )


def test_a_displaced_worker_waits_and_claims_again_only_while_the_partition_is_its_own() -> None:
    """Given somebody else's claim, it drops its state, waits a second, and then claims again."""
    messages = history(14, 1, 60)
    world = world_of(messages[:30], partitions=1)
    displaced: list[tuple[int, ...]] = []
    old = seated(world, "the old", watch=Told(displaced=lambda *what: displaced.append(what)))
    finish(old)
    new = seated(world, "the new")
    world.holders[0] = new._log.seat.number
    finish(new)
    # The old one was not told: it is deaf to the group, and goes on.
    old._log.seat.deaf_until_s = world.now_s + 1000
    for message in messages[30:]:
        world.publish(message.partition, message.key, message.value)
    old.step()
    assert displaced == [(0, 2)]
    assert not old.positions()
    finish(new)
    waited_from = world.now_s
    while not old.positions():
        old.step()
    assert world.now_s - waited_from >= DISPLACED_S[0] / 2
    assert walked(world).chain.epoch == 3
    check_partition(0, 1, world.ledger[0], world.events[0])


def test_an_owner_that_still_lives_does_not_look_like_a_lost_ledger() -> None:
    """Given an old owner that writes while its successor asks what is noted, nothing halts."""
    world = world_of(history(19, 1, 60), partitions=1)
    old = seated(world, "the old")
    while not world.committed.get(0):
        old.step()
    new = seated(world, "the new")
    world.holders[0] = new._log.seat.number
    old._log.seat.deaf_until_s = 1000
    asked = new._log.committed

    def committed(partition: int) -> int | None:
        old.step()
        return asked(partition)

    new._log.committed = committed
    finish(new)
    assert not new.halted
    check_partition(0, 1, world.ledger[0], world.events[0])


def test_noise_in_the_ledger_is_told_by_its_kind() -> None:
    """What does not count is counted."""
    counts: list[dict[Ignored, int]] = []
    world = world_of(history(15, 1, 20), partitions=1)
    finish(seated(world, "the first"))
    world._write(0, (b"noise", world.ledger[0][1].value))
    watch = Told(ignored=lambda _partition, given: counts.append(dict(given)))
    second = seated(world, "the second", watch=watch)
    world.holders[0] = second._log.seat.number
    finish(second)
    assert counts == [{Ignored.FOREIGN: 1, Ignored.DUPLICATE: 1}]


def test_a_worker_runs_until_it_is_told_to_stop() -> None:
    """What was decided by then is in the ledger, and nothing is half done."""
    world = world_of(history(16, PARTITIONS, 60))
    worker = seated(world)
    worker.run(worker.caught_up)
    worker.close()
    for partition in range(PARTITIONS):
        check_partition(partition, PARTITIONS, world.ledger[partition], world.events[partition])


def test_a_long_ledger_is_opened_in_portions_and_the_group_is_served_between_them() -> None:
    """Who opens a partition polls between portions, goes on behind them, and lets go if told."""
    messages = history(18, 1, 60)
    world = world_of(messages[:40], partitions=1)
    old = seated(world, "the old")
    finish(old)
    portion, records = 7, len(world.ledger[0])
    new = seated(world, "the new", limits=Limits(10, 0.1, 1000, 1000, opening=portion))
    world.holders[0] = new._log.seat.number
    for _ in range(records // portion):
        new.step()
        assert new.opening() == [0]
    world.holders[0] = 99
    new.step()
    assert not new.opening()
    world.holders[0] = new._log.seat.number
    for message in messages[40:]:
        world.publish(message.partition, message.key, message.value)
    finish(new)
    assert new.positions() == {0: len(messages)}
    check_partition(0, 1, world.ledger[0], world.events[0])


def test_a_released_partition_is_forgotten() -> None:
    """What the group takes away is dropped at the next poll, halted or not."""
    released: list[int] = []
    world = world_of(history(17, PARTITIONS, 40))
    world.publish(1, b"", b"no event")
    worker = seated(world, limits=Limits(10, 0.1, 0, 1000), watch=Told(released=released.append))
    finish(worker)
    assert worker.halted[1][0] is Halt.TOO_MANY_REFUSED
    world.holders = {0: 99, 1: 99}
    worker.step()
    assert sorted(released) == [0, 1]
    assert (worker.positions(), worker.halted) == ({}, {})


def test_twenty_thousand_malformed_messages_are_a_record_each_and_harm_no_neighbour() -> None:
    """Noise, cut and mutated events end as one record each; the events between them count."""
    chance = random.Random(18)
    wholes = [
        encode_event(event)
        for event in (
            activation(9, 1, FIRST_DAY), sale(0, "m1", FIRST_DAY, (100, 250)),
            BusinessDayClosed(header("day|0", "", FIRST_DAY)),
        )
    ]  # fmt: skip
    world = world_of([], partitions=1)
    good = 0
    for number in range(20_000):
        world.publish(0, b"", mangled(chance, chance.choice(wholes)))
        if number % 50 == 0:
            world.publish(0, b"", encode_event(sale(10_000 + number, "good", FIRST_DAY, (100,))))
            good += 1
    finish(seated(world, limits=Limits(1000, 0.1, 10**6, 10**6)))
    read = check_partition(0, 1, world.ledger[0], world.events[0])
    accepted = [one.record.event_id for one in read.kept if one.record.account_id == "good"]
    assert len(accepted) == len(set(accepted)) == good
    reasons = {one.record.reason for one in read.kept}
    assert reasons >= {"UNREADABLE", "UNKNOWN_SCHEMA", "INVALID"}


def mangled(chance: random.Random, whole: bytes) -> bytes:
    """Random bytes, or an event cut, lengthened, changed in a few bytes, or under another id."""
    match chance.randrange(5):
        case 0:
            return chance.randbytes(chance.randrange(200))
        case 1:
            return whole[: chance.randrange(len(whole))]
        case 2:
            return whole + chance.randbytes(chance.randint(1, 5))
        case 3:
            return b"\0" + chance.randbytes(4) + whole[5:]
        case _:
            changed = bytearray(whole)
            for _ in range(chance.randint(1, 3)):
                changed[chance.randrange(5, len(changed))] = chance.randrange(256)
            return bytes(changed)


def test_an_event_in_the_wrong_partition_is_refused_there() -> None:
    """A producer with another partitioner cannot split an account."""
    wrong = 1 - partition_of("m1", PARTITIONS)
    world = world_of([Sent(wrong, b"m1", encode_event(sale(1, "m1", FIRST_DAY, (100,))))])
    finish(seated(world))
    assert [one.record.reason for one in walked(world, wrong).kept][-1] == "WRONG_PARTITION"
