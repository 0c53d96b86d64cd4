"""Given effects on points, when they are projected, then all tables of points agree."""

from datetime import date
from typing import Any

import psycopg
import pytest

from projections.verify import check_sums
from schemas.ledger import (
    Effect,
    PointsAdjusted,
    PointsExpired,
    PointsMatured,
    PointsOwed,
    PointsRepaid,
    PointsReversed,
    PointsSpent,
    Taken,
)
from tests.projections.history import History, Project, Query, day, earned, receipt, taken

JANUARY = "2017-01-10"
FEBRUARY = "2017-02-10"

BALANCE = "SELECT available, pending, owed, next_last_day, next_last_day_points FROM balances"
COHORTS = """
    SELECT issue_month, issued, redeemed, expired, reversed, outstanding
    FROM redemption_cohorts WHERE issued > 0 ORDER BY issue_month
"""


LAST = "2018-01-31"


def some(points: int) -> Taken:
    """So many points of the one lot."""
    return taken(("a#1", points, JANUARY), last=LAST)


def adjusted(points: int) -> PointsAdjusted:
    """A correction: upwards it makes a lot, downwards it takes from the one there is."""
    if points < 0:
        return PointsAdjusted("points", points, "", 0, 0, some(-points), "said so", "chief")
    return PointsAdjusted(
        "points", points, "x#1", day(JANUARY), day(LAST), taken(), "said so", "chief"
    )


CASES: list[tuple[str, Effect, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]] = [
    (
        "spending takes what was available",
        PointsSpent("points", 40, some(40), "payment", "", "", 133, "USD"),
        (60, 0, 0, date(2018, 1, 31), 60),
        ("spent", -40, 40),
        (100, 40, 0, 0, 60),
    ),
    (
        "expiry takes what is over",
        PointsExpired("points", 100, 0, some(100)),
        (0, 0, 0, None, None),
        ("expired", -100, 100),
        (100, 0, 100, 0, 0),
    ),
    (
        "a return takes back what is there",
        PointsReversed("points", 30, 0, some(30), (30,), "base", "", "a"),
        (70, 0, 0, date(2018, 1, 31), 70),
        ("reversed", -30, 30),
        (100, 0, 0, 30, 70),
    ),
    (
        "what is no longer there is owed, and the balance is less by it",
        PointsOwed("points", 25, "base", "a"),
        (100, 0, 25, date(2018, 1, 31), 100),
        ("owed", -25, 25),
        (100, 0, 0, 0, 100),
    ),
    (
        "a correction downwards takes out of lots",
        adjusted(-10),
        (90, 0, 0, date(2018, 1, 31), 90),
        ("adjusted", -10, 10),
        (100, 0, 0, 10, 90),
    ),
    (
        "a correction upwards makes a lot",
        adjusted(10),
        (110, 0, 0, date(2018, 1, 31), 110),
        ("adjusted", 10, 10),
        (110, 0, 0, 0, 110),
    ),
]


