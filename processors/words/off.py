"""What a voucher takes off: an amount, or a share of certain articles, perhaps of one unit only.

Worked number: `{percent: 100, units: 1, pick: dearest, up_to: 4.80}` on drinks of 3.60 and 3.40
makes the first free: 3.60 off, 3.40 to pay.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from processors.words.cutting import (
    Article,
    Cutting,
    dearest_first,
    pieces,
    share_of,
    spread,
)
from processors.words.exact import Amount, Percent, Some, minor_units


class Off(BaseModel):
    """One of `amount` and `percent`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Amount | None = None
    """So much, in units of the currency."""
    percent: Percent | None = None
    """So many hundredths."""
    units: Some | None = None
    """Of `percent`: of so many pieces only."""
    pick: Literal["dearest", "cheapest"] = "cheapest"
    """Which pieces, where `units` limits them."""
    up_to: Amount | None = None
    """Of `percent`: the most it takes off."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Off":
        if (self.amount is None) == (self.percent is None):
            raise ValueError("say one of `amount` and `percent`")
        if self.amount is not None and (self.units is not None or self.up_to is not None):
            raise ValueError("`units` and `up_to` go with `percent`")
        return self


def compile_off(off: Off, exponent: int) -> Cutting:
    """The cut that a voucher makes on the articles it is for."""
    if off.amount is not None:
        amount = minor_units(off.amount, exponent)
        return lambda articles: spread(articles, amount)
    share = off.percent or Fraction(0)
    most = None if off.up_to is None else minor_units(off.up_to, exponent)
    if off.units is None:
        return lambda articles: share_of(articles, share, most)
    units, dearest = off.units, off.pick == "dearest"

    def of_some(articles: Sequence[Article]) -> list[int]:
        ordered = dearest_first(pieces(articles))
        off_each = [0] * len(articles)
        for piece in ordered[:units] if dearest else ordered[::-1][:units]:
            cut = int(piece.price_minor * share + Fraction(1, 2))
            off_each[piece.at] += cut if most is None else min(cut, most)
        return off_each

    return of_some
