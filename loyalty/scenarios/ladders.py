"""Where a member stands on a ladder of the programme: the level, the next, and what is missing."""

from decimal import Decimal
from importlib import import_module
from typing import Any

from msgspec import Struct

from loyalty.scenarios.converting import Wrong
from loyalty.scenarios.effects import date_text
from loyalty.scenarios.expected import NONE
from loyalty.scenarios.holding import Holding
from loyalty.scenarios.world import World
from processors.words.nearest import nearest
from schemas.currencies import exponent_of
from schemas.ledger import NEVER


class Standing(Struct, frozen=True):
    """A member on one ladder.

    Attributes:
        level: its id; the lowest one before any was reached.
        last_day: the last day it is kept without being earned again, or `never`.
        next: the level above, or `none`.
    """

    level: str
    last_day: str
    next: str


def standing(world: World, holding: Holding, ladder: str) -> Standing:
    """The level and the one above it.

    Raises:
        Wrong: the programme in force has no such ladder.
    """
    levels = [str(level["id"]) for level in _ladder(world, ladder)["levels"]]
    reached = holding.levels.get(ladder)
    level = levels[0] if reached is None else reached.to_level
    at = levels.index(level) if level in levels else len(levels)
    above = levels[at + 1] if at + 1 < len(levels) else NONE
    return Standing(level, date_text(NEVER if reached is None else reached.last_day), above)


def missing(world: World, holding: Holding, ladder: str) -> Decimal:
    """What is missing to the next level: money, points or visits, as the ladder measures.

    What a ladder has counted is the engine's to say, `processors.core.tiers.measured`.
    """
    words = _ladder(world, ladder)
    above = standing(world, holding, ladder).next
    start = next((level["from"] for level in words["levels"] if level["id"] == above), None)
    if start is None:
        return Decimal(0)
    today = world.begins if world.latest is None else world.latest.business_date
    counted = import_module("processors.core.tiers").measured(
        holding.account, world.programme(today), ladder, today
    )
    decimals = exponent_of(world.currency) if words.get("measure") == "spend" else 0
    return Decimal(start) - Decimal(counted).scaleb(-decimals)


def _ladder(world: World, ladder: str) -> Any:
    """Any: the words of the document as they stand."""
    ladders = world.sections.get("tiers", {})
    if ladder not in ladders:
        raise Wrong(f"the programme has no ladder `{ladder}`{nearest(ladder, ladders)}")
    return ladders[ladder]
