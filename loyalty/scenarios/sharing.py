"""Many scenarios of a file, played side by side on the cores of the machine."""

import os
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

from msgspec import Struct, msgpack

from loyalty.scenarios.playing import Played
from loyalty.scenarios.reading import Scenario

SHARE_MIN = 400
"""Fewer scenarios than these are played before a second process has started."""


class Timed(Struct, frozen=True):
    """What came of a scenario, and how long it took."""

    played: Played
    seconds: float


Play = Callable[[Scenario], Timed]
_ENCODER = msgpack.Encoder()
_DECODER = msgpack.Decoder(list[Timed])


def shares_of(count: int) -> int:
    """How many processes so many scenarios are worth: one where none can be forked."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return max(1, min(cores, count // SHARE_MIN))


def play_all(scenarios: Sequence[Scenario], play: Play, shares: int) -> list[Timed]:
    """What came of each scenario, in their order; who plays it makes no difference."""
    if shares == 1:
        return [play(one) for one in scenarios]
    # Played before the others start, so that they find the programme compiled.
    first, rest = scenarios[0], scenarios[1:]
    timed = [play(first)]
    size = -(-len(rest) // shares)
    parts = [rest[start : start + size] for start in range(0, len(rest), size)]
    others = [_Other(part, play) for part in parts[1:]]
    timed += [play(one) for one in parts[0]]
    for other in others:
        timed += other.results()
    return timed


class _Other:
    """A process that plays a part: it has all that this one has read, and sends what came of it."""

    def __init__(self, part: Sequence[Scenario], play: Play) -> None:
        context = get_context("fork")
        self._part, self._play = part, play
        self._results, end = context.Pipe(duplex=False)
        self._process = context.Process(target=_send, args=(part, play, end), daemon=True)
        self._process.start()
        end.close()

    def results(self) -> list[Timed]:
        """What came of the part; of a process that died, whatever happens when it is done here."""
        try:
            return _DECODER.decode(self._results.recv_bytes())
        except EOFError:
            return [self._play(one) for one in self._part]
        finally:
            self._process.join()


def _send(part: Sequence[Scenario], play: Play, end: Connection) -> None:
    end.send_bytes(_ENCODER.encode([play(one) for one in part]))
    end.close()
