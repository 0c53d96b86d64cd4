"""The simulated log: seats at a world in memory, whose faults come from a seed.

It keeps the port as the others do where the world has no faults; see `infra.simulated_world` for
what else can happen.
"""

from collections.abc import Iterator, Mapping, Sequence

from infra.log import Identity, LogUnavailable, Message, Noted, Polled, Stored
from infra.simulated_world import World


def identity_of(world: World) -> Identity:
    """The same for every world of as many partitions, so that two runs can be compared."""
    return Identity("simulated-cluster", "simulated-events", world.partitions)


class SimulatedWorkerLog:
    """One process's seat (a `WorkerLog`)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.seat = world.join()
        self.identity = identity_of(world)

    def poll(self, limit: int, wait_s: float) -> Polled:
        """News of the group, if they reach this process, and some of the messages there are."""
        world, seat = self._world, self.seat
        world.moment(seat)
        if seat.truncated:
            raise LogUnavailable("the input was truncated behind this reader")
        lost, assigned = self._news()
        messages: list[Message] = []
        for partition in sorted(seat.running):
            position = seat.positions[partition]
            some = world.random.randint(1, limit)
            found = world.events[partition][position : position + min(some, limit - len(messages))]
            seat.positions[partition] = position + len(found)
            messages += found
        if not messages:
            world.now_s += wait_s
        return Polled(messages, assigned, lost)

    def _news(self) -> tuple[list[int], list[int]]:
        """What was taken and given since this process heard of the group last."""
        world, seat = self._world, self.seat
        if world.now_s < seat.deaf_until_s:
            return [], []
        given = {partition for partition, number in world.holders.items() if number == seat.number}
        lost, assigned = sorted(seat.assigned - given), sorted(given - seat.assigned)
        seat.assigned = given
        for partition in lost:
            seat.running.discard(partition)
        for partition in assigned:
            seat.positions[partition] = 0
        return lost, assigned

    def seek(self, partition: int, offset: int) -> None:
        """The next message polled of this partition is the one at `offset`."""
        self._world.moment(self.seat)
        self.seat.positions[partition] = offset

    def pause(self, partition: int) -> None:
        """No messages of this partition until `resume`."""
        self.seat.running.discard(partition)

    def resume(self, partition: int) -> None:
        """Messages of this partition again, unless it was lost meanwhile."""
        if partition in self.seat.assigned:
            self.seat.running.add(partition)

    def append(self, batches: Mapping[int, Sequence[bytes]]) -> Mapping[int, Sequence[int] | None]:
        """Append ledger records, as the world will have it."""
        world, seat = self._world, self.seat
        world.moment(seat)
        offsets = {
            partition: world.append(seat, partition, values)
            for partition, values in batches.items()
        }
        world.moment(seat)
        return offsets

    def ledger_end(self, partition: int) -> int:
        """The offset after the last ledger record."""
        self._world.moment(self.seat)
        return len(self._world.ledger[partition])

    def input_end(self, partition: int) -> int:
        """The offset after the last input record."""
        return len(self._world.events[partition])

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`."""
        self._world.moment(self.seat)
        return iter(self._world.ledger[partition][start:end])

    def read_input(self, partition: int, offset: int) -> Message | None:
        """One input record by its offset."""
        self._world.moment(self.seat)
        topic = self._world.events[partition]
        return topic[offset] if offset < len(topic) else None

    def ask_input(self, partition: int, offset: int) -> None:
        """Nothing: memory is near."""

    def commit(self, partition: int, offset: int) -> None:
        """Note that input before `offset` is decided."""
        self._world.committed[partition] = offset

    def committed(self, partition: int) -> int | None:
        """The last noted offset."""
        return self._world.committed.get(partition)

    def tell(self, partition: int, note: str) -> None:
        """Put a note beside the noted offset."""
        self._world.notes[partition] = note

    def close(self) -> None:
        """Leave the group."""
        self._world.leave(self.seat)


class SimulatedLedgerLog:
    """A reader of both topics, whom no fault touches (a `LedgerLog`)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.identity = identity_of(world)

    def ledger_end(self, partition: int) -> int:
        """The offset after the last ledger record."""
        return len(self._world.ledger[partition])

    def input_end(self, partition: int) -> int:
        """The offset after the last input record."""
        return len(self._world.events[partition])

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`."""
        return iter(self._world.ledger[partition][start:end])

    def follow_ledger(
        self, starts: Mapping[int, int], limit: int, wait_s: float
    ) -> Iterator[Mapping[int, Sequence[Stored]]]:
        """Endless batches; where there is nothing, the clock goes on by `wait_s`."""
        places = dict(starts)
        while True:
            batch: dict[int, Sequence[Stored]] = {}
            left = limit
            for partition, start in places.items():
                found = self._world.ledger[partition][start : start + left]
                if found:
                    batch[partition] = found
                    left -= len(found)
            places |= {partition: found[-1].offset + 1 for partition, found in batch.items()}
            if not batch:
                self._world.now_s += wait_s
            yield batch

    def read_inputs(self, partition: int, start: int, end: int) -> Iterator[Message]:
        """The input records from `start` up to, not including, `end`."""
        return iter(self._world.events[partition][start:end])

    def read_input(self, partition: int, offset: int) -> Message | None:
        """One input record by its offset."""
        topic = self._world.events[partition]
        return topic[offset] if offset < len(topic) else None

    def noted(self, partition: int) -> Noted:
        """What workers noted of a partition."""
        offset = self._world.committed.get(partition)
        return Noted(offset, "" if offset is None else self._world.notes.get(partition, ""))

    def close(self) -> None:
        """Nothing is held."""


class SimulatedPublisherLog:
    """A writer of events, whom no fault touches (a `PublisherLog`)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.identity = identity_of(world)

    def publish(self, partition: int, key: bytes, value: bytes) -> None:
        """Append one event at once."""
        self._world.publish(partition, key, value)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Nothing is held."""
