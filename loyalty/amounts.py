"""Dates and money as people write them."""

from datetime import date, timedelta

from processors.words.exact import written
from schemas.currencies import exponent_of

_EPOCH = date(1970, 1, 1)


def day(number: int) -> str:
    """Days since 1970 as people write a date: 14 March 2017."""
    when = _EPOCH + timedelta(days=number)
    return f"{when.day} {when:%B} {when.year}"


def money(amount_minor: int, currency: str) -> str:
    """Minor units with the decimals of their currency: 53.25."""
    return written(amount_minor, exponent_of(currency))
