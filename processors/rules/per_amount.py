"""Points for money: so many for each so much, pro rata.

Worked number: 1 point per 1.00 on lines of 50.50 and 2.75 is 53.25, so 53 points, 50 and 3.
The sum over the lines is exact and is rounded down once.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from processors.words.exact import Positive
from processors.words.items import Items, compile_items
from processors.words.stages import Base


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    give: Annotated[dict[str, Positive], Field(min_length=1)]
    """Wallet → points for each `per`."""
    per: Positive
    """The amount of money, in units of the programme's currency."""
    items: Items | None = None
    """Which lines; all if not said."""


def build(words: Parameters, minor_per_unit: int) -> tuple[Base, ...]:
    """One base per wallet given."""
    per_minor = words.per * minor_per_unit
    matches = compile_items(words.items)
    rates = {wallet: points / per_minor for wallet, points in words.give.items()}
    return tuple(
        Base(wallet, "amount", rate.numerator, rate.denominator, matches)
        for wallet, rate in rates.items()
    )
