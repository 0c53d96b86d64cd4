"""`tiers`: the level of each account on each ladder, as its last change left it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import TierChanged

_UPSERT = """
    INSERT INTO tiers AS t (account_id, ladder, level, since_on, last_day, locked, measured)
    SELECT u.account_id, u.ladder, u.level, DATE '1970-01-01' + u.since,
        DATE '1970-01-01' + u.last_day, u.locked = 1, u.measured
    FROM unnest(
        %s::text[], %s::text[], %s::text[], %s::int[], %s::int[], %s::int[], %s::bigint[]
    ) AS u (account_id, ladder, level, since, last_day, locked, measured)
    ON CONFLICT (account_id, ladder) DO UPDATE SET
        level = excluded.level,
        since_on = excluded.since_on,
        last_day = excluded.last_day,
        locked = excluded.locked,
        measured = excluded.measured
"""

Rows = dict[tuple[str, str], TierChanged]
"""(account, ladder) → the last change of the batch."""


def _changed(rows: Rows, place: Place, effect: TierChanged) -> None:
    rows[place.record.account_id, effect.ladder] = effect


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {TierChanged: _changed}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's levels, in key order."""
    if not rows:
        return
    keys = sorted(rows)
    changes = [rows[key] for key in keys]
    yield Change(
        _UPSERT,
        (
            texts([account for account, _ in keys]),
            texts([ladder for _, ladder in keys]),
            texts([one.to_level for one in changes]),
            numbers([one.since for one in changes]),
            numbers([one.last_day for one in changes]),
            numbers([int(one.locked) for one in changes]),
            numbers([one.measured for one in changes]),
        ),
    )
