"""Where several words of a programme meet, each keeps what it says."""

from collections.abc import Sequence

import pytest

from processors.core.draft import EFFECTS_MAX
from schemas import events, ledger
from schemas.events import Discount, Tender
from schemas.ledger import PointsEarned, Record
from tests.core.scene import PLAIN, Scene, day, line, of, scene_of

YEARLY = PLAIN.replace(
    "promotions:",
    """\
tiers:
  club: {measure: spend, window: WINDOW, kept_until: end_of_year, review: one_down,
    levels: [{id: bronze, from: 0}, {id: silver, from: 50.00}, {id: gold, from: 100.00}]}
promotions:""",
)
"""Levels that are kept to the end of the year in which they were reached."""
TWO = """
programme: two
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  points: {value: {units: 100, amount: 1.00}, pay: {min: 1, step: 1}}
  stars: {value: {units: 100, amount: 1.00}, pay: {min: 1, step: 1}}
vouchers: {five: {off: {amount: 5.00}, valid: {days: 9}}}
promotions:
"""
"""Two wallets, and the promotions that follow."""
VOUCHERS = """
vouchers:
  twenty: {off: {amount: 20.00}, valid: {days: 30}}
  card: {off: {amount: 20.00}, stored_value: true, valid: {days: 30}}
"""
FIFTY = (
    PLAIN
    + "  - {id: fifty, kind: bonus, give: {voucher: twenty}, basket: {at_least: 50.00}}\n"
    + VOUCHERS
)
"""20.00 off the next visit for 50.00."""


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


@pytest.mark.parametrize(
    ("spent", "grace", "became", "reason", "counted"),
    [
        (15000, 0, "gold", "review", 15000),
        (6000, 0, "silver", "review", 6000),
        (6000, 30, "gold", "grace", 6000),
        (0, 0, "silver", "review", 0),
    ],
)
def test_a_review_says_what_it_counted(
    spent: int, grace: int, became: str, reason: str, counted: int
) -> None:
    """Gold is kept a month at a time by what twelve months hold; the review tells how much."""
    monthly = YEARLY.replace("WINDOW", "{months: 1}").replace("end_of_year", "{months: 1}")
    scene = scene_of(monthly.replace("one_down", f"one_down, grace: {{days: {grace}}}"))
    scene.when(scene.sale("1", [line(1, 15000)], on="2026-03-14"))
    scene.close("2026-03-20")
    if spent:
        scene.when(scene.sale("2", [line(1, spent)], on="2026-03-21"))

    closed = [one.record for one in scene.close_through("2026-04-14")]
    (moved,) = [one for record in closed for one in of(record, ledger.TierChanged)]

    assert (moved.to_level, moved.reason, moved.measured) == (became, reason, counted)


def test_a_review_keeps_nobody_on_a_level_that_there_is_no_more() -> None:
    """150.00 had reached gold; without it they are silver, which the review of the gold tells."""
    lasting = YEARLY.replace("WINDOW", "lifetime").replace("end_of_year", "{months: 1}")
    scene = scene_of(lasting)
    scene.when(scene.sale("1", [line(1, 15000)], on="2026-03-14"))
    scene.close("2026-03-20")
    without = lasting.replace(", {id: gold, from: 100.00}", "").replace("version: 1", "version: 2")
    scene.activate(without, "2026-04-01")

    scene.close_through("2026-04-14")

    assert scene.account().tiers["club"].level == "silver"


def test_a_stop_takes_no_voucher_that_what_is_left_of_the_sale_still_earns() -> None:
    """75.00 gave a voucher from 50.00 on; then it was stopped, and 60.00 are left: it stays."""
    scene = scene_of(FIFTY)
    sale = scene.sale("1", [line(1, 6000), line(2, 1500)])
    scene.when(sale)
    stop = scene.header("stop|plain|fifty|1", "", "2026-03-14")
    scene.when(events.PromotionStopped(stop, "fifty", "it was too dear"))

    part = scene.when(scene.back("1", sale, {2: 0}))
    left = [one.uses_left for one in scene.account().vouchers]
    rest = scene.when(scene.back("2", sale, {1: 0}))

    assert (of(part, ledger.VoucherCancelled), left) == ([], [1])
    assert len(of(rest, ledger.VoucherCancelled)) == 1


