"""Bonuses of points that meet in a group on one sale: the best of them acts, or the first."""

import pytest

from processors.core.document import check
from processors.core.doubts import doubts
from schemas.ledger import PointsEarned, PointsReversed, WithheldFromControl
from tests.core.scene import PLAIN, Scene, line, of, points

BONUS = "kind: bonus, group: g, "
TWENTY = f"id: twenty, {BONUS}give: {{points: 20}}"
FIFTY = f"id: fifty, {BONUS}give: {{points: 50}}, basket: {{at_least: 30.00}}"


def shop(*rows: str, combine: str = "best", on: str = "sale") -> Scene:
    """A point per 1.00, and these promotions."""
    groups = f"groups: {{g: {{combine: {combine}, on: {on}}}}}\ncampaigns: {{c: {{control: 100%}}}}"
    body = PLAIN.replace("promotions:", f"{groups}\npromotions:")
    return Scene(body + "".join(f"  - {{{row}}}\n" for row in rows))


def given(scene: Scene, number: str = "1", net: int = 4000) -> dict[str, int]:
    """What a sale gives beside its point per 1.00."""
    found = points(scene.when(scene.sale(number, [line(1, net)])), PointsEarned)
    return {name: many for name, many in found.items() if name != "base"}


@pytest.mark.parametrize("on", ["line", "sale"])
@pytest.mark.parametrize(
    ("combine", "priority", "expected"),
    [
        ("best", 0, {"fifty": 50}),
        ("first", 0, {"twenty": 20}),
        ("first", 1, {"fifty": 50}),
        ("add", 0, {"twenty": 20, "fifty": 50}),
    ],
)
def test_of_two_bonuses_the_group_says_which_acts(
    on: str, combine: str, priority: int, expected: dict[str, int]
) -> None:
    """The one of most points, or of the highest priority and then the document; or both."""
    scene = shop(TWENTY, f"{FIFTY}, priority: {priority}", combine=combine, on=on)

    assert given(scene) == expected


def test_of_equal_bonuses_the_first_of_the_document_acts() -> None:
    """Two of 20 points in a group that is `best` are 20, by the one above."""
    assert given(shop(TWENTY, TWENTY.replace("twenty", "other"))) == {"twenty": 20}


def test_a_bonus_that_does_not_act_leaves_its_group_to_the_next() -> None:
    """Below 30.00, or once its limit is used, the better one does not hold, so 20 are given."""
    scene = shop(TWENTY, FIFTY + ", limits: {per_member: {times: 1}}")

    assert [given(scene, "1", 1000), given(scene, "2"), given(scene, "3")] == [
        {"twenty": 20}, {"fifty": 50}, {"twenty": 20},
    ]  # fmt: skip


def test_a_return_leaves_what_the_rest_earns_in_the_group() -> None:
    """40.00 gave 50; the 20.00 that are left earn the 20 behind them, and nothing earns none."""
    scene = shop(TWENTY, FIFTY)
    sale = scene.sale("1", [line(1, 2000), line(2, 2000)])
    scene.when(sale)

    backs = [scene.when(scene.back("2", sale, {1: 0})), scene.when(scene.back("3", sale, {2: 0}))]

    taken = [
        sum(one.points for one in of(back, PointsReversed) if one.promotion_id == "fifty")  # type: ignore[attr-defined]  # of that kind
        for back in backs
    ]
    assert taken == [30, 20]
    assert scene.available() == 0


def test_control_is_told_of_the_bonus_that_would_have_acted() -> None:
    """Of two withheld bonuses of a group the better one is what the member would have had."""
    scene = shop(TWENTY + ", campaign: c", FIFTY + ", campaign: c")

    record = scene.when(scene.sale("1", [line(1, 4000)]))

    assert points(record, WithheldFromControl) == {"fifty": 50}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("kind: per_amount, give: {points: 1}, per: 2.00", "per_amount"),
        ("kind: per_item, give: {points: 1}, items: {departments: [DELI]}", "per_item"),
        ("kind: bonus, give: {gift: MUG}", "bonus"),
        ("kind: bonus, trigger: enrolment, give: {points: 5}", "bonus"),
    ],
)
def test_a_group_for_what_does_not_combine_is_worth_a_look(row: str, kind: str) -> None:
    """It can be activated, and does nothing."""
    text = PLAIN.replace("promotions:", "groups: {g: {combine: best}}\npromotions:")
    text += f"  - {{id: two, {BONUS}give: {{points: 5}}}}\n  - {{id: one, {row}, group: g}}\n"

    (doubt,) = doubts(check(text), text)

    assert f"`group` does nothing for {kind}: multipliers, points of bonuses on sales" in str(doubt)
