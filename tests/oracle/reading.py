"""What the words of a programme mean: money, days, conditions, and which lines they name.

Written from the documents alone.  A programme is its canonical JSON, so every scalar is a text.
"""

import calendar
import datetime as dt
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from schemas.events import Line

Words = Mapping[str, Any]
NEVER = 84_006
"""The last day of what does not end."""


def minor(text: str) -> Fraction:
    """`10.00` in minor units."""
    return Fraction(text) * 100


def share(text: str) -> Fraction:
    """`10%` as a part of one."""
    return Fraction(text.rstrip("%")) / 100


def date_of(day: int) -> dt.date:
    """A day number as a date."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def day_of(date: dt.date) -> int:
    """A date as a day number."""
    return (date - dt.date(1970, 1, 1)).days


def in_year(year: int, month: int, date: int) -> int:
    """That date of a year; the last of its month where there is none, as on 29 February."""
    return day_of(dt.date(year, month, min(date, calendar.monthrange(year, month)[1])))


def later(day: int, span: Words) -> int:
    """The day so many days, months or years later, clamped to the month's end."""
    date = date_of(day)
    months = date.month - 1 + int(span.get("months", 0)) + 12 * int(span.get("years", 0))
    moved = in_year(date.year + months // 12, months % 12 + 1, date.day)
    return moved + int(span.get("days", 0)) + 7 * int(span.get("weeks", 0))


def rounded_to(day: int, end: str | None) -> int:
    """The last day of the day's month or quarter; the day itself where nothing is said."""
    date = date_of(day)
    every = {"month_end": 1, "quarter_end": 3}.get(end or "")
    return in_year(date.year, -(-date.month // every) * every, 31) if every else day


def period(day: int, every: str | None) -> int:
    """The first day of the period around a day; 0 for one without end."""
    date = date_of(day)
    match every:
        case "day":
            return day
        case "week":
            return day - date.weekday()
        case "month":
            return in_year(date.year, date.month, 1)
    return 0


def spendable_on(wallet: Words, day: int) -> int:
    """From when points of a day may be spent."""
    pending = wallet.get("pending", {})
    ready = later(day, {key: value for key, value in pending.items() if key != "round_to"})
    return ready + int(pending.get("round_to") == "day_end")


def last_day(wallet: Words, day: int) -> int:
    """Until when points of a day may be spent, by their own date alone."""
    expiry = wallet.get("expiry", {})
    if rolling := expiry.get("rolling"):
        return rounded_to(later(day, rolling), rolling.get("round_to"))
    return NEVER


def at_level(rate: str | Words, levels: Collection[str]) -> str | None:
    """A number that may differ by level."""
    by_level = rate["by_tier"] if isinstance(rate, Mapping) else dict.fromkeys(levels, rate)
    return next((by_level[level] for level in levels if level in by_level), None)


def plain(programme: Words, levels: Collection[str]) -> Words:
    """The document for members on these levels: what has no number for them is not in it."""
    promotions = []
    for one in programme["promotions"]:
        said = one.get("multiply", {}).items()
        rates = {wallet: at_level(rate, levels) for wallet, rate in said}
        if None not in rates.values():
            promotions.append({**one, "multiply": rates} if rates else one)
    return {**programme, "promotions": promotions}


def named(line: Line, words: Words) -> list[bool]:
    """For each word of `items` whether the line answers to it."""
    answers: dict[str, Callable[[str], bool]] = {
        "skus": lambda value: line.sku == value,
        "departments": lambda value: line.department == value,
        "brands": lambda value: line.brand == value,
        "flags": lambda value: value in line.flags,
        "categories": lambda value: (line.category + "/").startswith(value + "/"),
    }
    return [any(map(answers[word], words[word])) for word in words if word in answers]


def among(line: Line, items: Words) -> bool:
    """Whether `items` names the line: all its words hold, and none of `except`."""
    return all(named(line, items)) and not any(named(line, items.get("except", {})))


def rounded(exact: Fraction, mode: str) -> int:
    """An exact number that is not negative, made whole."""
    match mode:
        case "ceil":
            return math.ceil(exact)
        case "half_up":
            return math.floor(exact + Fraction(1, 2))
        case "half_even":
            return round(exact)
    return math.floor(exact)


def largest_remainder(
    whole: int, weights: Sequence[Fraction], order: Iterable[int] | None = None
) -> list[int]:
    """A whole number shared by weights; equal remainders go by `order`."""
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    exact = [whole * weight / total for weight in weights]
    parts = [int(one) for one in exact]
    ranked = sorted(
        range(len(weights)) if order is None else order, key=lambda at: parts[at] - exact[at]
    )
    for at in ranked[: whole - sum(parts)]:
        parts[at] += 1
    return parts