def test_a_captured_hold_keeps_points_alive_like_any_payment() -> None:
    """Ten days after the capture of 5 March, not after the purchase of the 1st."""
    scene = scene_of(
        PLAIN.replace(
            "{rolling: {months: 12, round_to: month_end}}",
            "{inactivity: {days: 10, kept_alive_by: [redemption]}}",
        )
    )
    scene.when(scene.sale("1", [line(1, 6000)], on="2026-03-01"))
    placed = scene.header("hold|h|placed", "A", "2026-03-05")
    scene.when(events.HoldPlaced(placed, "h", "points", 10, placed.occurred_at + 1_800_000))
    captured = scene.header("hold|h|captured", "A", "2026-03-05")

    scene.when(events.HoldCaptured(captured, "h", 10, 10, "EUR"))

    assert [(lot.left, lot.last_day) for lot in scene.wallet().lots] == [(50, day("2026-03-15"))]
    assert scene.refolded().digest() == scene.state.digest()


def test_points_of_an_exchange_pay_what_is_owed_first() -> None:
    """60 points are owed; ten stars become 50, and 10 are still owed."""
    scene = scene_of(
        TWO
        + """\
  - {id: soup, kind: per_amount, give: {points: 1}, per: 1.00, items: {categories: [SOUP]}}
  - {id: tea, kind: per_amount, give: {stars: 1}, per: 1.00, items: {categories: [TEA]}}
  - {id: swap, kind: convert, take: {stars: 10}, give: {points: 50}}
"""
    )
    sale = scene.sale("1", [line(1, 8000)])
    scene.when(sale)
    scene.when(scene.redemption("1", 60, 60))
    scene.when(scene.back("1", sale, {1: 0}))

    scene.when(scene.sale("2", [line(1, 1000, category="TEA")], on="2026-03-16"))

    assert (scene.wallet().owed, scene.available()) == (10, 0)
    assert scene.refolded().digest() == scene.state.digest()


def test_no_exchange_refuses_the_sale_that_it_follows() -> None:
    """1,000 stars and 2,000 points, by tens as far as a record has room; then the rest."""
    scene = scene_of(
        TWO
        + """\
  - {id: base, kind: per_amount, give: {points: 1, stars: 1}, per: 1.00}
  - {id: more, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: swap, kind: convert, take: {stars: 10}, give: {voucher: five}}
  - {id: swop, kind: convert, take: {points: 10}, give: {voucher: five}}
"""
    )

    records = [scene.when(scene.sale("1", [line(1, 100000)]))]
    records += [scene.when(scene.sale(f"{number}", [line(1, 1)])) for number in range(2, 8)]

    assert [record.reason for record in records] == [""] * 7
    assert max(len(record.effects) for record in records) <= EFFECTS_MAX
    assert sum(len(of(record, ledger.VoucherIssued)) for record in records) == 300
    assert (scene.available("stars"), scene.available("points")) == (0, 0)


@pytest.mark.parametrize(
    ("words", "nets", "kept", "level"),
    [
        ("limits: {per_member: {units: 100, every: day}}", (10000, 10000), 100, "silver"),
        ("basket: {at_least: 100.00}", (9500, 1000), 0, "bronze"),
    ],
)
def test_a_ladder_of_points_keeps_what_the_points_keep(
    words: str, nets: tuple[int, int], kept: int, level: str
) -> None:
    """100.00 that are left of 200.00 still fill the limit of 100, and 95.00 of 105.00 earn nothing.

    So they count for the level: what the lines had been allotted does not matter.
    """
    ladder = "{measure: points, window: lifetime, levels: [{id: bronze, from: 0}, SILVER]}"
    scene = scene_of(
        PLAIN.replace(
            "promotions:",
            f"tiers: {{club: {ladder}}}\npromotions:".replace("SILVER", "{id: silver, from: 90}"),
        ).replace("per: 1.00}", f"per: 1.00, {words}}}")
    )
    sale = scene.sale("1", [line(1, nets[0]), line(2, nets[1])])
    scene.when(sale)

    scene.when(scene.back("1", sale, {2: 0}))

    assert scene.available() == kept
    assert sum(lot.left for lot in scene.wallet("tier:club").lots) == kept
    assert scene.account().tiers["club"].level == level
    scene.when(scene.back("2", sale, {1: 0}))
    assert scene.wallet("tier:club").lots == []
    assert scene.refolded().digest() == scene.state.digest()


