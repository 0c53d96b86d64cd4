"""What a worker tells whoever watches it: metrics and logs are wired in from outside.

Every function is called in the worker's own thread and must return at once.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from processors.stream.tally import Tally
from schemas.chain import Halt, Ignored


class Watch(Protocol):
    """A watcher of one worker; `Told` is one made of functions."""

    def opened(self, partition: int, epoch: int, /) -> None:
        """The partition is claimed and its input runs."""

    def displaced(self, partition: int, epoch: int, /) -> None:
        """Somebody else holds the partition under this epoch, or won the claim."""

    def resynced(self, partition: int, /) -> None:
        """An acknowledgement was not the expected one; the ledger is read again."""

    def ignored(self, partition: int, counts: Mapping[Ignored, int], /) -> None:
        """Reading the ledger met records that do not count."""

    def decided(self, partition: int, tally: Tally, seconds: float, timestamp_ms: int, /) -> None:
        """A batch is acknowledged.

        Args:
            partition: of which partition.
            tally: what its DECISIONs come to.
            seconds: from the first message in hand to the last acknowledgement.
            timestamp_ms: when the log took the batch's last event: now less this is how far
                the worker is behind.
        """

    def halted(self, partition: int, reason: Halt, detail: str, /) -> None:
        """The partition stands still until a person has looked."""

    def released(self, partition: int, /) -> None:
        """The partition is no longer this worker's."""


def _unheard(*_: object) -> None:
    """Nobody listens."""


class Told(Struct, frozen=True):
    """A function for each thing that a `Watch` is told; what is not given goes unheard."""

    opened: Callable[[int, int], None] = _unheard
    displaced: Callable[[int, int], None] = _unheard
    resynced: Callable[[int], None] = _unheard
    ignored: Callable[[int, Mapping[Ignored, int]], None] = _unheard
    decided: Callable[[int, Tally, float, int], None] = _unheard
    halted: Callable[[int, Halt, str], None] = _unheard
    released: Callable[[int], None] = _unheard


NOBODY = Told()
