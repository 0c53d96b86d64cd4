"""A file is written, published into a log of lists, and what came of it is looked at."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from infra.log import Identity
from producers.files.opened import Opened
from producers.files.publishing import Files, Outside
from producers.files.shop import Shop
from producers.files.source import Source
from producers.files.told import Bad, Trailer
from producers.people.register import Register
from schemas.codec import decode_event
from schemas.events import Event

SHOP = Shop(zone="Europe/Paris", currency="EUR")


class Taken:
    """A log that keeps what it is handed, in order."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    @property
    def identity(self) -> Identity:
        """One partition of nowhere."""
        return Identity("test", "test", 1)

    def publish(self, partition: int, key: bytes, value: bytes) -> None:  # noqa: ARG002
        """Keep it."""
        self.sent.append(value)

    def flush(self) -> None:
        """It is there."""

    def close(self) -> None:
        """Nothing to let go of."""


class Counted:
    """A log that only counts, for files that would not fit into memory."""

    def __init__(self) -> None:
        self.count = 0

    identity = Identity("test", "test", 1)

    def publish(self, partition: int, key: bytes, value: bytes) -> None:  # noqa: ARG002
        """Count it."""
        self.count += 1

    def flush(self) -> None:
        """It is there."""

    def close(self) -> None:
        """Nothing to let go of."""


class Outcome(Struct):
    """What came of a file."""

    sent: list[bytes]
    bad: list[Bad]
    files: Files
    trailers: list[Trailer]
    source: Source

    @property
    def events(self) -> list[Event]:
        """What the log holds."""
        return [decode_event(value) for value in self.sent]


def nobody() -> Register:
    """These rows need no register."""
    raise AssertionError("a row asked for the register")


def growth(path: Path, write: Callable[[int], object], few: int) -> float:
    """How many times the memory of a few rows ten times as many take.

    Args:
        path: the file that is written.
        write: writes so many rows into it, each of which is to arrive.
        few: how many are few; no fewer than a batch.
    """
    peaks = []
    # What is made once is there after the first round.
    for rows in (100, few, 10 * few):
        write(rows)
        peaks.append(_peak(path, rows))
    return peaks[2] / peaks[1]


def _peak(path: Path, rows: int) -> int:
    """The most memory that publishing a file takes, in bytes."""
    counted = Counted()
    files = Files(Outside(counted, nobody, lambda: "m", lambda _: None, lambda _: None), SHOP)
    tracemalloc.start()
    try:
        files.publish(Opened(path).rows())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert counted.count == rows


def publish(
    path: Path,
    content: bytes,
    *,
    shop: Shop = SHOP,
    register: Callable[[], Register] = nobody,
    new_member: Callable[[], str] = lambda: "m-1",
) -> Outcome:
    """Write a file and publish it."""
    path.write_bytes(content)
    log, bad, opened = Taken(), list[Bad](), Opened(path)
    files = Files(Outside(log, register, new_member, bad.append, lambda _: None), shop)
    trailers = files.publish(opened.rows())
    return Outcome(log.sent, bad, files, trailers, opened.source)
