"""When and where a promotion holds: the words `when` and `where`.

Days and weekdays are those of the business date, so that a sale after midnight belongs to its
store's trading day; hours are the store's own clock.
"""

import re
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from processors.words.calendar import Date, weekday_of
from processors.words.items import Texts
from schemas.events import Header

Holds = Callable[[Header], bool]
"""Says whether an event happened on the occasion."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_DAY_MS = 86_400_000


def _minute(text: object) -> int:
    match = _CLOCK.fullmatch(str(text))
    if match is None:
        raise ValueError(f"{text!r} is not a time such as 17:00")
    return int(match[1]) * 60 + int(match[2])


Clock = Annotated[
    int, BeforeValidator(_minute), WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d$"})
]
"""A time of day, written 17:00; minutes since midnight."""


class Hours(BaseModel):
    """From a time, included, to a time, not included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class When(BaseModel):
    """Days, both included; weekdays; hours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_day: Date | None = None
    last_day: Date | None = None
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] | None = None
    hours: Hours | None = None


class Where(BaseModel):
    """Stores, channels and tills."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stores: Texts | None = None
    channels: Texts | None = None
    tills: Texts | None = None


def compile_occasion(when: When | None, where: Where | None) -> Holds | None:
    """The test of both words together; None if there is nothing to test."""
    tests: list[Holds] = []
    if when is not None:
        tests += _when_tests(when)
    if where is not None:
        for field, one in (("stores", "store_id"), ("channels", "channel"), ("tills", "till_id")):
            if (named := getattr(where, field)) is not None:
                tests.append(_header_in(one, frozenset(named)))
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda header: all(test(header) for test in tests)


def _when_tests(when: When) -> list[Holds]:
    tests: list[Holds] = []
    if (first := when.first_day) is not None:
        tests.append(lambda header: header.business_date >= first)
    if (last := when.last_day) is not None:
        tests.append(lambda header: header.business_date <= last)
    if when.weekdays is not None:
        days = frozenset(WEEKDAYS.index(day) for day in when.weekdays)
        tests.append(lambda header: weekday_of(header.business_date) in days)
    if (hours := when.hours) is not None:
        start_ms, end_ms = hours.start * 60_000, hours.end * 60_000
        tests.append(
            lambda header: (
                start_ms <= (header.occurred_at + header.utc_offset_min * 60_000) % _DAY_MS < end_ms
            )
        )
    return tests


def _header_in(attribute: str, named: frozenset[str]) -> Holds:
    return lambda header: getattr(header, attribute) in named
