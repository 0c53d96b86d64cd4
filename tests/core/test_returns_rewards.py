"""Returns and what is no plain points: vouchers, counted purchases, streaks, levels."""

import pytest

from processors.core.judging import levels_of
from processors.core.programme import compiled
from schemas import events, ledger
from schemas.events import Tender
from schemas.ledger import PointsEarned, PointsReversed, Record
from schemas.records import replace
from tests.core.scene import PLAIN, Scene, line, points, scene_of

VOUCHERS = """
vouchers:
  twenty: {off: {amount: 20.00}, valid: {days: 30}}
  card: {off: {amount: 20.00}, stored_value: true, valid: {days: 30}}
  thrice: {off: {percent: 10}, uses: 3, valid: {days: 30}}
"""
SPEND = (
    PLAIN
    + "  - {id: spend-200, kind: bonus, give: {voucher: twenty}, basket: {at_least: 200.00}}\n"
    + VOUCHERS
)
"""200.00 now are 20.00 off the next visit."""
TENTH = (
    PLAIN
    + """\
  - {id: tenth, kind: bonus, give: {voucher: twenty},
     nth_sale: {every: 10, basket: {at_least: 5.00}}}
  - {id: third, kind: bonus, give: {points: 7}, nth_sale: {is: 3}}
"""
    + VOUCHERS
)
"""A voucher for every tenth basket of 5.00, and 7 points for the third purchase."""


def kinds(record: Record) -> list[str]:
    """The names of a record's effects."""
    return [type(effect).__name__ for effect in record.effects]


def consistent(scene: Scene) -> bool:
    """Whether the ledger alone gives the state back."""
    return scene.refolded().digest() == scene.state.digest()


def use(scene: Scene, number: str, voucher: str, amount: int, on: str) -> events.SaleRecorded:
    """A sale of 100.00 on which a voucher took off so much."""
    sale = scene.sale(
        number, [line(1, 10000)], on=on, vouchers=[voucher],
        tenders=[Tender("voucher", amount, voucher), Tender("card", 10000 - amount)],
    )  # fmt: skip
    scene.when(sale)
    return sale


def test_an_unused_voucher_goes_with_the_sale_that_gave_it() -> None:
    """210.00 gave 20.00 off; 190.00 are left, so the voucher is cancelled, once."""
    scene = scene_of(SPEND)
    sale = scene.sale("1", [line(1, 19000), line(2, 2000)])
    scene.when(sale)

    record = scene.when(scene.back("1", sale, {2: 0}))
    rest = scene.when(scene.back("2", sale, {1: 0}))

    assert kinds(record) == ["PointsReversed", "VoucherCancelled"]
    assert kinds(rest) == ["PointsReversed"]
    assert scene.account().vouchers == []
    assert consistent(scene)


YEN = (
    SPEND.replace("pay: {min", "when_short: charge_refund, pay: {min")
    .replace("at_least: 200.00}", "at_least: 200}, where: {currencies: [JPY]}")
    .replace("promotions:\n", """promotions:
  - {id: yen, kind: per_amount, give: {points: 1}, per: 100, where: {currencies: [JPY]}}
""")
)  # fmt: skip
"""In yen a point for every 100, and a voucher from 200 on."""


def test_what_points_and_vouchers_are_worth_is_money_of_the_programme() -> None:
    """A sale in yen gave 100 points and a voucher, both used for euros: so much less, in euros."""
    scene = scene_of(YEN)
    sale = scene.sale("1", [line(1, 10000)], currency="JPY")
    scene.when(sale)
    scene.when(scene.redemption("1", 100, 100))
    use(scene, "2", "twenty", 2000, "2026-03-14")
    scene.when(scene.redemption("2", 80, 80))

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))

    (off,) = [e for e in record.effects if isinstance(e, ledger.PointsWrittenOff)]
    assert (off.charge_minor, off.currency) == (100, "EUR")
    assert [
        (e.amount_minor, e.currency) for e in record.effects if isinstance(e, ledger.RefundReduced)
    ] == [(2000, "EUR")]


