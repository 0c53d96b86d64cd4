"""The port between our code and a log: what a worker, a reader and a publisher may ask of it.

Three adapters keep these protocols and pass one suite: Kafka, the embedded log (one SQLite file)
and the simulated log (in memory, with faults).  A log has two topics of the same number of
partitions: events (the input) and ledger.

Offsets of a partition start at 0 and grow by one per record.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct


class LogUnavailable(Exception):
    """The log cannot be reached, or refused an operation; the sentence says what and why."""


class Message(Struct, frozen=True, gc=False):
    """One record of the input topic, as it was fetched.

    Attributes:
        partition, offset: where it lies.
        key: the account id's bytes; empty for what goes to every partition.
        value: the framed event.
        timestamp_ms: when the log took it.
    """

    partition: int
    offset: int
    key: bytes
    value: bytes
    timestamp_ms: int


class Stored(Struct, frozen=True, gc=False):
    """One record of the ledger topic, accepted or not: its offset, bytes and the log's time."""

    offset: int
    value: bytes
    timestamp_ms: int


class Identity(Struct, frozen=True):
    """What a ledger is bound to: the log itself, and the input topic's own id."""

    cluster_id: str
    input_topic_id: str
    partitions: int


class Polled(Struct, frozen=True):
    """What one poll brought.

    Attributes:
        messages: in offset order within a partition; only of partitions neither paused nor lost.
        assigned: partitions given to this worker since the last poll; they come paused.
        lost: partitions taken away since the last poll; nothing of them is ours any more.
    """

    messages: Sequence[Message]
    assigned: Sequence[int] = ()
    lost: Sequence[int] = ()


class Noted(Struct, frozen=True):
    """What is noted of a partition beside the log.

    Attributes:
        offset: input before it is decided; None if nothing was noted yet.
        note: what the worker that holds it said of it; empty for nothing.
    """

    offset: int | None
    note: str


class WorkerLog(Protocol):
    """One worker's seat at the log: a member of the consumer group, and a producer of records.

    Nothing here may be called from two threads.  `seek`, `pause` and `resume` of a partition that
    was lost meanwhile do nothing: the next poll tells of it.
    """

    @property
    def identity(self) -> Identity:
        """The log and the topic this worker reads."""

    def poll(self, limit: int, wait_s: float) -> Polled:
        """Up to `limit` messages, waiting at most `wait_s` for the first."""

    def seek(self, partition: int, offset: int) -> None:
        """The next message polled of this partition is the one at `offset`."""

    def pause(self, partition: int) -> None:
        """No messages of this partition until `resume`."""

    def resume(self, partition: int) -> None:
        """Messages of this partition again, from where it stands."""

    def append(self, batches: Mapping[int, Sequence[bytes]]) -> Mapping[int, Sequence[int] | None]:
        """Append ledger records in order, and wait until each is durable or known to have failed.

        Returns, per partition, the offset each record got, in order, or None if that is not
        known or any of them failed.  Serves the group while it waits; what is lost meanwhile is
        told by the next poll.
        """

    def ledger_end(self, partition: int) -> int:
        """The offset after the last ledger record, asked of the log now."""

    def input_end(self, partition: int) -> int:
        """The offset after the last input record, asked of the log now."""

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`."""

    def read_input(self, partition: int, offset: int) -> Message | None:
        """One input record by its offset; None if the log does not have it."""

    def ask_input(self, partition: int, offset: int) -> None:
        """Say, without waiting, which input record is read next: a log that is far may fetch it."""

    def commit(self, partition: int, offset: int) -> None:
        """Note, without waiting, that input before `offset` is decided: a hint for lag tools."""

    def committed(self, partition: int) -> int | None:
        """The last noted offset; None if there is none."""

    def tell(self, partition: int, note: str) -> None:
        """Put a note beside the noted offset; where none is noted yet, beside the next one."""

    def close(self) -> None:
        """Leave the group and let go of everything."""


class LedgerLog(Protocol):
    """A reader of both topics, in no group: for projectors, audits and explanations."""

    @property
    def identity(self) -> Identity:
        """The log and the topic it reads."""

    def ledger_end(self, partition: int) -> int:
        """The offset after the last ledger record, asked of the log now."""

    def input_end(self, partition: int) -> int:
        """The offset after the last input record, asked of the log now."""

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`."""

    def follow_ledger(
        self, starts: Mapping[int, int], limit: int, wait_s: float
    ) -> Iterator[Mapping[int, Sequence[Stored]]]:
        """Endless batches from the given offsets; an empty one when `wait_s` brought nothing."""

    def read_inputs(self, partition: int, start: int, end: int) -> Iterator[Message]:
        """The input records from `start` up to, not including, `end`, as far as there are any."""

    def read_input(self, partition: int, offset: int) -> Message | None:
        """One input record by its offset; None if the log does not have it."""

    def noted(self, partition: int) -> Noted:
        """What workers noted of a partition: how far it is decided, and in words."""

    def close(self) -> None:
        """Let go of everything."""


class PublisherLog(Protocol):
    """A writer of events."""

    @property
    def identity(self) -> Identity:
        """The log and the topic it writes."""

    def publish(self, partition: int, key: bytes, value: bytes) -> None:
        """Hand one event over; it may still be on its way when this returns."""

    def flush(self) -> None:
        """Return when everything handed over is durable.

        Raises:
            LogUnavailable: if anything could not be written.
        """

    def close(self) -> None:
        """Flush, and let go of everything."""
