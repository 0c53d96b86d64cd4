"""What a promotion kind compiles to: one record for each stage of a decision that it acts in.

Before payment cuts take money off.  When a sale is recorded, bases count points on lines, factors
change what the bases came to, bonuses give a fixed thing, streaks count periods, and exchanges turn
what is then spendable into something else.  The engine knows stages, not kinds; a new kind that
acts in these stages needs no change of it.
"""

from dataclasses import dataclass
from typing import Literal

from processors.words.cutting import Cut
from processors.words.give import Given
from processors.words.items import Matches


@dataclass(frozen=True)
class Base:
    """Points counted on lines: sum of the measure over matching lines x numerator / denominator.

    Attributes:
        wallet: what it gives.
        measure: `amount`, the earning money of a line in minor units; `units`, its quantity in
            thousandths; `paid_units`, the part of it that no voucher made free.
        numerator, denominator: points per unit of measure.
        matches: which lines.
        whole: the measure is counted in whole steps of so much; 0 for pro rata.
    """

    wallet: str
    measure: Literal["amount", "units", "paid_units"]
    numerator: int
    denominator: int
    matches: Matches
    whole: int = 0


@dataclass(frozen=True)
class Factor:
    """What bases of a wallet come to on matching lines, times numerator / denominator."""

    wallet: str
    numerator: int
    denominator: int
    matches: Matches


@dataclass(frozen=True)
class Bonus:
    """Fixed things, once each time the promotion acts."""

    gives: tuple[Given, ...]


@dataclass(frozen=True)
class Streak:
    """Fixed things after so many calendar periods in a row with a sale in each."""

    every: Literal["day", "week", "month"]
    length: int
    gives: tuple[Given, ...]


@dataclass(frozen=True)
class Exchange:
    """`take` spendable points of a wallet become something else, as often as they suffice.

    What is `undoable` is one voucher, which a return takes back unused rather than find too little.
    """

    wallet: str
    take: int
    gives: tuple[Given, ...]
    undoable: bool = False


Stage = Base | Factor | Bonus | Streak | Cut | Exchange