def test_a_promotion_of_two_wallets_acts_once_on_a_sale() -> None:
    """Three times a month are three sales, though each gives points and stars."""
    base = "  - {id: base, kind: per_amount, give: {points: 1, stars: 1}, per: 1.00, limits: "
    scene = scene_of(TWO + base + "{per_member: {times: 3, every: month}}}\n")

    for number in range(4):
        scene.when(scene.sale(f"{number}", [line(1, 1000)]))

    assert (scene.available("points"), scene.available("stars")) == (30, 30)


def test_a_limit_on_points_holds_for_all_wallets_of_a_promotion_together() -> None:
    """30 a month: 10 and 10, then 10 and none; a half of the first sale back frees 10 of them."""
    base = "  - {id: base, kind: per_amount, give: {points: 1, stars: 1}, per: 1.00, limits: "
    scene = scene_of(TWO + base + "{per_member: {units: 30, every: month}}}\n")
    sales = [scene.sale(f"{number}", [line(1, 500), line(2, 500)]) for number in range(4)]
    for sale in sales[:2]:
        scene.when(sale)
    assert (scene.available("points"), scene.available("stars")) == (20, 10)

    scene.when(scene.back("1", sales[0], {1: 0}))
    assert (scene.available("points"), scene.available("stars")) == (15, 5)
    scene.when(sales[2])
    scene.when(sales[3])

    assert (scene.available("points"), scene.available("stars")) == (25, 5)
    assert scene.refolded().digest() == scene.state.digest()


def test_a_bonus_of_two_wallets_keeps_to_its_limit_on_points() -> None:
    """15 a month of 10 points and 10 stars are 10 and 5."""
    bonus = "  - {id: both, kind: bonus, give: {points: 10, stars: 10}, limits: "
    scene = scene_of(TWO + bonus + "{per_member: {units: 15, every: month}}}\n")

    scene.when(scene.sale("1", [line(1, 1000)]))

    assert (scene.available("points"), scene.available("stars")) == (10, 5)


def offered(scene: Scene, voucher: str) -> None:
    """An offer gives a voucher for the spring."""
    header = scene.header(f"offer|{voucher}", "A", "2026-03-14")
    first, last = day("2026-03-01"), day("2026-06-01")
    scene.when(events.OfferMade(header, "spring", voucher, first, last, 0))


def stored(scene: Scene) -> list[tuple[int, int]]:
    """Uses and amount of each voucher of the member."""
    return [(one.uses_left, one.amount_minor) for one in scene.account().vouchers]


def test_stored_value_comes_back_by_the_terms_that_it_was_issued_by() -> None:
    """13.40 of 20.00 are used under a version that has no such voucher any more, and come back."""
    scene = scene_of(PLAIN + VOUCHERS)
    offered(scene, "card")
    scene.activate(PLAIN.replace("version: 1", "version: 2"), "2026-03-15")
    tender = Tender("voucher", 1340, "card")
    sale = scene.sale("1", [line(1, 1340)], on="2026-03-16", vouchers=["card"], tenders=[tender])
    scene.when(sale)
    assert stored(scene) == [(1, 660)]

    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-17"))

    assert stored(scene) == [(1, 2000)]
    assert scene.refolded().digest() == scene.state.digest()


@pytest.mark.parametrize("how", ["presented", "on a sale"])
def test_a_correction_of_the_same_day_leaves_vouchers_of_the_morning_their_terms(how: str) -> None:
    """20.00 of stored value are given at noon; then a version without it is in force for today.

    5.00 of it are used on the next day, and 15.00 stay.
    """
    noon = PLAIN + "  - {id: gift, kind: bonus, give: {voucher: card}}\n" + VOUCHERS
    scene = scene_of(noon)
    scene.when(scene.sale("1", [line(1, 1000)], on="2026-03-14"))
    scene.activate(PLAIN.replace("version: 1", "version: 2"), "2026-03-14")
    (card,) = scene.account().vouchers

    if how == "presented":
        scene.when(
            events.VoucherPresented(
                header=scene.header("use|1", "A", "2026-03-15"), voucher_id=card.voucher_id,
                sale_id="", amount_minor=500, currency="EUR", campaign_id="",
            )
        )  # fmt: skip
    else:
        paid = [Tender("voucher", 500, card.voucher_id), Tender("card", 500)]
        scene.when(
            scene.sale("2", [line(1, 1000)], "2026-03-15", tenders=paid, vouchers=[card.voucher_id])
        )
    (card,) = scene.account().vouchers

    assert (card.amount_minor, card.uses_left) == (1500, 1)


