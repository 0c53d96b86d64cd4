"""A new version of a programme asks less for a level: the first close under it says who has it."""

from itertools import islice

from processors.core.decide import decide
from processors.core.message import Given
from processors.core.overlay import Overlay
from processors.words.calendar import day_of
from schemas.codec import encode_event
from schemas.ledger import PointsEarned, Record, TierChanged
from tests.core.scene import PLAIN, Scene, line, of

LADDER = """
  - {id: welcome, kind: bonus, trigger: tier_reached, tier: high, give: {points: 7}}
tiers:
  club: {measure: spend, window: {months: 12}, kept_until: {months: 12},
    levels: [{id: low, from: 0}, {id: high, from: 100.00}]}
"""
STRICT = PLAIN + LADDER
EASY = STRICT.replace("version: 1", "version: 2").replace("100.00", "50.00")
RETITLED = EASY.replace("version: 2", "version: 3")


def scene_of(*accounts: str) -> Scene:
    """Members who have bought for 60.00, of the 100.00 that a level needs; the day has closed."""
    scene = Scene(STRICT)
    for account in accounts:
        scene.enrolled(account)
        scene.when(scene.sale(account, [line(1, 60_00)], account=account))
    scene.close("2026-03-14")
    return scene


def climbed(records: list[Record]) -> list[str]:
    """Whose level a close has changed."""
    return [one.account_id for one in records if of(one, TierChanged)]


def closed(scene: Scene, on: str) -> list[Record]:
    """The records of a day's close."""
    return [one.record for one in scene.close(on)]


def test_whoever_has_enough_for_a_lowered_level_has_it_when_the_day_closes() -> None:
    """60.00 are enough since today: high from tomorrow on, for a year, with what it brings."""
    scene = scene_of("A", "B")
    scene.activate(EASY, "2026-03-15")

    records = closed(scene, "2026-03-15")

    assert climbed(records) == ["A", "B"]
    (change,) = of(records[0], TierChanged)
    assert isinstance(change, TierChanged)
    assert (change.to_level, change.reason, change.measured) == ("high", "reached", 60_00)
    assert change.last_day == day_of(2027, 3, 16)
    (gift,) = of(records[0], PointsEarned)
    assert isinstance(gift, PointsEarned)
    assert (gift.promotion_id, gift.granted) == ("welcome", 7)
    assert scene.refolded().digest() == scene.state.digest()


def test_a_lowered_level_is_told_at_the_first_close_alone() -> None:
    """The next version asks the same, so its first close looks at nobody, and so does any other."""
    scene = scene_of("A")
    scene.activate(EASY, "2026-03-15")
    scene.close("2026-03-15")
    scene.activate(RETITLED, "2026-03-16")

    assert climbed(closed(scene, "2026-03-16")) == []
    assert len(closed(scene, "2026-03-17")) == 1


def test_a_lowered_level_waits_for_the_day_from_which_it_holds() -> None:
    """Announced on the 15th for the 17th, it is told when the 17th closes."""
    scene = scene_of("A")
    scene.activate(EASY, "2026-03-17")

    told = [climbed(closed(scene, f"2026-03-{date}")) for date in (15, 16, 17, 18)]

    assert told == [[], [], ["A"], []]


def test_a_lowered_level_is_told_also_if_it_holds_since_a_day_that_is_over() -> None:
    """Brought into force on the 15th from the 10th on, it is told when the 15th closes."""
    scene = scene_of("A")
    scene.activate(EASY, "2026-03-10")

    assert climbed(closed(scene, "2026-03-15")) == ["A"]


def test_who_stands_on_a_level_that_is_gone_keeps_it_until_its_review() -> None:
    """The new ladder has no `high`: whoever has it neither falls nor is welcomed to a lower one."""
    scene = Scene(STRICT)
    scene.enrolled()
    scene.when(scene.sale("1", [line(1, 120_00)]))
    scene.close("2026-03-14")
    renamed = "[{id: low, from: 0}, {id: middle, from: 50.00}, {id: top, from: 500.00}]"
    ladder = STRICT.replace("version: 1", "version: 2").replace("tier: high", "tier: middle")
    scene.activate(ladder.replace("[{id: low, from: 0}, {id: high, from: 100.00}]", renamed),
                   "2026-03-15")  # fmt: skip

    assert climbed(closed(scene, "2026-03-15")) == []
    assert scene.account().tiers["club"].level == "high"


def test_what_ends_with_the_day_reaches_no_level_at_its_close() -> None:
    """60.00 that count through the 15th are not there on the 16th, from which it would hold."""
    window = STRICT.replace("window: {months: 12}", "window: {days: 2}")
    scene = Scene(window)
    scene.enrolled()
    scene.when(scene.sale("1", [line(1, 60_00)]))
    scene.close("2026-03-14")
    scene.activate(window.replace("version: 1", "version: 2").replace("100.00", "50.00"),
                   "2026-03-15")  # fmt: skip

    assert climbed(closed(scene, "2026-03-15")) == []


def test_a_close_that_was_cut_off_raises_nobody_twice() -> None:
    """Cut off behind the first of two members, it goes on with the second."""
    scene = scene_of("A", "B")
    scene.activate(EASY, "2026-03-15")
    event = scene.closing("2026-03-15")
    overlay = Overlay(scene.state)
    (first,) = islice(decide(overlay, Given(99, encode_event(event), event)), 1)
    overlay.commit()

    rest = decide(Overlay(scene.state), Given(99, encode_event(event), event), first.part + 1)

    assert [climbed([first.record]), climbed([one.record for one in rest])] == [["A"], ["B"]]
