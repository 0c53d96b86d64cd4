"""Given odd ledgers, when a report is asked, then it says what its title says."""

from datetime import date
from decimal import Decimal

import pytest

from loyalty.verbs.report import known
from schemas.ledger import PointsEarned, PointsReversed, PointsSpent, VoucherIssued
from tests.projections.history import History, Project, Query, day, earned, receipt, taken

LADDER = "tier:circle"


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
    assert query(known()["promotions"]) == [("points", "base", 9, 0, 0, 0, 0, 0)]
    assert [wallet for wallet, *_ in query(known()["liability"])] == ["points"]
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
