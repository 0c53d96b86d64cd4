"""Where several words of a programme meet, each keeps what it says."""

import pytest

from schemas import ledger
from schemas.ledger import Effect, Record
from tests.core.scene import PLAIN, Scene, day, line

YEARLY = PLAIN.replace(
    "promotions:",
    """\
tiers:
  club: {measure: spend, window: WINDOW, kept_until: end_of_year, review: one_down,
    levels: [{id: bronze, from: 0}, {id: silver, from: 50.00}, {id: gold, from: 100.00}]}
promotions:""",
)
"""Levels that are kept to the end of the year in which they were reached."""


def scene_of(programme: str) -> Scene:
    """A member under a programme."""
    scene = Scene(programme)
    scene.enrolled()
    return scene


def of(record: Record, kind: type[Effect]) -> list[Effect]:
    """The effects of one kind."""
    return [effect for effect in record.effects if isinstance(effect, kind)]


@pytest.mark.parametrize(
    ("window", "level", "until"),
    [
        ("calendar_year", "silver", "2027-12-31"),
        ("{months: 12}", "gold", "2027-12-31"),
        ("lifetime", "gold", "2027-12-31"),
    ],
)
def test_a_level_kept_to_the_end_of_the_year_is_reviewed_once(
    window: str, level: str, until: str
) -> None:
    """Gold of March ends with the year: of the new one there is nothing yet, so it is one less.

    The twelve months before New Year's Day, and all of a life, still hold the purchase.
    """
    scene = scene_of(YEARLY.replace("WINDOW", window))
    scene.when(scene.sale("1", [line(1, 15000)]))
    scene.close("2026-12-30")

    (closed, *_) = (one.record for one in scene.close("2026-12-31"))
    standing = scene.account().tiers["club"]

    assert len(of(closed, ledger.TierChanged)) == 1
    assert (standing.level, standing.last_day) == (level, day(until))
    assert scene.refolded().digest() == scene.state.digest()
