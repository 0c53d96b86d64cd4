"""Given odd ledgers, when a report is asked, then it says what its title says."""

from datetime import date
from decimal import Decimal

import pytest

from loyalty.verbs.report import known
from schemas.ledger import (
    NEVER,
    HoldPlaced,
    PointsEarned,
    PointsOwed,
    PointsReversed,
    PointsSpent,
    PointsWrittenOff,
    ProgrammeActivated,
    RefundReduced,
    RewardGiven,
    VoucherIssued,
    VoucherRedeemed,
)
from tests.projections.history import History, Project, Query, day, earned, receipt, taken

LADDER = "tier:circle"
PROGRAMME = """{
    "currency": "USD",
    "wallets": {
        "points": {"value": {"units": "30", "amount": "1.00"}}, "stars": {},
        "miles": {"value": {"units": "1", "amount": {"by_tier": {"gold": "2.00"}}}}
    },
    "promotions": [{"id": "base"}, {"id": "spend-200", "funded_by": "acme"}]
}"""


def activated(history: History, units: int = 30, on: str = "2017-01-01") -> None:
    """Both partitions come under a programme in which so many points are a dollar."""
    document = PROGRAMME.replace("30", str(units))
    for partition in (0, 1):
        programme = ProgrammeActivated("p", 1, document, "hash", day(on), 1)
        history.decided(partition, "p", programme, account="")


def issued(voucher_id: str, voucher: str, minor: int, uses: int = 1, **by: str) -> VoucherIssued:
    """A voucher that never ends, which a promotion gave."""
    by = {"promotion_id": "", "campaign_id": "", "funded_by": ""} | by
    return VoucherIssued(
        voucher_id, voucher, *by.values(), day("2017-01-01"), NEVER, minor, "USD", uses
    )


def used(voucher_id: str, voucher: str, minor: int, *, up: bool = True) -> VoucherRedeemed:
    """A use of it on sale s."""
    return VoucherRedeemed(
        voucher_id, voucher, "", "", day("2017-01-01"), "s", minor, "USD", used_up=up
    )


@pytest.mark.parametrize("name", known())
def test_a_chain_without_a_sale_has_every_report(
    history: History, project: Project, query: Query, name: str
) -> None:
    """Before the first sale each answers with nothing, and none fails."""
    history.close_day("2017-01-01")
    project()

    assert query(known()[name]) == []


def test_what_counts_towards_levels_is_in_no_report_of_points(
    history: History, project: Project, query: Query
) -> None:
    """Its units are no points: they end with no month, and no correction gave them."""
    counts = PointsEarned(
        LADDER, "s1#2", 900, 900, (), (900,), "", "", "", day("2017-01-01"), day("2017-12-31")
    )
    points = earned(9, "s1#1", last="2017-12-31")
    history.decided(0, "s1", points, counts, sale=receipt(900))
    project()

    assert query(known()["expiring"]) == [(date(2017, 12, 1), "points", 1, 9)]
    assert query(known()["promotions"]) == [("points", "points", "base", None, 9, 0, 0, 0, 9, 0)]
    assert [row[1] for row in query(known()["liability"])] == ["points"]
    assert [row[1] for row in query(known()["redemption-by-month"])] == ["points"]


def test_points_and_vouchers_of_one_name_are_not_added_up(
    history: History, project: Project, query: Query
) -> None:
    """A wallet and a voucher may have the same name; the one is counted beside the other."""
    issued = VoucherIssued(
        "s1#2", "stars", "feast", "", "", day("2017-01-01"), day("2017-03-02"), 500, "USD", 1
    )
    history.decided(0, "s1", earned(40, "s1#1", wallet="stars"), issued, sale=receipt(900))
    project()

    assert query(known()["redemption-by-month"]) == [
        (date(2017, 1, 1), "stars", "points", 40, 0, 0, 0, 40, 0),
        (date(2017, 1, 1), "stars", "voucher", 1, 0, 0, 0, 1, 0),
    ]


def test_what_became_of_a_month_adds_up(history: History, project: Project, query: Query) -> None:
    """Of 40 points a return takes 15 and 10 are paid with: 15 are left, and nothing is missing."""
    history.decided(0, "s1", earned(40, "s1#1"), sale=receipt(900))
    lot = taken(("s1#1", 15, "2017-01-01"))
    back = PointsReversed("points", 15, 0, lot, (15,), "base", "", "s1")
    history.decided(0, "r1", back, sale=receipt(300, of="s1"))
    paid = taken(("s1#1", 10, "2017-01-01"))
    history.decided(0, "p1", PointsSpent("points", 10, paid, "payment", "", "", 10, "USD"))
    project()

    ((*_, issued, redeemed, expired, reversed_, outstanding, _),) = query(
        known()["redemption-by-month"]
    )
    assert (issued, redeemed, expired, reversed_, outstanding) == (40, 10, 0, 15, 15)
    assert issued == redeemed + expired + reversed_ + outstanding


