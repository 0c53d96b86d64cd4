"""What differs by level differs for every event of the member, not for sales alone.

Worked number: 200 points are worth 2.00 on the lowest level and 4.00 on gold, which a purchase of
200.00 reached.
"""

import pytest

from processors.core.document import check
from processors.core.programme import compiled
from schemas import events, ledger
from schemas.codec import decode_event, encode_event
from schemas.events import SaleRecorded, Tender
from tests.core.scene import Scene, day, line, of, points

GOLD = """
programme: club
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  points:
    value: {units: 100, amount: {by_tier: {low: 1.00, gold: 2.00}}}
    pay: {min: {by_tier: {low: 100, gold: 10}}, step: 10}
vouchers:
  treat: {off: {amount: {by_tier: {low: 1.00, gold: 3.00}}}, valid: {days: 9}}
tiers:
  club: {measure: spend, window: {months: 12},
    levels: [{id: low, from: 0}, {id: gold, from: 100.00}]}
rewards:
  mug: {costs: {points: {by_tier: {low: 90, gold: 20}}}, give: {gift: MUG}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: review, trigger: activity, activity: review, kind: bonus,
     give: {points: {by_tier: {low: 5, gold: 50}}}}
  - {id: photo, trigger: activity, activity: photo, kind: bonus,
     give: {points: {by_tier: {gold: 70}}}}
  - {id: birthday, trigger: birthday, kind: bonus, give: {points: {by_tier: {gold: 500}}}}
  - {id: years, trigger: anniversary, kind: bonus, give: {points: {by_tier: {gold: 100}}}}
"""


def test_what_differs_on_one_ladder_asks_nothing_of_another() -> None:
    """A value for each level of the one is a value for everybody."""
    other = "  days: {measure: visits, window: lifetime, levels: [{id: few, from: 0}]}\nrewards:"
    scene = Scene(GOLD.replace("rewards:", other))
    scene.enrolled(on="2025-04-10")

    scene.when(scene.sale("1", [line(1, 20000)]))

    assert scene.when(scene.redemption("1", 100, 200)).reason == ""


def on_gold() -> Scene:
    """A member with 200 points, who reached gold with them."""
    scene = Scene(GOLD)
    joined = scene.header("member|A", "A", "2025-04-10")
    scene.when(events.MemberEnrolled(joined, birthday_month=4, birthday_day=3))
    scene.when(scene.sale("1", [line(1, 20000)]))
    return scene


def test_points_pay_what_they_are_worth_on_the_member_s_level() -> None:
    """What the receipt says that they are worth is what they pay, from the level's minimum on."""
    scene = on_gold()

    low = scene.when(scene.redemption("1", 100, 100)).reason
    gold = scene.when(scene.redemption("2", 100, 200)).reason
    few = scene.when(scene.redemption("3", 10, 20)).reason

    assert (low, gold, few) == ("AMOUNT_DIFFERS", "", "")


def test_what_is_held_keeps_to_the_member_s_level() -> None:
    """10 points are held and captured for 0.20, as they would have been spent at once."""
    scene = on_gold()
    header = scene.header("hold|h|placed", "A", "2026-03-15")
    ends = header.occurred_at + 1_800_000

    placed = scene.when(events.HoldPlaced(header, "h", "points", 10, ends)).reason
    header = scene.header("hold|h|captured", "A", "2026-03-15")
    captured = scene.when(events.HoldCaptured(header, "h", 10, 20, "EUR")).reason

    assert (placed, captured) == ("", "")


def test_an_activity_gives_what_the_member_s_level_has() -> None:
    """50 instead of 5 for a review, and for a photo what no other level has."""
    scene = on_gold()

    for activity, given in (("review", 50), ("photo", 70)):
        header = scene.header(f"activity|{activity}", "A", "2026-03-15")
        record = scene.when(events.ActivityRecorded(header, activity=activity))

        assert points(record, ledger.PointsEarned) == {activity: given}


def test_a_reward_costs_what_it_costs_on_the_member_s_level() -> None:
    """20 points for the mug that costs others 90."""
    scene = on_gold()
    header = scene.header("claim|1", "A", "2026-03-15")

    (spent,) = of(
        scene.when(events.RewardClaimed(header, reward="mug", quantity=1)), ledger.PointsSpent
    )

    assert spent.points == 20


def test_an_offer_s_voucher_is_worth_what_the_member_s_level_says() -> None:
    """3.00 for gold; the lowest level has 1.00."""
    scene = on_gold()
    header = scene.header("offer|1", "A", "2026-03-15")
    offer = events.OfferMade(header, "spring", "treat", header.business_date, 20_600, 1, False)

    (issued,) = of(scene.when(offer), ledger.VoucherIssued)

    assert issued.amount_minor == 300


def test_what_only_a_higher_level_has_for_a_birthday_or_anniversary_is_given() -> None:
    """500 for the birthday and 100 for the year, though the lowest level has neither."""
    scene = on_gold()

    birthday, year = (
        record
        for on in ("2026-04-02", "2026-04-09")
        for record in (one.record for one in scene.close_through(on))
        if record.account_id
    )

    assert points(birthday, ledger.PointsEarned) == {"birthday": 500}
    assert points(year, ledger.PointsEarned) == {"years": 100}