def test_a_voucher_takes_nothing_off_a_sale_in_another_currency() -> None:
    """20.00 of stored value are no 800 yen: it is refused, as a quote does, and stays whole."""
    scene = scene_of(SPEND.replace("{voucher: twenty}", "{voucher: card}"))
    scene.when(scene.sale("1", [line(1, 20000)]))
    tenders = [Tender("voucher", 800, "card"), Tender("card", 5200)]
    sale = scene.sale("2", [line(1, 6000)], currency="JPY", vouchers=["card"], tenders=tenders)

    record = scene.when(sale)

    assert [e.reason for e in record.effects if isinstance(e, ledger.VoucherRefused)] == [
        "OTHER_CURRENCY"
    ]
    assert [one.amount_minor for one in scene.account().vouchers] == [2000]
    assert consistent(scene)


@pytest.mark.parametrize("channel", ["pos", "app"])
def test_a_purchase_that_came_back_is_none_for_rules_that_count_later(channel: str) -> None:
    """Nobody counted when it was sold; the version that counts came before it was returned.

    So the next purchase is the first, whatever it was sold over.
    """
    first = "  - {id: first, kind: bonus, give: {points: 500}, who: {first_purchase: true}}\n"
    scene = scene_of(PLAIN)
    sale = scene.sale("1", [line(1, 5000)])
    sale = replace(sale, header=replace(sale.header, channel=channel))
    scene.when(sale)
    scene.activate(PLAIN.replace("version: 1", "version: 2") + first, "2026-03-15")

    scene.when(scene.back("1", sale, {1: 0}))
    record = scene.when(scene.sale("2", [line(1, 1000)], on="2026-03-16"))

    assert points(record, PointsEarned)["first"] == 500
    assert scene.account().sales == {"pos": 1}
    assert consistent(scene)


def test_nothing_is_counted_off_where_nobody_counts() -> None:
    """Under a programme that asks for no purchase a return says nothing of them."""
    scene = scene_of(PLAIN)
    sale = scene.sale("1", [line(1, 5000)])
    scene.when(sale)

    assert kinds(scene.when(scene.back("1", sale, {1: 0}))) == ["PointsReversed"]


def test_a_voucher_that_was_charged_to_a_refund_is_the_customers() -> None:
    """20.00 less were refunded for the voucher, and its use came back: it holds, and stays.

    Used again and back again it is neither charged nor taken a second time.
    """
    scene = scene_of(SPEND)
    sale = scene.sale("1", [line(1, 18000), line(2, 1000), line(3, 2000)])
    scene.when(sale)
    used = use(scene, "2", "twenty", 2000, "2026-03-15")
    charged = scene.when(scene.back("1", sale, {3: 0}, on="2026-03-16"))
    scene.when(scene.back("2", used, {1: 0}, on="2026-03-17"))

    while_open = scene.when(scene.back("3", sale, {2: 0}, on="2026-03-18"))
    use(scene, "3", "twenty", 2000, "2026-03-19")
    when_used = scene.when(scene.back("4", sale, {1: 0}, on="2026-03-20"))

    assert "RefundReduced" in kinds(charged)
    assert kinds(while_open) == kinds(when_used) == ["PointsReversed"]
    assert consistent(scene)


@pytest.mark.parametrize(
    ("voucher", "amount", "again"), [("card", 800, (1, 800)), ("twice", 500, (1, 500))]
)
def test_a_use_that_was_charged_comes_back_as_a_voucher_of_its_own(
    voucher: str, amount: int, again: tuple[int, int]
) -> None:
    """8.00 of 20.00 were used: the refund was so much smaller, and the rest cancelled.

    When that use comes back too, the 8.00 are paid for: they hold again, and to the day they did.
    """
    twice = "  twice: {off: {amount: 5.00}, uses: 2, valid: {days: 30}}\n"
    scene = scene_of(SPEND.replace("{voucher: twenty}", f"{{voucher: {voucher}}}") + twice)
    sale = scene.sale("1", [line(1, 20000)])
    scene.when(sale)
    (gone,) = scene.account().vouchers
    used = use(scene, "2", voucher, amount, "2026-03-15")

    charged = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))
    rest = scene.when(scene.back("2", used, {1: 0}, on="2026-03-17"))

    assert {"VoucherCancelled", "RefundReduced"} <= set(kinds(charged))
    (held,) = scene.account().vouchers
    assert (held.uses_left, held.amount_minor) == again
    assert (held.last_day, held.promotion_id) == (gone.last_day, "spend-200")
    assert held.voucher_id == f"{rest.event_id}#1"
    assert consistent(scene)