@pytest.mark.parametrize(
    ("effect", "balance", "entry", "cohort"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_every_effect_moves_points_between_two_places(
    history: History,
    project: Project,
    query: Query,
    projector_connection: psycopg.Connection,
    effect: Effect,
    balance: tuple[Any, ...],
    entry: tuple[Any, ...],
    cohort: tuple[Any, ...],
) -> None:
    """Of 100 points earned, an effect moves some; every table says where they are now."""
    history.decided(0, "a", earned(100, "a#1", last=LAST), sale=receipt(100), on=JANUARY)
    history.decided(0, "b", effect, on=FEBRUARY)

    project()

    assert query(BALANCE) == [balance]
    assert query("SELECT kind, points, moved_points FROM points_entries WHERE event_id = 'b'") == [
        entry
    ]
    total = query("SELECT sum(issued), sum(redeemed), sum(expired), sum(reversed), sum(outstanding)"
                  " FROM redemption_cohorts")  # fmt: skip
    assert total == [cohort]
    assert check_sums(projector_connection) is None


def test_points_are_pending_until_they_mature(
    history: History, project: Project, query: Query
) -> None:
    """A lot that can be spent later is pending; maturing moves it and changes no total."""
    history.decided(
        0, "a", earned(100, "a#1", spendable=FEBRUARY, last=LAST), sale=receipt(100), on=JANUARY
    )
    project()
    before = query("SELECT available, pending, value FROM balances")
    history.decided(0, "b", PointsMatured("points", some(100)), on=FEBRUARY)
    project()

    assert before == [(0, 100, None)]
    assert query("SELECT available, pending FROM balances") == [(100, 0)]
    assert query("SELECT kind, points, moved_points, lot_id FROM points_entries ORDER BY 1") == [
        ("earned", 100, 100, "a#1"),
        ("matured", 0, 100, "a#1"),
    ]


def test_new_points_pay_what_is_owed_first(
    history: History, project: Project, query: Query, projector_connection: psycopg.Connection
) -> None:
    """Repaying takes new points and shrinks the debt: what is outstanding stays."""
    history.decided(0, "a", PointsOwed("points", 60, "base", "x"), on=JANUARY)
    history.decided(
        0, "b", earned(100, "a#1", last=LAST), PointsRepaid("points", 60, 0, some(60)),
        sale=receipt(100), on=JANUARY,
    )  # fmt: skip

    project()

    assert query(BALANCE) == [(40, 0, 0, date(2018, 1, 31), 40)]
    assert query("SELECT sum(points) FROM points_entries") == [(40,)]
    assert query(COHORTS) == [(date(2017, 1, 1), 100, 0, 0, 60, 40)]
    assert check_sums(projector_connection) is None


def test_cohort_is_the_month_of_issue_however_late_it_is_spent(
    history: History, project: Project, query: Query
) -> None:
    """Points spent in June count in the cohorts of the months they were earned in."""
    history.decided(0, "a", earned(100, "a#1"), sale=receipt(100), on="2017-01-31")
    history.decided(0, "b", earned(100, "b#1"), sale=receipt(100), on="2017-02-01")
    project()
    both = taken(("a#1", 100, "2017-01-31"), ("b#1", 20, "2017-02-01"))
    history.decided(
        0, "c", PointsSpent("points", 120, both, "convert", "p2v", "", 400, "USD"),
        on="2017-06-01",
    )  # fmt: skip
    project()

    assert query(COHORTS) == [
        (date(2017, 1, 1), 100, 100, 0, 0, 0),
        (date(2017, 2, 1), 100, 20, 0, 0, 80),
    ]
    assert query("SELECT lot_id FROM points_entries WHERE kind = 'spent'") == [(None,)]


def test_day_counts_spending_under_the_promotion_that_gave_it(
    history: History, project: Project, query: Query
) -> None:
    """A day's row of a promotion holds what it gave and what was spent of that."""
    history.decided(
        0, "a", earned(100, "a#1"), earned(50, "a#2", promotion="own-brand"),
        sale=receipt(100), on=JANUARY,
    )  # fmt: skip
    spent = taken(("a#2", 50, JANUARY), promotion="own-brand")
    history.decided(
        0, "b", PointsSpent("points", 50, spent, "payment", "", "", 166, "USD"), on=JANUARY
    )
    project()

    assert query("SELECT promotion_id, issued, spent FROM points_daily ORDER BY 1") == [
        ("base", 100, 0),
        ("own-brand", 50, 50),
    ]


def test_nearest_last_day_moves_on_when_its_points_are_gone(
    history: History, project: Project, query: Query
) -> None:
    """`next_last_day` is that of the earliest lot that is left."""
    history.decided(
        0, "a", earned(10, "a#1", last="2017-03-31"), earned(20, "a#2", last="2017-04-30"),
        earned(30, "a#3"), sale=receipt(100),
    )  # fmt: skip
    project()
    first = query(BALANCE)
    history.decided(
        0, "b", PointsExpired("points", 10, 0, taken(("a#1", 10, JANUARY), last="2017-03-31")),
        on="2017-03-31",
    )  # fmt: skip
    project()

    assert first == [(60, 0, 0, date(2017, 3, 31), 10)]
    assert query(BALANCE) == [(50, 0, 0, date(2017, 4, 30), 20)]


def test_cohort_refuses_more_than_it_issued(
    history: History, project: Project, query: Query
) -> None:
    """A share above 1 cannot be written: the projector stops rather than show one."""
    history.decided(0, "a", earned(100, "a#1"), sale=receipt(100), on=JANUARY)
    lot_of_nobody = taken(("z#1", 50, "2016-01-10"))
    history.decided(0, "b", PointsSpent("points", 50, lot_of_nobody, "payment", "", "", 0, "USD"))

    with pytest.raises(Exception, match="redemption_cohorts"):
        project()

    assert query("SELECT * FROM positions WHERE ledger_seq >= 0") == []
