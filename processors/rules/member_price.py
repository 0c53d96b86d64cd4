"""A price for members on certain articles: the lower of it and what is to pay.

Worked number: shelf price 9.99, member price 7.99: 2.00 off each; where another promotion already
made it 7.49, nothing more.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from processors.words.cutting import Article, Cut
from processors.words.exact import AmountOrNone, minor_units

EXAMPLE = {"prices": {"BRUSH-01": "14.90"}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prices: Annotated[dict[str, AmountOrNone], Field(min_length=1)]
    """Sku → price of one unit, in units of the currency."""


def build(words: Parameters, exponent: int) -> tuple[Cut, ...]:
    """One cut, each line by itself; who shows no card does not get it."""
    prices = {sku: minor_units(price, exponent) for sku, price in words.prices.items()}

    def cutting(articles: Sequence[Article]) -> list[int]:
        return [max(one.price_minor - _own_price(prices[one.line.sku], one), 0) for one in articles]

    return (Cut(cutting, lambda line: line.sku in prices, False, for_members=True),)


def _own_price(each: int, article: Article) -> int:
    """What an article costs at so much a unit; goods by weight are rounded half up."""
    quantity = article.line.quantity_milli
    if quantity % 1000:
        return (each * quantity + 500) // 1000
    return each * article.units
