"""Sentences of ARCHITECTURE.md that a second, independent reading of the rules insisted on."""

from typing import Any

import pytest

from schemas import events, ledger
from schemas.events import Tender
from schemas.ledger import PointsEarned, VoucherIssued, WithheldFromControl
from schemas.refusals import Refusal
from tests.core.scene import PLAIN, Scene, line, points

HEAD = """
programme: readings
version: 1
zone: Europe/Paris
currency: EUR
earns_on: {not_paid_with: [points]}
wallets:
  points: {value: {units: 100, amount: 1.00}, pay: {min: 1}, expiry: EXPIRY}
  stars: {value: {units: 1, amount: 1.00}}
tiers:
  club:
    measure: spend
    window: calendar_year
    levels: [{id: low, from: 0}, {id: high, from: 50.00}]
vouchers: {five: {off: {amount: 5.00}, valid: {days: 30}}}
rewards:
  mug: {costs: {points: 10}, give: {gift: MUG}, who: {labels: [vip]}}
  pen: {costs: {points: 1}, give: {gift: PEN}, limits: {per_member: {times: 2}}}
campaigns: {secret: {control: 100%}}
groups:
  deal: {combine: best, on: sale}
  one: {combine: first, on: sale}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
"""


def scene_of(*rows: str, expiry: str = "{rolling: {months: 12}}") -> Scene:
    """A point per 1.00, what else the rows say, and a member with a birthday on 3 April."""
    body = HEAD.replace("EXPIRY", expiry) + "".join(f"  - {{{row}}}\n" for row in rows)
    scene = Scene(body)
    header = scene.header("member|A", "A", "2026-01-02")
    scene.when(events.MemberEnrolled(header, birthday_month=4, birthday_day=3))
    return scene


def claim(scene: Scene, reward: str, quantity: int = 1) -> str:
    """Why a reward is refused on 14 March; empty if it is given."""
    header = scene.header(f"claim|{reward}", "A", "2026-03-14")
    return scene.when(events.RewardClaimed(header, reward, quantity)).reason


def bought(scene: Scene, number: str, *nets: int, on: str = "2026-03-14", **other: Any) -> Any:
    """A sale of lines at such prices, and its record."""
    sale = scene.sale(number, [line(at + 1, net) for at, net in enumerate(nets)], on=on, **other)
    return sale, scene.when(sale)


def earned(record: ledger.Record) -> dict[str, int]:
    """Promotion → its points of a sale; what counts for the level is left out."""
    return {name: many for name, many in points(record, PointsEarned).items() if name}


def test_a_reward_is_refused_for_the_first_reason_of_the_list() -> None:
    """Too few points come before being the wrong member."""
    assert claim(scene_of(), "mug") == Refusal.INSUFFICIENT_POINTS


def test_rewards_claimed_together_are_all_within_the_limit_or_none_is_given() -> None:
    """Two are the limit, so three at once are one too many."""
    scene = scene_of()
    bought(scene, "1", 50_00)

    assert claim(scene, "pen", 3) == Refusal.LIMIT_REACHED
    assert scene.available() == 50


def test_a_calendar_year_counts_none_of_the_year_before() -> None:
    """40.00 in December and 20.00 on New Year's Day are no 50.00, though no day has closed."""
    scene = scene_of()
    bought(scene, "1", 40_00, on="2026-12-31")
    bought(scene, "2", 20_00, on="2027-01-01")

    assert "club" not in scene.account().tiers


def test_money_counts_for_a_level_where_no_promotion_wants_it() -> None:
    """Points are for dollars only; 60.00 in the programme's own euros still reach the level."""
    scene = Scene(
        HEAD.replace("EXPIRY", "{rolling: {months: 12}}").replace(
            "per: 1.00}", "per: 1.00, where: {currencies: [USD]}}"
        )
    )
    scene.enrolled()
    bought(scene, "1", 60_00)

    assert scene.account().tiers["club"].level == "high"


def test_what_the_customer_hands_in_is_no_article_bought() -> None:
    """A bottle handed in for -0.25 gives no star; the one that is bought does."""
    scene = scene_of("id: each, kind: per_item, give: {stars: 1}, items: {brands: [National]}")

    _, record = bought(scene, "1", 3_00, -25)

    assert earned(record)["each"] == 1


