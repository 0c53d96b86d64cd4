"""`points_daily`: points by business date, store, wallet and promotion.

Issued and reversed count under the promotion that gave the points or whose points a return takes
back; spent, restored and expired under the promotion that gave the lots they came from.  Points of
an adjustment belong to no promotion.  Reversed includes what had to be left owing or written off;
what was written off is adjusted too, under the promotion whose points it was.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import (
    HoldEnded,
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsOwed,
    PointsRestored,
    PointsReversed,
    PointsSpent,
    PointsWrittenOff,
    Taken,
)

_UPSERT = """
    INSERT INTO points_daily AS d (
        business_date, store_id, wallet, promotion_id, issued, spent, expired, reversed, restored,
        adjusted
    )
    SELECT DATE '1970-01-01' + u.day, u.store_id, u.wallet, u.promotion_id, u.issued, u.spent,
        u.expired, u.reversed, u.restored, u.adjusted
    FROM unnest(
        %s::int[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[]
    ) AS u (
        day, store_id, wallet, promotion_id, issued, spent, expired, reversed, restored, adjusted
    )
    ON CONFLICT (business_date, store_id, wallet, promotion_id) DO UPDATE SET
        issued = d.issued + excluded.issued,
        spent = d.spent + excluded.spent,
        expired = d.expired + excluded.expired,
        reversed = d.reversed + excluded.reversed,
        restored = d.restored + excluded.restored,
        adjusted = d.adjusted + excluded.adjusted
"""
_ISSUED, _SPENT, _EXPIRED, _REVERSED, _RESTORED, _ADJUSTED = range(6)

Rows = dict[tuple[int, str, str, str], list[int]]
"""(day, store, wallet, promotion) → the six sums, in the order of the columns."""


def _sums(rows: Rows, place: Place, wallet: str, promotion_id: str) -> list[int]:
    record = place.record
    key = (record.business_date, record.store_id, wallet, promotion_id)
    sums = rows.get(key)
    if sums is None:
        sums = rows[key] = [0] * 6
    return sums


def _earned(rows: Rows, place: Place, effect: PointsEarned) -> None:
    _sums(rows, place, effect.wallet, effect.promotion_id)[_ISSUED] += effect.granted


def _spent(rows: Rows, place: Place, effect: PointsSpent | HoldEnded) -> None:
    _take(rows, place, effect.wallet, effect.taken, _SPENT)


def _restored(rows: Rows, place: Place, effect: PointsRestored) -> None:
    _take(rows, place, effect.wallet, effect.taken, _RESTORED)


def _expired(rows: Rows, place: Place, effect: PointsExpired) -> None:
    _take(rows, place, effect.wallet, effect.taken, _EXPIRED)


def _reversed(rows: Rows, place: Place, effect: PointsReversed | PointsOwed) -> None:
    _sums(rows, place, effect.wallet, effect.promotion_id)[_REVERSED] += effect.points


def _written_off(rows: Rows, place: Place, effect: PointsWrittenOff) -> None:
    sums = _sums(rows, place, effect.wallet, effect.promotion_id)
    sums[_REVERSED] += effect.points
    sums[_ADJUSTED] += effect.points


def _adjusted(rows: Rows, place: Place, effect: PointsAdjusted) -> None:
    _sums(rows, place, effect.wallet, "")[_ADJUSTED] += effect.points


def _take(rows: Rows, place: Place, wallet: str, taken: Taken, column: int) -> None:
    for promotion_id, points in zip(taken.promotion_ids, taken.points, strict=True):
        _sums(rows, place, wallet, promotion_id)[column] += points


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    PointsEarned: _earned,
    PointsSpent: _spent,
    PointsReversed: _reversed,
    PointsOwed: _reversed,
    PointsExpired: _expired,
    PointsAdjusted: _adjusted,
    PointsRestored: _restored,
    PointsWrittenOff: _written_off,
    HoldEnded: _spent,
}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's sums, in key order so that two projectors never wait for each other."""
    if not rows:
        return
    keys = sorted(rows)
    days, stores, wallets, promotions = zip(*keys, strict=True)
    sums = zip(*(rows[key] for key in keys), strict=True)
    yield Change(
        _UPSERT,
        (numbers(days), texts(stores), texts(wallets), texts(promotions), *map(numbers, sums)),
    )