def test_a_voucher_that_a_person_took_back_stays_so() -> None:
    """Nobody was charged for the 8.00 that were used, so they do not come back with their sale."""
    scene = scene_of(SPEND.replace("{voucher: twenty}", "{voucher: card}"))
    scene.when(scene.sale("1", [line(1, 20000)]))
    (card,) = scene.account().vouchers
    used = use(scene, "2", "card", 800, "2026-03-15")
    header = scene.header("cancel|1", "A", "2026-03-16")
    scene.when(events.VoucherCancelled(header, card.voucher_id, "by mistake"))

    scene.when(scene.back("1", used, {1: 0}, on="2026-03-17"))

    assert scene.account().vouchers == []


def test_a_used_voucher_makes_the_refund_smaller_once() -> None:
    """The 20.00 were used: the refund is 20.00 less, said once over all returns of the sale."""
    scene = scene_of(SPEND)
    sale = scene.sale("1", [line(1, 19000), line(2, 2000)])
    scene.when(sale)
    use(scene, "2", "twenty", 2000, "2026-03-15")

    record = scene.when(scene.back("1", sale, {2: 0}, on="2026-03-16"))
    rest = scene.when(scene.back("2", sale, {1: 0}, on="2026-03-17"))
    (less,) = [e for e in record.effects if isinstance(e, ledger.RefundReduced)]

    assert (less.amount_minor, less.currency, less.why) == (2000, "EUR", "voucher_used")
    assert less.source_id == f"{sale.header.event_id}#2"
    assert kinds(rest) == ["PointsReversed"]
    assert consistent(scene)


def test_a_voucher_that_was_used_long_ago_is_still_known_to_be_used() -> None:
    """The account forgets a used voucher with its last day; the sale's receipt does not."""
    scene = scene_of(SPEND)
    sale = scene.sale("1", [line(1, 20000)])
    scene.when(sale)
    use(scene, "2", "twenty", 2000, "2026-03-15")
    scene.when(scene.sale("3", [line(1, 100)], on="2026-06-01"))
    assert scene.account().vouchers == []

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-06-02"))

    assert "RefundReduced" in kinds(record)


def test_a_voucher_that_ended_unused_costs_nobody_anything() -> None:
    """Its last day was over: there is nothing to cancel and nothing to charge."""
    scene = scene_of(SPEND)
    sale = scene.sale("1", [line(1, 20000)])
    scene.when(sale)
    for number in range(12, 14):
        scene.close(f"2026-04-{number}")

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-04-14"))

    assert kinds(record) == ["PointsReversed"]


def test_a_sale_that_still_earns_its_voucher_keeps_it() -> None:
    """230.00 less 20.00 are enough."""
    scene = scene_of(SPEND)
    sale = scene.sale("1", [line(1, 21000), line(2, 2000)])
    scene.when(sale)

    record = scene.when(scene.back("1", sale, {2: 0}))

    assert kinds(record) == ["PointsReversed"]
    assert [one.uses_left for one in scene.account().vouchers] == [1]


def test_a_voucher_used_on_a_sale_holds_again_when_all_of_it_comes_back() -> None:
    """A part of the sale leaves it used; the rest brings it back, with its own last day, once."""
    scene = scene_of(SPEND)
    scene.when(scene.sale("1", [line(1, 20000)]))
    sale = scene.sale(
        "2", [line(1, 6000), line(2, 4000)], on="2026-03-15", vouchers=["twenty"],
        tenders=[Tender("voucher", 2000, "twenty"), Tender("card", 8000)],
    )  # fmt: skip
    scene.when(sale)
    last_day = scene.account().vouchers[0].last_day

    part = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))
    rest = scene.when(scene.back("2", sale, {2: 0}, on="2026-03-17"))
    (again,) = [e for e in rest.effects if isinstance(e, ledger.VoucherRestored)]

    assert "VoucherRestored" not in kinds(part)
    assert (again.last_day, again.uses, again.amount_minor) == (last_day, 1, 2000)
    assert (again.was_used_up, again.sale_id) == (True, sale.header.event_id)
    assert [one.uses_left for one in scene.account().vouchers] == [1]
    assert consistent(scene)


def test_a_voucher_whose_last_day_is_over_does_not_come_back() -> None:
    """Its term was what it was."""
    scene = scene_of(SPEND)
    scene.when(scene.sale("1", [line(1, 20000)]))
    sale = use(scene, "2", "twenty", 2000, "2026-03-15")

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-04-14"))

    assert "VoucherRestored" not in kinds(record)


