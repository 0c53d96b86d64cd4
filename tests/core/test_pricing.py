"""What promotions and vouchers take off a basket: every worked number, and laws for all baskets."""

from collections.abc import Sequence
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.core.draft import Draft
from processors.core.overlay import Overlay
from processors.core.quote import quote
from processors.core.selling import sale_effects
from processors.words.cutting import Article, units_of
from schemas import ledger
from schemas.events import Discount, Line, OfferMade, PromotionStopped
from schemas.records import replace
from schemas.refusals import Refusal
from tests.core.scene import Scene, day
from tests.core.till_scene import article, asked, bought, labelled, shop, taken, to_pay


def test_three_for_two_frees_the_cheapest_of_each_full_group() -> None:
    """Prices 10, 8, 6, 5, 4: one group of 10, 8 and 6, and 6 is free; 27 to pay."""
    assert (
        to_pay("{id: p, kind: buy_get_free, buy: 2, free: 1}", [1000, 800, 600, 500, 400]) == 2700
    )


def test_four_shirts_make_one_group_of_three() -> None:
    """3 for 2 on four shirts at 20.00 frees one; 5.00 off three at most is 15.00 off four."""
    assert to_pay("{id: p, kind: buy_get_free, buy: 2, free: 1}", [2000] * 4) == 6000
    limited = "{id: p, kind: amount_off, amount: 5.00, each: unit, limits: {per_sale: {items: 3}}}"
    assert to_pay(limited, [2000] * 4) == 8000 - 1500
    assert asked(shop(limited), [article(1, 8000, 4)]).to_pay_minor == 8000 - 1500


def test_the_highest_step_that_is_reached_counts_for_the_whole_sale() -> None:
    """5 % from 50.00, 10 % from 100.00: 110.00 is 11.00 less, not 3.50; 99.99 is 5.00 less."""
    steps = """
        {id: five, kind: percent_off, percent: 5, basket: {at_least: 50.00}, group: steps}
        {id: ten, kind: percent_off, percent: 10, basket: {at_least: 100.00}, group: steps}"""
    groups = "groups: {steps: {combine: best, on: sale}}"

    assert to_pay(steps, [11000], groups) == 11000 - 1100
    assert to_pay(steps, [9999], groups) == 9999 - 500
    assert to_pay(steps, [4999], groups) == 4999


def test_a_bundle_is_shared_by_the_prices_of_its_parts() -> None:
    """A at 20.00 and B at 10.00 for 25.00: 16.67 and 8.33."""
    scene = shop("{id: p, kind: bundle_price, price: 25.00, items: [{skus: [A1]}, {skus: [A2]}]}")
    answer = asked(scene, [article(1, 2000), article(2, 1000)])

    assert [one.net_minor for one in answer.lines] == [1667, 833]
    assert asked(scene, [article(1, 2000)]).to_pay_minor == 2000
    assert asked(scene, [article(1, 1400), article(2, 1000)]).to_pay_minor == 2400


def test_bundles_are_made_of_the_dearest_as_often_as_they_fill() -> None:
    """Three of A (20, 18, 16) and two of B (10, 9) for 25.00 each: 30 and 27 become 50."""
    scene = shop("{id: p, kind: bundle_price, price: 25.00, items: [{brands: [A]}, {brands: [B]}]}")
    lines = [article(at + 1, price, brand="A") for at, price in enumerate([1800, 2000, 1600])]
    lines += [article(at + 4, price, brand="B") for at, price in enumerate([900, 1000])]

    assert asked(scene, lines).to_pay_minor == 2500 + 2500 + 1600


@pytest.mark.parametrize(("clock", "expected"), [("18:59:58", 800), ("19:00:00", 1000)])
def test_a_happy_hour_ends_by_the_store_clock(clock: str, expected: int) -> None:
    """From 17:00 to 19:00: 18:59:58 counts, 19:00:00 does not."""
    scene = shop(
        """{id: p, kind: percent_off, percent: 20, when: {hours: {from: "17:00", to: "19:00"}}}"""
    )
    sale = scene.sale("Q", [article(1, 1000)])
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    moment = day("2026-03-14") * 86_400_000 + ((hours * 60 + minutes) * 60 + seconds) * 1000
    header = replace(sale.header, occurred_at=moment - 3_600_000, utc_offset_min=60)

    answer = quote(Overlay(scene.state), replace(sale, header=header, tenders=()))
    assert answer.to_pay_minor == expected


