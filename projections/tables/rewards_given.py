"""`rewards_given`: one row a thing given that is neither points nor a voucher."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Write, copy
from schemas.ledger import RewardGiven

_COLUMNS = (
    f"reward_id, promotion_id, campaign_id, kind, item, quantity, amount_minor, currency, {CONTEXT}"
)

Rows = list[str]
"""Text for COPY."""


def _added(rows: Rows, place: Place, effect: RewardGiven) -> None:
    rows.append(
        f"{effect.reward_id}\t{effect.promotion_id}\t{effect.campaign_id}\t{effect.kind}\t"
        f"{effect.item}\t{effect.quantity}\t{effect.amount_minor}\t{effect.currency}\t"
        f"{place.context}"
    )


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {RewardGiven: _added}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's rows."""
    if rows:
        yield copy("rewards_given", _COLUMNS, rows)
