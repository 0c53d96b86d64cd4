"""A club that is joined by label is for those who have it: its wallets, and its ladders too."""

import pytest

from schemas import events
from tests.core.scene import Scene, line, scene_of
from tests.core.till_scene import labelled

WINE = """
programme: cellar
version: 1
zone: Europe/Paris
currency: EUR
wallets: {points: {}, wine: {}}
tiers:
  wl: {measure: visits, window: anniversary, crossing_sale: CROSSING,
    levels: [{id: w1, from: 0}, {id: w2, from: 2}]}
clubs: {wine-club: {wallets: [wine], tiers: [wl], joining: by_label}}
promotions:
  - {id: base, kind: per_amount, give: {points: {by_tier: {w1: 1, w2: 2}}}, per: 1.00}
"""
CROSSINGS = pytest.mark.parametrize("crossing", ["old_rate", "new_rate"])


def after_two_sales(scene: Scene) -> tuple[int, str]:
    """The points of two sales of 10.00, and the level on the club's ladder; empty for none."""
    for number in "12":
        scene.when(scene.sale(number, [line(1, 1000)]))
    standing = scene.account().tiers.get("wl")
    return scene.available(), "" if standing is None else standing.level


@CROSSINGS
def test_who_is_not_in_a_club_does_not_climb_its_ladder(crossing: str) -> None:
    """Two visits without the club's label count nothing, and earn what the lowest level earns."""
    assert after_two_sales(scene_of(WINE.replace("CROSSING", crossing))) == (20, "")


@CROSSINGS
def test_who_is_in_a_club_climbs_its_ladder(crossing: str) -> None:
    """With the label the second visit reaches the second level, at its rate if it says so."""
    scene = scene_of(WINE.replace("CROSSING", crossing))
    labelled(scene, "wine-club")

    assert after_two_sales(scene) == (30 if crossing == "new_rate" else 20, "w2")


GIVING = """
programme: cellar
version: 1
zone: Europe/Paris
currency: EUR
wallets: {points: {}, wine: {}}
clubs: {wine-club: {wallets: [wine], joining: by_label}}
rewards: {swap: {costs: {points: 2}, give: {wine: 1}}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: wines, kind: per_item, give: {wine: 1}, items: {brands: [National]}}
  - {id: visit, kind: bonus, give: {wine: 10}}
  - {id: weekly, kind: streak, every: week, length: 1, give: {wine: 100}}
  - {id: review, kind: bonus, trigger: activity, activity: review, give: {wine: 1000}}
  - {id: to-wine, kind: convert, take: {points: 8}, give: {wine: 10000}}
"""


@pytest.mark.parametrize(("label", "wine"), [("", 0), ("wine-club", 11112)])
def test_nothing_gives_a_club_s_points_to_who_is_not_in_it(label: str, wine: int) -> None:
    """Neither a purchase nor a bonus, a streak, an activity, an exchange or a reward does."""
    scene = scene_of(GIVING)
    if label:
        labelled(scene, label)

    scene.when(scene.sale("1", [line(1, 1000)]))
    scene.when(events.ActivityRecorded(scene.header("activity|1", "A", "2026-03-15"), "review"))
    scene.when(events.RewardClaimed(scene.header("claim|1", "A", "2026-03-15"), "swap", 1))

    assert scene.available("wine") == wine
    assert scene.available() == (0 if label else 10)


def test_a_level_of_a_club_can_be_given_by_hand() -> None:
    """Staff may put anybody on a level, and it stays when sales follow that do not count."""
    scene = scene_of(WINE.replace("CROSSING", "old_rate"))
    header = scene.header("tier|1", "A", "2026-02-01")
    scene.when(events.TierAssigned(header, "wl", "w2", approved_by="boss"))

    assert after_two_sales(scene) == (40, "w2")