def test_what_is_presented_beside_a_sale_leaves_the_rest_stored() -> None:
    """13.40 of 20.00 beside a sale: 6.60 stay, and it all comes back with the sale."""
    scene = scene_of(PLAIN + VOUCHERS)
    offered(scene, "card")
    sale = scene.sale("1", [line(1, 1340)], on="2026-03-16")
    scene.when(sale)
    header = scene.header("coupon|1", "A", "2026-03-16")

    scene.when(events.VoucherPresented(header, "card", "", sale.header.event_id, 1340, "EUR"))
    after = stored(scene)
    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-17"))

    assert after == [(1, 660)]
    assert stored(scene) == [(1, 2000)]
    assert scene.refolded().digest() == scene.state.digest()


@pytest.mark.parametrize("said", ["by the terms", "by the offer"])
def test_a_stored_value_is_one_use_that_goes_on(said: str) -> None:
    """Several uses beside 20.00 stored would be as many times 20.00: 13.40 and 6.60 are all."""
    uses = "uses: 3, " if said == "by the terms" else ""
    scene = scene_of(PLAIN + VOUCHERS.replace("stored_value: true", uses + "stored_value: true"))
    header = scene.header("offer|1", "A", "2026-03-14")
    first, last = day("2026-03-01"), day("2026-06-01")
    scene.when(events.OfferMade(header, "spring", "card", first, last, 0 if uses else 3))
    found = [stored(scene)]
    for number, amount in enumerate((1340, 2000)):
        tender = Tender("voucher", amount, "card")
        scene.when(scene.sale(str(number), [line(1, 5000)], vouchers=["card"], tenders=[tender]))
        found.append(stored(scene))

    assert found == [[(1, 2000)], [(1, 660)], [(0, 660)]]


def test_a_tender_that_names_no_voucher_is_the_only_ones() -> None:
    """13.40 paid by a voucher that is not named, where one of 20.00 was presented: 6.60 stay."""
    scene = scene_of(PLAIN + VOUCHERS)
    offered(scene, "card")
    tender = Tender("voucher", 1340)

    scene.when(
        scene.sale("1", [line(1, 1340)], on="2026-03-16", vouchers=["card"], tenders=[tender])
    )

    assert stored(scene) == [(1, 660)]


def took(records: Sequence[Record]) -> list[int]:
    """What vouchers took off, by the ledger."""
    return [
        one.amount_minor
        for record in records
        for one in record.effects
        if isinstance(one, ledger.VoucherRedeemed)
    ]


def claimed(scene: Scene, how: str, amount: int) -> tuple[events.SaleRecorded, list[Record]]:
    """A sale of 100.00 that says in one way or another that `card` took off so much."""
    off = {"gross_minor": 100_00 + amount, "discounts": (Discount("voucher", "card", amount),)}
    lines = [line(1, 100_00, **(off if how == "discount" else {}))]
    tenders = [Tender("card", 100_00 - amount), Tender("voucher", amount, "card")]
    sale = scene.sale(
        "1", lines, on="2026-03-16", vouchers=[] if how == "beside" else ["card"],
        tenders=tenders if how == "tender" else [],
    )  # fmt: skip
    records = [scene.when(sale)]
    if how == "beside":
        header = scene.header("coupon|1", "A", "2026-03-16")
        beside = events.VoucherPresented(header, "card", "", sale.header.event_id, amount, "EUR")
        records.append(scene.when(beside))
    return sale, records


@pytest.mark.parametrize("how", ["tender", "discount", "beside"])
@pytest.mark.parametrize(("amount", "taken"), [(1340, 1340), (2000, 2000), (3000, 2000)])
def test_a_stored_value_takes_off_at_most_what_is_stored(how: str, amount: int, taken: int) -> None:
    """Of 20.00 a sale takes 20.00, also if it claims 30.00; that is what comes back with it."""
    scene = scene_of(PLAIN + VOUCHERS)
    offered(scene, "card")

    sale, records = claimed(scene, how, amount)
    used = stored(scene)
    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-17"))

    assert took(records) == [taken]
    assert [uses for uses, _ in used] == [int(taken < 2000)]
    assert stored(scene) == [(1, 2000)]
    assert scene.refolded().digest() == scene.state.digest()


