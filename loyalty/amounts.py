"""Dates and money as people write them."""

from datetime import date, timedelta

from schemas.currencies import money

__all__ = ["day", "money"]

_EPOCH = date(1970, 1, 1)


def day(number: int) -> str:
    """Days since 1970 as people write a date: 14 March 2017."""
    when = _EPOCH + timedelta(days=number)
    return f"{when.day} {when:%B} {when.year}"