def test_every_fifth_sale_is_cheaper() -> None:
    """10 % off sales 5, 10 and 15; a sale below 20.00 is none of them."""
    scene = shop(
        "{id: p, kind: percent_off, percent: 10, nth_sale: {every: 5, basket: {at_least: 20.00}}}"
    )
    cheaper = []
    counted = 0
    for number in range(1, 19):
        answer = asked(scene, [article(1, 1999 if number in (2, 7) else 2000)])
        counted += number not in (2, 7)
        if answer.cuts:
            cheaper.append(counted)
        scene.when(bought(scene, answer, str(number)))

    assert cheaper == [5, 10, 15]


PRICES = "{id: own, kind: member_price, prices: {A1: 7.99}%s}"
GROUPED = "groups: {offers: {combine: best, on: line}}"


def test_of_member_price_and_promotion_the_lower_one_is_paid() -> None:
    """Shelf 9.99, member 7.99, 20 % off 7.99: 7.99."""
    both = PRICES % ", group: offers" + "\n{id: p, kind: percent_off, percent: 20, group: offers}"

    assert to_pay(both, [999], GROUPED) == 799


def test_a_member_price_behind_a_promotion_is_the_lower_of_both() -> None:
    """9.99 less 2.50 is 7.49 already; 9.99 less 1.00 goes on to 7.99."""
    for amount, expected in (("2.50", 749), ("1.00", 799)):
        cut = f"{{id: p, kind: amount_off, amount: {amount}, priority: 1}}\n"
        assert to_pay(cut + PRICES % "", [999]) == expected


def test_a_member_price_of_goods_by_weight_is_by_weight() -> None:
    """0.750 kg at 20.00 is 15.00; at 14.90 for members it is 11.18."""
    scene = shop("{id: own, kind: member_price, prices: {A1: 14.90}}")
    answer = asked(scene, [article(1, 1500, quantity_milli=750)])

    assert answer.to_pay_minor == 1118


def test_who_shows_no_card_gets_what_is_for_everybody() -> None:
    """A basket of the store itself gets promotions, but none that speak of a member."""
    scene = shop(
        """{id: all, kind: percent_off, percent: 10}
        {id: own, kind: member_price, prices: {A1: 1.00}}
        {id: new, kind: amount_off, amount: 1.00, who: {first_purchase: true}}
        {id: once, kind: amount_off, amount: 1.00, limits: {per_member: {times: 1}}}
        {id: fifth, kind: amount_off, amount: 1.00, nth_sale: {is: 1}}"""
    )
    answer = asked(scene, [article(1, 1000)], account="store:0142")

    assert taken(answer) == {"all": 100}
    assert answer.earned == ()


def test_a_percentage_for_a_label() -> None:
    """A VIP gets 10 % off everything but what is excluded."""
    scene = shop(
        "{id: vip, kind: percent_off, percent: 10, who: {labels: [vip]}, "
        "items: {except: {categories: [TOBACCO]}}}"
    )
    lines = [article(1, 10000), article(2, 1100, category="TOBACCO")]

    assert asked(scene, lines).to_pay_minor == 11100
    labelled(scene, "vip")
    assert asked(scene, lines).to_pay_minor == 9000 + 1100


def test_items_first_then_the_cart() -> None:
    """100.00 and 20.00, 10 % off the item, 10 % off the cart: 90 + 20 = 110, 99.00 to pay."""
    promotions = """
        {id: cart, kind: percent_off, percent: 10}
        {id: item, kind: percent_off, percent: 10, items: {skus: [A1]}, group: items}"""

    assert to_pay(promotions, [10000, 2000], "groups: {items: {combine: best}}") == 9900


def test_groups_are_lanes_one_after_the_other() -> None:
    """100.00: 10 % before, the best of 5.00 and 20 %, 2.00 behind: 90.00, 72.00, 70.00."""
    promotions = """
        {id: post, kind: amount_off, amount: 2.00}
        {id: five, kind: amount_off, amount: 5.00, group: default}
        {id: twenty, kind: percent_off, percent: 20, group: default}
        {id: pre, kind: percent_off, percent: 10, group: before, priority: 9}"""
    groups = "groups: {default: {combine: best}, before: {combine: best}}"
    answer = asked(shop(promotions, groups), [article(1, 10000)])

    assert taken(answer) == {"pre": 1000, "twenty": 1800, "post": 200}
    assert answer.to_pay_minor == 7000


