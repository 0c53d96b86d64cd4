"""What the words of a programme mean: money, days, conditions, and which lines they name.

Written from the documents alone.  A programme is its canonical JSON, so every scalar is a text.
"""

import calendar
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from schemas.events import Header, Line

Words = Mapping[str, Any]
NEVER = 84_006
"""The last day of what does not end."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    """The last day of the day's month, quarter or year; the day itself where nothing is said."""
    date = date_of(day)
    every = {"month_end": 1, "quarter_end": 3, "year_end": 12}.get(end or "")
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
        case "year":
            return in_year(date.year, 1, 1)
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
    if inactivity := expiry.get("inactivity"):
        return later(day, inactivity)
    if dates := expiry.get("calendar"):
        youngest = day + int(dates.get("min_age_days", 0))
        year = date_of(day).year
        ends = [
            in_year(some, *(int(part) for part in text.split("-")))
            for some in range(year, year + 4)
            for text in dates["dates"]
        ]
        return min(end for end in ends if end >= youngest)
    return NEVER


def voucher_days(voucher: Words, day: int, birthday: tuple[int, int]) -> tuple[int, int]:
    """A voucher's first and last day if it is issued on a day."""
    valid = voucher["valid"]
    first = day + (valid.get("starts") == "next_day")
    if "through" not in valid:
        return first, later(day, {key: value for key, value in valid.items() if key != "starts"})
    month = birthday[0] if valid["through"] == "birthday_month" else date_of(day).month
    return first, in_year(date_of(day).year, month, 31)


def named(line: Line, words: Words) -> list[bool]:
    """For each word of `items` whether the line answers to it."""
    answers: dict[str, Callable[[str], bool]] = {
        "skus": lambda value: line.sku == value,
        "departments": lambda value: line.department == value,
        "brands": lambda value: line.brand == value,
        "suppliers": lambda value: line.supplier == value,
        "labels": lambda value: value in line.labels,
        "flags": lambda value: value in line.flags,
        "categories": lambda value: (line.category + "/").startswith(value + "/"),
    }
    return [any(map(answers[word], words[word])) for word in words if word in answers]


def among(line: Line, items: Words) -> bool:
    """Whether `items` names the line: all its words hold, and none of `except`."""
    return all(named(line, items)) and not any(named(line, items.get("except", {})))


def local_time(header: Header) -> str:
    """The store's clock, as `17:04:59`."""
    moment = dt.datetime.fromtimestamp(header.occurred_at / 1000, dt.UTC)
    return f"{moment + dt.timedelta(minutes=header.utc_offset_min):%H:%M:%S}"


def when_holds(when: Words, header: Header) -> bool:
    """Days and weekdays of the business date, hours of the store's clock."""
    date, hours = date_of(header.business_date), when.get("hours", {})
    clock = local_time(header)
    return (
        when.get("first_day", "0000") <= date.isoformat() <= when.get("last_day", "9999")
        and WEEKDAYS[date.weekday()] in when.get("weekdays", WEEKDAYS)
        and hours.get("from", "00:00") <= clock < hours.get("to", "24:00")
    )


def where_holds(where: Words, header: Header, groups: Words) -> bool:
    """Every word that is said holds."""
    of_groups = {store for name in where.get("store_groups", ()) for store in groups[name]}
    return (
        header.store_id in where.get("stores", [header.store_id])
        and (not where.get("store_groups") or header.store_id in of_groups)
        and header.channel in where.get("channels", [header.channel])
        and header.till_id in where.get("tills", [header.till_id])
    )


def who_holds(who: Words, standing: Words, day: int) -> bool:
    """Every word that is said holds of a member's standing (`Oracle.standing`)."""
    month, date = standing["birthday"]
    since = standing["enrolled_on"]
    today = date_of(day)
    held: dict[str, Callable[[Any], bool]] = {
        "tiers": lambda names: bool(set(names) & set(standing["levels"].values())),
        "labels": lambda names: bool(set(names) & standing["labels"]),
        "segments": lambda names: bool(set(names) & standing["segments"]),
        "first_purchase": lambda wanted: (standing["sales"] == 0) == (wanted in (True, "true")),
        "member_for": lambda span: since is not None and later(since, span) <= day,
        "birthday": lambda window: (
            month > 0
            and (
                month == today.month
                if window == "month"
                else in_year(today.year, month, date) == day
            )
        ),
    }
    return all(held[word](value) for word, value in who.items())


def is_control(programme: Words, campaign: str, member_id: str) -> bool:
    """Who is held out of a campaign: the same member always, by salt and id alone."""
    control = programme.get("campaigns", {}).get(campaign, {}).get("control")
    salt = f"{programme['programme']}|{campaign}|{member_id}"
    bucket = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:4], "big") % 10_000
    return control is not None and bucket < share(control) * 10_000


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