def test_an_exchange_is_for_whom_it_says() -> None:
    """Only members with the label exchange; the others keep their points."""
    row = "id: five, kind: convert, take: {points: 30}, give: {voucher: five}"
    scene = scene_of(row + ", who: {labels: [vip]}")

    _, before = bought(scene, "1", 40_00)
    scene.when(events.MemberLabelled(scene.header("label", "A", "2026-03-14"), "vip", True))
    _, after = bought(scene, "2", 1_00)

    assert [len([e for e in r.effects if isinstance(e, VoucherIssued)]) for r in (before, after)] \
        == [0, 1]  # fmt: skip


def test_control_of_a_campaign_exchanges_nothing() -> None:
    """Who is control keeps the points."""
    row = "id: five, kind: convert, take: {points: 30}, give: {voucher: five}, campaign: secret"
    scene = scene_of(row)
    bought(scene, "1", 40_00)

    assert scene.available() == 40


def test_control_of_a_campaign_gets_no_birthday_gift_and_the_ledger_says_what() -> None:
    """The eve of the birthday withholds five stars."""
    scene = scene_of("id: day, kind: bonus, trigger: birthday, give: {stars: 5}, campaign: secret")
    scene.close("2026-04-01")

    effects = [effect for one in scene.close("2026-04-02") for effect in one.record.effects]

    assert [e.points for e in effects if isinstance(e, WithheldFromControl)] == [5]
    assert scene.available("stars") == 0


def test_what_is_withheld_is_within_the_limits_of_one_sale() -> None:
    """Of 80 points for 80.00 the sale gives others 50, and of a bonus of 30 it gives them 20."""
    limit = "campaign: secret, limits: {per_sale: {units:"
    scene = scene_of(
        f"id: more, kind: per_amount, give: {{points: 1}}, per: 1.00, {limit} 50}}}}",
        f"id: big, kind: bonus, give: {{stars: 30}}, {limit} 20}}}}",
        f"id: none, kind: bonus, give: {{stars: 30}}, {limit} 20, mode: reject}}}}",
    )

    _, record = bought(scene, "1", 80_00)

    assert points(record, WithheldFromControl) == {"more": 50, "big": 20}


def test_points_of_the_close_of_a_day_pay_what_is_owed_first() -> None:
    """30 owed, 50 for the birthday: 20 are there in the morning."""
    scene = scene_of("id: day, kind: bonus, trigger: birthday, give: {points: 50}")
    sale, _ = bought(scene, "1", 30_00)
    scene.when(scene.redemption("1", 30, 30))
    scene.when(scene.back("2", sale, {1: 0}))
    assert scene.wallet().owed == 30

    scene.close("2026-04-01")
    scene.close("2026-04-02")

    assert (scene.wallet().owed, scene.available()) == (0, 20)


def test_points_of_enrolment_are_exchanged_at_once() -> None:
    """40 for joining are a voucher for 30 and 10 points."""
    scene = scene_of(
        "id: hello, kind: bonus, trigger: enrolment, give: {points: 40}",
        "id: five, kind: convert, take: {points: 30}, give: {voucher: five}",
    )

    assert (scene.available(), len(scene.account().vouchers)) == (10, 1)


def test_a_payment_keeps_points_alive_where_the_programme_says_so() -> None:
    """Ten days after the payment, not after the sale."""
    scene = scene_of(expiry="{inactivity: {days: 10, kept_alive_by: [sale, redemption]}}")
    bought(scene, "1", 30_00, on="2026-03-14")
    first = scene.wallet().lots[0].last_day

    scene.when(scene.redemption("1", 5, 5, on="2026-03-20"))

    assert scene.wallet().lots[0].last_day == first + 6


def test_of_a_group_on_the_sale_the_multiplier_that_adds_most_acts_alone() -> None:
    """Double on 10.00 adds 10, triple on 6.00 adds 12: so triple on its line and nothing else."""
    scene = scene_of(
        "id: double, kind: multiplier, multiply: {points: 2}, items: {skus: [A1]}, group: deal",
        "id: triple, kind: multiplier, multiply: {points: 3}, items: {skus: [A2]}, group: deal",
    )

    _, record = bought(scene, "1", 10_00, 6_00)

    assert earned(record) == {"base": 16, "triple": 12}