def test_a_restored_voucher_is_unused_for_the_sale_that_gave_it() -> None:
    """Used on a sale that came back, it is there to be cancelled, and nothing is charged."""
    scene = scene_of(SPEND)
    first = scene.sale("1", [line(1, 20000)])
    scene.when(first)
    second = use(scene, "2", "twenty", 2000, "2026-03-15")
    scene.when(scene.back("1", second, {1: 0}, on="2026-03-16"))

    record = scene.when(scene.back("2", first, {1: 0}, on="2026-03-17"))

    assert kinds(record) == ["PointsReversed", "VoucherCancelled"]
    assert consistent(scene)


def test_two_uses_on_one_sale_come_back_as_two() -> None:
    """5.00 and 3.00 were used on one sale; both came back, so the voucher is as good as unused."""
    twice = "  twice: {off: {amount: 5.00}, uses: 2, valid: {days: 30}}\n"
    scene = scene_of(SPEND.replace("{voucher: twenty}", "{voucher: twice}") + twice)
    first = scene.sale("1", [line(1, 20000)])
    scene.when(first)
    (one,) = scene.account().vouchers
    paid = [Tender("voucher", 800, "twice"), Tender("card", 200)]
    second = scene.sale("2", [line(1, 1000)], vouchers=[one.voucher_id] * 2, tenders=paid)
    scene.when(second)
    scene.when(scene.back("1", second, {1: 0}, on="2026-03-16"))

    record = scene.when(scene.back("2", first, {1: 0}, on="2026-03-17"))

    assert kinds(record) == ["PointsReversed", "VoucherCancelled"]
    assert consistent(scene)


@pytest.mark.parametrize(
    ("voucher", "amounts", "left"),
    [("card", (1340, 660), [(1, 1340), (1, 2000)]), ("thrice", (100, 300), [(2, 0), (3, 0)])],
)
def test_uses_and_stored_value_come_back_as_they_went(
    voucher: str, amounts: tuple[int, int], left: list[tuple[int, int]]
) -> None:
    """13.40 and 6.60 of 20.00, or two uses of three: each return gives back what its sale took."""
    scene = scene_of(SPEND)
    uses = 0 if voucher == "card" else 3
    header = scene.header("offer|1", "A", "2026-03-14")
    scene.when(events.OfferMade(header, "spring", voucher, 20_500, 20_600, uses))
    sales = [
        use(scene, f"{number}", voucher, amount, "2026-03-15")
        for number, amount in enumerate(amounts)
    ]

    found = []
    for number, sale in enumerate(sales):
        scene.when(scene.back(f"{number}", sale, {1: 0}, on="2026-03-16"))
        (one,) = scene.account().vouchers
        found.append((one.uses_left, one.amount_minor))

    assert found == left
    assert consistent(scene)


@pytest.mark.parametrize("first", ["sale", "voucher"])
def test_a_voucher_presented_beside_its_sale_comes_back_with_it(first: str) -> None:
    """The till named the sale when it presented the voucher: before it was paid, or after."""
    scene = scene_of(SPEND)
    scene.when(scene.sale("1", [line(1, 20000)]))
    sale = scene.sale("2", [line(1, 5000)], on="2026-03-15")
    header = scene.header("coupon|1", "A", "2026-03-15")
    said = events.VoucherPresented(header, "twenty", "", sale.header.event_id, 2000, "EUR")
    for event in (sale, said) if first == "sale" else (said, sale):
        scene.when(event)

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))

    (restored,) = [one for one in record.effects if type(one) is ledger.VoucherRestored]
    assert restored.sale_id == sale.header.event_id
    assert [one.uses_left for one in scene.account().vouchers if one.voucher == "twenty"] == [1]
    assert consistent(scene)
    assert scene.refolded().digest() == scene.state.digest()


