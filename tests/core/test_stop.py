"""A promotion that was stopped gives nothing from there on, whatever it reacts to."""

import pytest

from processors.core.judging import is_stopped
from processors.core.programme import compiled
from schemas import events
from schemas.ledger import PointsEarned, PointsSpent, PromotionStopped, Record, VoucherIssued
from tests.core.scene import PLAIN, Scene, line

RICH = PLAIN.replace(
    "promotions:\n",
    """
tiers:
  circle:
    {measure: spend, window: calendar_year,
     levels: [{id: low, from: 0}, {id: high, from: 100.00}]}
vouchers:
  cake: {off: {amount: 1.00}, valid: {days: 30}}
promotions:
  - {id: double, kind: multiplier, multiply: {points: 2}, items: {brands: [Private]}}
  - {id: big, kind: bonus, give: {points: 50}, basket: {at_least: 50.00}}
  - {id: habit, kind: streak, every: day, length: 1, give: {points: 7}}
  - {id: joined, kind: bonus, trigger: enrolment, give: {voucher: cake}}
  - {id: born, kind: bonus, trigger: birthday, give: {voucher: cake}}
  - {id: a-year, kind: bonus, trigger: anniversary, give: {points: 5}}
  - {id: climbed, kind: bonus, trigger: tier_reached, tier: high, give: {points: 9}}
  - {id: said, kind: bonus, trigger: activity, activity: review, give: {points: 3}}
  - {id: turned, kind: convert, take: {points: 40}, give: {voucher: cake}}
  - {id: off, kind: percent_off, percent: 10}
""",
)
ALL = ("base", "double", "big", "habit", "joined", "born", "a-year", "climbed", "said", "turned")


def stop(scene: Scene, promotion: str, on: str = "2026-01-01") -> Record:
    """The promotion is stopped."""
    header = scene.header(f"stop|plain|{promotion}|1", "", on)
    return scene.when(events.PromotionStopped(header, promotion, "a wrong price"))


def live(scene: Scene) -> set[str]:
    """A life in which every promotion has its occasion; those that gave something."""
    born = events.MemberEnrolled(
        header=scene.header("member|A", "A", "2025-03-15"), birthday_month=3, birthday_day=16
    )
    scene.when(born)
    scene.when(scene.sale("1", [line(1, 20_000, brand="Private")], on="2026-03-14"))
    review = scene.header("activity|1", "A", "2026-03-14")
    scene.when(events.ActivityRecorded(review, "review", ""))
    for date in ("2026-03-14", "2026-03-15"):
        scene.close(date)
    return {
        effect.promotion_id
        for record in scene.records
        for effect in record.effects
        if isinstance(effect, PointsEarned | PointsSpent | VoucherIssued) and effect.promotion_id
    }


def test_every_promotion_has_its_occasion_in_this_life() -> None:
    """Without a stop all of them give."""
    assert live(Scene(RICH)) == set(ALL)


@pytest.mark.parametrize("stopped", ALL)
def test_what_is_stopped_gives_nothing_and_the_others_go_on(stopped: str) -> None:
    """Sales, enrolment, birthday, anniversary, levels, activities, streaks and exchanges alike."""
    scene = Scene(RICH)
    record = stop(scene, stopped)
    gave = live(scene)

    assert record.effects == (PromotionStopped(stopped, "a wrong price"),)
    assert stopped not in gave
    # A multiplier has nothing to multiply without the base, and too little is left to exchange.
    assert set(ALL) - {stopped} - gave <= {"base": {"double"}}.get(stopped, set())


def test_a_cut_that_is_stopped_is_known_as_such() -> None:
    """What takes money off asks the same question as what gives."""
    cut = compiled(Scene(RICH).state.programmes[0].programme.checked.document).cuts[0]

    assert is_stopped(cut, ("big", "off"))
    assert not is_stopped(cut, ())


def test_a_stop_holds_for_the_next_version_too() -> None:
    """An id that was stopped gives nothing under later versions: what returns has a new name."""
    scene = Scene(RICH)
    stop(scene, "base")
    scene.activate(RICH.replace("version: 1", "version: 2"), "2026-02-01")

    assert "base" not in live(scene)


def test_a_stop_survives_a_restart() -> None:
    """The state rebuilt from the ledger knows what is stopped."""
    scene = Scene(RICH)
    stop(scene, "big")
    live(scene)

    assert scene.refolded().stopped == ("big",)
    assert scene.refolded().digest() == scene.state.digest()
