"""A return that is judged again needs its sale: the worker reads it where it was decided."""

from collections.abc import Iterator, Sequence

import msgspec
import pytest

from infra.log import LogUnavailable, Message
from infra.simulated_log import SimulatedWorkerLog
from infra.simulated_world import World
from processors.core.decide import decide
from processors.core.message import Decided, Given
from processors.core.overlay import Overlay
from processors.stream.worker import Limits, Worker
from schemas.chain import Halt
from schemas.codec import encode_event
from schemas.events import Event, SaleRecorded
from schemas.ledger import PointsReversed
from tests.stream.histories import FIRST_DAY, activation, return_of, sale
from tests.stream.ledgers import check_partition


def story() -> list[Event]:
    """25.00, of which 15.00 double, and 7 more from 20.00 on; 10.00 come back, then the rest."""
    sold = sale(1, "m1", FIRST_DAY, (1500, 1000))
    assert isinstance(sold, SaleRecorded)
    return [activation(1, 1, FIRST_DAY - 1), sold, return_of(sold, 2), return_of(sold, 1)]


def world_of(events: Sequence[Event]) -> World:
    """A world of one partition that holds these events."""
    world = World(1)
    for event in events:
        world.publish(0, b"", encode_event(event))
    return world


class Reading(SimulatedWorkerLog):
    """A seat that notes which input offsets are read beside the polls.

    Attributes:
        read: those offsets.
        asked: those that were asked for before they were read.
        answers: what lies at an offset by now, where it is not what was polled.
        broken: the log cannot be reached.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.read: list[int] = []
        self.asked: list[int] = []
        self.answers: dict[int, Message | None] = {}
        self.broken = False

    def read_input(self, partition: int, offset: int) -> Message | None:
        """As the log has it, unless it cannot be reached."""
        if self.broken:
            raise LogUnavailable("the broker is away")
        self.read.append(offset)
        if offset in self.answers:
            return self.answers[offset]
        return super().read_input(partition, offset)

    def ask_input(self, partition: int, offset: int) -> None:
        """Noted."""
        super().ask_input(partition, offset)
        self.asked.append(offset)


def worker_at(log: SimulatedWorkerLog, batch: int = 10) -> Worker:
    """A worker at a seat."""
    return Worker(log, owner="a worker", code_version="now", limits=Limits(batch, 0.1, 1000, 1000))


def finish(worker: Worker) -> None:
    """Let a worker come to the end."""
    while not worker.caught_up():
        worker.step()


def reversed_by(world: World) -> list[dict[str, int]]:
    """Of each return that was decided, what it took back."""
    read = check_partition(0, 1, world.ledger[0], world.events[0])
    return [
        {e.promotion_id: e.points for e in one.record.effects if isinstance(e, PointsReversed)}
        for one in read.kept
        if one.record.event_type == "SaleReturned"
    ]


TAKEN = [{"base": 10, "big": 7}, {"base": 15, "own-brand": 15}]


def test_a_sale_is_asked_for_before_its_return_is_reached() -> None:
    """Given two returns in one poll, each sale comes while what is before them is decided."""
    world = world_of(story()[:2])
    first = worker_at(Reading(world))
    finish(first)
    first.close()
    log = Reading(world)
    for event in (sale(3, "m2", FIRST_DAY, (100,)), *story()[2:]):
        world.publish(0, b"", encode_event(event))
    finish(worker_at(log))

    assert log.asked == [1, 1]
    assert log.read[-2:] == [1, 1]
    assert reversed_by(world) == TAKEN


@pytest.mark.parametrize("batch", [1, 2, 10])
def test_the_sale_is_read_for_its_return_alone(batch: int) -> None:
    """In the batch of the sale or a later one, each return reads one offset, and decides alike."""
    world = world_of(story())
    log = Reading(world)
    finish(worker_at(log, batch))

    assert log.read == [1, 1]
    assert reversed_by(world) == TAKEN


def test_a_return_that_comes_back_by_line_reads_nothing() -> None:
    """A sale that earned no bonus is undone from its receipt."""
    sold = sale(1, "m1", FIRST_DAY, (1500, 400))
    assert isinstance(sold, SaleRecorded)
    world = world_of([activation(1, 1, FIRST_DAY - 1), sold, return_of(sold, 2)])
    log = Reading(world)
    finish(worker_at(log))

    assert log.read == []
    assert reversed_by(world) == [{"base": 4}]


def test_the_next_worker_finds_the_sale_too() -> None:
    """Given the state folded from the ledger alone, a return is judged as it would have been."""
    world = world_of(story()[:2])
    first = worker_at(Reading(world))
    finish(first)
    first.close()
    for event in story()[2:]:
        world.publish(0, b"", encode_event(event))
    finish(worker_at(Reading(world)))

    assert reversed_by(world) == TAKEN


@pytest.mark.parametrize("change", ["gone", "another"])
def test_an_input_that_no_longer_holds_the_sale_halts(change: str) -> None:
    """What was on the receipt cannot be guessed; the sale itself stands."""
    world = world_of(story()[:2])
    log = Reading(world)
    worker = worker_at(log)
    finish(worker)
    other = encode_event(sale(9, "m1", FIRST_DAY, (100,)))
    lies = msgspec.structs.replace(world.events[0][1], value=other)
    log.answers = {1: None if change == "gone" else lies}
    for event in story()[2:]:
        world.publish(0, b"", encode_event(event))
    for _ in range(5):
        worker.step()

    (reason, detail) = worker.halted[0]
    assert reason is Halt.INPUT_CHANGED
    assert "input offset 2: input offset 1" in detail


def test_a_log_that_cannot_be_reached_is_no_defect() -> None:
    """It ends the process; nothing halts, and the next process decides the return."""
    world = world_of(story())
    log = Reading(world)
    worker = worker_at(log, 2)
    while not log.read and len(world.ledger[0]) < 4:
        worker.step()
    log.broken = True
    with pytest.raises(LogUnavailable):
        finish(worker)
    assert not worker.halted
    worker.close()
    finish(worker_at(Reading(world)))

    assert reversed_by(world) == TAKEN


def test_a_decision_that_asks_for_nothing_is_a_defect() -> None:
    """Code that decides without the sale stops, and says where."""

    def forgetful(overlay: Overlay, given: Given, first_part: int = 0) -> Iterator[Decided]:
        yield from decide(overlay, Given(given.offset, given.value, given.event), first_part)

    world = world_of(story())
    worker = Worker(
        Reading(world), owner="a worker", code_version="now", decide=forgetful,
        limits=Limits(10, 0.1, 1000, 1000),
    )  # fmt: skip
    for _ in range(5):
        worker.step()

    (reason, detail) = worker.halted[0]
    assert reason is Halt.DEFECT
    assert "needs the sale that it returns" in detail
