"""Recency, frequency and money, by fixed cut-offs, as of the last day all have closed."""

from datetime import date
from decimal import Decimal

import pytest

from projections.tables import rfm
from tests.projections.history import History, Project, Query, receipt


@pytest.mark.parametrize(
    ("recency_days", "sale_count", "net", "scores", "segment"),
    [
        (9, 12, 640, (5, 4, 4), "close-friend"),
        (200, 1, 30, (1, 1, 1), "acquaintance"),
        (14, 20, 1000, (5, 5, 5), "close-friend"),
        (15, 19, 999, (4, 4, 4), "close-friend"),
        (30, 10, 500, (4, 4, 4), "close-friend"),
        (31, 9, 499, (3, 3, 3), "friend"),
        (60, 5, 200, (3, 3, 3), "friend"),
        (61, 4, 199, (2, 2, 2), "acquaintance"),
        (120, 2, 50, (2, 2, 2), "acquaintance"),
        (121, 1, 49, (1, 1, 1), "acquaintance"),
        (100, 30, 2000, (2, 5, 5), "missed-friend"),
        (5, 1, 20, (5, 1, 1), "new-face"),
        (45, 2, 900, (3, 2, 4), "big-ticket"),
    ],
)
def test_scores_and_segment(
    recency_days: int, sale_count: int, net: int, scores: tuple[int, int, int], segment: str
) -> None:
    """Each cut-off belongs to the better score."""
    assert rfm.scores(recency_days, sale_count, net) == scores
    assert rfm.segment(*scores) == segment


ROWS = """
    SELECT as_of_on, recency_days, sale_count, net_spend, r_score, f_score, m_score, segment_id
    FROM rfm
"""


def test_members_are_scored_as_of_the_freshest_day(
    history: History, project: Project, query: Query
) -> None:
    """Nothing is scored before every partition has closed a day; then days count from it."""
    history.decided(0, "s1", sale=receipt(64_000), on="2017-01-01")
    history.close_day("2017-01-10", 0)
    project()
    before = query(ROWS)
    history.close_day("2017-01-10", 1)
    project()

    assert before == []
    assert query(ROWS) == [(date(2017, 1, 10), 9, 1, Decimal("640.00"), 5, 1, 4, "big-ticket")]


@pytest.mark.parametrize("batch_records", [1, 1000])
def test_what_comes_after_the_close_does_not_count(
    history: History, project: Project, query: Query, batch_records: int
) -> None:
    """As of a day means before its close: a later record does not count, whatever its date.

    However far the projector has read since.
    """
    history.decided(0, "s1", sale=receipt(1_000), on="2017-01-01")
    history.close_day("2017-01-02")
    history.decided(0, "late", sale=receipt(9_900), on="2017-01-01")
    history.decided(0, "next", sale=receipt(7_700), on="2017-01-03")
    history.close_day("2017-01-03", 0)
    project(batch_records)

    assert query(ROWS) == [(date(2017, 1, 2), 1, 1, Decimal("10.00"), 5, 1, 1, "new-face")]

    history.close_day("2017-01-03", 1)
    project(batch_records)

    assert query("SELECT as_of_on, recency_days, sale_count, net_spend FROM rfm") == [
        (date(2017, 1, 3), 0, 3, Decimal("186.00"))
    ]


def test_returns_are_removed(history: History, project: Project, query: Query) -> None:
    """A sale that came back whole does not count; of another one what came back does not."""
    history.decided(0, "s1", sale=receipt(1_000), on="2017-01-01")
    history.decided(0, "s2", sale=receipt(2_000), on="2017-01-05")
    history.decided(0, "r1", sale=receipt(400, of="s1"), on="2017-01-06")
    history.decided(0, "r2", sale=receipt(2_000, of="s2"), on="2017-01-06")
    history.close_day("2017-01-06")
    project()

    assert query("SELECT recency_days, sale_count, net_spend FROM rfm") == [(5, 1, Decimal("6.00"))]


def test_two_years_count(history: History, project: Project, query: Query) -> None:
    """A sale of 24 months ago no longer counts; who has no other has no row."""
    history.decided(0, "s1", sale=receipt(1_000), on="2015-01-06")
    history.decided(1, "s2", sale=receipt(1_000), on="2015-01-07")
    history.close_day("2017-01-06")
    project()

    assert query("SELECT member_id, recency_days FROM rfm") == [("bob", 730)]


def test_money_counts_in_units_of_the_currency(
    history: History, project: Project, query: Query
) -> None:
    """1,000 yen are 1,000 units, not 10."""
    history.decided(0, "s1", sale=receipt(1_000, currency="JPY"), on="2017-01-06")
    history.close_day("2017-01-06")
    project()

    assert query("SELECT m_score, net_spend, currency FROM rfm") == [(5, Decimal(1000), "JPY")]
