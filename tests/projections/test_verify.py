"""`verify` finds what is wrong in any table, and says which law it breaks."""

from collections.abc import Iterator

import psycopg
import pytest

from infra.postgres import connect
from infra.settings import Settings
from projections.verify import check_sums
from schemas.ledger import (
    NEVER,
    MemberLabelled,
    PointsSpent,
    ProgrammeActivated,
    PromotionStopped,
    RewardGiven,
    SegmentMoved,
    TierChanged,
    VoucherIssued,
    WithheldFromControl,
)
from tests.projections.checks import check_fold, check_tables
from tests.projections.history import History, Project, day, earned, receipt, taken

PLANTED = {
    "a balance too high by one point": (
        "UPDATE balances SET available = available + 1, issued_total = issued_total + 1",
        "entries of every account",
    ),
    "an entry lost": (
        "DELETE FROM points_entries WHERE kind = 'spent'",
        "entries of every account",
    ),
    "points open that the account does not have": (
        "UPDATE open_points SET points = points + 1",
        "open of it",
    ),
    "a cohort that shows more redeemed": (
        "UPDATE redemption_cohorts SET redeemed = redeemed + 1 WHERE instrument = 'points'",
        "outstanding of all cohorts",
    ),
    "points given back on no day": (
        "UPDATE points_daily SET restored = restored + 1",
        "days of a wallet",
    ),
    "a level that no change gave": (
        "UPDATE tiers SET level = 'black'",
        "on the level",
    ),
    "a level without any change": (
        "DELETE FROM tier_changes",
        "on the level",
    ),
    "a change of level lost on both sides": (
        "DELETE FROM tier_changes; DELETE FROM tiers",
        "is in its table, once. Not so: tier_changes: 0 rows against 1",
    ),
    "a reward twice": (
        "INSERT INTO rewards_given SELECT * FROM rewards_given",
        "is in its table, once. Not so: rewards_given: 2 rows against 1",
    ),
    "what was withheld forgotten": (
        "DELETE FROM withheld",
        "is in its table, once. Not so: withheld",
    ),
    "what became of a voucher forgotten": (
        "DELETE FROM voucher_entries",
        "is in its table, once. Not so: voucher_entries",
    ),
    "a stop forgotten": (
        "DELETE FROM stopped_promotions",
        "is in its table, once. Not so: stopped_promotions",
    ),
    "a programme forgotten": (
        "DELETE FROM programmes",
        "is in its table, once. Not so: programmes",
    ),
    "a label that is still on": (
        "UPDATE member_labels SET removed_on = NULL",
        "is in its table, once. Not so: member_labels ann vip",
    ),
    "a segment entered earlier": (
        "UPDATE member_segments SET entered_on = entered_on - 1",
        "is in its table, once. Not so: member_segments ann families",
    ),
    "a voucher twice": (
        "INSERT INTO vouchers SELECT * FROM vouchers",
        "Every voucher",
    ),
    "a day that lost points": (
        "UPDATE points_daily SET spent = spent - 1",
        "days of a wallet",
    ),
    "a day that gained a sale": (
        "UPDATE sales_daily SET sale_count = sale_count + 1",
        "days of a store",
    ),
    "a receipt lost": (
        "DELETE FROM sales WHERE sale_id = 's2'",
        "days of a store",
    ),
    "a return not on its sale": (
        "UPDATE sales SET returned_net_minor = 0",
        "came back of a sale",
    ),
    "a member with a sale more": (
        "UPDATE members SET sale_count = sale_count + 1",
        "member's sales",
    ),
    "a member with a cent more": (
        "UPDATE members SET net_spend_minor = net_spend_minor + 1",
        "member's sales",
    ),
    "an account with all its rows lost": (
        """DELETE FROM balances; DELETE FROM points_entries; DELETE FROM open_points;
        DELETE FROM points_daily; DELETE FROM redemption_cohorts WHERE instrument = 'points'""",
        "what the ledger folds to",
    ),
    "a position behind": (
        "UPDATE positions SET ledger_seq = ledger_seq - 1 WHERE ledger_partition = 0",
        "hold the whole ledger",
    ),
    "a position that names another head": (
        "UPDATE positions SET head = decode(repeat('11', 32), 'hex')",
        "at the ledger's head",
    ),
}


@pytest.fixture
def filled(history: History, project: Project, installed: Settings) -> Iterator[psycopg.Connection]:
    """Tables with something in each, and a connection that may spoil them."""
    history.decided(0, "s1", earned(100, "s1#1"), sale=receipt(1000))
    history.decided(0, "s2", earned(50, "s2#1"), sale=receipt(500))
    history.decided(0, "r1", sale=receipt(200, of="s1"))
    spent = PointsSpent("points", 30, taken(("s1#1", 30, "2017-01-01")), "convert", "p", "", 0, "")
    voucher = VoucherIssued(
        "v#1", "ten", "p", "", "", day("2017-01-01"), day("2017-03-01"), 1000, "USD", 1
    )
    history.decided(0, "c1", spent, voucher)
    history.decided(
        0, "l1",
        TierChanged("circle", "", "gold", day("2017-01-01"), NEVER, "reached", 100, False),
        RewardGiven("", "p", "", "gift", "mug", 1, 700, "USD"),
        WithheldFromControl("bonus", "c", "points", 50, (), 0),
        MemberLabelled("vip", True, "chief"),
        MemberLabelled("vip", False, "chief"),
        SegmentMoved("families", True, ""),
    )  # fmt: skip
    activated = ProgrammeActivated(
        "p", 1, '{"currency": "USD", "wallets": {}}', "hash", day("2017-01-01"), 1
    )
    history.decided(1, "activated", activated, account="")
    history.decided(0, "stop", PromotionStopped("p", "It gave too much."), account="")
    project()
    with connect(installed, "owner") as owner:
        owner.execute("SET search_path TO live_1")
        yield owner


@pytest.mark.parametrize(("spoil", "law"), PLANTED.values(), ids=PLANTED.keys())
def test_what_is_wrong_is_found(
    history: History, filled: psycopg.Connection, spoil: str, law: str
) -> None:
    """Given right tables, when one row is spoilt, then the check names the law it breaks."""
    log = history.reader()
    right = check_tables(filled, log)
    filled.execute(spoil.encode())
    wrong = check_tables(filled, log)
    log.close()

    assert right is None
    assert wrong is not None
    assert law in str(wrong)


def test_tables_that_lag_behind_are_said_to(history: History, filled: psycopg.Connection) -> None:
    """A ledger that has gone on is not what the tables hold; the tables still agree."""
    history.decided(0, "s3", sale=receipt(100))
    log = history.reader()
    sums, fold = check_sums(filled), check_fold(filled, log, 0)
    log.close()

    assert sums is None
    assert fold is not None
    assert fold.found == "record 6"
    assert fold.expected == "record 7"


def test_tables_that_nobody_has_filled_yet_are_said_to_lag_behind(
    history: History, installed: Settings
) -> None:
    """They have no position before the first projector; what they lack is the whole ledger."""
    log = history.reader()
    with connect(installed, "owner") as owner:
        wrong = check_fold(owner, log, 0)
    log.close()

    assert wrong is not None
    assert wrong.law == "The tables hold the whole ledger."
