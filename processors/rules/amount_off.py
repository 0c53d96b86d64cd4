"""A fixed amount off: each unit, each line, or the basket.

Worked number: 0.25 off each drink in one's own cup, three of them, is 0.75; an article that costs
less than the amount becomes free, never negative.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from processors.words.cutting import Article, Cut, spread
from processors.words.exact import Amount, minor_units
from processors.words.items import Items, compile_items

EXAMPLE = {"amount": "0.25", "each": "unit", "items": {"labels": ["own-cup"]}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Amount
    """How much, in units of the currency."""
    each: Literal["unit", "line", "sale"] = "sale"
    """Off what."""
    items: Items | None = None
    """Which lines; all if not said."""


def build(words: Parameters, exponent: int) -> tuple[Cut, ...]:
    """One cut."""
    amount = minor_units(words.amount, exponent)

    def of_units(articles: Sequence[Article]) -> list[int]:
        return [max(min(amount * one.units, one.price_minor), 0) for one in articles]

    def of_lines(articles: Sequence[Article]) -> list[int]:
        return [max(min(amount, one.price_minor), 0) for one in articles]

    def of_sale(articles: Sequence[Article]) -> list[int]:
        return spread(articles, amount)

    cutting = {"unit": of_units, "line": of_lines, "sale": of_sale}[words.each]
    return (Cut(cutting, compile_items(words.items), words.each == "sale"),)
