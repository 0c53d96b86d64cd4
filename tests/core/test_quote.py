"""What a till is told before payment, and what becomes of it when the sale is recorded."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from processors.core.document import check
from processors.core.messages import known_places
from processors.core.overlay import Overlay
from processors.core.quote import Quote, quote
from schemas import ledger
from schemas.events import Discount, Line, OfferMade, Tender
from schemas.records import replace
from schemas.refusals import Refusal
from tests.core.scene import Scene, day
from tests.core.till_scene import article, asked, basket, bought, labelled, programme, shop, taken

PROGRAMMES = Path(__file__).parents[2] / "programmes"
SINCE = "2026-01-01"


def chain(name: str) -> Scene:
    """A chain with one of the programmes of the project, and a member."""
    scene = Scene("")
    scene.activate(check((PROGRAMMES / f"{name}.yaml").read_text("utf-8")).document, SINCE)
    scene.enrolled("A", "2026-01-05")
    return scene


def drink(number: int, gross: int, quantity: int = 1, category: str = "DRINKS/HOT") -> Line:
    """A drink of the coffee chain."""
    return article(number, gross, quantity, category=category)


def at(scene: Scene, lines: Sequence[Line], on: str, clock: str) -> Quote:
    """The answer at a time of a day."""
    sale = scene.sale("Q", lines, on=on, currency="GBP")
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    moment = day(on) * 86_400_000 + ((hours * 60 + minutes) * 60 + seconds) * 1000
    header = replace(sale.header, occurred_at=moment)
    return quote(Overlay(scene.state), replace(sale, header=header, tenders=()))


def test_the_eleventh_drink_is_free_and_gives_no_stamp() -> None:
    """Twelve drinks, then two with the voucher: 3.60 off the dearest, 3.40 to pay, one stamp."""
    scene = chain("coffee")
    scene.when(scene.sale("S1", [drink(1, 3840, 12)], on="2026-01-12", currency="GBP"))
    lines = [drink(1, 360), drink(2, 340)]
    answer = asked(scene, lines, on="2026-01-14", vouchers=["free-drink"], currency="GBP")

    assert answer.to_pay_minor == 340
    assert taken(answer) == {"free-drink": 360}
    assert answer.cuts[0].by_line == (360, 0)
    assert [(one.promotion_id, one.wallet, one.points) for one in answer.earned] == [
        ("stamp-per-drink", "stamps", 1)
    ]

    record = scene.when(
        bought(scene, answer, on="2026-01-14", vouchers=["free-drink"], currency="GBP")
    )
    kinds = [type(one).__name__ for one in record.effects]
    assert "VoucherRedeemed" in kinds
    assert "QuoteDiffered" not in kinds
    assert scene.available("stamps") == 3


def test_a_basket_that_costs_nothing_can_be_bought() -> None:
    """One drink with the voucher: 0.00 to pay, no stamp."""
    scene = chain("coffee")
    scene.when(scene.sale("S1", [drink(1, 3200, 10)], on="2026-01-12", currency="GBP"))
    answer = asked(scene, [drink(1, 360)], on="2026-01-14", vouchers=["free-drink"], currency="GBP")

    assert (answer.to_pay_minor, answer.earned) == (0, ())


def test_the_happy_hour_ends_at_five_sharp() -> None:
    """Two iced coffees of 8.00: 1.60 off at 16:59:59, nothing at 17:00:00."""
    scene = chain("coffee")
    iced = [drink(1, 800, 2, "DRINKS/COLD")]

    before, after = (at(scene, iced, "2026-01-16", clock) for clock in ("16:59:59", "17:00:00"))
    assert (before.to_pay_minor, taken(before)) == (640, {"happy-hour": 160})
    assert (after.to_pay_minor, after.cuts) == (800, ())


def test_of_the_offers_of_a_sale_the_one_that_saves_most_is_given() -> None:
    """A flat white and a croissant for 5.00 in the morning; half price for staff saves more."""
    scene = chain("coffee")
    lines = [drink(1, 340), article(2, 260, category="PASTRY"), drink(3, 400, 1, "DRINKS/COLD")]

    assert taken(at(scene, lines, "2026-01-16", "08:00:00")) == {"breakfast": 100}
    labelled(scene, "staff")
    assert taken(at(scene, lines, "2026-01-16", "08:00:00")) == {"staff": 500}


def test_a_voucher_for_the_next_visit_does_not_hold_today() -> None:
    """210.00 bring 20.00 off from tomorrow on; today's quote goes on without it: 60.00."""
    scene = chain("grocery")
    scene.when(scene.sale("S1", [article(1, 21000)], on="2026-03-19", currency="USD"))
    again = {"vouchers": ["next-visit-20"], "currency": "USD"}
    today = asked(scene, [article(1, 6000)], on="2026-03-19", **again)
    tomorrow = asked(scene, [article(1, 5500)], on="2026-03-20", **again)
    small = asked(scene, [article(1, 3900)], on="2026-03-20", **again)

    assert (today.to_pay_minor, today.vouchers[0].refusal) == (6000, Refusal.VOUCHER_NOT_YET_VALID)
    assert (tomorrow.to_pay_minor, taken(tomorrow)) == (3500, {"next-visit-20": 2000})
    assert small.vouchers[0].refusal == Refusal.VOUCHER_BASKET_TOO_SMALL


