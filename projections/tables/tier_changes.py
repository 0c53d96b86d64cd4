"""`tier_changes`: one row a change of an account's level, or of its term."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.days import ISO_DATE
from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Write, copy
from schemas.ledger import TierChanged

_COLUMNS = f"ladder, from_level, to_level, since_on, last_day, reason, measured, locked, {CONTEXT}"

Rows = list[str]
"""Text for COPY."""


def _added(rows: Rows, place: Place, effect: TierChanged) -> None:
    rows.append(
        f"{effect.ladder}\t{effect.from_level}\t{effect.to_level}\t{ISO_DATE[effect.since]}\t"
        f"{ISO_DATE[effect.last_day]}\t{effect.reason}\t{effect.measured}\t"
        f"{effect.locked}\t{place.context}"
    )


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {TierChanged: _added}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's rows."""
    if rows:
        yield copy("tier_changes", _COLUMNS, rows)
