"""What the word `basket` means: the conditions that a basket must meet."""

from dataclasses import dataclass

from processors.words.basket import Basket
from processors.words.exact import minor_units
from processors.words.items import Matches, compile_items


@dataclass(frozen=True)
class Floor:
    """A basket's conditions, compiled; amounts in minor units, units in thousandths.

    `counts_some`: only some articles count, so that a basket without them cannot meet it.
    """

    at_least_minor: int
    units_milli: int
    matches: Matches | None
    tenders: frozenset[str]
    coupon: str
    counts_some: bool


def compile_basket(basket: Basket | None, exponent: int) -> Floor | None:
    """The conditions; None if there are none."""
    if basket is None:
        return None
    at_least = 0 if basket.at_least is None else minor_units(basket.at_least, exponent)
    units_milli = 0 if basket.units is None else basket.units * 1000
    return Floor(
        at_least,
        units_milli,
        None if basket.items is None else compile_items(basket.items),
        frozenset(basket.tenders or ()),
        basket.coupon or "",
        basket.items is not None and bool(at_least or units_milli),
    )