def test_a_quote_earns_what_the_sale_will_earn() -> None:
    """Every promotion of the quote stands in the record of the sale, and none but the ladder's."""
    scene = chain("grocery")
    lines = [
        article(1, 1250, sku="COFFEE", brand="Private"),
        article(2, 840, sku="BANANA", department="PRODUCE"),
    ]
    answer = asked(scene, lines, currency="USD")
    record = scene.when(bought(scene, answer, currency="USD"))

    given = [
        (one.promotion_id, one.wallet, one.granted)
        for one in record.effects
        if isinstance(one, ledger.PointsEarned) and one.wallet in ("points", "stars")
    ]
    assert given
    assert [(one.promotion_id, one.wallet, one.points) for one in answer.earned] == given


def test_a_quote_changes_nothing() -> None:
    """Asking, however often, leaves the partition as it was."""
    scene = chain("grocery")
    before = scene.state.digest()
    first, second = (asked(scene, [article(1, 6000)], currency="USD") for _ in range(2))

    assert first == second
    assert scene.state.digest() == before


@pytest.mark.parametrize(("kind", "points"), [("cash", 15), ("card", 10), ("", 10)])
def test_a_quote_earns_by_the_tenders_that_are_decided_on(kind: str, points: int) -> None:
    """5 points more for cash: where the basket says it, the quote and the sale tell 15 of 10.00."""
    scene = shop(
        f"{BASE}\n{{id: cash, kind: bonus, give: {{points: 5}}, basket: {{tenders: [cash]}}}}"
    )
    lines, tenders = [article(1, 1000)], (Tender(kind, 1000),) if kind else ()
    answer = quote(Overlay(scene.state), replace(basket(scene, lines), tenders=tenders))

    assert sum(one.points for one in answer.earned) == points
    scene.when(bought(scene, answer, tenders=tenders))
    assert scene.available() == points


def test_without_a_programme_the_shelf_price_is_paid() -> None:
    """Before the first programme is in force nothing is taken off and nothing earned."""
    scene = chain("grocery")
    answer = asked(scene, [article(1, 6000)], on="2025-12-31", vouchers=["ten-off"])

    assert (answer.to_pay_minor, answer.earned) == (6000, ())
    assert answer.vouchers[0].refusal == Refusal.VOUCHER_UNKNOWN


TEN = "{id: ten, kind: percent_off, percent: 10}"
BASE = "{id: base, kind: per_amount, give: {points: 1}, per: 1.00}"


def differences(effects: Sequence[ledger.Effect]) -> list[tuple[str, int, int]]:
    """Source, what the rules give and what the receipt says, of each difference."""
    return [
        (one.source_id, one.quoted_minor, one.taken_minor)
        for one in effects
        if isinstance(one, ledger.QuoteDiffered)
    ]


def test_a_sale_that_took_off_something_else_stands_and_the_difference_is_told() -> None:
    """The rules give 1.00; the receipt says 1.50 by that promotion and 0.20 by another."""
    scene = shop(f"{TEN}\n{BASE}")
    answer = asked(scene, [article(1, 1000)])
    other = (Discount("promotion", "ten", 150), Discount("promotion", "old", 20))
    line = replace(answer.lines[0], discounts=other, net_minor=830)
    sale = replace(scene.sale("S", [line]), quote_id="Q")
    record = scene.when(sale)

    assert record.decision == "ACCEPTED"
    assert differences(record.effects) == [("old", 0, 20), ("ten", 100, 150)]
    assert scene.available() == 8


