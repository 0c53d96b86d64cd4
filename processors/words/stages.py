"""What a promotion kind compiles to: one record for each stage of a decision that it acts in.

Stages run in this order: bases count points on lines, factors change what the bases came to,
exchanges turn what is then spendable into vouchers.  The engine knows stages, not kinds; a new
kind that acts in these stages needs no change of it.
"""

from typing import Literal

from msgspec import Struct

from processors.words.items import Matches


class Base(Struct, frozen=True, gc=False):
    """Points counted on lines: sum of the measure over matching lines x numerator / denominator.

    Attributes:
        wallet: what it gives.
        measure: `amount`, the earning money of a line in minor units; or `units`, its quantity
            in thousandths.
        numerator, denominator: points per unit of measure.
        matches: which lines.
    """

    wallet: str
    measure: Literal["amount", "units"]
    numerator: int
    denominator: int
    matches: Matches


class Factor(Struct, frozen=True, gc=False):
    """What bases of a wallet come to on matching lines, times numerator / denominator."""

    wallet: str
    numerator: int
    denominator: int
    matches: Matches


class Exchange(Struct, frozen=True, gc=False):
    """`take` spendable points of a wallet become one voucher, as often as they suffice."""

    wallet: str
    take: int
    voucher: str


Stage = Base | Factor | Exchange
