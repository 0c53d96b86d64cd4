"""What sales earn: the worked numbers of points arithmetic and of the base they are counted on."""

import pytest

from schemas.events import Tender
from schemas.ledger import NEVER, Cap, Counted, PointsEarned
from tests.core.scene import GROCERY, PLAIN, Scene, line, points, scene_of

MACHINE_AND_MILK = (
    line(1, 5050, gross_minor=5998, quantity_milli=2000, tax_rate_ppm=200_000),
    line(2, 275, gross_minor=327, quantity_milli=3000, tax_rate_ppm=100_000),
    line(3, 1150, category="TOBACCO/CIGARETTES"),
    line(4, 2500, flags=("gift_card",)),
)
"""Coffee machine 2 x 29.99 and milk 3 x 1.09 with a basket coupon of 10.00 shared between them,
cigarettes and a gift card, which never earn."""


def test_rounding_once_per_basket() -> None:
    """Three lines of 1.50 are 4.50, so 4 points; by line they would be 3."""
    scene = Scene()

    record = scene.when(scene.sale("1", [line(1, 150), line(2, 150), line(3, 150)]))

    assert points(record, PointsEarned) == {"base": 4}
    assert sorted(record.effects[0].points_by_line) == [1, 1, 2]  # type: ignore[union-attr]


def test_allotment_by_largest_remainder() -> None:
    """53.25 is 53 points: raw 50.26 and 2.74, so 50 for the machine and 3 for the milk."""
    scene = Scene()

    record = scene.when(scene.sale("1", MACHINE_AND_MILK))

    assert record.effects[0].points_by_line == (50, 3, 0, 0)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("price", "tax", "with_points", "expected"),
    [
        ("shelf", "included", 0, 63),
        ("paid", "included", 0, 53),
        ("paid", "included", 500, 48),
        ("paid", "excluded", 0, 44),
    ],
)
def test_the_base_is_what_the_programme_says(
    price: str, tax: str, with_points: int, expected: int
) -> None:
    """Before discounts 63, after them 53, less what points paid 48, before tax 44."""
    scene = Scene(PLAIN.replace("price: paid, tax: included", f"price: {price}, tax: {tax}"))
    tenders = [Tender("points", with_points, "redemption|1"), Tender("card", 8975 - with_points)]

    record = scene.when(scene.sale("1", MACHINE_AND_MILK, tenders=tenders))

    assert points(record, PointsEarned) == {"base": expected}


def test_a_multiplier_and_its_base_are_rounded_together() -> None:
    """1.50 at double points is 3: the base keeps 2, own-brand adds 1."""
    scene = Scene(GROCERY)

    record = scene.when(scene.sale("1", [line(1, 150, brand="Private")], currency="USD"))

    assert points(record, PointsEarned) == {"base": 2, "own-brand": 1}


def test_the_best_boost_of_each_line_counts() -> None:
    """On a Saturday 25.10 earns 25, own brand 12 more, produce 25 more; cigarettes nothing."""
    scene = Scene(GROCERY)
    lines = [
        line(1, 1250, brand="Private"),
        line(2, 840, department="PRODUCE"),
        line(3, 420, department="PRODUCE", brand="Private"),
        line(4, 1150, category="CIGARETTES"),
    ]
    sale = scene.sale("1", lines, on="2026-03-14", currency="USD")

    record = scene.when(sale)
    back = scene.when(scene.back("2", sale, {2: 0}, on="2026-03-16"))

    assert points(record, PointsEarned) == {"base": 25, "own-brand": 12, "weekend-produce": 25}
    assert sum(effect.points for effect in back.effects) == 25  # type: ignore[union-attr]
    assert scene.available() == 37


def test_a_factor_below_one_is_said_in_the_trail() -> None:
    """10.00 of fuel at half points is 5 of 10 desired, and the trail names who took the rest."""
    scene = Scene(GROCERY)

    record = scene.when(scene.sale("1", [line(1, 1000, department="FUEL")], currency="USD"))
    effect = record.effects[0]

    assert isinstance(effect, PointsEarned)
    assert (effect.desired, effect.granted) == (10, 5)
    assert effect.trail == (Cap("fuel-half", -5),)


def test_points_for_items() -> None:
    """Ten stars a unit: 2 units and 1 unit are 20 and 10, and 0.750 of one adds 7 of its 7.5."""
    scene = Scene(GROCERY)
    lines = [
        line(1, 500, department="DELI", quantity_milli=2000),
        line(2, 300, department="DELI"),
        line(3, 300, department="DELI", quantity_milli=750),
        line(4, 300),
    ]

    record = scene.when(scene.sale("1", lines, currency="USD"))

    assert points(record, PointsEarned)["deli-stars"] == 37
    assert record.effects[1].points_by_line == (20, 10, 7, 0)  # type: ignore[union-attr]