def test_the_best_deal_of_a_sale_is_one_promotion() -> None:
    """Product 12.00 off, cart 10 % of 100.00 off: the product's alone."""
    promotions = """
        {id: cart, kind: percent_off, percent: 10, group: deal}
        {id: product, kind: amount_off, amount: 12.00, items: {skus: [A1]}, group: deal}"""
    groups = "groups: {deal: {combine: best, on: sale}}"
    answer = asked(shop(promotions, groups), [article(1, 6000), article(2, 4000)])

    assert taken(answer) == {"product": 1200}


TWO = """{id: ten, kind: percent_off, percent: 10, group: g}
         {id: twenty, kind: percent_off, percent: 20, items: {skus: [A1]}, group: g}"""


@pytest.mark.parametrize(
    ("combine", "on", "expected"),
    [
        ("best", "line", {"ten": 1000, "twenty": 2000}),
        ("best", "sale", {"ten": 2000}),
        ("first", "line", {"ten": 2000}),
        ("first", "sale", {"ten": 2000}),
        ("add", "line", {"ten": 2000, "twenty": 2000}),
        ("multiply", "line", {"ten": 2000, "twenty": 1800}),
    ],
)
def test_a_group_combines_as_it_says(combine: str, on: str, expected: dict[str, int]) -> None:
    """Two lines of 100.00: 10 % off both, 20 % off the first; of equals the first is taken."""
    scene = shop(TWO, f"groups: {{g: {{combine: {combine}, on: {on}}}}}")

    assert taken(asked(scene, [article(1, 10000), article(2, 10000)])) == expected


@pytest.mark.parametrize("combine", ["best", "first", "add", "multiply"])
def test_what_is_handed_in_is_paid_back_in_full(combine: str) -> None:
    """10 % off 10.00, and 1.20 for bottles: 7.80 to pay, however a group combines."""
    scene = shop(TWO, f"groups: {{g: {{combine: {combine}}}}}")
    answer = asked(scene, [article(2, 1000), article(3, -120)])

    assert taken(answer) == {"ten": 100}
    assert answer.to_pay_minor == 780


def test_the_higher_priority_is_the_first() -> None:
    """In a group `first` the promotion of priority 1 goes before the one above it."""
    promotions = """{id: ten, kind: percent_off, percent: 10, group: g}
        {id: five, kind: percent_off, percent: 5, group: g, priority: 1}"""
    scene = shop(promotions, "groups: {g: {combine: first}}")

    assert taken(asked(scene, [article(1, 10000)])) == {"five": 500}


CEREAL = """{id: three, kind: buy_get_free, buy: 2, free: 1, items: {brands: [C]}, group: g}
            {id: ten, kind: percent_off, percent: %s, group: g}"""


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        # 4.00 against 10 % of 12.00: the group is used up; the packet left over is 10 % cheaper.
        (10, {"three": 400, "ten": 40 + 100}),
        # 4.00 against 40 % of 12.00: 40 % off everything, and nothing is free.
        (40, {"ten": 4 * 160 + 400}),
    ],
)
def test_what_needs_its_articles_together_is_taken_as_a_whole(
    percent: int, expected: dict[str, int]
) -> None:
    """Four packets at 4.00, one at 10.00: 3 for 2 where it saves more on the packets it needs."""
    scene = shop(CEREAL % percent, "groups: {g: {combine: best}}")
    lines = [article(at, 400, brand="C") for at in range(1, 5)] + [article(5, 1000)]

    assert taken(asked(scene, lines)) == expected


def test_a_discount_of_the_till_stays_and_promotions_start_behind_it() -> None:
    """10.00, 2.00 off by the till: 10 % is 0.80."""
    scene = shop("{id: p, kind: percent_off, percent: 10}")
    reduced = article(1, 1000, discounts=(Discount("till", "", 200),))
    answer = asked(scene, [replace(reduced, net_minor=800)])

    assert answer.to_pay_minor == 720
    assert [one.source for one in answer.lines[0].discounts] == ["till", "promotion"]