OF_RETURNS = """
programme: club
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  points:
    value: {units: 100, amount: 1.00}
    pay: {}
    expiry: {rolling: {days: 10}, goodwill_days: {by_tier: {low: 0, gold: 14}}}
  stamps: {}
vouchers:
  treat: {off: {amount: 1.00}, valid: {days: 90}, uses: 9,
    limits: {per_member: {times: {by_tier: {low: 1, gold: 2}}, every: month}}}
tiers:
  club: {measure: spend, window: lifetime, levels: [{id: low, from: 0}, {id: gold, from: 100.00}]}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: teas, kind: per_item, give: {stamps: 1}, items: {brands: [Tea]}}
  - {id: card, kind: convert, take: {stamps: {by_tier: {gold: 2}}}, give: {voucher: treat},
     undone_by_return: true}
"""


def treated() -> Scene:
    """A member on gold since 1 March, with 200 points."""
    scene = Scene(OF_RETURNS)
    scene.enrolled()
    scene.when(scene.sale("1", [line(1, 200_00)], on="2026-03-01"))
    return scene


def test_points_that_come_back_have_the_goodwill_of_the_member_s_level() -> None:
    """A return gives gold the 14 days more that an undone payment gives them."""
    scene = treated()
    for at, pay in enumerate(("a", "b")):
        scene.when(scene.redemption(pay, 100, 100, on=f"2026-03-0{at + 2}"))
    sale = scene.sale("2", [line(1, 100)], tenders=[Tender("points", 100, "redemption|a")])
    scene.when(sale)

    scene.when(scene.back("3", sale, {1: 0}, on="2026-03-20"))
    undone = scene.header("undo", "A", "2026-03-20")
    scene.when(events.RedemptionReversed(undone, "redemption|b"))

    ends = {lot.last_day for lot in scene.wallet().lots if lot.earned_on == day("2026-03-01")}
    assert ends == {day("2026-04-03")}


@pytest.mark.parametrize("presented", ["with its sale", "beside it"])
def test_a_voucher_is_used_as_often_as_the_member_s_level_allows(presented: str) -> None:
    """Twice a month on gold, as the quote says, and not once as on the lowest level."""
    scene = treated()
    first = day("2026-03-15")
    header = scene.header("offer|1", "A", "2026-03-15")
    scene.when(events.OfferMade(header, "", "treat", first, first + 50, 9, False))

    used = []
    for number in "234":
        event: events.Event = scene.sale(
            number, [line(1, 5_00)], on="2026-03-16", vouchers=["treat"]
        )
        if presented == "beside it":
            header = scene.header(f"presented|{number}", "A", "2026-03-16")
            event = events.VoucherPresented(header, "treat")
        used.append(len(of(scene.when(event), ledger.VoucherRedeemed)))

    assert used == [1, 1, 0]


def test_an_exchange_that_only_a_higher_level_has_is_undone_by_a_return() -> None:
    """Two stamps became a treat; one comes back, so the treat is cancelled and one is left."""
    scene = treated()
    teas = [line(at, 1_00, brand="Tea") for at in (1, 2)]
    sale = scene.sale("2", teas, on="2026-03-02")
    scene.when(sale)
    assert [one.voucher for one in scene.account().vouchers] == ["treat"]

    scene.when(scene.back("3", sale, {1: 0}))

    assert scene.account().vouchers == []
    assert (scene.available("stamps"), scene.wallet("stamps").owed) == (1, 0)


@pytest.mark.parametrize(("crossing", "has_it"), [("old_rate", "low"), ("new_rate", "gold")])
def test_what_came_with_a_level_goes_with_it_whichever_level_it_differs_for(
    crossing: str, has_it: str
) -> None:
    """A treat for reaching gold is cancelled when an earlier purchase comes back, and gold goes."""
    treat = f"""promotions:
  - {{id: welcome, kind: bonus, trigger: tier_reached, tier: gold, give: {{voucher: treat}},
     limits: {{per_member: {{times: {{by_tier: {{{has_it}: 1}}}}}}}}}}"""
    words = OF_RETURNS.replace("promotions:", treat)
    scene = Scene(words.replace("lifetime,", f"lifetime, crossing_sale: {crossing},"))
    scene.enrolled()
    first = scene.sale("1", [line(1, 60_00)])
    scene.when(first)
    scene.when(scene.sale("2", [line(1, 60_00)]))
    assert [one.voucher for one in scene.account().vouchers] == ["treat"]

    scene.when(scene.back("3", first, {1: 0}))

    assert scene.account().tiers["club"].level == "low"
    assert scene.account().vouchers == []


def test_levels_look_an_article_up_in_one_place() -> None:
    """What a line's words told one level they tell the others, also of what only gold is given."""
    more = "  - {id: item, kind: per_item, give: {points: {by_tier: {gold: 3}}},\n"
    more += "     items: {departments: [GROCERY]}}\n"
    low = compiled(check(GOLD + more).document)
    gold = low.at_levels(("gold",))
    sale = decode_event(encode_event(Scene(GOLD).sale("1", [line(1, 500)])))
    assert isinstance(sale, SaleRecorded)
    known = sale.lines[0].known
    assert known is not None

    told = low.masks(sale.lines)
    asked_by = known.asked_by

    assert gold is not low
    assert gold.masks(sale.lines) == told
    assert known.asked_by is asked_by