def test_without_a_quote_nothing_is_compared() -> None:
    """A till may give what it likes; the rules are not asked."""
    scene = shop(f"{TEN}\n{BASE}")
    record = scene.when(scene.sale("S", [article(1, 1000)]))

    assert differences(record.effects) == []


def test_many_differences_do_not_refuse_a_sale() -> None:
    """Twelve are told one by one, the rest as one; the sale is accepted."""
    scene = shop(BASE)
    lines = [
        article(n, 100, discounts=(Discount("promotion", f"p{n:03}", 1),)) for n in range(1, 101)
    ]
    sale = scene.sale("S", [replace(one, net_minor=99) for one in lines])
    record = scene.when(replace(sale, quote_id="Q"))

    assert record.decision == "ACCEPTED"
    assert len(differences(record.effects)) == 13
    assert differences(record.effects)[-1] == ("others", 0, 88)


def test_what_a_control_member_would_have_saved_is_recorded() -> None:
    """10 % of 10.00, withheld; a sale without a quote says nothing about it."""
    scene = shop(
        f"{BASE}\n{{id: ten, kind: percent_off, percent: 10, campaign: c}}",
        "campaigns: {c: {control: 100%}}",
    )
    answer = asked(scene, [article(1, 1000)])
    quoted = scene.when(bought(scene, answer, "S1"))
    plain = scene.when(scene.sale("S2", [article(1, 1000)]))

    held_back = [one for one in quoted.effects if isinstance(one, ledger.WithheldFromControl)]
    assert [(one.promotion_id, one.campaign_id, one.amount_minor) for one in held_back] == [
        ("ten", "c", 100)
    ]
    assert not [one for one in plain.effects if isinstance(one, ledger.WithheldFromControl)]


VOUCHERS = """
vouchers:
  five: {off: {amount: 5.00}, valid: {days: 60}}
  share: {off: {percent: 10}, valid: {days: 60}}
"""


def with_vouchers(*names: str) -> Scene:
    """A member with these vouchers."""
    scene = shop(BASE, VOUCHERS)
    for number, name in enumerate(names):
        header = scene.header(f"offer|{number}", "A", "2026-02-20")
        scene.when(OfferMade(header, "c", name, day("2026-03-01"), day("2026-03-31"), 1))
    return scene


def redeemed(effects: Sequence[ledger.Effect]) -> list[tuple[str, int]]:
    """Vouchers used, with what each took off."""
    return [
        (one.voucher_id, one.amount_minor)
        for one in effects
        if isinstance(one, ledger.VoucherRedeemed)
    ]


@pytest.mark.parametrize("presented", ["share", "offer|0#1"])
@pytest.mark.parametrize("said", ["share", "offer|0#1"])
@pytest.mark.parametrize("as_tender", [False, True])
def test_what_a_voucher_took_off_is_found_however_it_is_called(
    presented: str, said: str, as_tender: bool
) -> None:
    """By its id or its definition, off a line or as a tender: 1.00 was taken off 10.00."""
    scene = with_vouchers("share")
    line = article(1, 1000)
    tenders = [Tender("voucher", 100, said), Tender("card", 900)]
    if not as_tender:
        tenders = []
        line = replace(line, net_minor=900, discounts=(Discount("voucher", said, 100),))
    sale = scene.sale("S", [line], vouchers=[presented], tenders=tenders)
    record = scene.when(replace(sale, quote_id="Q"))

    assert redeemed(record.effects) == [("offer|0#1", 100)]
    assert differences(record.effects) == []


@pytest.mark.parametrize("by_definition", [False, True])
def test_two_vouchers_of_one_definition_take_off_their_own_part(by_definition: bool) -> None:
    """5.00 and 2.00 off 7.00, whether the receipt names both by their id or by their definition."""
    scene = with_vouchers("five", "five")
    answer = asked(scene, [article(1, 700)], vouchers=["five", "five"])
    assert [cut.amount_minor for cut in answer.cuts] == [500, 200]

    lines = answer.lines
    if by_definition:
        discounts = (Discount("voucher", "five", 500), Discount("voucher", "five", 200))
        lines = (replace(lines[0], discounts=discounts),)
    sale = scene.sale("S", lines, vouchers=["five", "five"])
    record = scene.when(replace(sale, quote_id="Q"))

    assert redeemed(record.effects) == [("offer|0#1", 500), ("offer|1#1", 200)]
    assert differences(record.effects) == []


