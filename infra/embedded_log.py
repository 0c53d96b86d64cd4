"""The embedded log: both topics in one SQLite file, so that nothing but Python need run.

A worker holds an exclusive lock on a file beside it, which is its consumer group: one process has
all partitions, and a second one is told who the first is.  Publishers and readers need no lock.
A batch is one durable transaction, and the offsets are known when it returns.

Exceptions:
    LogUnavailable
      the lock is held      the sentence names the process that works on the log
      the file fails        see `infra.embedded_file`
"""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from infra.embedded_file import (
    COMMIT,
    COMMITTED,
    EVENTS_LAST,
    EVENTS_WRITE,
    LEDGER_LAST,
    LEDGER_WRITE,
    NOTE,
    OFFSET_MASK,
    PARTITION_BITS,
    TELL,
    LogFile,
    told,
)
from infra.log import LogUnavailable, Message, Noted, Polled, Stored

LOCK_NAME = "log.lock"
PUBLISH_ROWS = 10_000
"""Events a publisher keeps in memory before it writes them."""
WAIT_STEP_S = 0.005
"""How often a waiting reader looks again."""


def _lock(home: Path) -> TextIO:
    """The worker's exclusive lock, held until the file is closed or the process ends."""
    with told():
        home.mkdir(parents=True, exist_ok=True)
        file = (home / LOCK_NAME).open("a+", encoding="utf-8")
    try:
        # flock and not lockf: two workers of one process must exclude each other, too.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "of unknown number"
        file.close()
        raise LogUnavailable(
            f"process {holder} works on the embedded log in {home}, which has room for one"
        ) from None
    try:
        with told():
            os.truncate(file.fileno(), 0)
            os.write(file.fileno(), str(os.getpid()).encode())
    except LogUnavailable:
        file.close()
        raise
    return file


TELL_EVERY_S = 0.5
"""How long a note waits for an append to be written with."""


