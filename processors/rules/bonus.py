"""A fixed thing for an occasion: 50 points for a basket of 100.00, a voucher on the birthday.

Worked number: a basket of 210.00 at `basket: {at_least: 100.00}` gives 50 points once, beside the
210 that its lines earn, and not twice because 100.00 fits in twice.
"""

from pydantic import BaseModel, ConfigDict

from processors.words.give import Give, compile_give
from processors.words.stages import Bonus

EXAMPLE = {"give": {"points": "50"}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    give: Give
    """What is given: points of a wallet, a voucher, a perk, a gift, a gift card, a donation."""


def build(words: Parameters, exponent: int) -> tuple[Bonus, ...]:
    """One bonus."""
    return (Bonus(compile_give(words.give, exponent)),)
