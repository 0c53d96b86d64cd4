"""What the word `limits` means: caps, and the periods that they count in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from processors.words.calendar import date_of, day_of, month_end, months_later, weekday_of
from processors.words.limits import Limit, Limits
from schemas.ledger import NEVER


@dataclass(frozen=True)
class Cap:
    """One limit, compiled.

    Attributes:
        measure: times, units or items.
        most: how many.
        every: the period; empty for ever, `sale` for one sale.
        reject: beyond it nothing is given.
    """

    measure: str
    most: int
    every: str
    reject: bool

    @property
    def name(self) -> str:
        """As a trail and a counter call it: `units/day`."""
        return f"{self.measure}/{self.every or 'ever'}"


def compile_limits(limits: Limits | None) -> tuple[Cap, ...]:
    """The caps in the order in which they cut: the sale, then the shortest period first."""
    if limits is None:
        return ()
    caps: list[Cap] = []
    if limits.per_sale is not None:
        caps.append(_cap(limits.per_sale, "sale"))
    member = limits.per_member
    rows = (member,) if isinstance(member, Limit) else member or ()
    caps += [_cap(one, one.every or "") for one in rows]
    order = ("sale", "day", "week", "month", "quarter", "year", "")
    return tuple(sorted(caps, key=lambda cap: order.index(cap.every)))


def _cap(limit: Limit, every: str) -> Cap:
    for measure in ("times", "units", "items"):
        most = getattr(limit, measure)
        if most is not None:
            return Cap(measure, most, every, limit.mode == "reject")
    raise ValueError("a limit without a measure")


@lru_cache(maxsize=4096)
def period_of(day: int, every: str) -> tuple[int, int]:
    """First and last day of the calendar period that a day lies in; 0 and NEVER for ever."""
    if every == "day":
        return day, day
    if every == "week":
        first = day - weekday_of(day)
        return first, first + 6
    if not every:
        return 0, NEVER
    date = date_of(day)
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    first = day_of(date.year, (date.month - 1) // months * months + 1, 1)
    return first, month_end(months_later(first, months - 1))


def smallest(caps: Sequence[Cap], used: Sequence[int], wanted: int) -> int:
    """What is left of `wanted` behind all caps, each with what is used of it."""
    for cap, before in zip(caps, used, strict=True):
        left = max(cap.most - before, 0)
        if wanted > left:
            wanted = 0 if cap.reject else left
    return wanted
