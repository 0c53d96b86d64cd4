"""The level on a ladder, from what was bought and which days closed, in the order of arrival."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from tests.oracle.reading import NEVER, Words, date_of, in_year, later, minor


class Held(NamedTuple):
    """A level: its place, its last day without being earned again, since when, in grace or not."""

    level: int = 0
    last: int = NEVER
    since: int = 0
    grace: bool = False


Entry = tuple[str, int, Any]
"""`sale`, its day and its receipt; or `close`, the day and None."""


def counted_until(ladder: Words, day: int) -> int:
    """The last day on which a purchase of a day counts."""
    window = ladder["window"]
    if window == "calendar_year":
        return in_year(date_of(day).year, 12, 31)
    return NEVER if window == "lifetime" else later(day, window) - 1


def counted(ladder: Words, receipt: Any) -> int:
    """What a sale counts for."""
    return int(receipt.stands) if ladder["measure"] == "visits" else int(receipt.spend)


def measured(ladder: Words, history: Sequence[Entry], day: int) -> Fraction:
    """What the ladder counts on a day; what ended with a day that has closed counts no more."""
    found, closed = [], -NEVER
    for what, at, receipt in reversed(history):
        if what == "close":
            closed = max(closed, at)
        elif counted_until(ladder, at) >= max(day, closed + 1) and (
            ladder["window"] != "calendar_year" or date_of(at).year == date_of(day).year
        ):
            found.append(receipt)
    return Fraction(sum(counted(ladder, receipt) for receipt in found))


def ending(ladder: Words, history: Sequence[Entry]) -> list[int]:
    """When what is counted now will count no more; the close of that day has not come."""
    found: list[int] = []
    for what, at, receipt in history:
        if what == "close":
            found = [last for last in found if last > at]
        elif counted(ladder, receipt):
            found.append(counted_until(ladder, at))
    return found


def earned(ladder: Words, history: Sequence[Entry], day: int) -> int:
    """The highest level that the measure reaches."""
    much = measured(ladder, history, day)
    scale = minor if ladder["measure"] == "spend" else Fraction
    return max(at for at, level in enumerate(ladder["levels"]) if scale(level["from"]) <= much)


def kept_until(ladder: Words, day: int) -> int:
    """The last day of a level that was earned on a day."""
    kept = ladder["kept_until"]
    if kept in ("end_of_year", "end_of_next_year"):
        return in_year(date_of(day).year + (kept == "end_of_next_year"), 12, 31)
    return later(day, kept)


def climbed(ladder: Words, history: Sequence[Entry], held: Held, day: int) -> Held:
    """The level after a purchase of that day, which ends no earlier than the one before it."""
    reached = earned(ladder, history, day)
    if reached <= held.level:
        return held
    last = max(kept_until(ladder, day), held.last if held.level else day)
    return Held(reached, last, day)


def reviewed(ladder: Words, history: Sequence[Entry], held: Held, day: int) -> Held:
    """The level after that day has closed."""
    grace = int(ladder.get("grace", {}).get("days", 0))
    if held.level == 0 or held.last > day:
        return held
    on = day + 1 if ladder["kept_until"] == "end_of_year" else day
    now = earned(ladder, history, on)
    if now >= held.level or ladder["review"] == "keep":
        return Held(held.level, kept_until(ladder, on), held.since)
    if grace and not held.grace:
        return Held(held.level, day + grace, held.since, True)
    lower = now if ladder["review"] == "earned_level" else held.level - 1
    return Held(lower, kept_until(ladder, on), day) if lower else Held()


def without(ladder: Words, history: Sequence[Entry], held: Held, day: int, before: int) -> Held:
    """The level after a return of that day; `before` is what was earned until then.

    Only what was earned in a window that still runs can be lost.
    """
    now = earned(ladder, history, day)
    runs = counted_until(ladder, held.since) >= day
    if ladder["returns"] == "earned_level" and runs and now < held.level <= before:
        return at_level(ladder, now, day)
    return held


def at_level(ladder: Words, level: int, day: int) -> Held:
    """A level held from a day on; the first never ends."""
    return Held(level, kept_until(ladder, day), day) if level else Held()
