"""More, or fewer, points on certain lines: 2 doubles, 0.5 halves.

Worked number: at 1 point per 1.00, a line of 1.50 at double points is 1.50 + 1.50 = 3: the base
keeps 2, the multiplier adds 1.  What a multiplier above 1 adds is its own effect; what one below 1
takes away is said in the trail of the base.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from processors.words.exact import NotNegative
from processors.words.items import Items, compile_items
from processors.words.stages import Factor

EXAMPLE = {"multiply": {"points": "2.5"}, "items": {"brands": ["Private"]}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    multiply: Annotated[dict[str, NotNegative], Field(min_length=1)]
    """Wallet → factor."""
    items: Items | None = None
    """Which lines; all if not said."""


def build(words: Parameters, _exponent: int) -> tuple[Factor, ...]:
    """One factor per wallet multiplied."""
    matches = compile_items(words.items)
    return tuple(
        Factor(wallet, factor.numerator, factor.denominator, matches)
        for wallet, factor in words.multiply.items()
    )
