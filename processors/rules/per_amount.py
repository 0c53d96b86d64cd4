"""Points for money: so many for each so much, pro rata.

Worked number: 1 point per 1.00 on lines of 50.50 and 2.75 is 53.25, so 53 points, 50 and 3.
The sum over the lines is exact and is rounded down once.  1 point per full 10.00 (`per_full`) on
105.00 is 10.
"""

from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from processors.words.exact import Amount, Positive, minor_units
from processors.words.items import Items, compile_items
from processors.words.stages import Base

EXAMPLE = {"give": {"points": "1"}, "per": "1.00"}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    give: Annotated[dict[str, Positive], Field(min_length=1)]
    """Wallet → points for each `per`."""
    per: Amount | None = None
    """The amount of money, in units of the programme's currency, pro rata."""
    per_full: Amount | None = None
    """The same, but only whole amounts of it count."""
    items: Items | None = None
    """Which lines; all if not said."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Parameters":
        if (self.per is None) == (self.per_full is None):
            raise ValueError("say one of `per` and `per_full`")
        return self


def build(words: Parameters, exponent: int) -> tuple[Base, ...]:
    """One base per wallet given."""
    whole = 0 if words.per_full is None else minor_units(words.per_full, exponent)
    per_minor = Fraction(whole) if words.per is None else words.per * 10**exponent
    matches = compile_items(words.items)
    rates = {wallet: points / per_minor for wallet, points in words.give.items()}
    return tuple(
        Base(wallet, "amount", rate.numerator, rate.denominator, matches, whole)
        for wallet, rate in rates.items()
    )
