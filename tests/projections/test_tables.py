"""Given records, when they are projected, then these rows stand in `reporting`."""

from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest

from loyalty.verbs.report import known as reports
from projections.verify import check_sums
from schemas.ledger import (
    MemberChanged,
    MemberEnrolled,
    OfferMade,
    PointsSpent,
    ProgrammeActivated,
    VoucherExpired,
    VoucherIssued,
    VoucherRedeemed,
    VoucherRefused,
)
from tests.projections.history import History, Project, Query, day, earned, receipt, taken


def test_sale_is_one_row_with_exact_money(history: History, project: Project, query: Query) -> None:
    """A receipt is one row, its money in units of its currency, its times in UTC."""
    history.decided(0, "s1", sale=receipt(1230, with_points=200))

    project()

    assert query("""
        SELECT sale_id, member_id, currency, gross, discount, net, paid_with_points, line_count,
            occurred_at, business_date, ledger_partition, ledger_seq FROM sales
    """) == [
        (
            "s1", "ann", "USD", Decimal("12.80"), Decimal("0.50"), Decimal("12.30"),
            Decimal("2.00"), 1, datetime(2017, 1, 1, 12, tzinfo=UTC), date(2017, 1, 1), 0, 1,
        )
    ]  # fmt: skip


def test_return_grows_on_its_sale_and_counts_on_its_day(
    history: History, project: Project, query: Query
) -> None:
    """What comes back is added to its sale, and counted on the day on which it came back."""
    history.decided(0, "s1", sale=receipt(1000))
    project()
    history.decided(0, "r1", sale=receipt(300, of="s1"), on="2017-01-02")
    history.decided(0, "r2", sale=receipt(200, of="s1"), on="2017-01-02")
    project()

    assert query("SELECT net, returned_net FROM sales") == [(Decimal("10.00"), Decimal("5.00"))]
    assert query("""
        SELECT business_date, sale_count, net, return_count, returned_net
        FROM sales_daily ORDER BY 1
    """) == [
        (date(2017, 1, 1), 1, Decimal("10.00"), 0, Decimal("0.00")),
        (date(2017, 1, 2), 0, Decimal("0.00"), 2, Decimal("5.00")),
    ]
    assert query("SELECT sale_count, net_spend FROM members") == [(1, Decimal("5.00"))]


@pytest.mark.parametrize("step", [1, 1000], ids=["many batches", "one batch"])
def test_refund_in_another_currency_is_not_taken_off_the_sale(
    history: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
    step: int,
) -> None:
    """Of 10.00 dollars 3.00 come back, and then goods for 900 yen: those are no 9.00 dollars."""
    history.decided(0, "s1", sale=receipt(1000))
    history.decided(0, "r1", sale=receipt(300, of="s1"))
    history.decided(0, "r2", sale=receipt(900, currency="JPY", of="s1"))
    history.close_day("2017-01-01")
    project(step)

    assert query("SELECT net, returned_net, currency FROM sales") == [
        (Decimal("10.00"), Decimal("3.00"), "USD")
    ]
    assert query("SELECT currency, return_count, returned_net FROM sales_daily ORDER BY 1") == [
        ("JPY", 1, Decimal(900)),
        ("USD", 1, Decimal("3.00")),
    ]
    assert query("SELECT sale_count, net_spend FROM members") == [(1, Decimal("7.00"))]
    assert query("SELECT sale_count, net_spend FROM rfm") == [(1, Decimal("7.00"))]
    assert check_sums(projector_connection) is None


@pytest.mark.parametrize("step", [1, 1000], ids=["many batches", "one batch"])
def test_refund_in_the_member_s_currency_of_a_sale_in_another_is_not_taken_off(
    history: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
    step: int,
) -> None:
    """Goods of 900 yen are refunded with 6.00 dollars: no dollars were counted for them."""
    history.decided(0, "s1", sale=receipt(1000))
    history.decided(0, "s2", sale=receipt(900, currency="JPY"))
    history.decided(0, "r1", sale=receipt(600, of="s2"))
    history.decided(0, "r2", sale=receipt(100, of="s1"))
    project(step)

    assert query("SELECT sale_count, net_spend FROM members") == [(2, Decimal("9.00"))]
    assert check_sums(projector_connection) is None


