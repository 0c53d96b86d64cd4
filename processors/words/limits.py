"""How much a promotion gives at most: the word `limits`, and the periods it counts in.

Worked number: 350 points desired, at most 300 a sale and 400 a day with 150 given today: the sale
cap leaves 300, the day 250; the effect says desired 350, granted 250, and who took how much.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from processors.words.exact import Some

Every = Literal["day", "week", "month", "quarter", "year"]


class Limit(BaseModel):
    """At most so often, so many points, or on so many articles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    times: Some | None = None
    """How often the promotion may act."""
    units: Some | None = None
    """How many points it may give."""
    items: Some | None = None
    """On how many articles it may act."""
    every: Every | None = None
    """The period it is counted in, by the calendar; for ever if not said."""
    mode: Literal["reduce", "reject"] = "reduce"
    """What goes beyond is cut off, or nothing is given at all."""

    @model_validator(mode="after")
    def _one_measure(self) -> "Limit":
        if sum(value is not None for value in (self.times, self.units, self.items)) != 1:
            raise ValueError("a limit is one of `times`, `units` and `items`")
        return self


class Limits(BaseModel):
    """Limits of one sale, and of one member."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    per_sale: Limit | None = None
    """Of one sale; `every` says nothing here."""
    per_member: Limit | Annotated[tuple[Limit, ...], Field(min_length=1)] | None = None
    """Of one member; several count side by side."""