def test_several_vouchers_can_wait_for_one_sale() -> None:
    """Each is presented by itself before the sale is paid; all of them come back with it."""
    scene = scene_of(SPEND)
    for number in ("1", "2"):
        scene.when(scene.sale(number, [line(1, 20000)]))
    sale = scene.sale("3", [line(1, 5000)], on="2026-03-15")
    for one in scene.account().vouchers:
        header = scene.header(f"coupon|{one.voucher_id}", "A", "2026-03-15")
        said = events.VoucherPresented(
            header, one.voucher_id, "", sale.header.event_id, 2000, "EUR"
        )
        scene.when(said)
    used = [one.uses_left for one in scene.account().vouchers]
    scene.when(sale)

    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))

    assert used == [0, 0]
    assert [one.uses_left for one in scene.account().vouchers] == [1, 1]
    assert scene.refolded().digest() == scene.state.digest()


def test_a_voucher_does_not_wait_for_ever() -> None:
    """The sale never came: behind the horizon nothing is remembered of what waited for it."""
    scene = scene_of(SPEND)
    scene.when(scene.sale("1", [line(1, 20000)]))
    header = scene.header("coupon|1", "A", "2026-03-15")
    scene.when(events.VoucherPresented(header, "twenty", "", "sale|none", 2000, "EUR"))
    remembered = len(scene.state.receipts)

    scene.close("2027-05-01")

    assert (remembered, len(scene.state.receipts)) == (5, 0)
    assert scene.refolded().digest() == scene.state.digest()


def test_a_person_takes_an_unused_voucher_back() -> None:
    """An open one ends with the reason given; a used one and an unknown one are refused."""
    scene = scene_of(SPEND)
    for number in ("1", "2"):
        scene.when(scene.sale(number, [line(1, 20000)]))
    used, unused = [one.voucher_id for one in scene.account().vouchers]
    use(scene, "3", used, 2000, "2026-03-15")
    records = [
        scene.when(
            events.VoucherCancelled(
                scene.header(f"voucher|{name}|cancelled", "A", "2026-03-16"), name, "by mistake"
            )
        )
        for name in (used, unused, "none")
    ]

    assert [record.reason for record in records] == ["VOUCHER_USED", "", "VOUCHER_UNKNOWN"]
    assert [getattr(effect, "reason", "") for effect in records[1].effects] == ["by mistake"]
    assert [one.voucher_id for one in scene.account().vouchers] == [used]


def test_nine_of_ten_again() -> None:
    """The tenth purchase gave a voucher; it comes back: nine are counted, the next is tenth."""
    scene = scene_of(TENTH)
    sales = [scene.sale(str(number), [line(1, 1000)]) for number in range(10)]
    records = [scene.when(sale) for sale in sales]

    back = scene.when(scene.back("1", sales[9], {1: 0}, on="2026-03-14"))
    again = scene.when(scene.sale("10", [line(1, 1000)], on="2026-03-15"))

    assert "VoucherIssued" in kinds(records[9])
    assert kinds(back) == ["PointsReversed", "VoucherCancelled", "Counted", "Counted"]
    assert "VoucherIssued" in kinds(again)
    assert consistent(scene)


def test_a_basket_that_grew_too_small_no_longer_counts_as_a_purchase() -> None:
    """7.00 less 3.00 is below 5.00: it is no longer one of the ten, but still a sale."""
    scene = scene_of(TENTH)
    sale = scene.sale("1", [line(1, 400), line(2, 300)])
    scene.when(sale)

    record = scene.when(scene.back("1", sale, {2: 0}))

    assert kinds(record) == ["PointsReversed", "Counted"]
    assert (scene.account().counts, scene.account().sales) == ({}, {"pos": 1})


def test_the_third_purchase_is_the_third_that_stayed() -> None:
    """Of three purchases the second came back: the next one is the third."""
    scene = scene_of(TENTH)
    sales = [scene.sale(str(number), [line(1, 1000)]) for number in range(4)]
    for sale in sales[:2]:
        scene.when(sale)
    scene.when(scene.back("1", sales[1], {1: 0}))
    third, fourth = (points(scene.when(sale), PointsEarned) for sale in sales[2:])

    assert ("third" in third, "third" in fourth) == (False, True)
    assert scene.account().sales == {"pos": 3}


STAMPS = """
programme: stamps
version: 1
zone: Europe/London
currency: GBP
wallets: {stamps: {value: {units: 10, amount: 3.60}, when_short: owe}}
vouchers: {drink: {off: {percent: 100, units: 1}, valid: {days: 60}}}
promotions:
  - {id: drinks, kind: per_item, give: {stamps: 1}, items: {categories: [DRINKS], paid: true}}
  - {id: full-card, kind: convert, take: {stamps: 10}, give: {voucher: drink}}
"""


