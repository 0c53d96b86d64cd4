"""Points become something else by themselves, mostly a voucher, as often as enough are spendable.

Worked number: 300 points become a voucher of 10.00; on reaching 730 two are issued and 130 stay.
Pending points do not count until they mature.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from processors.words.exact import Some
from processors.words.give import Give, compile_give
from processors.words.stages import Exchange

EXAMPLE = {"take": {"points": "300"}, "give": {"voucher": "ten-off"}}
"""Words of this kind as a programme says them."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    take: Annotated[dict[str, Some], Field(min_length=1, max_length=1)]
    """Wallet → points for one of them."""
    give: Give
    """What they become: a voucher, a gift, points of another wallet."""


def build(words: Parameters, exponent: int) -> tuple[Exchange, ...]:
    """One exchange."""
    gives = compile_give(words.give, exponent)
    return tuple(Exchange(wallet, take, gives) for wallet, take in words.take.items())