def test_what_never_earns_can_still_be_cheaper_but_counts_for_no_floor() -> None:
    """Tobacco is 10 % off like the rest; it does not lift a basket to 50.00."""
    scene = shop("{id: p, kind: percent_off, percent: 10, basket: {at_least: 50.00}}")
    tobacco = article(2, 2000, category="TOBACCO")

    assert asked(scene, [article(1, 4000), tobacco]).cuts == ()
    assert asked(scene, [article(1, 5000), tobacco]).to_pay_minor == 4500 + 1800


def test_a_limit_by_times_and_one_by_articles_hold_across_sales() -> None:
    """Twice a day half price, and 1.00 off four articles a week; what is left decides."""
    scene = shop(
        "{id: half, kind: percent_off, percent: 50, items: {skus: [A1]}, "
        "limits: {per_member: {times: 2, every: day}}}\n"
        "{id: launch, kind: amount_off, amount: 1.00, each: unit, items: {skus: [A2]}, "
        "limits: {per_member: {items: 4, every: week}}}"
    )
    lines = [article(1, 1000), article(2, 900, 3)]
    answers = []
    for number in range(3):
        answers.append(taken(asked(scene, lines)))
        scene.when(bought(scene, asked(scene, lines), str(number)))

    assert answers == [{"half": 500, "launch": 300}, {"half": 500, "launch": 100}, {}]
    assert taken(asked(scene, lines, on="2026-03-15")) == {"half": 500}
    assert taken(asked(scene, lines, on="2026-03-16")) == {"half": 500, "launch": 300}


@pytest.mark.parametrize("quantities", [(3,), (1, 1, 1)])
def test_three_for_two_acts_on_three_articles_however_they_are_rung_up(
    quantities: Sequence[int],
) -> None:
    """Six articles a week are two groups, as one line of three or as three lines of one."""
    scene = shop(
        "{id: p, kind: buy_get_free, buy: 2, free: 1, "
        "limits: {per_member: {items: 6, every: week}}}"
    )
    lines = [article(at + 1, 300 * many, many) for at, many in enumerate(quantities)]
    to_pay_each = []
    for number in range(3):
        answer = asked(scene, lines)
        to_pay_each.append(answer.to_pay_minor)
        scene.when(bought(scene, answer, str(number)))

    assert to_pay_each == [600, 600, 900]


def test_a_limit_that_rejects_gives_nothing_beyond_it() -> None:
    """Two articles at most, or none at all."""
    scene = shop(
        "{id: p, kind: amount_off, amount: 1.00, each: unit, "
        "limits: {per_sale: {items: 2, mode: reject}}}"
    )

    assert asked(scene, [article(1, 1000, 2)]).to_pay_minor == 800
    assert asked(scene, [article(1, 1500, 3)]).to_pay_minor == 1500


def test_a_stopped_promotion_takes_nothing_off() -> None:
    """From the place in the log where it was stopped."""
    scene = shop("{id: p, kind: percent_off, percent: 10}")
    scene.when(
        PromotionStopped(
            header=scene.header("stop|p", "", "2026-03-01"), promotion_id="p", because="an error"
        )
    )

    assert asked(scene, [article(1, 1000)]).cuts == ()


def test_a_promotion_of_another_currency_is_left_alone() -> None:
    """Amounts are those of the programme's currency."""
    scene = shop("{id: p, kind: percent_off, percent: 10}")

    assert asked(scene, [article(1, 1000)], currency="USD").to_pay_minor == 1000


def test_a_control_member_gets_no_cut() -> None:
    """With everybody in control nobody gets one."""
    scene = shop(
        "{id: p, kind: percent_off, percent: 10, campaign: c}", "campaigns: {c: {control: 100%}}"
    )

    assert asked(scene, [article(1, 1000)]).cuts == ()


def test_what_a_member_pays_depends_on_the_level() -> None:
    """10, 15 and 20 %; a promotion without a value for a level is not there."""
    scene = shop(
        NO_CUT + "\n{id: p, kind: percent_off, percent: {by_tier: {mid: 15, top: 20}}}",
        """tiers:
  club: {measure: spend, window: calendar_year,
    levels: [{id: low, from: 0}, {id: mid, from: 10.00}, {id: top, from: 100.00}]}""",
    )
    seen = []
    for number, spent in enumerate((0, 1000, 9000)):
        if spent:
            scene.when(scene.sale(str(number), [article(1, spent)]))
        seen.append(asked(scene, [article(1, 1000)]).to_pay_minor)

    assert seen == [1000, 850, 800]


