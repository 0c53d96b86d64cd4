"""A level that a person gives: no rule moves the member below it before its day.

Worked number: silver by hand until the end of 2027.  250.00 reach gold, which is kept for a month;
then it is silver again, and bronze from New Year's Day 2028 on.
"""

import pytest

from schemas import events
from tests.core.scene import Scene, day, line, scene_of

LADDER = """
programme: club
version: 1
zone: Europe/Paris
currency: EUR
wallets: {points: {}}
tiers:
  club: {measure: spend, window: {months: 1}, kept_until: {months: 1},
    levels: [{id: bronze, from: 0}, {id: silver, from: 100.00}, {id: gold, from: 200.00}]}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
"""


def put(scene: Scene, level: str, until: str, on: str = "2026-02-01") -> None:
    """A person puts the member on a level."""
    header = scene.header(f"tier|{level}", "A", on)
    scene.when(events.TierAssigned(header, "club", level, day(until), approved_by="boss"))


def stands(scene: Scene) -> tuple[str, bool]:
    """The level, and whether it is kept by hand."""
    standing = scene.account().tiers["club"]
    return standing.level, standing.locked


@pytest.mark.parametrize("lost_by", ["return", "review"])
def test_who_climbed_falls_no_lower_than_the_level_given_by_hand(lost_by: str) -> None:
    """Gold is lost by a return or at its review, and what a person gave is there as it was."""
    scene = scene_of(LADDER)
    put(scene, "silver", "2027-12-31")
    sale = scene.sale("1", [line(1, 250_00)], on="2026-03-01")
    scene.when(sale)
    assert stands(scene) == ("gold", False)

    if lost_by == "return":
        scene.when(scene.back("1", sale, {1: 0}))
    scene.close("2026-03-31")
    scene.close_through("2026-04-01")
    assert stands(scene) == ("silver", True)

    scene.close_through("2027-12-30")
    assert stands(scene) == ("silver", True)
    scene.close_through("2027-12-31")
    assert stands(scene) == ("bronze", False)
    assert scene.refolded().digest() == scene.state.digest()


def test_what_a_person_said_last_holds() -> None:
    """Gold was given till the end of 2027 and taken back: bronze is where the member falls to."""
    scene = scene_of(LADDER)
    put(scene, "gold", "2027-12-31")
    put(scene, "bronze", "2027-12-31", on="2026-02-02")
    sale = scene.sale("1", [line(1, 250_00)], on="2026-03-01")
    scene.when(sale)

    scene.when(scene.back("1", sale, {1: 0}))

    assert stands(scene) == ("bronze", False)