@pytest.mark.parametrize("names", [("offer|0#1", "offer|0#1"), ("offer|0#1", "five")])
def test_two_uses_of_one_voucher_take_off_their_own_part(names: tuple[str, str]) -> None:
    """5.00 twice off 12.00, however the voucher is called: each use took off 5.00."""
    scene = shop(BASE, VOUCHERS)
    header = scene.header("offer|0", "A", "2026-02-20")
    scene.when(OfferMade(header, "c", "five", day("2026-03-01"), day("2026-03-31"), 2))
    answer = asked(scene, [article(1, 1200)], vouchers=names)
    record = scene.when(bought(scene, answer, vouchers=names))

    assert answer.to_pay_minor == 200
    assert redeemed(record.effects) == [("offer|0#1", 500), ("offer|0#1", 500)]


def test_a_voucher_that_the_quote_refused_is_not_used_up() -> None:
    """The sale names both that were presented; what took nothing off is refused as it was before.

    Had the till taken it off all the same, it would be used, and the difference told.
    """
    big = VOUCHERS + "  big: {off: {amount: 3.00}, basket: {at_least: 40.00}, valid: {days: 60}}\n"
    scene = shop(BASE, big)
    for number, name in enumerate(("five", "big")):
        header = scene.header(f"offer|{number}", "A", "2026-02-20")
        scene.when(OfferMade(header, "c", name, day("2026-03-01"), day("2026-03-31"), 1))
    answer = asked(scene, [article(1, 3000)], vouchers=["big", "five"])
    sale = bought(scene, answer, vouchers=["big", "five"])
    record = scene.when(sale)

    assert redeemed(record.effects) == [("offer|0#1", 500)]
    assert [one for one in record.effects if isinstance(one, ledger.VoucherRefused)] == [
        ledger.VoucherRefused("big", Refusal.VOUCHER_BASKET_TOO_SMALL.value)
    ]
    assert differences(record.effects) == []

    off = replace(article(1, 3000), net_minor=2700)
    off = replace(off, discounts=(Discount("voucher", "big", 300),))
    taken_off = scene.sale("T", [off], vouchers=["big"])
    record = scene.when(replace(taken_off, quote_id="Q"))
    assert redeemed(record.effects) == [("offer|1#1", 300)]
    assert differences(record.effects) == [("big", 0, 300)]


def test_one_sum_that_a_receipt_does_not_explain_may_be_the_voucher_s() -> None:
    """A file says 8.00 off 12.00 and names the voucher: its 5.00 are used, though 4.00 are left."""
    most = VOUCHERS.replace("five: {", "five: {basket: {at_least: 10.00}, ")
    scene = shop(BASE, most)
    header = scene.header("offer|0", "A", "2026-02-20")
    scene.when(OfferMade(header, "c", "five", day("2026-03-01"), day("2026-03-31"), 1))
    line = replace(article(1, 1200), net_minor=400, discounts=(Discount("till", "", 800),))
    sale = replace(scene.sale("S", [line], vouchers=["five"]), quote_id="Q")

    assert redeemed(scene.when(sale).effects) == [("offer|0#1", 500)]


BONUSES = """
    {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
    {id: fifty, kind: bonus, give: {points: 5}, basket: {at_least: 50.00}, title: {en: 5 points}}
    {id: ten, kind: percent_off, percent: 10, basket: {at_least: 60.00}}
    {id: hundred, kind: bonus, give: {points: 50}, basket: {at_least: 100.00}}
    {id: two, kind: bonus, give: {points: 50}, basket: {at_least: 200.00}}
    {id: vip, kind: bonus, give: {points: 50}, basket: {at_least: 46.00}, who: {labels: [vip]}}
    {id: soup, kind: bonus, give: {points: 5}, basket: {at_least: 46.00, coupon: C1}}
"""


