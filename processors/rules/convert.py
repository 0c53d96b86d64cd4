"""Points become a voucher by themselves, as soon as enough are spendable, as often as it goes.

Worked number: 300 points become a voucher of 10.00; on reaching 730 two are issued and 130 stay.
Pending points do not count until they mature.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from processors.words.exact import Some
from processors.words.stages import Exchange


class Gift(BaseModel):
    """What is given for the points."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    voucher: str
    """A voucher defined in this programme."""


class Parameters(BaseModel):
    """The words of this kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    take: Annotated[dict[str, Some], Field(min_length=1, max_length=1)]
    """Wallet → points for one voucher."""
    give: Gift
    """The voucher."""


def build(words: Parameters, _minor_per_unit: int) -> tuple[Exchange, ...]:
    """One exchange."""
    return tuple(Exchange(wallet, take, words.give.voucher) for wallet, take in words.take.items())
