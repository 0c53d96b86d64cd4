"""`refusals`: one row an event that was refused, and one a voucher that a sale listed in vain."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Write, copy
from schemas.ledger import VoucherRefused

_COLUMNS = f"event_type, reason, voucher_id, {CONTEXT}"

Rows = list[str]
"""Text for COPY."""


def fold(rows: Rows, place: Place) -> None:
    """Note the event if it was refused."""
    record = place.record
    if record.decision == "REFUSED":
        rows.append(f"{record.event_type}\t{record.reason}\t\t{place.context}")


def _voucher(rows: Rows, place: Place, effect: VoucherRefused) -> None:
    rows.append(f"{place.record.event_type}\t{effect.reason}\t{effect.voucher_id}\t{place.context}")


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {VoucherRefused: _voucher}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's refusals."""
    if rows:
        yield copy("refusals", _COLUMNS, rows)