def test_sale_without_member_is_no_member(history: History, project: Project, query: Query) -> None:
    """A sale without a member counts as a sale, and makes no member."""
    history.decided(0, "s1", sale=receipt(1000), account="store:0142", member="")

    project()

    assert query("SELECT sale_count, member_sale_count FROM sales_daily") == [(1, 0)]
    assert query("SELECT member_id FROM sales") == [(None,)]
    assert query("SELECT * FROM members") == []


def test_money_in_another_currency_is_not_added_up(
    history: History, project: Project, query: Query
) -> None:
    """A member's spending is in the currency of the first sale; another one counts as a sale only.

    However the records fall into batches.
    """
    history.decided(0, "s1", sale=receipt(100, currency="EUR"))
    project()
    history.decided(0, "s2", sale=receipt(900, currency="USD"))
    history.decided(0, "s3", sale=receipt(30, currency="EUR"))
    project()

    assert query("SELECT sale_count, net_spend, currency FROM members") == [
        (3, Decimal("1.30"), "EUR")
    ]


def test_member_is_enrolled_changed_and_known_before(
    history: History, project: Project, query: Query
) -> None:
    """Sales may come before the enrolment; a change of status lasts."""
    history.decided(0, "s1", sale=receipt(100))
    project()
    before = query("SELECT status, enrolled_on, home_store_id FROM members")
    enrolment = MemberEnrolled("ann", "", "", "en", 0, 0)
    history.decided(0, "e1", enrolment, on="2017-01-05", store="0007")
    history.decided(0, "c1", MemberChanged("blocked", "0009", "", 0, 0), on="2017-01-06")
    project()

    assert before == [("not_enrolled", None, None)]
    assert query("""
        SELECT status, enrolled_on, enrolment_store_id, home_store_id, first_sale_on FROM members
    """) == [("blocked", date(2017, 1, 5), "0007", "0009", date(2017, 1, 1))]


def test_vouchers_live_from_issue_to_use_or_end(
    history: History, project: Project, query: Query
) -> None:
    """A voucher is issued, then redeemed or expired; the row says when, where and on which sale."""
    for number in ("1", "2", "3"):
        history.decided(
            0, f"s{number}",
            VoucherIssued(
                f"s{number}#1", "ten-off", "p2v", "", "", day("2017-01-01"), day("2017-03-02"),
                1000, "USD", 1,
            ),
            sale=receipt(100),
        )  # fmt: skip
    history.decided(
        0, "s4",
        VoucherRedeemed("s1#1", "ten-off", "p2v", "", day("2017-01-01"), "s4", 1000, "USD", True),
        sale=receipt(100), on="2017-02-01", store="0007",
    )  # fmt: skip
    project()
    history.decided(
        0, "close", VoucherExpired("s2#1", "ten-off", "p2v", "", day("2017-01-01")),
        on="2017-03-02",
    )  # fmt: skip
    project()

    assert query("""
        SELECT voucher_id, status, amount, last_day, redeemed_on, redeemed_sale_id,
            redeemed_store_id
        FROM vouchers ORDER BY 1
    """) == [
        ("s1#1", "redeemed", Decimal("10.00"), date(2017, 3, 2), date(2017, 2, 1), "s4", "0007"),
        ("s2#1", "expired", Decimal("10.00"), date(2017, 3, 2), None, None, None),
        ("s3#1", "issued", Decimal("10.00"), date(2017, 3, 2), None, None, None),
    ]
    assert query("""
        SELECT issued, redeemed, expired, reversed, outstanding, redeemed_share
        FROM redemption_cohorts WHERE instrument = 'voucher'
    """) == [(3, 1, 1, 0, 1, Decimal("0.333333"))]


def test_voucher_that_may_be_used_twice_is_redeemed_by_the_second_use(
    history: History, project: Project, query: Query
) -> None:
    """A voucher counts as redeemed when no use of it is left."""
    issued = VoucherIssued("o#1", "five", "", "c", "", day("2017-01-01"), 17_300, 500, "USD", 2)
    used = VoucherRedeemed("o#1", "five", "", "c", day("2017-01-01"), "", 500, "USD", False)
    history.decided(0, "o", issued)
    history.decided(0, "u1", used, on="2017-01-02")
    project()

    assert query("SELECT status, redemption_count, redeemed_on FROM vouchers") == [
        ("issued", 1, date(2017, 1, 2))
    ]
    assert query("SELECT redeemed FROM redemption_cohorts") == [(0,)]