def test_stores_of_one_currency_do_not_hide_those_of_another(
    history: History, project: Project, query: Query
) -> None:
    """Thirty stores sell for 900 yen and one for 5 dollars: it is the first in dollars."""
    for number in range(30):
        history.decided(
            0, f"y{number}", sale=receipt(900 + number, currency="JPY"), store=f"{number:04}"
        )
    history.decided(0, "d", sale=receipt(500), store="9999")
    project()

    rows = query(known()["stores"])
    assert [(store, net) for store, _, _, _, net, _, currency in rows if currency == "USD"] == [
        ("9999", Decimal("5.00"))
    ]
    assert [store for store, *_, currency in rows if currency == "JPY"] == [
        f"{number:04}" for number in range(29, 4, -1)
    ]


def test_liability_is_all_points_and_every_open_voucher(
    history: History, project: Project, query: Query
) -> None:
    """Thirty points are a dollar, each account's rounded down; what members owe is taken off.

    Of 10.00 stored 4.00 are left, and of three uses of 5.00 two are; of ten per cent nobody knows.
    """
    activated(history)
    held = HoldPlaced("h", "points", 30, taken(("a#1", 30, "2017-01-01")), 0)
    history.decided(0, "a", earned(100, "a#1"), sale=receipt(900))
    history.decided(0, "b", earned(60, "b#1", spendable="2017-02-01"), held)
    history.decided(1, "c", earned(40, "c#1"), earned(7, "c#2", wallet="stars"), sale=receipt(400))
    history.decided(1, "d", PointsOwed("miles", 5, "base", "c"))
    history.decided(
        0, "v",
        issued("v#1", "card", 1000),
        issued("v#2", "five-off", 500, uses=3),
        issued("v#3", "ten-per-cent", 0),
        issued("v#4", "ten-off", 1000),
    )  # fmt: skip
    history.decided(
        0, "s",
        used("v#1", "card", 250, up=False),
        used("v#1", "card", 350, up=False),
        used("v#2", "five-off", 500, up=False),
        used("v#4", "ten-off", 1000),
        sale=receipt(900),
    )  # fmt: skip
    history.decided(1, "w", issued("w#1", "ten-per-cent", 0))
    history.decided(1, "r", PointsOwed("points", 31, "base", "c"))
    project()

    assert query(known()["liability"]) == [
        ("points", "miles", "owed by members", 1, -5, None, -5, None),
        ("points", "points", "available", 2, 110, Decimal("3.66"), 0, "USD"),
        ("points", "points", "pending", 1, 60, Decimal("2.00"), 0, "USD"),
        ("points", "points", "held", 1, 30, Decimal("1.00"), 0, "USD"),
        ("points", "points", "owed by members", 1, -31, Decimal("-1.03"), 0, "USD"),
        ("points", "stars", "available", 1, 7, None, 7, None),
        ("voucher", "card", "open", 1, 1, Decimal("4.00"), 0, "USD"),
        ("voucher", "five-off", "open", 1, 1, Decimal("10.00"), 0, "USD"),
        ("voucher", "ten-per-cent", "open", 2, 2, None, 2, "USD"),
    ]


def test_what_returns_lacked_is_told_by_how_it_was_treated(
    history: History, project: Project, query: Query
) -> None:
    """In May 5 points are owed and 30 charged at 1.00, in June 8 + 2 written off, 9 had ended.

    A voucher of 10.00 was used for 8.00 before its sale came back.  Thirty points are a dollar, two
    from July on; a mile is worth more on a higher level; what counts towards levels is no points.
    """
    activated(history)
    history.decided(0, "v", issued("v#1", "ten-off", 1000), sale=receipt(9000))
    history.decided(0, "s", used("v#1", "ten-off", 800), sale=receipt(800))
    history.decided(
        0, "r1",
        PointsOwed("points", 5, "base", "s"),
        PointsOwed(LADDER, 900, "", "s"),
        PointsWrittenOff("cash", 20, "base", "s", "charge_refund", 66, "USD"),
        PointsWrittenOff("cash", 10, "extra", "s", "charge_refund", 34, "USD"),
        RefundReduced("v", "v#1", 800, "USD", "voucher_used"),
        sale=receipt(800, of="v"), on="2017-05-31",
    )  # fmt: skip
    activated(history, units=2, on="2017-07-01")
    for partition, event, wallet, points, policy in (
        (0, "r2", "points", 8, "write_off"), (1, "r3", "points", 2, "write_off"),
        (1, "r4", "points", 9, "expired"), (1, "r5", "miles", 3, "only_pending"),
    ):  # fmt: skip
        lacked = PointsWrittenOff(wallet, points, "base", "t", policy, 0, "")
        history.decided(partition, event, lacked, sale=receipt(100, of="t"), on="2017-06-01")
    project()

    may, june = date(2017, 5, 1), date(2017, 6, 1)
    assert query(known()["shortfalls"]) == [
        (may, "points", "cash", "charge_refund", 1, 30, None, Decimal("1.00"), "USD"),
        (may, "points", "points", "owed", 1, 5, Decimal("0.17"), 0, "USD"),
        (may, "voucher", "ten-off", "charge_refund", 1, None, None, Decimal("8.00"), "USD"),
        (june, "points", "miles", "only_pending", 1, 3, None, 0, None),
        (june, "points", "points", "expired", 1, 9, Decimal("0.30"), 0, "USD"),
        (june, "points", "points", "write_off", 2, 10, Decimal("0.33"), 0, "USD"),
    ]


