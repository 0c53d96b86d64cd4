"""What a basket must be: the word `basket`, and counting purchases by it (`nth_sale`)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from processors.words.exact import AmountOrNone, Some
from processors.words.items import Items

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class Basket(BaseModel):
    """Conditions on a basket as a whole; all must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: AmountOrNone | None = None
    """The money that counts (`earns_on`) on its lines, in units of the currency."""
    items: Items | None = None
    """Only these lines count towards `at_least` and `units`."""
    units: Some | None = None
    """So many articles at least."""
    tenders: Texts | None = None
    """Paid with any of these, at least in part."""
    coupon: str | None = None
    """This coupon was presented."""


class NthSale(BaseModel):
    """Which of a member's purchases: the first, the fifth, every tenth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Some | None = Field(None, alias="is")
    """This one only."""
    every: Some | None = None
    """Every so-manieth."""
    within: Literal["account", "channel"] = Field("account", alias="in")
    """Counted over all sales, or over those of the sale's channel."""
    basket: Basket | None = None
    """Only such baskets count."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "NthSale":
        if (self.number is None) == (self.every is None):
            raise ValueError("say one of `is` and `every`")
        return self