VOUCHERS = """
vouchers:
  card: {off: {amount: 20.00}, stored_value: true, valid: {days: 60}}
  ten: {off: {amount: 10.00}, valid: {days: 60}}
  shoes: {off: {percent: 15, up_to: 30.00}, items: {categories: [SHOES]}, valid: {days: 60}}
  vip: {off: {amount: 1.00}, who: {labels: [vip]}, valid: {days: 60}}
  away: {off: {amount: 1.00}, where: {stores: [other]}, valid: {days: 60}}
  big: {off: {amount: 5.00}, basket: {at_least: 40.00}, valid: {days: 60}}
  monday: {off: {amount: 1.00}, when: {weekdays: [mon]}, valid: {days: 60}}
"""
NO_CUT = "{id: base, kind: per_amount, give: {points: 1}, per: 1.00}"


def holding(*vouchers: str, uses: int = 1, promotions: str = NO_CUT, sections: str = "") -> Scene:
    """A member with these vouchers, in March."""
    scene = shop(promotions, VOUCHERS + sections)
    for number, name in enumerate(vouchers):
        header = scene.header(f"offer|{number}|{name}", "A", "2026-02-20")
        scene.when(OfferMade(header, "c", name, day("2026-03-01"), day("2026-03-31"), uses))
    return scene


def test_a_stored_value_keeps_what_a_basket_does_not_use() -> None:
    """20.00 on 13.40: 13.40 off; the 6.60 that are left pay a part of the next basket."""
    scene = holding("card")
    answer = asked(scene, [article(1, 1340)], vouchers=["card"])
    assert answer.to_pay_minor == 0
    assert taken(answer) == {"card": 1340}

    scene.when(bought(scene, answer, vouchers=["card"]))

    assert scene.account().vouchers[0].amount_minor == 660
    assert taken(asked(scene, [article(1, 1000)], vouchers=["card"])) == {"card": 660}


def test_a_voucher_takes_off_at_most_what_is_to_pay() -> None:
    """10.00 on 8.00 is 8.00."""
    assert asked(holding("ten"), [article(1, 800)], vouchers=["ten"]).to_pay_minor == 0


def test_a_voucher_for_a_category_is_a_share_with_a_most() -> None:
    """15 % off shoes, at most 30.00: 12.00 off 80.00, 30.00 off 300.00."""
    scene = holding("shoes")
    coat = article(2, 50000)

    for price, off in ((8000, 1200), (30000, 3000)):
        answer = asked(scene, [article(1, price, category="SHOES"), coat], vouchers=["shoes"])
        assert taken(answer) == {"shoes": off}
        assert answer.cuts[0].by_line == (off, 0)


def test_vouchers_follow_promotions_one_after_the_other() -> None:
    """100.00, 10 % off is 90.00; 15 % of that is 13.50; 10.00 more: 66.50."""
    scene = holding("ten", "shoes", promotions="{id: p, kind: percent_off, percent: 10}")
    lines = [article(1, 10000, category="SHOES")]
    answer = asked(scene, lines, vouchers=["shoes", "ten"])

    assert [cut.amount_minor for cut in answer.cuts] == [1000, 1350, 1000]
    assert answer.to_pay_minor == 6650