def test_worth_of_points_is_rounded_once(history: History, project: Project, query: Query) -> None:
    """Of 120 points to the dollar three are 2.5 cents, which is 0.03, however many returns."""
    activated(history, units=120)
    for event in ("r1", "r2", "r3"):
        lacked = PointsOwed("points", 1, "base", "s")
        history.decided(0, event, lacked, sale=receipt(100, of="s"))
    project()

    assert query(known()["shortfalls"]) == [
        (date(2017, 1, 1), "points", "points", "owed", 3, 3, Decimal("0.03"), 0, "USD")
    ]


def test_what_each_promotion_gave_is_points_vouchers_and_rewards(
    history: History, project: Project, query: Query
) -> None:
    """Of 40 points 10 are paid with and 5 come back; of three vouchers that acme pays one is used.

    Acme also pays five mugs; two of the catalogue's and a voucher of an offer are no promotion's.
    """
    activated(history)
    by = {"promotion_id": "spend-200", "funded_by": "acme"}
    history.decided(
        0, "a",
        earned(40, "a#1"),
        RewardGiven("", "spend-200", "", "gift", "mug", 2, 700, "USD"),
        issued("a#2", "ten-off", 1000, **by),
        issued("a#3", "ten-off", 1000, **by),
        sale=receipt(900),
    )  # fmt: skip
    history.decided(0, "p", PointsSpent("points", 10, taken(("a#1", 10, "2017-01-01")),
                                        "payment", "", "", 33, "USD"))  # fmt: skip
    back = PointsReversed("points", 5, 0, taken(("a#1", 5, "2017-01-01")), (5,), "base", "", "a")
    history.decided(0, "r", back, sale=receipt(100, of="a"))
    redeemed = VoucherRedeemed(
        "a#2", "ten-off", "spend-200", "", day("2017-01-01"), "s", 1000, "USD", used_up=True
    )
    history.decided(0, "s", redeemed, sale=receipt(900))
    history.decided(
        1, "b",
        RewardGiven("", "spend-200", "", "gift", "mug", 3, 700, "USD"),
        RewardGiven("mug", "", "", "gift", "mug", 2, 700, "USD"),
        issued("b#1", "ten-off", 1000, **by),
        issued("b#2", "ten-off", 1000),
        sale=receipt(900),
    )  # fmt: skip
    project()

    nothing = (None, None, None, None, None)
    assert query(known()["promotions"]) == [
        ("points", "points", "base", None, 40, 10, 0, 5, 25, Decimal("0.2500")),
        ("voucher", "ten-off", "spend-200", "acme", 3, 1, 0, 0, 2, Decimal("0.3333")),
        ("voucher", "ten-off", "offer or catalogue", None, 1, 0, 0, 0, 1, 0),
        ("gift", "mug", "spend-200", "acme", 5, *nothing),
        ("gift", "mug", "catalogue", None, 2, *nothing),
    ]


def test_uses_whose_amount_is_not_known_are_counted(
    history: History, project: Project, query: Query
) -> None:
    """Of three uses of ten per cent the till told 2.50 for one: two are missing from that sum."""
    numbers = (1, 2, 3)
    history.decided(0, "v", *(issued(f"v#{number}", "ten-per-cent", 0) for number in numbers))
    for number, minor in zip(numbers, (250, 0, 0), strict=True):
        redeemed = used(f"v#{number}", "ten-per-cent", minor)
        history.decided(0, f"s{number}", redeemed, sale=receipt(900))
    project()

    assert query(known()["vouchers"]) == [
        ("ten-per-cent", 3, 3, Decimal("2.50"), 2, Decimal(0), Decimal(0), "USD")
    ]