def test_campaign_rate_is_redeeming_among_targeted_members(
    history: History, project: Project, query: Query
) -> None:
    """Control members are no targets, and a member who redeems twice is one.

    A coupon of no programme counts here and nowhere else.
    """
    offer = OfferMade("c1", "", day("2017-01-10"), day("2017-02-10"), 0, held_out=False)
    later = OfferMade("c1", "", day("2017-01-15"), day("2017-02-20"), 0, held_out=False)
    control = OfferMade("c1", "", day("2017-01-10"), day("2017-02-10"), 0, held_out=True)
    coupon = VoucherRedeemed("4711", "", "", "c1", 0, "", 0, "XXX", False)
    for member, made in (("a", offer), ("b", later), ("c", offer), ("d", control)):
        history.decided(0, f"offer|{member}", made, account=member)
    project()
    history.decided(0, "u1", coupon, account="a")
    history.decided(0, "u2", coupon, account="a")
    project()

    assert query("SELECT * FROM campaigns") == [
        ("c1", date(2017, 1, 10), date(2017, 2, 20), 3, 1, 2, Decimal("0.333333"))
    ]
    assert query("SELECT * FROM vouchers") == []
    assert query("SELECT * FROM redemption_cohorts") == []


def test_who_redeems_without_an_offer_is_not_in_the_rate(
    history: History, project: Project, query: Query
) -> None:
    """One of two targeted members redeems, and three others do: that is a half, and no four."""
    offer = OfferMade("c1", "", day("2017-01-10"), day("2017-02-10"), 0, held_out=False)
    coupon = VoucherRedeemed("4711", "", "", "c1", 0, "", 0, "XXX", False)
    for member in ("a", "b"):
        history.decided(0, f"offer|{member}", offer, account=member)
    for member in ("a", "d", "e", "f"):
        history.decided(0, f"use|{member}", coupon, account=member)
    project()

    assert query("""
        SELECT targeted_member_count, redeeming_member_count, member_redemption_rate
        FROM campaigns
    """) == [(2, 4, Decimal("0.500000"))]


def test_campaign_without_targets_has_no_rate(
    history: History, project: Project, query: Query
) -> None:
    """A rate of nobody is NULL, not zero."""
    coupon = VoucherRedeemed("4711", "", "", "c1", 0, "", 0, "XXX", False)
    history.decided(0, "u1", coupon)

    project()

    assert query("""
        SELECT targeted_member_count, redeeming_member_count, member_redemption_rate
        FROM campaigns
    """) == [(0, 1, None)]


def test_refusals_name_the_reason(history: History, project: Project, query: Query) -> None:
    """A refused event is one row and changes no other table; so is a voucher listed in vain."""
    history.refused(0, "s1", "TOO_OLD")
    history.decided(0, "s2", VoucherRefused("v9", "VOUCHER_USED"), sale=receipt(100))

    project()

    assert query("SELECT event_id, reason, voucher_id FROM refusals ORDER BY 1") == [
        ("s1", "TOO_OLD", None),
        ("s2", "VOUCHER_USED", "v9"),
    ]
    assert query("SELECT sale_id FROM sales") == [("s2",)]


def test_the_report_of_refusals_has_an_example_of_each_reason(
    history: History, project: Project, query: Query
) -> None:
    """The id of an event, or the place in the ledger where one without an id was refused."""
    history.refused(0, "s2", "TOO_OLD")
    history.refused(0, "s1", "TOO_OLD")
    history.refused(1, "", "UNREADABLE")

    project()

    found = query(reports()["refusals"])
    assert [(reason, count, example) for reason, _, count, _, _, example in found] == [
        ("TOO_OLD", 2, "s1"),
        ("UNREADABLE", 1, "ledger 1/1"),
    ]