@pytest.mark.parametrize(
    ("voucher", "on", "reason"),
    [
        ("ten", "2026-02-28", Refusal.VOUCHER_NOT_YET_VALID),
        ("ten", "2026-04-01", Refusal.VOUCHER_EXPIRED),
        ("none", "2026-03-14", Refusal.VOUCHER_UNKNOWN),
        ("vip", "2026-03-14", Refusal.VOUCHER_NOT_FOR_MEMBER),
        ("away", "2026-03-14", Refusal.VOUCHER_NOT_HERE),
        ("monday", "2026-03-14", Refusal.VOUCHER_NOT_HERE),
        ("big", "2026-03-14", Refusal.VOUCHER_BASKET_TOO_SMALL),
        ("shoes", "2026-03-14", Refusal.VOUCHER_NO_ITEMS),
    ],
)
def test_a_voucher_that_does_not_hold_is_refused_and_the_quote_goes_on(
    voucher: str, on: str, reason: Refusal
) -> None:
    """The reason is data; a voucher behind it is still taken."""
    scene = holding("ten", "vip", "away", "monday", "big", "shoes", "card")
    answer = asked(scene, [article(1, 3000)], on=on, vouchers=[voucher, "card"])

    assert answer.vouchers[0].refusal == reason
    if on == "2026-03-14":
        assert answer.vouchers[1].refusal is None
        assert taken(answer) == {"card": 2000}


def test_a_voucher_presented_twice_is_used_once() -> None:
    """The second time it is used; a voucher of two uses is taken twice."""
    twice = ["ten", "ten"]
    once = asked(holding("ten"), [article(1, 3000)], vouchers=twice)

    assert [one.refusal for one in once.vouchers] == [None, Refusal.VOUCHER_USED]
    assert asked(holding("ten", uses=2), [article(1, 3000)], vouchers=twice).to_pay_minor == 1000


def test_who_may_not_spend_is_told_so() -> None:
    """Nobody has enrolled for the account."""
    answer = asked(shop(NO_CUT, VOUCHERS, member=""), [article(1, 3000)], vouchers=["ten"])

    assert [one.refusal for one in answer.vouchers] == [Refusal.NOT_ENROLLED]


def test_a_voucher_keeps_the_terms_that_it_was_issued_by() -> None:
    """Issued as 10.00 off; a later version that says 5.00 is for later vouchers."""
    scene = holding("ten")
    later = shop(NO_CUT, VOUCHERS).state.programmes[0].programme.checked.document
    changed = later.replace('"amount":"10.00"', '"amount":"5.00"').replace(
        '"version":"1"', '"version":"2"'
    )
    scene.activate(changed, "2026-03-10")

    assert taken(asked(scene, [article(1, 3000)], vouchers=["ten"])) == {"ten": 1000}
    assert scene.state.programmes[-1].programme.vouchers["ten"].amount_minor == 500


MIXED = """
    {id: three, kind: buy_get_free, buy: 2, free: 1, items: {brands: [C]}, group: offers}
    {id: ten, kind: percent_off, percent: 10, group: offers}
    {id: pair, kind: bundle_price, price: 5, items: [{brands: [C]}, {brands: [D]}], group: offers}
    {id: own, kind: member_price, prices: {A1: 3.33, A2: 0.00}, group: offers}
    {id: third, kind: percent_off, percent: 33.3, up_to: 2.00, items: {brands: [D]}, group: more}
    {id: unit, kind: amount_off, amount: 0.25, each: unit, items: {brands: [C, D]}, group: more}
    {id: basket, kind: amount_off, amount: 3.00, basket: {at_least: 20.00}, group: more}
    {id: some, kind: amount_off, amount: 0.99, each: line, limits: {per_sale: {items: 3}}}
    {id: last, kind: percent_off, percent: 7.5}
"""
goods = st.lists(
    st.tuples(st.integers(0, 1500), st.integers(0, 4), st.sampled_from(("A1", "A2", "C1", "D1"))),
    max_size=7,
)
groupings = st.tuples(
    st.sampled_from(["best", "first", "add", "multiply"]), st.sampled_from(["line", "sale"])
)
EVERYTHING = settings(max_examples=300, deadline=None)


@cache
def mixed(combine: str, on: str) -> Scene:
    """Promotions of all kinds that take money off, in two groups and alone, and two vouchers."""
    groups = f"groups: {{offers: {{combine: best}}, more: {{combine: {combine}, on: {on}}}}}"
    return holding("ten", "shoes", promotions=MIXED, sections=groups)


def lines_of(rows: Sequence[tuple[int, int, str]]) -> list[Line]:
    """Lines of a basket: what is to pay, how many, and which article."""
    return [
        article(at + 1, price, quantity, sku=sku, brand=sku[0], category="SHOES")
        for at, (price, quantity, sku) in enumerate(rows)
    ]


