"""Figures: what was measured, the goal it is held against, a rival of the same run; as a table."""

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct


class Figure(Struct, frozen=True):
    """One measured number.

    Attributes:
        what: which, in words.
        value: the number.
        unit: of what.
        goal: what it should reach, with its sign; empty if it is only told.
        rival: what the ratio is to.
        ratio: how many times better than the rival of the same run; 0 for no rival.
    """

    what: str
    value: float
    unit: str
    goal: str = ""
    rival: str = ""
    ratio: float = 0.0


def table(figures: Iterable[Figure]) -> str:
    """The figures in markdown."""
    head = ("what", "measured", "goal", "beside it in the same run")
    rows = [head, ("---",) * len(head)]
    for one in figures:
        beside = f"{one.ratio:.1f} times {one.rival}" if one.ratio else one.rival
        rows.append((one.what, f"{_number(one.value)} {one.unit}", one.goal, beside))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:,.1f}"


def each_us(work: Callable[[Any], object], items: Sequence[Any], rounds: int = 5) -> float:
    """Processor time that one item takes, the best of several rounds, the collector at rest."""
    return all_us(lambda: [work(item) for item in items], len(items), rounds)


def all_us(work: Callable[[], object], count: int, rounds: int = 5) -> float:
    """Microseconds of one of `count` items when `work` does all of them; as `each_us`."""
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            started = time.process_time()
            work()
            best = min(best, time.process_time() - started)
    finally:
        gc.enable()
    return best * 1e6 / count
