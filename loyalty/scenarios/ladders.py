"""Where a member stands on a ladder of the programme: the level, the next, and what is missing."""

from msgspec import Struct

from loyalty.scenarios.converting import Wrong
from loyalty.scenarios.effects import date_text, money_text
from loyalty.scenarios.expected import NONE
from loyalty.scenarios.world import World
from processors.core.account import Account
from processors.core.rung import rung_of
from processors.words.nearest import nearest


class Standing(Struct, frozen=True):
    """A member on one ladder, in the words of the file.

    Attributes:
        level: its id; the lowest one before any was reached.
        last_day: the last day it is kept without being earned again, or `never`.
        next: the level above, or `none`.
        missing: what is missing to it: money, points or visits, as the ladder measures.
    """

    level: str
    last_day: str
    next: str
    missing: str


def standing(world: World, account: Account, name: str) -> Standing:
    """Where an account stands now.

    Raises:
        Wrong: the programme in force has no such ladder.
    """
    programme = world.programme(world.today)
    ladder = programme.ladders.get(name)
    if ladder is None:
        hint = nearest(name, programme.ladders)
        raise Wrong(f"the programme has no ladder `{name}`{hint}")
    rung = rung_of(account, ladder)
    short = rung.missing
    missing = money_text(short, programme.currency) if ladder.measure == "spend" else str(short)
    return Standing(
        rung.level, date_text(rung.last_day), rung.above or NONE, missing if rung.above else "0"
    )