@EVERYTHING
@given(goods, groupings)
def test_a_cut_is_exact_and_never_more_than_the_price(
    rows: list[tuple[int, int, str]], grouping: tuple[str, str]
) -> None:
    """Nothing is negative, no line costs less than nothing, and the parts are the whole."""
    lines = lines_of(rows)
    answer = asked(mixed(*grouping), lines, vouchers=["ten", "shoes"])

    for cut in answer.cuts:
        assert sum(cut.by_line) == cut.amount_minor > 0
        assert min(cut.by_line) >= 0
    assert all(0 <= one.net_minor <= one.gross_minor for one in answer.lines)
    assert all(
        one.net_minor == one.gross_minor - sum(d.amount_minor for d in one.discounts)
        for one in answer.lines
    )
    assert answer.to_pay_minor == sum(one.net_minor for one in answer.lines)
    off = sum(cut.amount_minor for cut in answer.cuts)
    assert answer.to_pay_minor == sum(one.gross_minor for one in lines) - off


@EVERYTHING
@given(goods, groupings, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(
    rows: list[tuple[int, int, str]], grouping: tuple[str, str], chance: Random
) -> None:
    """The same articles in another order are charged the same, article by article."""
    other = list(rows)
    chance.shuffle(other)
    scene = mixed(*grouping)
    answers = [asked(scene, lines_of(one), vouchers=["ten", "shoes"]) for one in (rows, other)]

    charged = [
        sorted((one.sku, one.quantity_milli, one.gross_minor, one.net_minor) for one in lines)
        for lines in (answer.lines for answer in answers)
    ]
    assert charged[0] == charged[1]
    assert taken(answers[0]) == taken(answers[1])
    assert answers[0].prompts == answers[1].prompts


@EVERYTHING
@given(goods, groupings)
def test_a_sale_that_is_bought_as_quoted_differs_in_nothing(
    rows: list[tuple[int, int, str]], grouping: tuple[str, str]
) -> None:
    """The decision of the sale asks the same rules and finds what the quote said."""
    scene = mixed(*grouping)
    answer = asked(scene, lines_of(rows), vouchers=["ten", "shoes"])
    used = [one.reference for one in answer.vouchers if one.refusal is None]
    sale = bought(scene, answer, "S", vouchers=used)
    draft = Draft(scene.account(), sale.header.event_id, sale.header.business_date)
    sale_effects(draft, sale, scene.state.programmes[-1].programme)

    assert not [one for one in draft.effects if isinstance(one, ledger.QuoteDiffered)]
    redeemed = [one for one in draft.effects if isinstance(one, ledger.VoucherRedeemed)]
    assert {one.voucher: one.amount_minor for one in redeemed} == {
        cut.source_id: cut.amount_minor for cut in answer.cuts if cut.source == "voucher"
    }


@EVERYTHING
@given(goods)
def test_a_cut_takes_nothing_off_articles_that_it_does_not_need(
    rows: list[tuple[int, int, str]],
) -> None:
    """What is closed to other promotions holds all that is made cheaper, of every kind."""
    programme = mixed("best", "line").state.programmes[-1].programme
    for cut in (cut for rule in programme.cuts for cut in rule.cuts if cut.needing is not None):
        lines = [one for one in lines_of(rows) if cut.matches(one)]
        articles = [Article(one, one.net_minor, units_of(one), at) for at, one in enumerate(lines)]
        needed = cut.needing(articles) if cut.needing is not None else set()

        assert {at for at, off in enumerate(cut.cutting(articles)) if off} <= needed
        assert needed <= set(range(len(articles)))


def test_an_empty_basket_costs_nothing() -> None:
    """Nothing is taken off it, nothing is earned, and nothing is said about it."""
    answer = asked(mixed("best", "line"), [], vouchers=["ten"])

    assert (answer.to_pay_minor, answer.cuts, answer.earned, answer.prompts) == (0, (), (), ())
    assert [one.refusal for one in answer.vouchers] == [Refusal.VOUCHER_NO_ITEMS]


def test_a_basket_of_very_many_pieces_is_priced_line_by_line() -> None:
    """A quantity that no basket has makes no decision slow: 3 for 2 finds no three pieces."""
    scene = shop("{id: p, kind: buy_get_free, buy: 2, free: 1}")

    assert asked(scene, [article(1, 1000, 10_000_000)]).to_pay_minor == 1000