@pytest.mark.parametrize(
    ("gross", "discounts", "taken"),
    [(5_21, (Discount("till", "", 5_21),), 5_21), (5_21, (), 5_21), (30_00, (), 20_00)],
)
def test_where_a_sale_does_not_say_it_a_voucher_takes_what_there_was_room_for(
    gross: int, discounts: tuple[Discount, ...], taken: int
) -> None:
    """5.21 were to pay, and the till took them off without saying why: 14.79 of 20.00 stay."""
    scene = scene_of(PLAIN + VOUCHERS)
    offered(scene, "card")
    net = gross - sum(one.amount_minor for one in discounts)
    article = line(1, net, gross_minor=gross, discounts=discounts)

    record = scene.when(scene.sale("1", [article], on="2026-03-16", vouchers=["card"]))

    assert took([record]) == [taken]
    assert [amount for uses, amount in stored(scene) if uses] == [2000 - taken] * (taken < 2000)


def test_vouchers_that_a_sale_does_not_tell_apart_take_no_more_than_there_was_room_for() -> None:
    """1.20 off, and nobody says why: they are the first's, and the second took nothing."""
    scene = scene_of(PLAIN + VOUCHERS)
    offered(scene, "twenty")
    offered(scene, "card")
    article = line(1, 30_00, gross_minor=31_20, discounts=(Discount("till", "", 1_20),))

    record = scene.when(scene.sale("1", [article], on="2026-03-16", vouchers=["twenty", "card"]))

    assert took([record]) == [1_20, 0]
    assert [amount for uses, amount in stored(scene) if uses] == [20_00]


def test_a_rest_takes_off_at_most_what_is_left_of_it() -> None:
    """13.40 of 20.00 are used, then 6.60 where 10.00 are claimed; both come back to 20.00."""
    scene = scene_of(PLAIN + VOUCHERS)
    offered(scene, "card")
    sales = [
        scene.sale(
            f"{number}", [line(1, 50_00)], on="2026-03-16", vouchers=["card"],
            tenders=[Tender("card", 50_00 - amount), Tender("voucher", amount, "card")],
        )
        for number, amount in enumerate((1340, 1000))
    ]  # fmt: skip
    records = [scene.when(sale) for sale in sales]
    found = []
    for number, sale in enumerate(sales):
        scene.when(scene.back(f"{number}", sale, {1: 0}, on="2026-03-17"))
        found += stored(scene)

    assert took(records) == [1340, 660]
    assert found == [(1, 1340), (1, 2000)]


def test_a_refund_is_smaller_by_what_was_stored_and_not_by_what_was_claimed() -> None:
    """The sale that gave 20.00 comes back when 30.00 of it were claimed: 20.00 are kept."""
    give = "  - {id: big, kind: bonus, give: {voucher: card}, basket: {at_least: 50.00}}\n"
    scene = scene_of(PLAIN + give + VOUCHERS)
    gave = scene.sale("0", [line(1, 60_00)], on="2026-03-14")
    scene.when(gave)
    tenders = [Tender("card", 10_00), Tender("voucher", 30_00, "card")]
    scene.when(
        scene.sale("1", [line(1, 40_00)], on="2026-03-16", vouchers=["card"], tenders=tenders)
    )

    record = scene.when(scene.back("0", gave, {1: 0}, on="2026-03-17"))

    less = [one for one in record.effects if isinstance(one, ledger.RefundReduced)]
    assert [(one.amount_minor, one.why) for one in less] == [(20_00, "voucher_used")]


def test_a_return_may_have_more_effects_than_a_sale() -> None:
    """33 promotions gave a point each, all spent: each takes back nothing and is owed one."""
    many = "".join(
        f"  - {{id: p{number}, kind: per_amount, give: {{points: 1}}, per: 10.00}}\n"
        for number in range(32)
    )
    scene = scene_of(PLAIN.replace("per: 1.00", "per: 10.00") + many)
    sale = scene.sale("1", [line(1, 1000)])
    scene.when(sale)
    scene.when(scene.redemption("1", 33, 33))

    record = scene.when(scene.back("1", sale, {1: 0}))

    assert (record.decision, len(record.effects)) == ("ACCEPTED", 66)
    assert scene.wallet().owed == 33
    assert scene.refolded().digest() == scene.state.digest()


LIMITED = PLAIN.replace("pay: {min", "limits: {per_member: {units: 100, every: day}}, pay: {min", 1)
"""At most 100 points a day."""


def granted(record: Record) -> dict[str, int]:
    """By promotion, what a record gave."""
    return {
        one.promotion_id: one.granted for one in record.effects if isinstance(one, PointsEarned)
    }


