"""What a cell or a JSON value means: text, numbers, money, days and times.  Pure.

No complaint repeats what was written: a name or a phone number in the wrong column would be told
to whoever reads the log.  A field is named only if it is one of ours.

    Wrong    the value cannot be what its field says; a field and a sentence
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from producers.days import moment_of
from producers.pos import Moment, day_number
from schemas.bounds import Bounds

_DECIMAL: Final = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,6}))?", re.ASCII)
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?", re.ASCII)
_BIRTHDAY: Final = re.compile(r"(?:[0-9]{4}-)?([0-9]{2})-([0-9]{2})", re.ASCII)
_YES: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NO_TIME: Final = "it is no time; write it as 2026-03-14T10:00:00"
YEARS: Final = range(1900, 2200)
LIST_SIGN: Final = "|"
"""Between the words of a list in one cell."""


class Wrong(Exception):
    """A field is not what it should be.

    Attributes:
        field: its name as the file has it.
        reason: what is wrong and how it is written right.
        place: which line of a receipt it is in, from 0; None for the receipt itself.
    """

    def __init__(self, field: str, reason: str, place: int | None = None) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
        self.place = place


def text(field: str, value: Any, bounds: Bounds) -> str:
    """A word or sentence, without the space around it."""
    if isinstance(value, str):
        word = value.strip()
    elif isinstance(value, int) and not isinstance(value, bool):
        word = str(value)
    else:
        raise Wrong(field, "it must be text")
    if not word.isprintable():
        raise Wrong(field, "it holds a control character")
    if bounds.most is not None and len(word) > bounds.most:
        raise Wrong(field, f"it is longer than {bounds.most} characters")
    if bounds.least is not None and len(word) < bounds.least:
        raise Wrong(field, "it is missing" if not word else "it is too short")
    return word


def whole(field: str, value: Any, bounds: Bounds) -> int:
    """A whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return within(field, value, bounds)
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return within(field, int(value), bounds)
    raise Wrong(field, "it is no whole number")


def within(field: str, value: int, bounds: Bounds) -> int:
    """The number, if it lies in its bounds."""
    if bounds.least is not None and value < bounds.least:
        below = "it is negative" if bounds.least in {0, 1} and value < 0 else "it is too small"
        raise Wrong(field, below)
    if bounds.most is not None and value > bounds.most:
        raise Wrong(field, "it is too large")
    return value


def decimal(field: str, value: Any, decimals: int, what: str) -> int:
    """A number with at most so many decimals, as a whole number of the smallest part.

    A point or one comma is before the decimals; nothing stands between thousands.
    """
    if isinstance(value, str):
        return _decimal(field, value, decimals, what)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value * 10**decimals)
    raise Wrong(field, what)


@lru_cache(maxsize=4_096)  # an article is sold at one price, and mostly one of it
def _decimal(field: str, value: str, decimals: int, what: str) -> int:
    found = _DECIMAL.fullmatch(value.strip())
    if found is None:
        raise Wrong(field, what)
    sign, before, after = found[1], found[2], found[3] or ""
    if "," in value and len(after) == 3 and before.strip("0"):
        raise Wrong(field, "a comma may stand between thousands here; write it with a point")
    if len(after.rstrip("0") if "." in value else after) > decimals:
        raise Wrong(field, f"it has more than {decimals} decimals" if decimals else what)
    number = int(before) * 10**decimals + int(f"{after[:decimals]:0<{decimals}}" or 0)
    return int(-number if sign == "-" else number)


def yes(field: str, value: Any) -> bool:
    """Yes or no."""
    if isinstance(value, bool):
        return value
    found = _YES.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise Wrong(field, "it is neither yes nor no")
    return found


def words(field: str, value: Any, bounds: Bounds) -> tuple[str, ...]:
    """A list of words: of JSON, or in one cell with `|` between them."""
    if isinstance(value, str):
        value = [one for one in value.split(LIST_SIGN) if one.strip()]
    if not isinstance(value, list):
        raise Wrong(field, "it must be a list")
    if bounds.most is not None and len(value) > bounds.most:
        raise Wrong(field, f"it has more than {bounds.most} items")
    return tuple([text(field, one, bounds.items or Bounds()) for one in value])


def day(field: str, value: Any) -> int:
    """A date, as days since 1970-01-01."""
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            found = date.fromisoformat(value.strip())
        except ValueError:
            raise Wrong(field, "there is no such day") from None
        if found.year not in YEARS:
            raise Wrong(field, "it lies outside 1900 to 2199")
        return day_number(found)
    raise Wrong(field, "it is no date; write it as 2026-03-14")


def birthday(field: str, value: Any) -> tuple[int, int]:
    """Month and day; a year before them is left out."""
    found = _BIRTHDAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise Wrong(field, "it is no birthday; write it as 02-29")
    month, on = int(found[1]), int(found[2])
    try:
        date(2000, month, on)
    except ValueError:
        raise Wrong(field, "there is no such day") from None
    return month, on


def moment(field: str, value: Any, zone: str) -> Moment:
    """A time as a store sees it.

    Args:
        field: for the complaint.
        value: ISO 8601, with or without its distance from UTC.
        zone: the store's time zone; empty if it is not known.
    """
    if not isinstance(value, str):
        raise Wrong(field, _NO_TIME)
    return _moment(field, value, zone)


@lru_cache(maxsize=4_096)  # the rows of a day share their minutes
def _moment(field: str, value: str, zone: str) -> Moment:
    if not _TIME.fullmatch(value.strip()):
        raise Wrong(field, _NO_TIME)
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Wrong(field, "there is no such time") from None
    if found.year not in YEARS:
        raise Wrong(field, "it lies outside 1900 to 2199")
    if found.tzinfo is None:
        if not zone:
            raise Wrong(
                field,
                "it has no distance from UTC, as +01:00, and the store's time zone is not known",
            )
        return moment_of(found, zone)
    local = found.astimezone(ZoneInfo(zone)) if zone else found
    offset = local.utcoffset() or timedelta()
    return Moment(
        at_ms=(found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1),
        utc_offset_min=offset // timedelta(minutes=1),
        business_date=day_number(local.date()),
    )


def said(told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in told.items() if value is not None and value != ""}
