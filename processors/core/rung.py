"""Where an account is on a ladder, as people ask for it: the level, the next, what is missing."""

from msgspec import Struct

from processors.core.account import Account
from processors.core.ladder import Ladder
from schemas.ledger import NEVER


class Rung(Struct, frozen=True):
    """An account on one ladder.

    Attributes:
        level: its id; the lowest where none was reached that the ladder has.
        last_day: the last day it is kept without being earned again.
        counted: how much of the measure counts now; money in minor units.
        above: id of the next level; empty on the highest.
        missing: how much of the measure is missing to it; 0 on the highest.
    """

    level: str
    last_day: int
    counted: int
    above: str
    missing: int


def rung_of(account: Account, ladder: Ladder) -> Rung:
    """Where an account stands now."""
    held = account.tiers.get(ladder.name)
    level, last_day = ladder.levels[0], NEVER
    if held is not None and held.level in ladder.levels:
        level, last_day = held.level, held.last_day
    wallet = account.wallets.get(ladder.wallet)
    counted = 0 if wallet is None else wallet.left
    above = ladder.place(level) + 1
    if above == len(ladder.levels):
        return Rung(level, last_day, counted, "", 0)
    missing = max(ladder.starts[above] - counted, 0)
    return Rung(level, last_day, counted, ladder.levels[above], missing)