def test_freshness_waits_for_every_partition(
    history: History, project: Project, query: Query
) -> None:
    """A day is fresh when all partitions have closed it; before the first there is none."""
    project()
    none_yet = query("SELECT * FROM freshness")
    history.close_day("2017-01-01", 0)
    project()
    one_of_two = query("SELECT * FROM freshness")
    history.close_day("2017-01-01", 1)
    history.close_day("2017-01-02", 1)
    project()

    assert none_yet == [(None,)]
    assert one_of_two == [(None,)]
    assert query("SELECT * FROM freshness") == [(date(2017, 1, 1),)]


def test_balance_is_worth_what_the_programme_in_force_says(
    history: History, project: Project, query: Query
) -> None:
    """The value is that of available points, rounded down, at the programme of the closed day."""
    for version, units, starts in ((1, "300", "2017-01-01"), (2, "100", "2017-01-03")):
        document = (
            f'{{"currency": "USD", "wallets": {{"points": {{"value": '
            f'{{"units": {units}, "amount": "10.00"}}}}, "stamps": {{}}}}}}'
        )
        activated = ProgrammeActivated("p", version, document, "hash", day(starts), 1)
        history.decided(0, f"p{version}", activated, account="")
    history.decided(
        0, "s1", earned(200, "s1#1"), earned(9, "s1#2", spendable="2017-09-01"),
        earned(3, "s1#3", wallet="stamps"), sale=receipt(200),
    )  # fmt: skip
    history.close_day("2017-01-02", 0)
    project()
    under_the_first = query("SELECT wallet, value, currency, as_of_on FROM balances ORDER BY 1")
    history.close_day("2017-01-03", 0)
    project()

    assert under_the_first == [
        ("points", Decimal("6.66"), "USD", date(2017, 1, 2)),
        ("stamps", None, None, date(2017, 1, 2)),
    ]
    assert query("SELECT value FROM balances WHERE wallet = 'points'") == [(Decimal("20.00"),)]


def test_points_of_a_wallet_that_is_gone_are_worth_nothing(
    history: History, project: Project, query: Query
) -> None:
    """The programme in force no longer has the wallet: its points stand there, without a value."""
    worth = '{"value": {"units": 100, "amount": "10.00"}}'
    for version, wallets, starts in (
        (1, f'{{"points": {worth}, "coins": {worth}}}', "2017-01-01"),
        (2, f'{{"points": {worth}}}', "2017-01-03"),
    ):
        document = f'{{"currency": "USD", "wallets": {wallets}}}'
        activated = ProgrammeActivated("p", version, document, "hash", day(starts), 1)
        history.decided(0, f"p{version}", activated, account="")
    history.decided(
        0, "s1", earned(200, "s1#1"), earned(300, "s1#2", wallet="coins"), sale=receipt(200)
    )
    values = "SELECT wallet, available, value, currency FROM balances ORDER BY 1"
    seen = []
    for on in ("2017-01-02", "2017-01-03"):
        history.close_day(on, 0)
        project()
        seen.append(query(values))

    points = ("points", 200, Decimal("20.00"), "USD")
    assert seen == [
        [("coins", 300, Decimal("30.00"), "USD"), points],
        [("coins", 300, None, None), points],
    ]


def test_words_with_quotes_and_backslashes_stay_as_they_are(
    history: History, project: Project, query: Query
) -> None:
    """No word is taken for the syntax around it, in a fact or in a sum."""
    odd = """a\\b"c',{}%s"""
    spent = PointsSpent(
        "points", 2, taken((odd, 2, "2017-01-01"), promotion=odd), "payment", "", "", 10, "USD"
    )
    history.decided(
        0, odd, earned(5, odd, promotion=odd), sale=receipt(100), account=odd, store=odd
    )
    history.decided(0, "spent", spent, account=odd, store=odd)

    project(1)

    assert query("SELECT lot_id, promotion_id FROM points_entries ORDER BY points") == [
        (odd, None),
        (odd, odd),
    ]
    assert query("SELECT account_id, available FROM balances") == [(odd, 3)]
    assert query("SELECT store_id, promotion_id, issued, spent FROM points_daily") == [
        (odd, odd, 5, 2)
    ]
    assert query("SELECT sale_id FROM sales") == [(odd,)]
