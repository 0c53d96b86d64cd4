"""`withheld`: what promotions would have given to the control of their campaigns, and did not.

Beside it stand `points_entries`, `vouchers` and `rewards_given` for those who were addressed: the
difference is what the campaign costs.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Write, copy, texts
from schemas.ledger import WithheldFromControl

_COLUMNS = f"campaign_id, promotion_id, wallet, points, given, amount_minor, currency, {CONTEXT}"

Rows = list[str]
"""Text for COPY."""


def _added(rows: Rows, place: Place, effect: WithheldFromControl) -> None:
    sale = place.record.sale
    rows.append(
        f"{effect.campaign_id}\t{effect.promotion_id}\t{effect.wallet}\t{effect.points}\t"
        f"{texts(effect.given)}\t{effect.amount_minor}\t{'' if sale is None else sale.currency}\t"
        f"{place.context}"
    )


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {WithheldFromControl: _added}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's rows."""
    if rows:
        yield copy("withheld", _COLUMNS, rows)
