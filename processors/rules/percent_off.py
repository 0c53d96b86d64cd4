"""A share off the price of certain articles.

Worked number: 20 % off two iced coffees of 8.00 together is 1.60, so 6.40 to pay; 10 % of 110.00
is 11.00.  The share of all articles together is rounded half up once and allotted exactly.
"""

from pydantic import BaseModel, ConfigDict

from processors.words.cutting import Cut, share_of
from processors.words.exact import Amount, Percent, minor_units
from processors.words.items import Items, compile_items

EXAMPLE = {"percent": "20", "items": {"categories": ["DRINKS/COLD"]}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    percent: Percent
    """How many hundredths, 0 to 100."""
    items: Items | None = None
    """Which lines; all if not said."""
    up_to: Amount | None = None
    """The most it takes off, in units of the currency."""


def build(words: Parameters, exponent: int) -> tuple[Cut, ...]:
    """One cut, each line by itself."""
    most = None if words.up_to is None else minor_units(words.up_to, exponent)
    share = words.percent
    return (
        Cut(lambda articles: share_of(articles, share, most), compile_items(words.items), False),
    )
