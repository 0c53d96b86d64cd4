"""Sentences of ARCHITECTURE.md about vouchers and prices that the second reading insisted on."""

from schemas import ledger
from schemas.events import Tender
from tests.core.scene import PLAIN, Scene, line, of, points, scene_of
from tests.core.till_scene import to_pay

TEN = "vouchers: {ten: {off: {amount: 10.00}, basket: {at_least: 50.00}, valid: {days: 30}}}\n"
SWAP = PLAIN + "  - {id: swap, kind: convert, take: {points: 20}, give: {voucher: ten}%s}\n" + TEN
ONCE = ", limits: {per_member: {times: 1, every: day}}"


def vouchers(scene: Scene) -> int:
    """How many the member can use."""
    return sum(one.uses_left > 0 for one in scene.account().vouchers)


def test_a_close_exchanges_for_those_of_whom_something_begins_or_ends() -> None:
    """One exchange a day leaves 20 points: they wait for the next sale, and for no close."""
    scene = scene_of(SWAP % ONCE)
    scene.when(scene.sale("1", [line(1, 40_00)]))
    scene.close_through("2026-03-16")
    waiting = (vouchers(scene), scene.available())
    scene.when(scene.sale("2", [line(1, 1_00)], on="2026-03-17"))

    assert waiting == (1, 20)
    assert (vouchers(scene), scene.available()) == (2, 1)


def test_a_return_exchanges_nothing_itself() -> None:
    """Ten points come back that paid for tobacco: 29 would be a voucher, and wait for the next."""
    scene = scene_of(SWAP % "")
    scene.when(scene.sale("1", [line(1, 19_00)]))
    scene.when(scene.redemption("1", 10, 10))
    paid = [Tender("points", 10, "redemption|1"), Tender("card", 11_90)]
    sale = scene.sale("2", [line(1, 12_00, category="TOBACCO")], on="2026-03-15", tenders=paid)
    scene.when(sale)
    scene.when(scene.sale("3", [line(1, 10_00)], on="2026-03-15"))
    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))
    waiting = (vouchers(scene), scene.available())
    scene.when(scene.sale("4", [line(1, 1_00)], on="2026-03-16"))

    assert waiting == (0, 29)
    assert (vouchers(scene), scene.available()) == (1, 10)


def test_a_sale_without_a_quote_used_the_vouchers_that_it_names() -> None:
    """The basket is too small for it, and nobody enrolled; the customer has left with the 10.00."""
    scene = Scene(SWAP % "")
    scene.when(scene.sale("1", [line(1, 20_00)]))
    paid = [Tender("voucher", 10_00, "ten"), Tender("card", 5_00)]
    record = scene.when(scene.sale("2", [line(1, 15_00)], vouchers=["ten"], tenders=paid))

    assert [one.amount_minor for one in of(record, ledger.VoucherRedeemed)] == [10_00]  # type: ignore[union-attr]


def test_a_bonus_that_acted_for_its_group_stays_as_long_as_it_holds() -> None:
    """Of 6.00 and 5.00, 2.00 are paid by voucher: 9.00 count, and the smaller bonus acts.

    A gift card comes back with its share of the voucher: what is left is enough for the better one.
    """
    scene = scene_of(
        PLAIN
        + "  - {id: small, kind: bonus, give: {points: 1}, group: g}\n"
        + "  - {id: large, kind: bonus, give: {points: 9}, group: g, basket: {at_least: 10.00}}\n"
        + "groups: {g: {combine: best, on: sale}}\n"
    )
    lines = [line(1, 11_00), line(2, 11_00, flags=("gift_card",))]
    paid = [Tender("voucher", 2_00), Tender("card", 20_00)]
    sale = scene.sale("1", lines, tenders=paid)

    given = points(scene.when(sale), ledger.PointsEarned)
    taken = points(scene.when(scene.back("1", sale, {2: 0})), ledger.PointsReversed)

    assert given == {"base": 9, "small": 1}
    assert taken == {}


def test_which_promotions_of_a_group_act_is_asked_before_any_of_them_does() -> None:
    """11.00 are enough for both, though the first leaves 9.00: 10 % of that are 0.90."""
    promotions = """
        {id: two, kind: amount_off, amount: 2.00, group: g}
        {id: tenth, kind: percent_off, percent: 10, basket: {at_least: 10.00}, group: g}"""

    assert to_pay(promotions, [11_00], "groups: {g: {combine: multiply, on: line}}") == 8_10


def test_of_promotions_that_need_their_articles_the_one_that_saves_more_goes_first() -> None:
    """3 for 2 saves 3.00 and the other 4.00; it needs all lines, so none is left for 3 for 2."""
    promotions = """
        {id: three, kind: buy_get_free, buy: 2, free: 1, group: g}
        {id: four, kind: amount_off, amount: 4.00, group: g}"""

    assert to_pay(promotions, [3_00] * 3, "groups: {g: {combine: best, on: line}}") == 5_00