def test_a_stamp_that_is_owed_is_paid_by_the_next_one() -> None:
    """Ten stamps became a drink; one of them comes back and is owed: of three more two stay."""
    scene = scene_of(STAMPS)

    def drinks(number: str, units: int) -> events.SaleRecorded:
        return scene.sale(
            number, [line(1, 320 * units, category="DRINKS", quantity_milli=1000 * units)],
            currency="GBP",
        )  # fmt: skip

    sale = drinks("1", 10)
    scene.when(sale)
    scene.when(scene.back("1", sale, {1: 1000}))
    owed = scene.wallet("stamps").owed
    scene.when(drinks("2", 3))

    assert owed == 1
    assert (scene.wallet("stamps").owed, scene.available("stamps")) == (0, 2)
    assert consistent(scene)


STREAK = (
    PLAIN
    + """\
  - {id: weeks, kind: streak, every: week, length: 3, basket: {at_least: 2.50}, give: {points: 100}}
"""
)


def test_a_week_whose_only_sale_came_back_no_longer_counts() -> None:
    """Weeks 10, 11 and 12, but 11 came back: 12 fills nothing; a late sale of 11 does."""
    scene = scene_of(STREAK)
    sales = [
        scene.sale(on, [line(1, 500)], on=on) for on in ("2026-03-03", "2026-03-10", "2026-03-17")
    ]
    scene.when(sales[0])
    scene.when(sales[1])
    scene.when(scene.back("1", sales[1], {1: 0}, on="2026-03-11"))
    third = scene.when(sales[2])
    late = scene.when(scene.sale("late", [line(1, 500)], on="2026-03-12"))

    assert "weeks" not in points(third, PointsEarned)
    assert points(late, PointsEarned)["weeks"] == 100
    assert consistent(scene)


def test_a_week_with_another_sale_counts_on() -> None:
    """One of the two sales of week 11 came back; the other holds the week."""
    scene = scene_of(STREAK)
    scene.when(scene.sale("1", [line(1, 500)], on="2026-03-03"))
    twice = [scene.sale(f"2{on}", [line(1, 500)], on="2026-03-10") for on in "ab"]
    for sale in twice:
        scene.when(sale)
    scene.when(scene.back("1", twice[0], {1: 0}, on="2026-03-11"))

    third = scene.when(scene.sale("3", [line(1, 500)], on="2026-03-17"))

    assert points(third, PointsEarned)["weeks"] == 100


def test_the_sale_that_filled_a_streak_takes_it_along() -> None:
    """What it gave comes back, and its weeks are free for a next one: week 12 again fills it."""
    scene = scene_of(STREAK)
    sales = [
        scene.sale(on, [line(1, 500)], on=on) for on in ("2026-03-03", "2026-03-10", "2026-03-17")
    ]
    filled = [scene.when(sale) for sale in sales][-1]

    back = scene.when(scene.back("1", sales[2], {1: 0}, on="2026-03-18"))
    again = scene.when(scene.sale("4", [line(1, 500)], on="2026-03-19"))

    assert points(filled, PointsEarned)["weeks"] == 100
    assert points(back, PointsReversed) == {"base": 5, "weeks": 100}
    assert points(again, PointsEarned)["weeks"] == 100
    assert consistent(scene)


LEVELS = """
programme: levels
version: 1
zone: Europe/Paris
currency: EUR
wallets: {points: {value: {units: 100, amount: 1.00}}}
tiers:
  club:
    measure: spend
    window: {months: 12}
    levels: [{id: bronze, from: 0}, {id: silver, from: 500.00}, {id: gold, from: 2000.00}]
  regulars:
    measure: visits
    window: calendar_year
    levels: [{id: guest, from: 0}, {id: regular, from: 2}]
vouchers: {gift: {off: {amount: 25.00}, valid: {days: 90}}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: big, kind: bonus, give: {points: {by_tier: {bronze: 10, silver: 20}}},
     basket: {at_least: 50.00}, who: {labels: [vip]}}
  - {id: golden, trigger: tier_reached, tier: gold, kind: bonus,
     give: {voucher: gift, points: 300}, limits: {per_member: {times: 1, every: year}}}
"""


