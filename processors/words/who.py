"""Whom a promotion or voucher is for: the word `who`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from processors.words.exact import Days, Months, Years

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class Around(BaseModel):
    """A number of days before and after."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Days


class Term(BaseModel):
    """A length of time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Days = 0
    months: Months = 0
    years: Years = 0


class Who(BaseModel):
    """The person: all of the words that are said must hold, of several values any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tiers: Texts | None = None
    """Levels, of any ladder."""
    labels: Texts | None = None
    """Labels that staff put on named members."""
    segments: Texts | None = None
    """Segments of this programme."""
    birthday: Literal["day", "month"] | Around | None = None
    """On the birthday, in its month, or within so many days of it."""
    member_for: Term | None = None
    """Enrolled at least so long ago."""
    first_purchase: bool | None = None
    """Before the first sale of the account; false: after it."""
