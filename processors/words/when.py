"""When and where a promotion holds: the words `when` and `where`."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from processors.words.calendar import Date
from processors.words.exact import Some
from processors.words.items import Texts

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_CLOCK = re.compile(r"(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))", re.ASCII)


def _minute(text: object) -> int:
    match = _CLOCK.fullmatch(str(text))
    if match is None:
        raise ValueError(f"{text!r} is not a time such as 17:00")
    hour, minute = match[1] or match[3], match[2] or match[4]
    return int(hour) * 60 + int(minute)


Clock = Annotated[
    int,
    BeforeValidator(_minute),
    WithJsonSchema({"type": "string", "pattern": r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"}),
]
"""A time of day, written 17:00; minutes since midnight."""


class Hours(BaseModel):
    """From a time, included, to a time, not included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class Weeks(BaseModel):
    """Every so-manieth week, Monday to Sunday."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weeks: Some
    """2 is every second week."""
    since: Date
    """A day in the first of these weeks."""


class NthWeekday(BaseModel):
    """A weekday by its number in the month."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Literal["1", "2", "3", "4", "last"]
    weekday: Weekday


class When(BaseModel):
    """Days, both included; weekdays; hours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_day: Date | None = None
    last_day: Date | None = None
    weekdays: tuple[Weekday, ...] | None = None
    hours: Hours | None = None
    month_days: tuple[Some, ...] | None = None
    """Days of the month; 31 is the last one of every month."""
    every_weeks: Weeks | None = None
    """Every second, third … week, counted from the week of a day, which is the first."""
    nth_weekday: NthWeekday | None = None
    """Such as the first Saturday of the month."""


class Where(BaseModel):
    """Stores, store groups (a region is one), channels, tills, currencies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stores: Texts | None = None
    store_groups: Texts | None = None
    channels: Texts | None = None
    tills: Texts | None = None
    currencies: Texts | None = None
    """Sales in these, and amounts in them; the programme's own currency if not said."""