def level(scene: Scene, ladder: str = "club") -> str:
    """The member's level."""
    programme = scene.state.programmes[-1].programme
    at = list(programme.ladders).index(ladder)
    return levels_of(scene.account(), programme)[at]


def test_a_return_loses_the_level_that_the_sale_reached() -> None:
    """1,410.00 and 600.00 are Gold; the 600.00 come back and it is Silver at once.

    The gift that came with Gold is cancelled, its points come back, and Gold may give them again.
    """
    scene = scene_of(LEVELS)
    scene.when(scene.sale("1", [line(1, 141000)], on="2026-03-01"))
    sale = scene.sale("2", [line(1, 60000)])
    reached = scene.when(sale)
    assert level(scene) == "gold"

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-20"))

    assert points(reached, PointsEarned)["golden"] == 300
    assert level(scene) == "silver"
    (moved,) = [
        e for e in record.effects if isinstance(e, ledger.TierChanged) and e.ladder == "club"
    ]
    assert (moved.from_level, moved.to_level, moved.measured) == ("gold", "silver", 141000)
    assert "VoucherCancelled" in kinds(record)
    assert points(record, PointsReversed)["golden"] == 300
    assert scene.available() == 1410
    again = scene.when(scene.sale("3", [line(1, 60000)], on="2026-03-21"))
    assert points(again, PointsEarned)["golden"] == 300
    assert consistent(scene)


def test_a_used_gift_of_a_lost_level_makes_the_refund_smaller() -> None:
    """25.00 less are refunded."""
    scene = scene_of(LEVELS)
    sale = scene.sale("1", [line(1, 200000)])
    scene.when(sale)
    use(scene, "2", "gift", 2500, "2026-03-15")

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))

    assert [e.amount_minor for e in record.effects if isinstance(e, ledger.RefundReduced)] == [2500]


@pytest.mark.parametrize("returns", ["earned_level", "at_review"])
def test_a_gift_of_a_level_goes_with_its_sale_whoever_moved_the_level(returns: str) -> None:
    """1,900.00 and 100.00 are Gold, and both come back: 300 points and the gift go with the second.

    The first return lost the level, or nothing does before the review; that it is not reached any
    more is the same.  The gift was used, so it makes the refund smaller.
    """
    scene = scene_of(LEVELS.replace("months: 12}", f"months: 12}}\n    returns: {returns}", 1))
    first = scene.sale("1", [line(1, 190000)], on="2026-03-01")
    second = scene.sale("2", [line(1, 10000)])
    for sale in (first, second):
        scene.when(sale)
    use(scene, "3", "gift", 2500, "2026-03-15")
    scene.when(scene.back("1", first, {1: 0}, on="2026-03-16"))

    record = scene.when(scene.back("2", second, {1: 0}, on="2026-03-17"))

    assert points(record, PointsReversed)["golden"] == 300
    assert [e.amount_minor for e in record.effects if isinstance(e, ledger.RefundReduced)] == [2500]
    assert consistent(scene)


def test_a_gift_that_was_charged_to_a_refund_outlives_its_level() -> None:
    """The gift was used, charged and holds again: a Gold that is lost later takes only its own."""
    scene = scene_of(LEVELS)
    sale = scene.sale("1", [line(1, 200000)])
    scene.when(sale)
    used = use(scene, "2", "gift", 2500, "2026-03-15")
    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))
    scene.when(scene.back("2", used, {1: 0}, on="2026-03-16"))
    again = scene.sale("3", [line(1, 200000)], on="2026-03-17")
    scene.when(again)

    record = scene.when(scene.back("3", again, {1: 0}, on="2026-03-18"))

    (gone,) = [e for e in record.effects if isinstance(e, ledger.VoucherCancelled)]
    assert gone.voucher_id.startswith(again.header.event_id)
    assert [one.uses_left for one in scene.account().vouchers] == [1]
    assert consistent(scene)


def test_a_gift_of_a_level_stays_as_long_as_the_level_is_reached() -> None:
    """The 600.00 that were Gold come back; 690.00 came since, so Gold and its gift stay."""
    scene = scene_of(LEVELS)
    scene.when(scene.sale("1", [line(1, 141000)], on="2026-03-01"))
    sale = scene.sale("2", [line(1, 60000)])
    scene.when(sale)
    scene.when(scene.sale("3", [line(1, 69000)], on="2026-03-15"))

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))

    assert "golden" not in points(record, PointsReversed)
    assert "VoucherCancelled" not in kinds(record)