def append_one(home: Path, partitions: int, partition: int, value: bytes) -> None:
    """Append one ledger record, whoever works on the log: only a claim is ever written so.

    Raises:
        LogUnavailable: the file fails.
    """
    file = LogFile(home, partitions)
    try:
        with told(), file.transaction():
            at = (partition << PARTITION_BITS) + file.end(LEDGER_LAST, partition)
            file.db.execute(LEDGER_WRITE, (at, value, time.time_ns() // 1_000_000))
    finally:
        file.db.close()


class EmbeddedWorkerLog:
    """The one worker's seat: all partitions, assigned at the first poll (a `WorkerLog`)."""

    def __init__(self, home: Path, partitions: int) -> None:
        self._held = _lock(home)
        try:
            self._file = LogFile(home, partitions)
        except BaseException:
            self._held.close()
            raise
        self.identity = self._file.identity
        self._unassigned = tuple(range(partitions))
        self._next = dict.fromkeys(range(partitions), 0)
        self._running: list[int] = []
        self._to_commit: dict[int, int] = {}
        self._to_tell: dict[int, str] = {}
        self._tell_at = 0.0

    def poll(self, limit: int, wait_s: float) -> Polled:
        """Up to `limit` messages, each poll beginning with another partition."""
        if (self._to_commit or self._to_tell) and time.monotonic() >= self._tell_at:
            self.append({})
        assigned, self._unassigned = self._unassigned, ()
        if assigned:
            return Polled((), assigned)
        deadline = time.monotonic() + wait_s
        while True:
            messages: list[Message] = []
            self._running = self._running[1:] + self._running[:1]
            for partition in self._running:
                if len(messages) == limit:
                    break
                found = self._file.messages(partition, self._next[partition], limit - len(messages))
                if found:
                    self._next[partition] = found[-1].offset + 1
                    messages += found
            left_s = deadline - time.monotonic()
            if messages or left_s <= 0:
                return Polled(messages)
            time.sleep(min(WAIT_STEP_S, left_s))

    def seek(self, partition: int, offset: int) -> None:
        """The next message polled of this partition is the one at `offset`."""
        self._next[partition] = offset

    def pause(self, partition: int) -> None:
        """No messages of this partition until `resume`."""
        if partition in self._running:
            self._running.remove(partition)

    def resume(self, partition: int) -> None:
        """Messages of this partition again, from where it stands."""
        if partition not in self._running:
            self._running.append(partition)

    def append(self, batches: Mapping[int, Sequence[bytes]]) -> Mapping[int, Sequence[int] | None]:
        """Append in one durable transaction, with what was committed since the last one."""
        now_ms = time.time_ns() // 1_000_000
        offsets: dict[int, Sequence[int] | None] = {}
        with told(), self._file.transaction():
            for partition, values in batches.items():
                start = self._file.end(LEDGER_LAST, partition)
                base = (partition << PARTITION_BITS) + start
                self._file.db.executemany(
                    LEDGER_WRITE,
                    [(base + number, value, now_ms) for number, value in enumerate(values)],
                )
                offsets[partition] = range(start, start + len(values))
            self._file.db.executemany(COMMIT, list(self._to_commit.items()))
            self._file.db.executemany(TELL, list(self._to_tell.items()))
        self._to_commit.clear()
        self._to_tell.clear()
        self._tell_at = time.monotonic() + TELL_EVERY_S
        return offsets

    def ledger_end(self, partition: int) -> int:
        """The offset after the last ledger record."""
        return self._file.end(LEDGER_LAST, partition)

    def input_end(self, partition: int) -> int:
        """The offset after the last input record."""
        return self._file.end(EVENTS_LAST, partition)

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`."""
        return self._file.read_ledger(partition, start, end)

    def read_input(self, partition: int, offset: int) -> Message | None:
        """One input record by its offset."""
        return self._file.message(partition, offset)

    def ask_input(self, partition: int, offset: int) -> None:
        """Nothing: a file is near."""

    def commit(self, partition: int, offset: int) -> None:
        """Noted in memory, and written with the next append, or soon if there is none."""
        self._to_commit[partition] = offset

    def committed(self, partition: int) -> int | None:
        """The last noted offset."""
        if partition in self._to_commit:
            return self._to_commit[partition]
        with told():
            row = self._file.db.execute(COMMITTED, (partition,)).fetchone()
        return None if row is None else int(row[0])

    def tell(self, partition: int, note: str) -> None:
        """Kept in memory, and written with the next append, or soon if there is none."""
        self._to_tell[partition] = note

    def close(self) -> None:
        """Write what was committed, and let the next worker in."""
        try:
            if self._to_commit or self._to_tell:
                self.append({})
        finally:
            self._file.db.close()
            self._held.close()


class EmbeddedLedgerLog:
    """A reader of both topics (a `LedgerLog`)."""

    def __init__(self, home: Path, partitions: int) -> None:
        self._file = LogFile(home, partitions)
        self.identity = self._file.identity

    def ledger_end(self, partition: int) -> int:
        """The offset after the last ledger record."""
        return self._file.end(LEDGER_LAST, partition)

    def input_end(self, partition: int) -> int:
        """The offset after the last input record."""
        return self._file.end(EVENTS_LAST, partition)

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`."""
        return self._file.read_ledger(partition, start, end)

    def follow_ledger(
        self, starts: Mapping[int, int], limit: int, wait_s: float
    ) -> Iterator[Mapping[int, Sequence[Stored]]]:
        """Endless batches, each beginning with another partition, each partition with its share.

        Partitions go on side by side, as on Kafka, so that what one day has of each is read
        together, and what sums it up is written once.
        """
        places = dict(starts)
        share = -(-limit // max(len(places), 1))
        while True:
            deadline = time.monotonic() + wait_s
            batch: dict[int, Sequence[Stored]] = {}
            while not batch:
                left = limit
                for partition in list(places):
                    if left == 0:
                        break
                    start = places.pop(partition)
                    found = self._file.stored(partition, start, OFFSET_MASK, min(share, left))
                    places[partition] = found[-1].offset + 1 if found else start
                    if found:
                        batch[partition] = found
                        left -= len(found)
                left_s = deadline - time.monotonic()
                if batch or left_s <= 0:
                    break
                time.sleep(min(WAIT_STEP_S, left_s))
            yield batch

    def read_inputs(self, partition: int, start: int, end: int) -> Iterator[Message]:
        """The input records from `start` up to, not including, `end`."""
        return self._file.read_events(partition, start, end)

    def read_input(self, partition: int, offset: int) -> Message | None:
        """One input record by its offset."""
        return self._file.message(partition, offset)

    def noted(self, partition: int) -> Noted:
        """What workers noted of a partition."""
        with told():
            committed = self._file.db.execute(COMMITTED, (partition,)).fetchone()
            note = self._file.db.execute(NOTE, (partition,)).fetchone()
        if committed is None:
            return Noted(None, "")
        return Noted(int(committed[0]), "" if note is None else str(note[0]))

    def close(self) -> None:
        """Let go of the file."""
        self._file.db.close()


class EmbeddedPublisherLog:
    """A writer of events, many to a transaction (a `PublisherLog`)."""

    def __init__(self, home: Path, partitions: int) -> None:
        self._file = LogFile(home, partitions)
        self.identity = self._file.identity
        self._kept: dict[int, list[tuple[bytes, bytes]]] = {}
        self._kept_rows = 0

    def publish(self, partition: int, key: bytes, value: bytes) -> None:
        """Keep one event, and write when enough are kept."""
        self._kept.setdefault(partition, []).append((key, value))
        self._kept_rows += 1
        if self._kept_rows >= PUBLISH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is kept in one durable transaction."""
        if not self._kept_rows:
            return
        now_ms = time.time_ns() // 1_000_000
        with told(), self._file.transaction():
            for partition, rows in self._kept.items():
                place = (partition << PARTITION_BITS) + self._file.end(EVENTS_LAST, partition)
                self._file.db.executemany(
                    EVENTS_WRITE,
                    [
                        (place + number, key, value, now_ms)
                        for number, (key, value) in enumerate(rows)
                    ],
                )
        self._kept.clear()
        self._kept_rows = 0

    def close(self) -> None:
        """Flush, and let go of the file."""
        try:
            self.flush()
        finally:
            self._file.db.close()
