"""What effects move between buckets: nothing appears, and nothing is lost."""

import pytest
from hypothesis import given

from schemas import buckets
from schemas.ledger import (
    Effect,
    HoldEnded,
    HoldPlaced,
    PointsRestored,
    PointsWrittenOff,
    Record,
    Taken,
)
from tests.schemas import anything

NOTHING = Taken((), (), (), (), ())
POINTS = "points"


def moved(*effects: Effect) -> dict[str, int]:
    """The buckets that the effects change, by name."""
    sums: buckets.Sums = {}
    buckets.add_effects(sums, effects, 17_200)
    (wallet,) = buckets.totals(sums, 0).wallets
    fields = {name: getattr(wallet, name) for name in wallet.__match_args__[1:]}
    return {name: points for name, points in fields.items() if points}


@given(anything.records)
def test_both_sides_of_the_law_stay_equal(record: Record) -> None:
    """Issued + adjusted + owed is what the other buckets sum to, whatever an effect says."""
    sums: buckets.Sums = {}
    buckets.add_effects(sums, record.effects, record.business_date)
    for issued, adjusted, owed, *others in sums.values():
        assert issued + adjusted + owed == sum(others)


@pytest.mark.parametrize(
    ("effect", "changes"),
    [
        (
            PointsRestored(POINTS, 30, NOTHING, "redemption|r-1"),
            {"spent": -30, "available": 30},
        ),
        (
            PointsWrittenOff(POINTS, 7, "base", "s", "write_off", 0, "USD"),
            {"adjusted": 7, "reversed": 7},
        ),
        (
            HoldPlaced("h", POINTS, 300, NOTHING, 1_486_139_400_000),
            {"available": -300, "held": 300},
        ),
        (
            HoldEnded("h", POINTS, "captured", 250, 50, NOTHING, 833, "USD"),
            {"held": -300, "spent": 250, "available": 50},
        ),
        (
            HoldEnded("h", POINTS, "voided", 0, 300, NOTHING, 0, ""),
            {"held": -300, "available": 300},
        ),
    ],
    ids=["restored", "written off", "hold placed", "hold captured", "hold voided"],
)
def test_points_move_from_bucket_to_bucket(effect: Effect, changes: dict[str, int]) -> None:
    """What is spent comes back, what is not asked for is a cost, what is held is not free."""
    assert moved(effect) == changes
