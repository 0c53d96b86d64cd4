"""Points for each unit of certain articles.

Worked number: 10 stars for each unit of the delicatessen counter; 2 units of one article and 1 of
another are 30 stars, 20 on the one line and 10 on the other.  Goods sold by weight count by it:
0.750 of a unit is 7.5, and the sum over the lines is rounded down once.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from processors.words.exact import Positive
from processors.words.items import Items, compile_items
from processors.words.stages import Base

EXAMPLE = {"give": {"stars": "10"}, "items": {"departments": ["DELI"]}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    give: Annotated[dict[str, Positive], Field(min_length=1)]
    """Wallet → points for each unit."""
    items: Items
    """Which lines."""


def build(words: Parameters, _exponent: int) -> tuple[Base, ...]:
    """One base per wallet given; a unit is a thousand thousandths."""
    matches = compile_items(words.items)
    rates = {wallet: points / 1000 for wallet, points in words.give.items()}
    measure: Literal["units", "paid_units"] = "paid_units" if words.items.paid else "units"
    return tuple(
        Base(wallet, measure, rate.numerator, rate.denominator, matches)
        for wallet, rate in rates.items()
    )