def test_prompts_name_the_nearest_first_and_at_most_three() -> None:
    """45.80: 4.20 more for the first; what asks for another person or a coupon is not named."""
    answer = asked(shop(BONUSES), [article(1, 4580)])

    assert answer.prompts == (
        "4.20 more for 5 points",
        "14.20 more for ten",
        "54.20 more for hundred",
    )


def test_nothing_is_missing_for_what_needs_no_basket() -> None:
    """Five points become a voucher whatever the basket, so that none has to be larger for it."""
    scene = shop(
        f"{BASE}\n{{id: swap, kind: convert, take: {{points: 5}}, give: {{voucher: five}}, "
        "basket: {at_least: 50.00}}",
        VOUCHERS,
    )
    answer = asked(scene, [article(1, 500)])

    assert [one.promotion_id for one in answer.gives] == ["swap"]
    assert answer.prompts == ()


def test_a_template_is_said_only_while_something_is_missing() -> None:
    """The programme's words in the language asked for; silent once the basket is large enough."""
    words = """messages:
  before_pay:
    en: "Spend {hundred.missing} more and get 50 points on top of {points.earned}."
    fr: "Encore {hundred.missing}."
"""
    scene = shop(BONUSES, words)

    assert asked(scene, [article(1, 4580)]).prompts == (
        "Spend 54.20 more and get 50 points on top of 45.",
    )
    sale = scene.sale("Q", [article(1, 4580)])
    assert quote(Overlay(scene.state), sale, "fr").prompts == ("Encore 54.20.",)
    assert quote(Overlay(scene.state), sale, "de").prompts[0].startswith("Spend")
    assert asked(scene, [article(1, 20000)]).prompts == ()


def test_what_counts_for_a_level_is_not_told_as_earned() -> None:
    """A basket of 118.90 earns its points; that 118.90 count for the circle is no points."""
    scene = chain("beauty")
    answer = asked(scene, [article(1, 11_890)], on="2026-03-14")

    assert [(one.wallet, one.points) for one in answer.earned] == [("points", 118)]


EVERY_PLACE = """
tiers:
  circle:
    measure: spend
    window: calendar_year
    levels: [{id: low, from: 0}, {id: high, from: 100.00, title: {en: High}}]
vouchers:
  cake: {off: {amount: 1.00}, valid: {days: 30}}
messages:
  before_pay:
    en: "TEXT"
"""


def test_before_payment_every_place_is_filled_that_the_check_accepts() -> None:
    """80 of 100 points became a voucher: each place says what is there before the next sale."""
    promotions = """
    {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
    {id: to-cake, kind: convert, take: {points: 80}, give: {voucher: cake}}
    {id: feast, kind: bonus, give: {points: 5}, basket: {at_least: 60.00}}
    """
    said = {}
    for place in known_places(["points"], ["feast"]):
        document = programme(promotions, EVERY_PLACE.replace("TEXT", f"{{{place}}}"))
        ending = "amount: 1.00}, expiry: {rolling: {months: 12}}}"
        scene = Scene(document.replace("amount: 1.00}}", ending, 1))
        scene.enrolled("A")
        scene.when(scene.sale("S", [article(1, 8000)], on="2026-03-13"))
        scene.when(scene.sale("T", [article(1, 1500)], on="2026-03-13"))
        (said[place],) = asked(scene, [article(1, 4500)], on="2026-03-14").prompts

    assert said == {
        "points.earned": "45", "points.available": "20", "points.value": "0.20 EUR",
        "points.next_last_day": "2027-03-13", "points.next_last_day_points": "20",
        "points.spendable_on": "2026-03-14", "points.to_next_voucher": "60",
        "vouchers.active": "1", "vouchers.next_last_day": "2026-04-12",
        "tier.next": "High", "tier.missing": "5.00 EUR", "feast.missing": "15.00",
    }  # fmt: skip


def test_who_is_no_member_is_told_nothing_of_an_account() -> None:
    """The sentence about points is left out without a card, and the other one is said."""
    words = """messages:
  before_pay: {en: "You have {points.available} points. {ten.missing} more for 10 %!"}
"""
    scene = shop(BONUSES, words)
    both = asked(scene, [article(1, 4580)])
    stranger = asked(scene, [article(1, 4580)], account="store:0142")

    assert both.prompts == ("You have 0 points. 14.20 more for 10 %!",)
    assert stranger.prompts == ("14.20 more for 10 %!",)
