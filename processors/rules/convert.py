"""Points become something else by themselves, mostly a voucher, as often as enough are spendable.

Worked number: 300 points become a voucher of 10.00; on reaching 730 two are issued and 130 stay.
Pending points do not count until they mature.

Of a card of ten stamps that is `undone_by_return`: ten drinks become a voucher, and one of them
comes back.  The unused voucher is cancelled and 9 stamps are left; had it been used, 1 is owed.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

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
    undone_by_return: bool = False
    """Of one voucher: where a return finds fewer points than it takes back, an unused one ends
    first, and the points it was made of are there again.  Else it stands, and the points lack."""

    @model_validator(mode="after")
    def _one_voucher(self) -> "Parameters":
        if self.undone_by_return and set(self.give.model_fields_set) != {"voucher"}:
            raise ValueError("only an exchange for one voucher is `undone_by_return`")
        return self


def build(words: Parameters, exponent: int) -> tuple[Exchange, ...]:
    """One exchange."""
    gives = compile_give(words.give, exponent)
    undoable = words.undone_by_return
    return tuple(Exchange(wallet, take, gives, undoable) for wallet, take in words.take.items())
