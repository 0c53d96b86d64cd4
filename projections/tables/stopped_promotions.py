"""`stopped_promotions`: where in its partition each promotion was stopped.

The view shows each stop once, and how many partitions have come to it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Write, copy
from schemas.ledger import PromotionStopped

_COLUMNS = f"promotion_id, because, {CONTEXT}"

Rows = list[str]
"""Text for COPY."""


def _added(rows: Rows, place: Place, effect: PromotionStopped) -> None:
    rows.append(f"{effect.promotion_id}\t{effect.because}\t{place.context}")


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {PromotionStopped: _added}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's rows."""
    if rows:
        yield copy("stopped_promotions", _COLUMNS, rows)
