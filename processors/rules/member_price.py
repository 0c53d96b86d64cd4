"""A price of one's own for certain articles: the lower of it and what is to pay.

Worked number: shelf price 9.99, member price 7.99: 2.00 off each; where another promotion already
made it 7.49, nothing more.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from processors.words.cutting import Article, Cut
from processors.words.exact import NotNegative, minor_units

EXAMPLE = {"prices": {"BRUSH-01": "14.90"}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prices: Annotated[dict[str, NotNegative], Field(min_length=1)]
    """Sku → price of one unit, in units of the currency."""


def build(words: Parameters, exponent: int) -> tuple[Cut, ...]:
    """One cut, each line by itself."""
    prices = {sku: minor_units(price, exponent) for sku, price in words.prices.items()}

    def cutting(articles: Sequence[Article]) -> list[int]:
        return [max(one.price_minor - prices[one.line.sku] * one.units, 0) for one in articles]

    return (Cut(cutting, lambda line: line.sku in prices, False),)
