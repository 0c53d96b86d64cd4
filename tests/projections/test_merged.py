"""Tables of members for life: the same rows whether or not their old lots were merged."""

from collections import Counter
from typing import Any

from hypothesis import given, settings

from projections.fold import Batch
from projections.tables import balances
from projections.tables.place import place
from tests.core.lifelong import ENDLESS, played, steps
from tests.core.scene import Scene

ONE_EACH = "".join(row for row in ENDLESS.splitlines(keepends=True) if "soup" not in row)
"""One promotion for each wallet."""

Script = list[tuple[str, int, int]]


def tables(scene: Scene) -> Batch:
    """The rows of all records but those of closed days."""
    batch = Batch()
    for prefix, record in scene.taken:
        if record.event_type != "BusinessDayClosed":
            at = place(prefix, record, 0)
            assert balances.expected(batch.balances, at, {}) == ""
            batch.add(at)
    return batch


def counted(rows: dict[tuple[Any, ...], list[int]]) -> dict[tuple[Any, ...], list[int]]:
    """Rows in which anything is counted."""
    return {key: sums for key, sums in rows.items() if any(sums)}


def over_promotions(rows: dict[tuple[Any, ...], list[int]]) -> Counter[tuple[Any, ...]]:
    """The sums of all promotions; the promotion is the last part of a key."""
    found: Counter[tuple[Any, ...]] = Counter()
    for (*key, _), sums in rows.items():
        for at, points in enumerate(sums):
            found[*key, at] += points
    return found


@settings(max_examples=30, deadline=None)
@given(steps)
def test_merging_changes_no_row_of_a_wallet_with_one_promotion(script: Script) -> None:
    """Balances, what is open, points by day and cohorts by month and promotion are the same.

    Points given by hand are of no promotion, and so of another than those of a wallet's only one.
    """
    by_promotions = [step for step in script if step[0] != "give"]
    scenes = [(kept, merging) for kept, _, merging, _ in played(ONE_EACH, by_promotions)]
    ours, theirs = (tables(scene) for scene in scenes[-1])

    assert ours.balances == theirs.balances
    assert ours.open_points.changes == theirs.open_points.changes
    assert counted(ours.points_daily) == counted(theirs.points_daily)
    assert counted(ours.redemption_cohorts) == counted(theirs.redemption_cohorts)


@settings(max_examples=30, deadline=None)
@given(steps)
def test_merging_keeps_months_where_promotions_share_a_wallet(script: Script) -> None:
    """Within a month the points of one promotion are spent before those of the next."""
    scenes = [(kept, merging) for kept, _, merging, _ in played(ENDLESS, script)]
    ours, theirs = (tables(scene) for scene in scenes[-1])

    assert ours.balances == theirs.balances
    assert over_promotions(ours.points_daily) == over_promotions(theirs.points_daily)
    assert over_promotions(ours.redemption_cohorts) == over_promotions(theirs.redemption_cohorts)
