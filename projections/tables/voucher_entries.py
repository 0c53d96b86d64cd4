"""`voucher_entries`: one row an effect on a voucher or coupon, and what it came to in money.

`vouchers` says how a voucher stands; this says how it came there, and what its uses took off.  What
a use took off and came back is found on the row of that use: the same voucher and the same sale.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Write, copy
from schemas.ledger import (
    RefundReduced,
    VoucherCancelled,
    VoucherExpired,
    VoucherIssued,
    VoucherRedeemed,
    VoucherRestored,
)

_COLUMNS = (
    "voucher_id, voucher, kind, promotion_id, campaign_id, amount_minor, currency, "
    f"redeemed_sale_id, {CONTEXT}"
)

Rows = list[str]
"""Text for COPY."""

_OfProgramme = VoucherIssued | VoucherRedeemed | VoucherRestored | VoucherExpired | VoucherCancelled


def _add(rows: Rows, place: Place, effect: _OfProgramme, kind: str, money: str, sale: str) -> None:
    rows.append(
        f"{effect.voucher_id}\t{effect.voucher}\t{kind}\t{effect.promotion_id}\t"
        f"{effect.campaign_id}\t{money}\t{sale}\t{place.context}"
    )


def _issued(rows: Rows, place: Place, effect: VoucherIssued) -> None:
    _add(rows, place, effect, "issued", f"{effect.amount_minor}\t{effect.currency}", "")


def _redeemed(rows: Rows, place: Place, effect: VoucherRedeemed) -> None:
    money = f"{effect.amount_minor}\t{effect.currency}"
    _add(rows, place, effect, "redeemed", money, effect.sale_id)


def _restored(rows: Rows, place: Place, effect: VoucherRestored) -> None:
    _add(rows, place, effect, "restored", "\t", effect.sale_id)


def _expired(rows: Rows, place: Place, effect: VoucherExpired) -> None:
    _add(rows, place, effect, "expired", "\t", "")


def _cancelled(rows: Rows, place: Place, effect: VoucherCancelled) -> None:
    _add(rows, place, effect, "cancelled", "\t", "")


def _charged(rows: Rows, place: Place, effect: RefundReduced) -> None:
    rows.append(
        f"{effect.source_id}\t\tcharged\t\t\t{effect.amount_minor}\t{effect.currency}\t\t"
        f"{place.context}"
    )


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    VoucherIssued: _issued,
    VoucherRedeemed: _redeemed,
    VoucherRestored: _restored,
    VoucherExpired: _expired,
    VoucherCancelled: _cancelled,
    RefundReduced: _charged,
}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's rows."""
    if rows:
        yield copy("voucher_entries", _COLUMNS, rows)
