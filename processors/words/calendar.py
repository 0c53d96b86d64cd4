"""Dates as days since 1970-01-01, and the steps a programme takes with them."""

import datetime as dt
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

EPOCH = dt.date(1970, 1, 1).toordinal()


def day_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a calendar date."""
    return dt.date(year, month, day).toordinal() - EPOCH


def date_of(day: int) -> dt.date:
    """The calendar date of a day number."""
    return dt.date.fromordinal(day + EPOCH)


def weekday_of(day: int) -> int:
    """0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday."""
    return (day + 3) % 7


@lru_cache(maxsize=4096)
def months_later(day: int, months: int) -> int:
    """The same day of a later month, or that month's last if it is shorter."""
    date = date_of(day)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return day_of(year, month + 1, min(date.day, month_length(year, month + 1)))


@lru_cache(maxsize=4096)
def month_end(day: int) -> int:
    """The last day of the month that a day lies in."""
    date = date_of(day)
    return day_of(date.year, date.month, month_length(date.year, date.month))


def month_length(year: int, month: int) -> int:
    """How many days a month of 1 to 12 has."""
    first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
    return (first_of_next - dt.timedelta(days=1)).day


def _date(text: object) -> int:
    written = str(text)
    try:
        date = dt.date.fromisoformat(written)
    except ValueError:
        date = dt.date.max
    if date.isoformat() != written or date == dt.date.max:
        raise ValueError(f"{written!r} is not a date such as 2026-03-31")
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise ValueError(f"the year is between {FIRST_YEAR} and {LAST_YEAR}")
    return date.toordinal() - EPOCH


FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Days beyond have no number that every step of a programme can count on from."""

Date = Annotated[int, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar date, written 2026-03-31."""
