"""One run of real workers in a world of faults, from one seed, and what must hold after it."""

import random
from collections.abc import Iterator, Sequence
from hashlib import sha256

from msgspec import Struct

from infra.log import Stored
from infra.simulated_log import SimulatedWorkerLog
from infra.simulated_world import NO_FAULTS, Faults, Seat, World
from processors.core.decide import decide
from processors.core.message import Decided, Given
from processors.core.overlay import Overlay
from processors.stream.watch import Told
from processors.stream.worker import Limits, Worker
from processors.stream.writing import Decide
from schemas.chain import Halt
from schemas.codec import encode_body
from schemas.events import SaleRecorded
from schemas.ledger import Record
from schemas.records import replace
from tests.stream.histories import history
from tests.stream.ledgers import Kept, Walked, check_balances, check_partition, walk

PARTITIONS = 2
EVENTS = 50
MOVES_TO_FINISH = 3_000


def decide_newer(overlay: Overlay, given: Given, first_part: int = 0) -> Iterator[Decided]:
    """Another version of the code: it takes every amount of a sale for the double."""
    event = given.event
    if isinstance(event, SaleRecorded):
        lines = tuple(replace(line, net_minor=2 * line.net_minor) for line in event.lines)
        doubled = replace(event, lines=lines)
        given = Given(given.offset, given.value, doubled, given.original)
    yield from decide(overlay, given, first_part)


def moody(chance: random.Random) -> Decide:
    """A version that decides by something hidden, so that the second time is unlike the first."""

    def decide_by_mood(overlay: Overlay, given: Given, first_part: int = 0) -> Iterator[Decided]:
        return chance.choice((decide, decide_newer))(overlay, given, first_part)

    return decide_by_mood


DECIDERS: dict[str, Decide] = {"now": decide, "newer": decide_newer}


class Disaster(Struct, frozen=True):
    """What no process can mend: the tail of a topic is lost at this message of the history."""

    topic: str
    at_message: int
    partition: int
    count: int


