"""A world in memory for many workers: topics, group, network, clock and processes, from one seed.

Nothing here is concurrent.  A process is a step function; while one waits inside an operation of
its log, the world goes on: other processes step, records on their way land, partitions change
hands.  So everything that can happen between two operations does, and the same seed always gives
the same history.
"""

import random
from collections.abc import Callable, Sequence

from msgspec import Struct

from infra.log import LogUnavailable, Message, Stored

MOMENT_S = 0.01
"""How far the clock goes with every operation."""


class Killed(BaseException):
    """The process ends here, as by kill -9: no code of its own may catch this."""


class Faults(Struct, frozen=True):
    """How likely each fault is, whenever it can happen.

    The first five can at every operation or move, the rest at every append to a partition.

    Attributes:
        kill: the process ends.
        pause: it stands still, in the middle of whatever it does, while others act.
        rebalance: a partition is given to another process.
        deaf: a process hears no news of the group for a while: a zombie goes on writing.
        start: one more process joins, of either code version.
        lost_acknowledgement: the records are there, and the writer is not told.
        delayed: the records land later, after the writer gave up on them.
        partial: some records in the middle are lost, later ones are there.
        doubled: the records are there twice.
        scattered: others act between one record and the next.
    """

    kill: float = 0.0
    pause: float = 0.0
    rebalance: float = 0.0
    deaf: float = 0.0
    start: float = 0.0
    lost_acknowledgement: float = 0.0
    delayed: float = 0.0
    partial: float = 0.0
    doubled: float = 0.0
    scattered: float = 0.0


NO_FAULTS = Faults()


class Seat(Struct):
    """One process at the log.

    Attributes:
        number: which process.
        step: what it does when it is its turn.
        assigned: partitions it believes to be its own.
        positions: partition → the input offset it fetches next.
        running: partitions that are not paused.
        deaf_until_s: it hears no news of the group before.
        in_step: it is in the middle of a step.
        doomed: it is killed as soon as it acts again.
        truncated: the input was cut behind its back, which its next poll tells it.
    """

    number: int
    step: Callable[[], object]
    assigned: set[int]
    positions: dict[int, int]
    running: set[int]
    deaf_until_s: float = 0.0
    in_step: bool = False
    doomed: bool = False
    truncated: bool = False


class Flying(Struct, frozen=True):
    """Records that land when their time has come."""

    at_s: float
    partition: int
    values: Sequence[bytes]


