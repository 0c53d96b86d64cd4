"""Given levels, labels, segments, rewards and control groups, then these rows in `reporting`."""

from datetime import date
from decimal import Decimal

from schemas.ledger import (
    NEVER,
    MemberLabelled,
    ProgrammeActivated,
    PromotionStopped,
    RewardGiven,
    SegmentMoved,
    TierChanged,
    WithheldFromControl,
)
from tests.projections.history import History, Project, Query, day, earned, receipt


def changed(before: str, after: str, on: str, last: int, *, locked: bool = False) -> TierChanged:
    """An account comes to another level of its ladder."""
    reason = "manual" if locked else "reached"
    return TierChanged("circle", before, after, day(on), last, reason, 2012, locked)


def test_level_is_what_the_last_change_says(
    history: History, project: Project, query: Query
) -> None:
    """One row an account and ladder says where it stands, and one a change how it came there."""
    history.decided(0, "s1", changed("silver", "gold", "2017-02-01", day("2018-01-31")),
                    sale=receipt(100), on="2017-02-01")  # fmt: skip
    project()
    before = query("SELECT account_id, ladder, level, since_on, last_day, locked FROM tiers")
    history.decided(0, "s2", changed("gold", "black", "2017-03-01", day("2018-02-28")))
    history.decided(0, "t1", changed("black", "gold", "2017-04-01", NEVER, locked=True))
    project()

    assert before == [("ann", "circle", "gold", date(2017, 2, 1), date(2018, 1, 31), False)]
    assert query("SELECT level, since_on, last_day, locked, measured FROM tiers") == [
        ("gold", date(2017, 4, 1), None, True, 2012)
    ]
    assert query("""
        SELECT from_level, to_level, reason, last_day, sale_id, account_id FROM tier_changes
        ORDER BY ledger_seq
    """) == [
        ("silver", "gold", "reached", date(2018, 1, 31), "s1", "ann"),
        ("gold", "black", "reached", date(2018, 2, 28), None, "ann"),
        ("black", "gold", "manual", None, None, "ann"),
    ]


def test_what_counts_towards_a_level_is_no_money(
    history: History, project: Project, query: Query
) -> None:
    """The units of a ladder are a wallet of their own, which is worth nothing."""
    document = (
        '{"currency": "USD", "wallets": '
        '{"points": {"value": {"units": 100, "amount": "1.00"}}, '
        '"miles": {"value": {"units": 1, "amount": {"by_tier": {"gold": "2.00"}}}}}}'
    )
    activated = ProgrammeActivated("p", 1, document, "hash", day("2017-01-01"), 1)
    history.decided(0, "p", activated, account="")
    history.decided(
        0, "s1", earned(300, "s1#1"), earned(300, "s1#2", wallet="tier:circle"),
        earned(7, "s1#3", wallet="miles"), sale=receipt(100),
    )  # fmt: skip
    project()

    assert query("SELECT wallet, available, value, currency FROM balances ORDER BY 1") == [
        ("miles", 7, None, None),
        ("points", 300, Decimal("3.00"), "USD"),
        ("tier:circle", 300, None, None),
    ]


def test_segment_is_entered_and_left(history: History, project: Project, query: Query) -> None:
    """Every stay is one row, open while it lasts, whichever batch it ends in."""
    into, out = SegmentMoved("lapsed", True, "hash"), SegmentMoved("lapsed", False, "hash")
    history.decided(0, "i1", into, on="2017-01-01")
    project()
    still_in = query("SELECT entered_on, left_on, definition_hash FROM member_segments")
    history.decided(0, "o1", out, on="2017-02-01")
    history.decided(0, "i2", into, on="2017-03-01")
    history.decided(0, "o2", out, on="2017-03-01")
    history.decided(0, "i3", into, on="2017-04-01")
    history.decided(1, "i4", into, on="2017-04-02")
    project()

    assert still_in == [(date(2017, 1, 1), None, "hash")]
    assert query("""
        SELECT account_id, entered_on, left_on FROM member_segments ORDER BY 1, 2
    """) == [
        ("ann", date(2017, 1, 1), date(2017, 2, 1)),
        ("ann", date(2017, 3, 1), date(2017, 3, 1)),
        ("ann", date(2017, 4, 1), None),
        ("bob", date(2017, 4, 2), None),
    ]