class Run:
    """A world, its workers and its history."""

    def __init__(self, seed: int, disaster: str = "", *, quiet: bool = False) -> None:
        self.chance = random.Random(f"run {seed}")
        self.messages = history(
            seed, PARTITIONS, EVENTS, members=4, malformed=0.0 if quiet else 0.03
        )
        self.world = World(PARTITIONS, seed, NO_FAULTS if quiet else self._faults())
        self.world.new_process = self.start
        self.answers: list[tuple[int, Record]] = []
        self.workers: dict[int, Worker] = {}
        self.limits = Limits(self.chance.randint(1, 12), 0.1, 1_000, 1_000)
        self.deciders = DECIDERS | {"moody": moody(self.chance)}
        self.versions = self.chance.choice((("now",), ("now", "newer"), ("now", "moody")))
        self.disaster = self._disaster(disaster) if disaster else None

    def _faults(self) -> Faults:
        """A different mix for every seed: each fault is off, rare or common."""
        likely = {
            "kill": (0, 0.001, 0.01), "pause": (0, 0.02, 0.1), "rebalance": (0, 0.01, 0.1),
            "deaf": (0, 0.02, 0.1), "start": (0, 0.05, 0.2), "lost_acknowledgement": (0, 0.02, 0.2),
            "delayed": (0, 0.02, 0.2), "partial": (0, 0.02, 0.2), "doubled": (0, 0.02, 0.2),
            "scattered": (0, 0.1, 0.5),
        }  # fmt: skip
        return Faults(**{name: self.chance.choice(chances) for name, chances in likely.items()})

    def _disaster(self, topic: str) -> Disaster:
        at_message = self.chance.randrange(10, len(self.messages))
        partition = self.chance.randrange(PARTITIONS)
        return Disaster(topic, at_message, partition, self.chance.choice((1, 2, 5, 10_000)))

    def start(self) -> None:
        """One more process, of some version of the code."""
        log = SimulatedWorkerLog(self.world)
        version = self.chance.choice(self.versions)
        promised: dict[int, list[Record]] = {}

        def promise(overlay: Overlay, given: Given, first_part: int = 0) -> Iterator[Decided]:
            for one in self.deciders[version](overlay, given, first_part):
                promised.setdefault(overlay.partition, []).append(one.record)
                yield one

        def answered(partition: int, *_: object) -> None:
            """The worker takes what it decided last for acknowledged."""
            self.answers += [(partition, record) for record in promised.pop(partition, [])]

        def dropped(partition: int, *_: object) -> None:
            promised.pop(partition, None)

        worker = Worker(
            log,
            owner=f"process {log.seat.number}",
            code_version=version,
            limits=self.limits,
            watch=Told(decided=answered, resynced=dropped, released=dropped),
            decide=promise,
            now=lambda: self.world.now_s,
        )
        log.seat.step = worker.step
        self.workers[log.seat.number] = worker

    def play(self) -> None:
        """The whole history under faults, and then time to finish without any."""
        for number, message in enumerate(self.messages):
            self.world.publish(message.partition, message.key, message.value)
            if self.disaster and number == self.disaster.at_message:
                self._strike(self.disaster)
            for _ in range(self.chance.randrange(4)):
                self.move()
        self.world.calm()
        for seat in list(self.world.seats.values()):
            # An idle worker cannot know that what it wrote is gone; the next to open does.
            if self.disaster or self.chance.random() < 0.5:
                self.world.kill(seat)
        for _ in range(MOVES_TO_FINISH):
            if self.finished():
                break
            self.move()

    def move(self) -> None:
        """Something happens; a world without processes gets one."""
        if not self.world.seats:
            self.start()
        self.world.move()

    def living(self) -> list[tuple[Seat, Worker]]:
        """The processes there are, with their workers."""
        return [(seat, self.workers[number]) for number, seat in self.world.seats.items()]

    def halted(self) -> dict[int, Halt]:
        """The partitions whose holder stands still, and why."""
        return {
            partition: reason
            for seat, worker in self.living()
            for partition, (reason, _) in worker.halted.items()
            if self.world.holders.get(partition) == seat.number
        }

    def finished(self) -> bool:
        """Every partition is decided to its end by the one that holds it, or stands still."""
        halted = self.halted()
        positions = {
            partition: position
            for seat, worker in self.living()
            for partition, position in worker.positions().items()
            if self.world.holders.get(partition) == seat.number
        }
        return all(
            partition in halted or positions.get(partition) == len(self.world.events[partition])
            for partition in range(PARTITIONS)
        )

    def _strike(self, disaster: Disaster) -> None:
        lose = self.world.lose_input if disaster.topic == "input" else self.world.lose_ledger
        lose(disaster.partition, disaster.count)


def check(run: Run) -> list[Walked]:
    """Invariants I1 to I8, I13 and I14, and that no acknowledged answer was wrong.

    Returns what there is to read in the partitions that go on.
    """
    read = []
    halted = run.halted()
    assert run.finished(), "I14: the work is not done"
    if run.disaster:
        allowed = {"input": {Halt.INPUT_CHANGED}, "ledger": {Halt.LEDGER_LOST}}[run.disaster.topic]
        assert set(halted.values()) <= allowed, f"I14: {halted}"
        assert halted.keys() <= {run.disaster.partition}, f"I14: {halted}"
    else:
        assert not halted, f"I14: {halted}"
    for partition in range(PARTITIONS):
        records, events = run.world.ledger[partition], run.world.events[partition]
        if partition in halted:
            check_standing(partition, records)
            continue
        walked = check_partition(partition, PARTITIONS, records, events, DECIDERS)
        read.append(walked)
        noted = run.world.committed.get(partition, 0)
        assert noted <= len(events), "more was noted as decided than there is"
        check_answers(run, partition, walked.kept)
        for seat, worker in run.living():
            if run.world.holders.get(partition) == seat.number:
                digest = worker.state_digests()[partition]
                assert digest == walked.state.digest(), "I8: memory differs from a rebuild"
    return read


def check_standing(partition: int, records: Sequence[Stored]) -> None:
    """What stands in a halted partition is still a chain with right balances."""
    walked = walk(partition, PARTITIONS, records)
    assert not walked.halted, f"I6: {walked.halted}"
    check_balances(walked.kept)


def check_answers(run: Run, partition: int, kept: Sequence[Kept]) -> None:
    """What a worker took for acknowledged is in the ledger, as it was."""
    there = {sha256(one.body).digest() for one in kept}
    for at, record in run.answers:
        if at == partition:
            body = sha256(encode_body(record)).digest()
            assert body in there, "an acknowledged decision is not in the ledger"