def test_gifts_of_a_ladder_that_is_gone_go_with_their_sale() -> None:
    """The programme of today has no Gold; the sale that reached it comes back with all it gave."""
    scene = scene_of(LEVELS)
    sale = scene.sale("1", [line(1, 200000)])
    scene.when(sale)
    scene.activate(
        PLAIN.replace("plain", "levels").replace("version: 1", "version: 2"), "2026-03-15"
    )

    record = scene.when(scene.back("1", sale, {1: 0}))

    assert points(record, PointsReversed)["golden"] == 300
    assert "VoucherCancelled" in kinds(record)
    assert scene.available() == 0


def test_a_level_that_is_kept_without_being_earned_is_not_lost_by_a_return() -> None:
    """Put on Gold by hand; what comes back did not earn it."""
    scene = scene_of(LEVELS)
    scene.when(
        events.TierAssigned(
            scene.header("tier|1", "A", "2026-03-01"), "club", "gold", 0, "a friend", "a chief"
        )
    )
    sale = scene.sale("1", [line(1, 10000)])
    scene.when(sale)

    scene.when(scene.back("1", sale, {1: 0}))

    assert level(scene) == "gold"


def test_a_visit_counts_as_long_as_anything_is_left_of_it() -> None:
    """One article back leaves the second visit; the other one too takes it, and the level."""
    scene = scene_of(LEVELS)
    scene.when(scene.sale("1", [line(1, 1000)]))
    sale = scene.sale("2", [line(1, 1000), line(2, 500)])
    scene.when(sale)

    scene.when(scene.back("1", sale, {1: 0}))
    after_one = level(scene, "regulars")
    scene.when(scene.back("2", sale, {2: 0}))

    assert (after_one, level(scene, "regulars")) == ("regular", "guest")
    assert consistent(scene)


def test_what_counted_for_a_year_that_is_over_is_not_owed() -> None:
    """A purchase of December comes back in January: the new year's visits are what they are."""
    scene = scene_of(LEVELS)
    sale = scene.sale("1", [line(1, 1000)], on="2026-12-30")
    scene.when(sale)
    scene.close("2026-12-31")

    record = scene.when(scene.back("1", sale, {1: 0}, on="2027-01-02"))

    assert "PointsOwed" not in kinds(record)
    assert scene.wallet("tier:regulars").owed == 0
    assert consistent(scene)


def test_the_members_own_standing_is_that_of_the_sale() -> None:
    """A label taken off, or a level reached, since the sale changes nothing about its return.

    A bronze vip had 10 for 60.00; Silver by now and no vip, but 55.00 are left: nothing is taken.
    Below 50.00 the 10 of bronze are.
    """
    scene = scene_of(LEVELS)
    scene.when(events.MemberLabelled(scene.header("label|1", "A", "2026-03-01"), "vip", True))
    sale = scene.sale("1", [line(1, 4000), line(2, 1500), line(3, 500)])
    sold = scene.when(sale)
    scene.when(events.MemberLabelled(scene.header("label|2", "A", "2026-03-14"), "vip", False))
    scene.when(scene.sale("2", [line(1, 90000)]))
    assert level(scene) == "silver"

    first = scene.when(scene.back("1", sale, {3: 0}))
    second = scene.when(scene.back("2", sale, {2: 0}))

    assert points(sold, PointsEarned)["big"] == 10
    assert "big" not in points(first, PointsReversed)
    assert points(second, PointsReversed)["big"] == 10
    assert compiled(scene.state.programmes[0].programme.checked.document).by_level
    assert consistent(scene)


def test_control_members_are_judged_as_control() -> None:
    """Who got nothing of a campaign has nothing of it to give back."""
    scene = scene_of(
        PLAIN.replace("promotions:", "campaigns: {spring: {control: 100%}}\npromotions:").replace(
            "per: 1.00}", "per_full: 10.00}"
        )
        + "  - {id: triple, kind: multiplier, multiply: {points: 3}, campaign: spring}\n"
    )
    sale = scene.sale("1", [line(1, 2500), line(2, 1000)])
    sold = scene.when(sale)

    record = scene.when(scene.back("1", sale, {2: 0}))

    assert points(sold, PointsEarned) == {"base": 3}
    assert points(record, PointsReversed) == {"base": 1}
