"""Dates, moments and money as people write them."""

from datetime import UTC, date, datetime, timedelta

from schemas.currencies import money

__all__ = ["day", "moment", "money"]

_EPOCH = date(1970, 1, 1)


def day(number: int) -> str:
    """Days since 1970 as people write a date: 14 March 2017."""
    when = _EPOCH + timedelta(days=number)
    return f"{when.day} {when:%B} {when.year}"


def moment(at_ms: int) -> str:
    """Milliseconds since 1970 as people write them: 14 March 2017 09:05 UTC."""
    when = datetime.fromtimestamp(at_ms / 1000, UTC)
    return f"{when.day} {when:%B %Y %H:%M} UTC"