def test_label_is_on_once_at_a_time(history: History, project: Project, query: Query) -> None:
    """A label put on twice is on since the first time; one that is not on cannot be taken off."""
    history.decided(0, "l1", MemberLabelled("staff", False, "hr"), on="2017-01-01")
    history.decided(0, "l2", MemberLabelled("vip", True, "chief"), on="2017-01-02")
    project()
    history.decided(0, "l3", MemberLabelled("vip", True, "deputy"), on="2017-01-03")
    history.decided(0, "l4", MemberLabelled("vip", False, "deputy"), on="2017-01-04")
    history.decided(0, "l5", MemberLabelled("vip", True, ""), on="2017-01-05")
    project()

    assert query("""
        SELECT account_id, label, labelled_on, removed_on, labelled_by
        FROM member_labels ORDER BY labelled_on
    """) == [
        ("ann", "vip", date(2017, 1, 2), date(2017, 1, 4), "chief"),
        ("ann", "vip", date(2017, 1, 5), None, None),
    ]


def test_what_is_neither_points_nor_voucher_is_a_reward(
    history: History, project: Project, query: Query
) -> None:
    """A gift of a promotion and one of the catalogue are facts with their worth."""
    history.decided(
        0, "s1", RewardGiven("", "welcome", "spring", "gift", "mug", 1, 700, "USD"),
        sale=receipt(100),
    )  # fmt: skip
    history.decided(0, "w1", RewardGiven("trees", "", "", "donation", "forest", 3, 1500, "EUR"))
    project()

    assert query("""
        SELECT reward_id, promotion_id, campaign_id, kind, item, quantity, amount, currency,
            sale_id, event_id
        FROM rewards_given ORDER BY ledger_seq
    """) == [
        (None, "welcome", "spring", "gift", "mug", 1, Decimal("7.00"), "USD", "s1", "s1"),
        ("trees", None, None, "donation", "forest", 3, Decimal("15.00"), "EUR", None, "w1"),
    ]


def test_what_control_did_not_get_is_told_by_campaign(
    history: History, project: Project, query: Query
) -> None:
    """It is a fact of its own, and no point of it is anywhere else."""
    history.decided(
        0, "s1",
        WithheldFromControl("bonus", "spring", "points", 200, (), 0),
        WithheldFromControl("cut", "spring", "", 0, ("ten-off", 'a "mug", blue\\'), 150),
        sale=receipt(100),
    )  # fmt: skip
    project()

    assert query("""
        SELECT campaign_id, promotion_id, wallet, points, given, amount, currency
        FROM withheld ORDER BY promotion_id
    """) == [
        ("spring", "bonus", "points", 200, [], Decimal("0.00"), "USD"),
        ("spring", "cut", None, 0, ["ten-off", 'a "mug", blue\\'], Decimal("1.50"), "USD"),
    ]
    assert query("SELECT * FROM balances") == []
    assert query("SELECT * FROM points_entries") == []


def test_stop_is_one_row_however_many_partitions_have_come_to_it(
    history: History, project: Project, query: Query
) -> None:
    """A stop is told once, with the number of partitions in which nothing more is given."""
    stop = PromotionStopped("triple", "It gave points on gift cards.")
    history.decided(0, "stop|triple", stop, on="2017-01-05", account="", store="")
    project()
    in_one = query("SELECT partition_count FROM stopped_promotions")
    history.decided(1, "stop|triple", stop, on="2017-01-05", account="", store="")
    project()

    assert in_one == [(1,)]
    assert query("SELECT promotion_id, because, stopped_on, partition_count FROM stopped_promotions"
    ) == [("triple", "It gave points on gift cards.", date(2017, 1, 5), 2)]  # fmt: skip
