"""`open_points`: what each account still has, by wallet and last valid day; internal.

`balances` shows the nearest of these days.  The rows of a day that is over are gone by the close.
What is held is still there, until it is captured.
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
    PointsExtended,
    PointsRepaid,
    PointsRestored,
    PointsReversed,
    PointsSpent,
    Taken,
)

_EXTEND = """
    WITH moved AS (
        DELETE FROM open_points AS o
        USING unnest(%s::text[], %s::text[], %s::int[]) AS u (account_id, wallet, last_day)
        WHERE o.account_id = u.account_id AND o.wallet = u.wallet AND o.last_day <> u.last_day
        RETURNING o.account_id, o.wallet, u.last_day, o.points
    )
    INSERT INTO open_points AS o (account_id, wallet, last_day, points)
    SELECT account_id, wallet, last_day, sum(points) FROM moved
    GROUP BY account_id, wallet, last_day
    ON CONFLICT (account_id, wallet, last_day) DO UPDATE SET points = o.points + excluded.points
"""
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


class Rows:
    """What a batch changes.

    Attributes:
        changes: (account, wallet) → last day → the change of what is open.
        extended: (account, wallet) → the day that all of it was moved to, before the changes.
    """

    __slots__ = ("changes", "extended")

    def __init__(self) -> None:
        self.changes: dict[tuple[str, str], dict[int, int]] = {}
        self.extended: dict[tuple[str, str], int] = {}


def _days(rows: Rows, place: Place, wallet: str) -> dict[int, int]:
    key = (place.record.account_id, wallet)
    days = rows.changes.get(key)
    if days is None:
        days = rows.changes[key] = {}
    return days


def _earned(rows: Rows, place: Place, effect: PointsEarned) -> None:
    days = _days(rows, place, effect.wallet)
    days[effect.last_day] = days.get(effect.last_day, 0) + effect.granted


def _adjusted(rows: Rows, place: Place, effect: PointsAdjusted) -> None:
    days = _days(rows, place, effect.wallet)
    if effect.points > 0:
        days[effect.last_day] = days.get(effect.last_day, 0) + effect.points
    else:
        _add(days, effect.taken, -1)


def _taken(
    rows: Rows,
    place: Place,
    effect: PointsSpent | PointsReversed | PointsRepaid | PointsExpired | HoldEnded,
) -> None:
    _add(_days(rows, place, effect.wallet), effect.taken, -1)


def _restored(rows: Rows, place: Place, effect: PointsRestored) -> None:
    _add(_days(rows, place, effect.wallet), effect.taken, 1)


def _add(days: dict[int, int], taken: Taken, sign: int) -> None:
    for points, last_day in zip(taken.points, taken.last_days, strict=True):
        days[last_day] = days.get(last_day, 0) + sign * points


def _extended(rows: Rows, place: Place, effect: PointsExtended) -> None:
    key = (place.record.account_id, effect.wallet)
    rows.extended[key] = effect.last_day
    # What the batch has changed so far is moved with what it found.
    rows.changes[key] = {effect.last_day: sum(rows.changes.get(key, {}).values())}


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    PointsEarned: _earned,
    PointsSpent: _taken,
    PointsReversed: _taken,
    PointsRepaid: _taken,
    PointsExpired: _taken,
    PointsAdjusted: _adjusted,
    PointsRestored: _restored,
    PointsExtended: _extended,
    HoldEnded: _taken,
}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's changes, in key order; what came and went within it leaves no trace."""
    if rows.extended:
        accounts, wallets = zip(*sorted(rows.extended), strict=True)
        days = numbers([rows.extended[key] for key in sorted(rows.extended)])
        yield Change(_EXTEND, (texts(accounts), texts(wallets), days))
    changed = sorted(
        (account, wallet, day, points)
        for (account, wallet), by_day in rows.changes.items()
        for day, points in by_day.items()
        if points
    )
    if changed:
        accounts, wallets, last_days, points = zip(*changed, strict=True)
        yield Change(_MERGE, (texts(accounts), texts(wallets), numbers(last_days), numbers(points)))