def test_of_a_group_on_the_sale_the_first_multiplier_that_holds_acts_alone() -> None:
    """Both hold somewhere on the sale; the first of the document is the one."""
    scene = scene_of(
        "id: dear, kind: multiplier, multiply: {points: 2}, items: {skus: [A9]}, group: one",
        "id: double, kind: multiplier, multiply: {points: 2}, items: {skus: [A1]}, group: one",
        "id: triple, kind: multiplier, multiply: {points: 3}, items: {skus: [A2]}, group: one",
    )

    _, record = bought(scene, "1", 10_00, 6_00)

    assert earned(record) == {"base": 16, "double": 10}


def test_a_multiplier_goes_with_the_base_that_it_is_on() -> None:
    """A star per 1.00 from 50.00 on, doubled on the first line: what is left has none of both."""
    scene = scene_of(
        "id: big, kind: per_amount, give: {stars: 1}, per: 1.00, basket: {at_least: 50.00}",
        "id: twice, kind: multiplier, multiply: {stars: 2}, items: {skus: [A1]}",
    )
    sale, record = bought(scene, "1", 40_00, 20_00)
    assert earned(record) == {"base": 60, "big": 60, "twice": 40}

    scene.when(scene.back("2", sale, {2: 0}))

    assert scene.available("stars") == 0


def test_the_tenders_share_of_what_came_back_is_rounded_down() -> None:
    """3.00, of it 0.50 in points; 1.00 comes back with 0.16 of them: 1.66 earn, not 1.67."""
    scene = scene_of("id: much, kind: bonus, give: {stars: 9}, basket: {at_least: 1.67}")
    tenders = [Tender("points", 50), Tender("card", 250)]
    sale, _ = bought(scene, "1", 1_00, 2_00, tenders=tenders)
    assert scene.available("stars") == 9

    scene.when(scene.back("2", sale, {1: 0}))

    assert scene.available("stars") == 0


def test_a_purchase_of_nothing_is_not_counted_off_by_returns() -> None:
    """A receipt without lines has nothing to come back, however often it is brought."""
    scene = scene_of("id: third, kind: bonus, give: {stars: 5}, nth_sale: {is: 3}")
    empty, _ = bought(scene, "1")
    for number in "23":
        scene.when(scene.back(number, empty, {}))
    bought(scene, "4", 5_00)
    _, record = bought(scene, "5", 5_00)

    assert earned(record)["third"] == 5
    assert not [e for e in record.effects if isinstance(e, ledger.PointsOwed)]


def test_a_multiplier_that_changes_nothing_is_not_the_one_of_its_group() -> None:
    """The first doubles stars, of which this sale has none: so the second doubles points."""
    scene = scene_of(
        "id: big, kind: per_amount, give: {stars: 1}, per: 1.00, basket: {at_least: 50.00}",
        "id: stars, kind: multiplier, multiply: {stars: 2}, group: one",
        "id: points, kind: multiplier, multiply: {points: 2}, group: one",
    )

    _, record = bought(scene, "1", 10_00)

    assert earned(record) == {"base": 10, "points": 10}


def test_a_late_sale_shortens_no_points_that_end_by_inactivity() -> None:
    """Of the 14th, told after that of the 20th: all end ten days after the 20th."""
    scene = scene_of(expiry="{inactivity: {days: 10}}")
    bought(scene, "1", 30_00, on="2026-03-20")
    last_day = scene.wallet().lots[0].last_day

    bought(scene, "2", 20_00, on="2026-03-14")

    assert {lot.last_day for lot in scene.wallet().lots} == {last_day}


def test_a_late_sale_that_reaches_a_level_shortens_none() -> None:
    """Silver of 2 March is kept for a year, also where a sale of June before makes it gold."""
    ladder = """
tiers:
  club: {measure: spend, window: {months: 2}, kept_until: {months: 12},
    levels: [{id: low, from: 0}, {id: silver, from: 50.00}, {id: gold, from: 100.00}]}
"""
    scene = Scene(PLAIN + ladder)
    scene.close("2026-03-01")
    bought(scene, "1", 50_00, on="2026-03-02")
    kept_until = scene.account().tiers["club"].last_day

    bought(scene, "2", 100_00, on="2025-06-01")
    standing = scene.account().tiers["club"]
    scene.close_through("2026-06-01")

    assert (standing.level, standing.last_day) == ("gold", kept_until)
    assert scene.account().tiers["club"].level == "gold"