class World:
    """Everything that outlives a process.

    Attributes:
        now_s: the clock.
        events, ledger: the two topics, by partition.
        committed, notes: partition → noted offset, and what was said beside it.
        seats: the living processes, by number.
        holders: partition → the number of the process the group gave it to.
    """

    def __init__(
        self, partitions: int, seed: int = 0, faults: Faults = NO_FAULTS, processes_max: int = 3
    ) -> None:
        self.partitions = partitions
        self.random = random.Random(seed)  # noqa: S311  repeatable on purpose
        self.faults = faults
        self.now_s = 0.0
        self.events: list[list[Message]] = [[] for _ in range(partitions)]
        self.ledger: list[list[Stored]] = [[] for _ in range(partitions)]
        self.committed: dict[int, int] = {}
        self.notes: dict[int, str] = {}
        self.seats: dict[int, Seat] = {}
        self.holders: dict[int, int] = {}
        self.started = 0
        self.new_process: Callable[[], None] = lambda: None
        self._flying: list[Flying] = []
        self._processes_max = processes_max

    # Processes

    def join(self) -> Seat:
        """A new process; the group gives it what nobody holds."""
        seat = Seat(self.started, lambda: None, set(), {}, set())
        self.started += 1
        self.seats[seat.number] = seat
        for partition in range(self.partitions):
            if self.holders.get(partition) not in self.seats:
                self.holders[partition] = seat.number
        return seat

    def leave(self, seat: Seat) -> None:
        """A process is gone; what it held goes to others."""
        self.seats.pop(seat.number, None)
        others = sorted(self.seats)
        for partition, holder in list(self.holders.items()):
            if holder == seat.number:
                del self.holders[partition]
                if others:
                    self.holders[partition] = self.random.choice(others)

    def move(self) -> None:
        """One thing happens: a fault of the world, perhaps, and a step of some process."""
        self._happen()
        idle = [seat for _, seat in sorted(self.seats.items()) if not seat.in_step]
        if idle:
            self.run(self.random.choice(idle))

    def run(self, seat: Seat) -> None:
        """One step of a process, which may be its last."""
        seat.in_step = True
        try:
            seat.step()
        except (Killed, LogUnavailable):
            self.leave(seat)
        finally:
            seat.in_step = False

    def kill(self, seat: Seat) -> None:
        """End a process: now, or where it stands if it is in the middle of a step."""
        if seat.in_step:
            seat.doomed = True
        else:
            self.leave(seat)

    def calm(self) -> None:
        """No fault happens any more; what is on its way lands, and everybody hears everything."""
        self.faults = NO_FAULTS
        self._land(everything=True)
        for seat in self.seats.values():
            seat.deaf_until_s = 0.0

    # What a process's operation does to the world

    def moment(self, seat: Seat) -> None:
        """Time passes as `seat` begins an operation: it may be paused or killed there.

        Raises:
            Killed: it is.
        """
        self.now_s += MOMENT_S
        self._land()
        if self._chance(self.faults.pause):
            self.elsewhere()
        if seat.doomed or self._chance(self.faults.kill):
            raise Killed

    def elsewhere(self) -> None:
        """Others act for a while."""
        for _ in range(self.random.randint(1, 6)):
            self.move()

    def append(self, seat: Seat, partition: int, values: Sequence[bytes]) -> list[int] | None:
        """Append ledger records as the faults will have it; their offsets, if they are known."""
        faults = self.faults
        cut = self.random.randrange(len(values) + 1)
        if self._chance(faults.delayed):
            self._fly(partition, values[:cut])
            return None
        if self._chance(faults.partial):
            gap = self.random.randint(1, 3)
            self._write(partition, values[:cut])
            self._write(partition, values[cut + gap :])
            return None
        scattered = self._chance(faults.scattered)
        offsets = []
        for value in values:
            if scattered and self._chance(0.3):
                self.elsewhere()
            offsets.append(self._write(partition, (value,)))
        if self._chance(faults.doubled):
            self._write(partition, values)
        if seat.doomed or self._chance(faults.lost_acknowledgement):
            return None
        return offsets

    def publish(self, partition: int, key: bytes, value: bytes) -> None:
        """Append one event."""
        topic = self.events[partition]
        topic.append(Message(partition, len(topic), key, value, round(self.now_s * 1000)))

    # Disasters, which no process can mend

    def lose_input(self, partition: int, count: int) -> None:
        """The last events are gone, though their publisher was told that they are kept."""
        topic = self.events[partition]
        del topic[max(len(topic) - count, 0) :]
        for seat in self.seats.values():
            if seat.positions.get(partition, 0) > len(topic):
                seat.truncated = True

    def lose_ledger(self, partition: int, count: int) -> None:
        """The last ledger records are gone, though their writer was told that they are kept."""
        topic = self.ledger[partition]
        del topic[max(len(topic) - count, 0) :]

    def _happen(self) -> None:
        """What the world does to its processes, now and then."""
        self.now_s += MOMENT_S
        self._land()
        faults = self.faults
        living = [seat for _, seat in sorted(self.seats.items())]
        if living and self._chance(faults.kill):
            self.kill(self.random.choice(living))
        if living and self._chance(faults.deaf):
            self.random.choice(living).deaf_until_s = self.now_s + self.random.uniform(0, 3)
        if len(living) < self._processes_max and self._chance(faults.start):
            self.new_process()
        if self.seats and self._chance(faults.rebalance):
            partition = self.random.randrange(self.partitions)
            self.holders[partition] = self.random.choice(sorted(self.seats))

    def _chance(self, likely: float) -> bool:
        return likely > 0 and self.random.random() < likely

    def _write(self, partition: int, values: Sequence[bytes]) -> int:
        """Append ledger records; the offset of the last."""
        topic = self.ledger[partition]
        for value in values:
            topic.append(Stored(len(topic), value, round(self.now_s * 1000)))
        return len(topic) - 1

    def _fly(self, partition: int, values: Sequence[bytes]) -> None:
        """Send records off: in pieces, in order, each some time after the one before."""
        at_s = self.now_s
        rest = list(values)
        while rest:
            count = self.random.randint(1, len(rest))
            at_s += self.random.uniform(0, 0.3)
            self._flying.append(Flying(at_s, partition, tuple(rest[:count])))
            rest = rest[count:]

    def _land(self, *, everything: bool = False) -> None:
        if not self._flying:
            return
        due = [flying for flying in self._flying if everything or flying.at_s <= self.now_s]
        if due:
            self._flying = [flying for flying in self._flying if flying not in due]
            for flying in sorted(due, key=lambda flying: flying.at_s):
                self._write(flying.partition, flying.values)
