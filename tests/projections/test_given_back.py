"""Given points that are set aside, given back, written off or kept alive, then all tables agree."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest

from loyalty.verbs.report import known
from projections.verify import check_sums
from schemas.ledger import (
    HoldEnded,
    HoldPlaced,
    PointsExtended,
    PointsRestored,
    PointsReversed,
    PointsSpent,
    PointsWrittenOff,
    RefundReduced,
    Taken,
    VoucherCancelled,
    VoucherIssued,
    VoucherRedeemed,
    VoucherRestored,
)
from schemas.records import replace
from tests.projections.history import History, Project, Query, day, earned, receipt, taken

JANUARY = "2017-01-10"
FEBRUARY = "2017-02-10"
LAST = "2018-01-31"

BALANCE = "SELECT available, held, spent_total FROM balances"
ENTRIES = """
    SELECT kind, points, moved_points, purpose, amount FROM points_entries
    WHERE kind <> 'earned' ORDER BY ledger_seq, kind
"""
COHORTS = "SELECT issue_month, issued, redeemed, outstanding FROM redemption_cohorts ORDER BY 1"


def some(points: int, last: str = LAST) -> Taken:
    """So many points of the one lot."""
    return taken(("a#1", points, JANUARY), last=last)


@pytest.fixture
def earned_500(history: History) -> History:
    """An account with 500 points of January."""
    history.decided(0, "a", earned(500, "a#1", last=LAST), sale=receipt(100), on=JANUARY)
    return history


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
def test_hold_is_captured_in_part(
    earned_500: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
    together: bool,
) -> None:
    """Of 500 points 300 are held; 250 of them are captured, and 50 are free again: 250 are left."""
    earned_500.decided(0, "h1", HoldPlaced("h", "points", 300, some(300), 0), on=FEBRUARY)
    if not together:
        project()
        assert query(BALANCE) == [(200, 300, 0)]
        assert query("SELECT next_last_day_points FROM balances") == [(500,)]
        assert check_sums(projector_connection) is None
    captured = HoldEnded("h", "points", "captured", 250, 50, some(250), 833, "USD")
    earned_500.decided(0, "h2", captured, on=FEBRUARY)
    project()

    assert query(BALANCE) == [(250, 0, 250)]
    assert query("SELECT next_last_day_points FROM balances") == [(250,)]
    assert query(ENTRIES) == [
        ("held", 0, 300, None, None),
        ("released", 0, 50, "captured", None),
        ("spent", -250, 250, "payment", Decimal("8.33")),
    ]
    assert query(COHORTS) == [(date(2017, 1, 1), 500, 250, 250)]
    assert query("SELECT business_date, promotion_id, spent FROM points_daily WHERE spent > 0") == [
        (date(2017, 2, 10), "base", 250)
    ]
    assert check_sums(projector_connection) is None


@pytest.mark.parametrize("outcome", ["voided", "expired"])
def test_hold_that_is_given_up_leaves_all_as_it_was(
    earned_500: History, project: Project, query: Query, outcome: str
) -> None:
    """What was held and not captured is free again, and nothing was spent."""
    earned_500.decided(0, "h1", HoldPlaced("h", "points", 300, some(300), 0), on=FEBRUARY)
    project()
    ended = HoldEnded("h", "points", outcome, 0, 300, taken(), 0, "")
    earned_500.decided(0, "h2", ended, on=FEBRUARY)
    project()

    assert query(BALANCE) == [(500, 0, 0)]
    assert query(ENTRIES) == [("held", 0, 300, None, None), ("released", 0, 300, outcome, None)]
    assert query(COHORTS) == [(date(2017, 1, 1), 500, 0, 500)]


def test_redemption_undone_is_no_redemption(
    earned_500: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
) -> None:
    """Points given back are there again, in the cohort of their issue, with the day they had."""
    spent = PointsSpent("points", 300, some(300), "payment", "", "", 1000, "USD")
    earned_500.decided(0, "b", spent, on=JANUARY)
    project()
    earned_500.decided(0, "c", PointsRestored("points", 300, some(300), "b"), on=FEBRUARY)
    project()

    assert query(BALANCE) == [(500, 0, 0)]
    assert query("SELECT next_last_day, next_last_day_points FROM balances") == [
        (date(2018, 1, 31), 500)
    ]
    assert query(COHORTS) == [(date(2017, 1, 1), 500, 0, 500)]
    assert query("SELECT business_date, issued, spent, restored FROM points_daily ORDER BY 1") == [
        (date(2017, 1, 10), 500, 300, 0),
        (date(2017, 2, 10), 0, 0, 300),
    ]
    assert query("SELECT sum(points) FROM points_entries") == [(500,)]
    assert check_sums(projector_connection) is None


def test_what_is_written_off_costs_and_is_not_owed(
    earned_500: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
) -> None:
    """A return of 500 points finds 200: the other 300 are reversed and adjusted, not owed."""
    spent = PointsSpent("points", 300, some(300), "payment", "", "", 1000, "USD")
    earned_500.decided(0, "b", spent, on=JANUARY)
    reversed_ = PointsReversed("points", 200, 0, some(200), (200,), "base", "", "a")
    written_off = PointsWrittenOff("points", 300, "base", "a", "charge_refund", 1000, "USD")
    earned_500.decided(
        0, "r", reversed_, written_off, sale=receipt(100, of="a"), on=FEBRUARY
    )  # fmt: skip
    project()

    assert query("SELECT available, owed, reversed_total, adjusted_total FROM balances") == [
        (0, 0, 500, 300)
    ]
    assert query("""
        SELECT points, moved_points, purpose, amount, promotion_id FROM points_entries
        WHERE kind = 'written_off'
    """) == [(0, 300, "charge_refund", Decimal("10.00"), "base")]
    assert query("SELECT reversed, adjusted FROM points_daily WHERE business_date > '2017-02-01'"
    ) == [(500, 300)]  # fmt: skip
    assert query(COHORTS) == [(date(2017, 1, 1), 500, 300, 0)]
    assert check_sums(projector_connection) is None


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "many batches"])
def test_wallet_kept_alive_ends_later_as_a_whole(
    history: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
    together: bool,
) -> None:
    """Every lot, held ones too, ends on the new day, and stays in the cohort of its issue."""
    step = 100 if together else 1
    history.decided(0, "a", earned(10, "a#1", last="2017-03-31"), sale=receipt(100), on=JANUARY)
    history.decided(0, "b", earned(20, "b#1", last="2017-04-30"), sale=receipt(100), on=FEBRUARY)
    held = taken(("a#1", 4, JANUARY), last="2017-03-31")
    history.decided(0, "h1", HoldPlaced("h", "points", 4, held, 0), on=FEBRUARY)
    history.decided(
        0, "c", PointsExtended("points", day("2017-12-31")), earned(5, "c#1", last="2018-06-30"),
        sale=receipt(100), on="2017-03-01",
    )  # fmt: skip
    captured = taken(("a#1", 4, JANUARY), last="2017-12-31")
    ended = HoldEnded("h", "points", "captured", 4, 0, captured, 13, "USD")
    history.decided(0, "h2", ended, on="2017-03-02")
    project(step)

    assert query("SELECT available, next_last_day, next_last_day_points FROM balances") == [
        (31, date(2017, 12, 31), 26)
    ]
    assert query(COHORTS) == [
        (date(2017, 1, 1), 10, 4, 6),
        (date(2017, 2, 1), 20, 0, 20),
        (date(2017, 3, 1), 5, 0, 5),
    ]
    assert query("SELECT sum(points) FROM points_entries") == [(31,)]
    assert check_sums(projector_connection) is None


VOUCHERS = "SELECT status, redemption_count, redeemed_on, last_day FROM vouchers"
SHARES = "SELECT issued, redeemed, expired, reversed, outstanding FROM redemption_cohorts"
NAMED = ("v#1", "ten-off", "p2v", "spring", day(JANUARY))
ISSUED = VoucherIssued(
    "v#1", "ten-off", "p2v", "spring", "", day(JANUARY), day("2017-03-11"), 1000, "USD", 1
)


@pytest.fixture
def with_voucher(history: History) -> History:
    """An account with a voucher that was used up."""
    history.decided(0, "v", ISSUED, on=JANUARY)
    used = VoucherRedeemed(*NAMED, "s", 1000, "USD", used_up=True)
    history.decided(0, "s", used, sale=receipt(500), on=FEBRUARY)
    return history


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
def test_voucher_holds_again_when_its_sale_came_back(
    with_voucher: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
    together: bool,
) -> None:
    """It is issued again, with its term of now, and neither voucher nor campaign was redeemed."""
    if not together:
        project()
        assert query(VOUCHERS) == [("redeemed", 1, date(2017, 2, 10), date(2017, 3, 11))]
        assert query("SELECT redemption_count FROM campaigns") == [(1,)]
    again = VoucherRestored(
        *NAMED, day(FEBRUARY), day("2017-03-31"), 1000, "USD", 1, was_used_up=True, sale_id="s"
    )
    with_voucher.decided(0, "r", again, sale=receipt(500, of="s"), on="2017-02-20")
    project()

    assert query(VOUCHERS) == [("issued", 0, None, date(2017, 3, 31))]
    assert query("SELECT redeemed_sale_id, redeemed_store_id FROM vouchers") == [(None, None)]
    assert query(SHARES) == [(1, 0, 0, 0, 1)]
    assert query("SELECT redeeming_member_count, redemption_count FROM campaigns") == [(0, 0)]
    assert check_sums(projector_connection) is None


def test_voucher_that_was_not_used_up_was_not_redeemed_before_either(
    history: History, project: Project, query: Query
) -> None:
    """Of a voucher used in part, a use that is undone takes nothing from what was redeemed."""
    part = VoucherRedeemed(*NAMED, "s", 400, "USD", used_up=False)
    again = VoucherRestored(
        *NAMED, day(JANUARY), day("2017-03-11"), 1000, "USD", 1, was_used_up=False, sale_id="s"
    )
    history.decided(0, "v", ISSUED, on=JANUARY)
    history.decided(0, "s", part, sale=receipt(500), on=FEBRUARY)
    history.decided(0, "r", again, sale=receipt(500, of="s"), on="2017-02-20")
    project()

    assert query(VOUCHERS) == [("issued", 0, None, date(2017, 3, 11))]
    assert query(SHARES) == [(1, 0, 0, 0, 1)]


def test_voucher_taken_back_is_cancelled(
    history: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
) -> None:
    """What is taken back unused was neither redeemed nor did it end."""
    history.decided(0, "v", ISSUED, on=JANUARY)
    project()
    history.decided(0, "c", VoucherCancelled(*NAMED, "sent in error"), on=FEBRUARY)
    project()

    assert query(VOUCHERS) == [("cancelled", 0, None, date(2017, 3, 11))]
    assert query(SHARES) == [(1, 0, 0, 1, 0)]
    assert check_sums(projector_connection) is None


@pytest.mark.parametrize("step", [100, 1], ids=["one batch", "many batches"])
def test_last_use_stands_when_an_earlier_one_is_undone(
    history: History, project: Project, query: Query, step: int
) -> None:
    """The first of two uses comes back: the last use is the second one, until that does, too."""
    issued = VoucherIssued(
        "v#1", "ten-off", "p2v", "spring", "", day(JANUARY), day("2017-03-11"), 1000, "USD", 2
    )
    history.decided(0, "v", issued, on=JANUARY)
    for number, (sale, store) in enumerate((("s", "0142"), ("t", "0007"))):
        used = VoucherRedeemed(*NAMED, sale, 1000, "USD", used_up=number == 1)
        on = f"2017-02-1{number}"
        history.decided(0, sale, used, sale=receipt(500), on=on, store=store)
    last = "SELECT redemption_count, redeemed_on, redeemed_sale_id, redeemed_store_id FROM vouchers"
    seen = []
    for number, sale in enumerate(("s", "t")):
        again = VoucherRestored(
            *NAMED, day(JANUARY), day("2017-03-11"), 1000, "USD", number + 1,
            was_used_up=number == 0, sale_id=sale,
        )  # fmt: skip
        history.decided(0, f"r{sale}", again, sale=receipt(500, of=sale), on="2017-02-20")
        project(step)
        seen += query(last)

    assert seen == [(1, date(2017, 2, 11), "t", "0007"), (0, None, None, None)]


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "many batches"])
def test_voucher_tells_what_is_left_of_a_stored_value(
    history: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
    together: bool,
) -> None:
    """Of 10.00 a sale uses 4.00 and another the rest; the first comes back, and 4.00 with it."""
    again = VoucherRestored(
        *NAMED, day(JANUARY), day("2017-03-11"), 400, "USD", 1, was_used_up=True, sale_id="s"
    )
    seen = []
    for event, effect in (
        ("v", ISSUED),
        ("s", VoucherRedeemed(*NAMED, "s", 400, "USD", used_up=False)),
        ("t", VoucherRedeemed(*NAMED, "t", 600, "USD", used_up=True)),
        ("r", again),
        ("u", VoucherRedeemed(*NAMED, "u", 150, "USD", used_up=False)),
    ):
        history.decided(0, event, effect, on=JANUARY if effect is ISSUED else FEBRUARY)
        if not together:
            project()
            seen += query("SELECT amount_left FROM vouchers")
    project()

    assert seen == ([] if together else [(Decimal(one),) for one in ("10", "6", "0", "4", "2.5")])
    assert query("SELECT status, amount, amount_left, redemption_count FROM vouchers") == [
        ("issued", Decimal("10.00"), Decimal("2.50"), 2)
    ]
    assert check_sums(projector_connection) is None


def test_each_use_of_several_takes_off_the_whole_amount(
    history: History, project: Project, query: Query
) -> None:
    """A voucher for two uses of 10.00 still takes off 10.00 when it was used once."""
    issued = VoucherIssued(
        "v#1", "ten-off", "p2v", "spring", "", day(JANUARY), day("2017-03-11"), 1000, "USD", 2
    )
    history.decided(0, "v", issued, on=JANUARY)
    history.decided(0, "s", VoucherRedeemed(*NAMED, "s", 700, "USD", used_up=False), on=FEBRUARY)
    project()

    assert query("SELECT amount_left FROM vouchers") == [(Decimal("10.00"),)]


def test_what_uses_took_off_is_told_use_by_use(
    history: History, project: Project, query: Query
) -> None:
    """Used for 10.00, given back with its sale, used again for 8.00, and then charged to a refund.

    So 8.00 were taken off for good, and the customer paid them back.
    """
    again = VoucherRestored(
        *NAMED, day(JANUARY), day("2017-03-11"), 1000, "USD", 1, was_used_up=True, sale_id="s"
    )
    history.decided(0, "v", ISSUED, sale=receipt(9000), on=JANUARY)
    first, second = (
        VoucherRedeemed(*NAMED, sale, minor, "USD", used_up=True)
        for sale, minor in (("s", 1000), ("t", 800))
    )
    history.decided(0, "s", first, sale=receipt(1000), on=FEBRUARY)
    history.decided(0, "rs", again, sale=receipt(1000, of="s"), on=FEBRUARY)
    history.decided(0, "t", second, sale=receipt(800), on=FEBRUARY)
    charged = RefundReduced("v", "v#1", 800, "USD", "voucher_used")
    history.decided(0, "rv", charged, sale=receipt(9000, of="v"), on=FEBRUARY)
    project()

    entries = """
        SELECT kind, voucher, promotion_id, campaign_id, amount, redeemed_sale_id, sale_id
        FROM voucher_entries ORDER BY ledger_seq
    """
    named = ("ten-off", "p2v", "spring")
    assert query(entries) == [
        ("issued", *named, Decimal("10.00"), None, "v"),
        ("redeemed", *named, Decimal("10.00"), "s", "s"),
        ("restored", *named, None, "s", "s"),
        ("redeemed", *named, Decimal("8.00"), "t", "t"),
        ("charged", None, None, None, Decimal("8.00"), None, "v"),
    ]
    assert query(known()["vouchers"]) == [
        ("ten-off", 1, 1, Decimal("8.00"), 0, Decimal("10.00"), Decimal("8.00"), "USD")
    ]


def test_use_is_none_when_its_return_gives_another_voucher_for_it(
    history: History, project: Project, query: Query, projector_connection: psycopg.Connection
) -> None:
    """Of a stored 10.00 a sale uses 4.00, which the refund of the sale that gave it is charged for.

    Its rest is cancelled then.  When the use comes back, 4.00 are on a voucher of their own.
    """
    own = replace(ISSUED, voucher_id="rs#1", amount_minor=400)
    history.decided(0, "v", ISSUED, sale=receipt(9000), on=JANUARY)
    part = VoucherRedeemed(*NAMED, "s", 400, "USD", used_up=False)
    history.decided(0, "s", part, sale=receipt(400), on=FEBRUARY)
    charged = RefundReduced("v", "v#1", 400, "USD", "voucher_used")
    cancelled = VoucherCancelled(*NAMED, "the sale that earned it came back")
    history.decided(0, "rv", cancelled, charged, sale=receipt(9000, of="v"), on=FEBRUARY)
    history.decided(0, "rs", own, sale=receipt(400, of="s"), on=FEBRUARY)
    project()

    assert query(known()["vouchers"]) == [
        ("ten-off", 2, 0, Decimal("0.00"), 0, Decimal("4.00"), Decimal("4.00"), "USD")
    ]
    assert query("SELECT redeeming_member_count, redemption_count FROM campaigns") == [(0, 0)]
    assert check_sums(projector_connection) is None