def test_whole_steps_are_shared_among_lines_by_their_money_exactly() -> None:
    """17.94 are three full 5.00, so 6 stars: 4.498 and 1.502 of them, so 4 and 2."""
    scene = scene_of("id: fives, kind: per_amount, give: {stars: 2}, per_full: 5.00")

    _, record = bought(scene, "1", 13_45, 4_49)

    (fives,) = [e for e in record.effects if getattr(e, "promotion_id", "") == "fives"]
    assert isinstance(fives, PointsEarned)
    assert fives.points_by_line == (4, 2)


def test_rounding_half_up_asks_for_no_order_of_lines() -> None:
    """0.50 for one and 0.50 for two of the same article: the point is the smaller line's."""
    scene = Scene(HEAD.replace("EXPIRY", "{rolling: {months: 12}}").replace(
        "earns_on: {", "earns_on: {rounding: {mode: half_up}, "
    ))  # fmt: skip
    two, one = ({"sku": "T", "quantity_milli": milli} for milli in (2000, 1000))
    found = []
    for number, rows in enumerate(((two, one), (one, two))):
        lines = [line(at + 1, 50, **row) for at, row in enumerate(rows)]
        effect = scene.when(scene.sale(str(number), lines)).effects[0]
        assert isinstance(effect, PointsEarned)
        found.append(effect.points_by_line)

    assert found == [(0, 1), (1, 0)]


def test_a_return_of_what_no_longer_counted_loses_no_level() -> None:
    """30.00 and 30.00 within a month are a level; the first comes back when its month is over."""
    scene = Scene(
        HEAD.replace("EXPIRY", "{rolling: {months: 12}}").replace("calendar_year", "{months: 1}")
    )
    scene.enrolled()
    first, _ = bought(scene, "1", 30_00, on="2026-03-01")
    bought(scene, "2", 30_00, on="2026-03-20")
    assert scene.account().tiers["club"].level == "high"

    scene.when(scene.back("3", first, {1: 0}, on="2026-04-05"))

    assert scene.account().tiers["club"].level == "high"


@pytest.mark.parametrize(("end", "owed"), [("void", 0), ("capture", 20), ("time", 0)])
def test_what_a_hold_gives_back_pays_what_is_owed_first(end: str, owed: int) -> None:
    """30 of 40 points are held while all 40 are returned: 30 are owed; what is set free pays."""
    scene = scene_of()
    sale, _ = bought(scene, "1", 40_00)
    placed, ended = (scene.header(f"hold|h|{what}", "A", "2026-03-15") for what in ("placed", end))
    scene.when(events.HoldPlaced(placed, "h", "points", 30, placed.occurred_at + 1_800_000))
    scene.when(scene.back("2", sale, {1: 0}))
    assert (scene.wallet().owed, scene.wallet().lots) == (30, [])

    scene.when(
        {
            "void": events.HoldVoided(ended, "h"),
            "capture": events.HoldCaptured(ended, "h", 20, 20, "EUR"),
            "time": scene.sale("3", [line(1, 0)], on="2026-03-16"),
        }[end]
    )

    assert (scene.wallet().owed, scene.wallet().lots) == (owed, [])


def test_every_second_week_begins_with_the_week_that_is_named() -> None:
    """Counted from Wednesday 18 March: from its Monday on, and in no week before."""
    weeks = "when: {every_weeks: {weeks: 2, since: 2026-03-18}}"
    scene = scene_of(f"id: more, kind: bonus, give: {{points: 5}}, {weeks}")
    days = ("2026-03-02", "2026-03-15", "2026-03-16", "2026-03-22", "2026-03-23", "2026-03-30")

    given = [
        points(scene.when(scene.sale(str(at), [line(1, 1_00)], on=on)), PointsEarned).get("more")
        for at, on in enumerate(days)
    ]

    assert given == [None, None, 5, 5, None, 5]
