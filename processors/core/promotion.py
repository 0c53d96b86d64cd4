"""One promotion of a checked document."""

from msgspec import Struct
from pydantic import BaseModel

from processors.core.kinds import Kind
from processors.core.sections import Head
from processors.words.stages import Stage
from schemas.currencies import exponent_of


def currency_of(head: Head, own: str) -> str:
    """The currency of a promotion's amounts: the one that it names, or else the programme's own.

    Of several the first: their minor units are of one size.
    """
    named = None if head.where is None else head.where.currencies
    return named[0] if named else own


def stages_of(promotion: "Promotion", own: str) -> tuple[Stage, ...]:
    """What a promotion does in a programme of this currency, in minor units of its own.

    Raises:
        ValueError: an amount is of a coin that there is not.
    """
    exponent = exponent_of(currency_of(promotion.head, own))
    return promotion.kind.build(promotion.words, exponent)


class Promotion(Struct, frozen=True):
    """One promotion, checked: its common words, its kind and its kind's own words."""

    head: Head
    kind: Kind
    words: BaseModel