@pytest.mark.parametrize(("much", "big"), [(6000, 40), (10000, 0)])
def test_the_limit_of_a_wallet_holds_for_a_bonus_too(much: int, big: int) -> None:
    """100 a day: 60 for money leave 40 of a bonus of 500, 100 leave none; the next day is new."""
    bonus = "  - {id: big, kind: bonus, give: {points: 500}, basket: {at_least: 50.00}}\n"
    scene = scene_of(LIMITED + bonus)

    record = scene.when(scene.sale("1", [line(1, much)]))
    other = scene.when(scene.sale("2", [line(1, 5000)], on="2026-03-15"))

    assert granted(record) == {"base": much // 100, "big": big}
    assert granted(other) == {"base": 50, "big": 50}


def test_a_bonus_that_stays_still_uses_the_limit_of_its_wallet() -> None:
    """60 and 40 of a bonus; 10.00 of 60.00 come back: the day has room for 10, and no more."""
    bonus = "  - {id: big, kind: bonus, give: {points: 500}, basket: {at_least: 50.00}}\n"
    scene = scene_of(LIMITED + bonus)
    sale = scene.sale("1", [line(1, 5000), line(2, 1000)])
    scene.when(sale)
    scene.when(scene.back("1", sale, {2: 0}))

    record = scene.when(scene.sale("2", [line(1, 3000)]))
    scene.when(scene.back("2", sale, {1: 0}))
    last = scene.when(scene.sale("3", [line(1, 20000)]))

    assert granted(record) == {"base": 10}
    assert granted(last) == {"base": 90, "big": 0}
    assert scene.refolded().digest() == scene.state.digest()


DEAL = """\
  - {id: deal, kind: percent_off, percent: 10, items: {categories: [TEA]},
     limits: {per_member: [{items: 2, every: month}, {times: 1, every: week}]}}
"""
"""A tenth off two packets a month, once a week."""


def test_a_packet_that_comes_back_leaves_the_limit_of_its_discount() -> None:
    """Of two with a discount one comes back, and one is free; with the other one the week is."""
    scene = scene_of(PLAIN + DEAL)
    tenth = (Discount("promotion", "deal", 100),)
    off = {"category": "TEA", "gross_minor": 1000, "discounts": tenth}
    sale = scene.sale("1", [line(1, 900, **off), line(2, 900, **off), line(3, 500)])
    scene.when(sale)
    found = []

    for number in (3, 1, 2):
        scene.when(scene.back(f"{number}", sale, {number: 0}))
        found.append({key.split("#")[1][:5]: by for key, (by, _) in scene.account().counts.items()})

    assert found == [{"items": 2, "times": 1}, {"items": 1, "times": 1}, {}]
    assert scene.refolded().digest() == scene.state.digest()


def test_a_purchase_that_a_discount_waits_for_stays_one_at_the_prices_before_discounts() -> None:
    """55.00 less a tenth is one of 50.00; 1.00 of it comes back, and 54.00 are still one."""
    scene = scene_of(
        PLAIN
        + """\
  - {id: third, kind: percent_off, percent: 10, nth_sale: {every: 3, basket: {at_least: 50.00}}}
  - {id: always, kind: percent_off, percent: 10}
"""
    )
    lines = [
        line(at, gross * 9 // 10, gross_minor=gross,
             discounts=(Discount("promotion", "always", gross // 10),))
        for at, gross in ((1, 5400), (2, 100))
    ]  # fmt: skip
    sale = scene.sale("1", lines)
    scene.when(sale)

    scene.when(scene.back("1", sale, {2: 0}))
    after = dict(scene.account().counts)
    scene.when(scene.back("2", sale, {1: 0}))

    assert [by for by, _ in after.values()] == [1]
    assert scene.account().counts == {}


def test_an_order_that_arrives_matures_only_what_waited_for_it() -> None:
    """Stars wait for the order, points of the same sale for a fortnight."""
    scene = scene_of(
        TWO.replace("points: {", "points: {pending: {days: 14}, ").replace(
            "stars: {", "stars: {pending: {until: order_fulfilled}, "
        )
        + "  - {id: base, kind: per_amount, give: {points: 1, stars: 1}, per: 1.00}\n"
    )
    sale = scene.sale("1", [line(1, 1000)])
    scene.when(sale)

    arrived = scene.header("order|1|fulfilled", "A", "2026-03-15")
    scene.when(events.OrderFulfilled(arrived, sale.header.event_id))

    assert (scene.available("points"), scene.available("stars")) == (0, 10)
    assert scene.pending("points") == 10
