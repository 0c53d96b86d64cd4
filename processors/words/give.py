"""What a promotion or reward gives: points of any wallet, a voucher, a perk, a gift, money."""

from typing import Literal

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field

from processors.words.exact import Amount, Some, minor_units

NOT_WALLETS = frozenset({"voucher", "perk", "gift", "gift_card", "donation"})
"""Words of `give`; no wallet may be called so."""


class Donation(BaseModel):
    """Money for a charity."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str
    """The charity."""
    amount: Amount
    """How much it gets."""


class Give(BaseModel):
    """What is given.  Any other word is a wallet with its points."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Some] = Field(init=False)

    voucher: str | None = None
    """A voucher of this programme."""
    perk: str | None = None
    """A perk of this programme."""
    gift: str | None = None
    """An article, by its sku."""
    gift_card: Amount | None = None
    """A gift card of this amount."""
    donation: Donation | None = None
    """Money for a charity."""


class Given(Struct, frozen=True, gc=False):
    """One thing that is given.

    Attributes:
        kind: points, voucher, perk, gift, gift_card or donation.
        name: the wallet, voucher, perk, sku or beneficiary; empty for a gift card.
        points: of a wallet; else 0.
        amount_minor: money's worth; else 0.
    """

    kind: Literal["points", "voucher", "perk", "gift", "gift_card", "donation"]
    name: str
    points: int = 0
    amount_minor: int = 0


def compile_give(give: Give, exponent: int) -> tuple[Given, ...]:
    """The things given, points first, in the order of the words."""
    things: list[Given] = []
    for wallet, points in (give.__pydantic_extra__ or {}).items():
        things.append(Given("points", wallet, points))
    if give.voucher is not None:
        things.append(Given("voucher", give.voucher))
    if give.perk is not None:
        things.append(Given("perk", give.perk))
    if give.gift is not None:
        things.append(Given("gift", give.gift))
    if give.gift_card is not None:
        things.append(Given("gift_card", "", 0, minor_units(give.gift_card, exponent)))
    if give.donation is not None:
        amount = minor_units(give.donation.amount, exponent)
        things.append(Given("donation", give.donation.to, 0, amount))
    return tuple(things)