def test_negative_lines_reduce_the_base_but_never_below_nothing() -> None:
    """A trade-in of 4.00 off 10.00 leaves 6 points; one of 40.00 leaves none."""
    scene = Scene()

    some = scene.when(scene.sale("1", [line(1, 1000), line(2, -400)]))
    none = scene.when(scene.sale("2", [line(1, 1000), line(2, -4000)]))

    assert points(some, PointsEarned) == {"base": 6}
    assert none.decision == "ACCEPTED"
    assert none.effects == ()


def test_a_weekday_is_that_of_the_business_date() -> None:
    """Produce is tripled on Saturday, and plain on Friday."""
    scene = Scene(GROCERY)
    produce = [line(1, 1000, department="PRODUCE")]

    friday = scene.when(scene.sale("1", produce, on="2026-03-13", currency="USD"))
    saturday = scene.when(scene.sale("2", produce, on="2026-03-14", currency="USD"))

    assert points(friday, PointsEarned) == {"base": 10}
    assert points(saturday, PointsEarned) == {"base": 10, "weekend-produce": 20}


@pytest.mark.parametrize(
    ("hour", "minute", "second", "doubled"), [(16, 59, 59, True), (17, 0, 0, False)]
)
def test_hours_end_on_the_second(hour: int, minute: int, second: int, doubled: bool) -> None:
    """An hour from 15:00 to 17:00 holds at 16:59:59 and not at 17:00:00, by the store's clock."""
    happy = (
        PLAIN
        + "  - {id: happy, kind: multiplier, multiply: {points: 2}, "
        + 'when: {hours: {from: "15:00", to: "17:00"}}}\n'
    )
    scene = Scene(happy)
    sale = scene.sale("1", [line(1, 1000)])
    moment = sale.header.business_date * 86_400_000
    moment += ((hour + 5) * 3600 + minute * 60 + second) * 1000
    there = type(sale.header)("x|sale", "A", "A", moment, -300, sale.header.business_date)

    record = scene.when(type(sale)(there, *[getattr(sale, f) for f in sale.__match_args__[1:]]))

    assert ("happy" in points(record, PointsEarned)) is doubled


def test_another_currency_earns_nothing() -> None:
    """A sale in a currency the programme does not count in is recorded and earns nothing."""
    scene = Scene()

    record = scene.when(scene.sale("1", [line(1, 1000)], currency="CHF"))

    assert record.decision == "ACCEPTED"
    assert record.effects == ()


def test_groups_combine_as_they_say() -> None:
    """Base 100 with 1.5x and 2x: adding 250, multiplying 300, the best 200, the first 150."""
    extra = """
groups: {g: {combine: WAY}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: tier, kind: multiplier, multiply: {points: 1.5}, group: g}
  - {id: double, kind: multiplier, multiply: {points: 2}, group: g}
"""
    sums = {}
    for way in ("add", "multiply", "best", "first"):
        scene = Scene(PLAIN.split("promotions:")[0] + extra.replace("WAY", way).lstrip("\n"))
        record = scene.when(scene.sale("1", [line(1, 10000)]))
        sums[way] = sum(points(record, PointsEarned).values())

    assert sums == {"add": 250, "multiply": 300, "best": 200, "first": 150}


@pytest.mark.parametrize("on", ["line", "sale"])
@pytest.mark.parametrize(("priority", "winner"), [(5, "m2"), (1, "m1"), (0, "m1")])
def test_the_first_of_a_group_is_the_one_of_the_highest_priority(
    on: str, priority: int, winner: str
) -> None:
    """Of 2x with priority 1 and 3x behind it the 3x acts with priority 5, the 2x with 1 or 0."""
    programme = PLAIN.replace(
        "promotions:", f"groups: {{f: {{combine: first, on: {on}}}}}\npromotions:"
    )
    programme += f"""\
  - {{id: m1, kind: multiplier, multiply: {{points: 2}}, group: f, priority: 1}}
  - {{id: m2, kind: multiplier, multiply: {{points: 3}}, group: f, priority: {priority}}}
"""
    scene = Scene(programme)

    record = scene.when(scene.sale("1", [line(1, 4000)]))

    assert points(record, PointsEarned) == {"base": 40, winner: 40 if winner == "m1" else 80}


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_a_streak_that_nobody_can_fill_counts_all_the_same(every: str) -> None:
    """Its periods are remembered to the last of all days, and no sale stops the partition."""
    words = f"every: {every}, length: 999999999999, give: {{points: 5}}"
    scene = scene_of(f"{PLAIN}  - {{id: habit, kind: streak, {words}}}\n")

    record = scene.when(scene.sale("1", [line(1, 500)]))

    assert points(record, PointsEarned) == {"base": 5}
    assert max(one.last_day for one in record.effects if isinstance(one, Counted)) <= NEVER
