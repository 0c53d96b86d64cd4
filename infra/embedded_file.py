"""The file of the embedded log: two topics in SQLite, and what every role asks of them.

Each topic is one table whose row id is the record's place, `partition * 2^40 + offset`: the rows
of a partition lie side by side, and its end is found in one step.

Exceptions:
    LogUnavailable
      partitions differ     the file was made with another number of them than the settings say
      SQLite fails          disk full, file damaged, or locked for longer than `BUSY_S`
      the folder fails      it is none, or may not be written to
"""

import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.log import Identity, LogUnavailable, Message, Stored

FILE_NAME = "log.sqlite"
BUSY_S = 60.0
"""How long one writer waits for another's transaction."""
CHUNK_ROWS = 2_000
"""Rows read at a time: no snapshot is held while the caller works on them."""

PARTITION_BITS = 40
OFFSET_MASK = (1 << PARTITION_BITS) - 1

_TABLES = (
    (
        "CREATE TABLE IF NOT EXISTS identity (only_row INTEGER PRIMARY KEY CHECK (only_row = 1),"
        " cluster_id TEXT NOT NULL, input_topic_id TEXT NOT NULL, partitions INTEGER NOT NULL)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS events (place INTEGER PRIMARY KEY,"
        " key BLOB NOT NULL, value BLOB NOT NULL, timestamp_ms INTEGER NOT NULL)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS ledger (place INTEGER PRIMARY KEY,"
        " value BLOB NOT NULL, timestamp_ms INTEGER NOT NULL)"
    ),
    "CREATE TABLE IF NOT EXISTS committed (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS notes (partition INTEGER PRIMARY KEY, note TEXT NOT NULL)",
)
_NEW_IDENTITY = "INSERT OR IGNORE INTO identity VALUES (1, ?, ?, ?)"
_IDENTITY = "SELECT cluster_id, input_topic_id, partitions FROM identity"
EVENTS_LAST = "SELECT max(place) FROM events WHERE place BETWEEN ? AND ?"
LEDGER_LAST = "SELECT max(place) FROM ledger WHERE place BETWEEN ? AND ?"
_EVENTS_READ = (
    "SELECT place, key, value, timestamp_ms FROM events"
    " WHERE place >= ? AND place < ? ORDER BY place LIMIT ?"
)
_LEDGER_READ = (
    "SELECT place, value, timestamp_ms FROM ledger"
    " WHERE place >= ? AND place < ? ORDER BY place LIMIT ?"
)
EVENTS_WRITE = "INSERT INTO events (place, key, value, timestamp_ms) VALUES (?, ?, ?, ?)"
LEDGER_WRITE = "INSERT INTO ledger (place, value, timestamp_ms) VALUES (?, ?, ?)"
COMMITTED = "SELECT offset FROM committed WHERE partition = ?"
NOTE = "SELECT note FROM notes WHERE partition = ?"
TELL = "INSERT INTO notes VALUES (?, ?) ON CONFLICT (partition) DO UPDATE SET note = excluded.note"
COMMIT = (
    "INSERT INTO committed VALUES (?, ?)"
    " ON CONFLICT (partition) DO UPDATE SET offset = excluded.offset"
)


@contextmanager
def told() -> Iterator[None]:
    """Whatever SQLite or the folder does not let us do becomes a sentence of the port."""
    try:
        yield
    except (sqlite3.Error, OSError) as problem:
        raise LogUnavailable(f"the embedded log failed: {problem}") from problem


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch a new file to write-ahead logging, which two may want at the same moment.

    SQLite answers the second of them at once that the file is locked, however patient it is else.
    """
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


class LogFile:
    """The open file, and what all three roles ask of it."""

    def __init__(self, home: Path, partitions: int) -> None:
        with told():
            home.mkdir(parents=True, exist_ok=True)
            self.db = sqlite3.connect(
                home / FILE_NAME, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            self.db.execute("PRAGMA page_size = 8192")
            _write_ahead(self.db)
            self.db.execute("PRAGMA synchronous = FULL")
            self.db.execute("PRAGMA wal_autocheckpoint = 4000")
            self.db.execute("PRAGMA journal_size_limit = 67108864")
            with self.transaction():
                for table in _TABLES:
                    self.db.execute(table)
                self.db.execute(_NEW_IDENTITY, (str(uuid.uuid4()), str(uuid.uuid4()), partitions))
            self.identity = Identity(*self.db.execute(_IDENTITY).fetchone())
        if self.identity.partitions != partitions:
            self.db.close()
            raise LogUnavailable(
                f"the log in {home} has {self.identity.partitions} partitions for ever, "
                f"and the settings say {partitions}"
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it durable, or none."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            # SQLite has rolled back by itself where the disk was full.
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def end(self, query: str, partition: int) -> int:
        """The offset after the last record of a partition."""
        start = partition << PARTITION_BITS
        with told():
            (last,) = self.db.execute(query, (start, start | OFFSET_MASK)).fetchone()
        return 0 if last is None else (last & OFFSET_MASK) + 1

    def messages(self, partition: int, offset: int, limit: int) -> list[Message]:
        """Up to `limit` events from an offset on."""
        start = partition << PARTITION_BITS
        with told():
            rows = self.db.execute(
                _EVENTS_READ, (start + offset, start + OFFSET_MASK + 1, limit)
            ).fetchall()
        return [
            Message(partition, place & OFFSET_MASK, key, value, timestamp_ms)
            for place, key, value, timestamp_ms in rows
        ]

    def read_events(self, partition: int, start: int, end: int) -> Iterator[Message]:
        """The events from `start` up to, not including, `end`."""
        while start < end:
            rows = self.messages(partition, start, min(CHUNK_ROWS, end - start))
            yield from (row for row in rows if row.offset < end)
            if len(rows) < CHUNK_ROWS:
                return
            start = rows[-1].offset + 1

    def message(self, partition: int, offset: int) -> Message | None:
        """The event at an offset, if there is one."""
        found = self.messages(partition, offset, 1)
        return found[0] if found and found[0].offset == offset else None

    def stored(self, partition: int, start: int, end: int, limit: int) -> list[Stored]:
        """Up to `limit` ledger records from `start` up to, not including, `end`."""
        base = partition << PARTITION_BITS
        with told():
            rows = self.db.execute(_LEDGER_READ, (base + start, base + end, limit)).fetchall()
        return [
            Stored(place & OFFSET_MASK, value, timestamp_ms) for place, value, timestamp_ms in rows
        ]

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`."""
        while start < end:
            rows = self.stored(partition, start, end, CHUNK_ROWS)
            yield from rows
            if len(rows) < CHUNK_ROWS:
                return
            start = rows[-1].offset + 1
