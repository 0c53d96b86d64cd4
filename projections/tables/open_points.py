"""`open_points`: what each account still has, by wallet and last valid day; internal.

`balances` shows the nearest of these days.  The rows of a day that is over are gone by the close.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import (
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsRepaid,
    PointsReversed,
    PointsSpent,
    Taken,
)

_MERGE = """
    MERGE INTO open_points AS o
    USING unnest(%s::text[], %s::text[], %s::int[], %s::bigint[])
        AS u (account_id, wallet, last_day, points)
    ON o.account_id = u.account_id AND o.wallet = u.wallet AND o.last_day = u.last_day
    WHEN MATCHED AND o.points + u.points = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET points = o.points + u.points
    WHEN NOT MATCHED THEN INSERT (account_id, wallet, last_day, points)
        VALUES (u.account_id, u.wallet, u.last_day, u.points)
"""

Rows = dict[tuple[str, str, int], int]
"""(account, wallet, last day) → the change of what is open."""


def _earned(rows: Rows, place: Place, effect: PointsEarned) -> None:
    key = (place.record.account_id, effect.wallet, effect.last_day)
    rows[key] = rows.get(key, 0) + effect.granted


def _adjusted(rows: Rows, place: Place, effect: PointsAdjusted) -> None:
    if effect.points > 0:
        key = (place.record.account_id, effect.wallet, effect.last_day)
        rows[key] = rows.get(key, 0) + effect.points
    else:
        _take(rows, place.record.account_id, effect.wallet, effect.taken)


def _taken(
    rows: Rows,
    place: Place,
    effect: PointsSpent | PointsReversed | PointsRepaid | PointsExpired,
) -> None:
    _take(rows, place.record.account_id, effect.wallet, effect.taken)


def _take(rows: Rows, account_id: str, wallet: str, taken: Taken) -> None:
    for points, last_day in zip(taken.points, taken.last_days, strict=True):
        key = (account_id, wallet, last_day)
        rows[key] = rows.get(key, 0) - points


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    PointsEarned: _earned,
    PointsSpent: _taken,
    PointsReversed: _taken,
    PointsRepaid: _taken,
    PointsExpired: _taken,
    PointsAdjusted: _adjusted,
}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's changes, in key order; what came and went within it leaves no trace."""
    keys = sorted(key for key, points in rows.items() if points)
    if not keys:
        return
    accounts, wallets, days = zip(*keys, strict=True)
    points = numbers([rows[key] for key in keys])
    yield Change(_MERGE, (texts(accounts), texts(wallets), numbers(days), points))
