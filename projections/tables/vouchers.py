"""`vouchers`: one row a voucher of a programme, from its issue to its end.

A coupon that belongs to no programme has no row here; it counts in `campaigns`, and its uses are in
`voucher_entries`.  A use that is undone leaves no trace but one use less.  Sale, store and day are
those of the last use until that one is undone; those of an earlier use do not come back.

Of a stored value each use leaves what it did not take.  It is one use until nothing is stored, so
a use that is no last one, of a voucher for one use, is what took a part of it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from projections.tables.days import ISO_DATE
from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Change, Write, copy, numbers, texts
from schemas.ledger import (
    VoucherCancelled,
    VoucherExpired,
    VoucherIssued,
    VoucherRedeemed,
    VoucherRestored,
)

_COLUMNS = (
    "voucher_id, voucher, promotion_id, campaign_id, funded_by, first_day, last_day, "
    f"amount_minor, left_minor, currency, uses, {CONTEXT}"
)
_UNDO = """
    UPDATE vouchers AS v
    SET redeemed_on = NULL, redeemed_sale_id = NULL, redeemed_store_id = NULL
    FROM unnest(%s::text[], %s::text[], %s::text[]) AS u (voucher_id, account_id, sale_id)
    WHERE v.voucher_id = u.voucher_id AND v.account_id = u.account_id
        AND v.redeemed_sale_id = u.sale_id
"""
_CHANGE = """
    UPDATE vouchers AS v
    SET status = COALESCE(NULLIF(u.status, ''), v.status),
        redemption_count = v.redemption_count + u.redemption_count,
        redeemed_on = CASE WHEN u.known = 0 THEN v.redeemed_on
            ELSE DATE '1970-01-01' + u.redeemed_day END,
        redeemed_sale_id = CASE WHEN u.known = 0 THEN v.redeemed_sale_id
            ELSE NULLIF(u.sale_id, '') END,
        redeemed_store_id = CASE WHEN u.known = 0 THEN v.redeemed_store_id
            ELSE NULLIF(u.store_id, '') END,
        first_day = COALESCE(DATE '1970-01-01' + u.first_day, v.first_day),
        last_day = COALESCE(DATE '1970-01-01' + u.last_day, v.last_day),
        left_minor = COALESCE(u.left_minor, v.left_minor)
            - CASE WHEN v.uses = 1 THEN u.taken_minor ELSE 0 END
    FROM unnest(
        %s::text[], %s::text[], %s::text[], %s::int[], %s::int[], %s::int[], %s::text[],
        %s::text[], %s::int[], %s::int[], %s::bigint[], %s::bigint[]
    ) AS u (
        voucher_id, account_id, status, redemption_count, known, redeemed_day, sale_id, store_id,
        first_day, last_day, left_minor, taken_minor
    )
    WHERE v.voucher_id = u.voucher_id AND v.account_id = u.account_id
"""


class Later(Struct):
    """What became of a voucher in a batch; empty, None or 0 where nothing did.

    Attributes:
        known: the batch says which use was the last one; None and empty for none.
        first_day, last_day: its term, where it is another one.
        left_minor: what it takes off since it holds again.
        taken_minor: what uses that were no last ones have taken off it, since then.
    """

    status: str = ""
    redemption_count: int = 0
    known: bool = False
    redeemed_on: int | None = None
    sale_id: str = ""
    store_id: str = ""
    first_day: int | None = None
    last_day: int | None = None
    left_minor: int | None = None
    taken_minor: int = 0


class Rows:
    """What a batch says.

    Attributes:
        issued: vouchers issued in it, as text for COPY.
        later: by (voucher, account) what became of them.
        undone: (voucher, account, sale) of uses that were undone and are none of this batch.
    """

    __slots__ = ("issued", "later", "undone")

    def __init__(self) -> None:
        self.issued: list[str] = []
        self.later: dict[tuple[str, str], Later] = {}
        self.undone: list[tuple[str, str, str]] = []


def _issued(rows: Rows, place: Place, effect: VoucherIssued) -> None:
    rows.issued.append(
        f"{effect.voucher_id}\t{effect.voucher}\t{effect.promotion_id}\t{effect.campaign_id}\t"
        f"{effect.funded_by}\t{ISO_DATE[effect.first_day]}\t{ISO_DATE[effect.last_day]}\t"
        f"{effect.amount_minor}\t{effect.amount_minor}\t{effect.currency}\t{effect.uses}\t"
        f"{place.context}"
    )


def _redeemed(rows: Rows, place: Place, effect: VoucherRedeemed) -> None:
    if not effect.voucher:
        return
    later = _later(rows, place, effect.voucher_id)
    later.redemption_count += 1
    later.known = True
    later.redeemed_on = place.record.business_date
    later.sale_id = effect.sale_id
    later.store_id = place.record.store_id
    if effect.used_up:
        later.status = "redeemed"
    else:
        later.taken_minor += effect.amount_minor


def _restored(rows: Rows, place: Place, effect: VoucherRestored) -> None:
    later = _later(rows, place, effect.voucher_id)
    later.status = "issued"
    later.redemption_count -= 1
    later.first_day, later.last_day = effect.first_day, effect.last_day
    later.left_minor, later.taken_minor = effect.amount_minor, 0
    if not later.known:
        rows.undone.append((effect.voucher_id, place.record.account_id, effect.sale_id))
    elif later.sale_id == effect.sale_id:
        later.redeemed_on, later.sale_id, later.store_id = None, "", ""


def _expired(rows: Rows, place: Place, effect: VoucherExpired) -> None:
    _later(rows, place, effect.voucher_id).status = "expired"


def _cancelled(rows: Rows, place: Place, effect: VoucherCancelled) -> None:
    _later(rows, place, effect.voucher_id).status = "cancelled"


def _later(rows: Rows, place: Place, voucher_id: str) -> Later:
    key = (voucher_id, place.record.account_id)
    found = rows.later.get(key)
    if found is None:
        found = rows.later[key] = Later()
    return found


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    VoucherIssued: _issued,
    VoucherRedeemed: _redeemed,
    VoucherExpired: _expired,
    VoucherCancelled: _cancelled,
    VoucherRestored: _restored,
}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's rows; a voucher may be issued and used in the same batch."""
    if rows.issued:
        yield copy("vouchers", _COLUMNS, rows.issued)
    if rows.undone:
        vouchers, accounts, sales = zip(*sorted(rows.undone), strict=True)
        yield Change(_UNDO, (texts(vouchers), texts(accounts), texts(sales)))
    if rows.later:
        keys = sorted(rows.later)
        later = [rows.later[key] for key in keys]
        yield Change(
            _CHANGE,
            (
                texts([voucher for voucher, _ in keys]),
                texts([account for _, account in keys]),
                texts([one.status for one in later]),
                numbers([one.redemption_count for one in later]),
                numbers([int(one.known) for one in later]),
                numbers([one.redeemed_on for one in later]),
                texts([one.sale_id for one in later]),
                texts([one.store_id for one in later]),
                numbers([one.first_day for one in later]),
                numbers([one.last_day for one in later]),
                numbers([one.left_minor for one in later]),
                numbers([one.taken_minor for one in later]),
            ),
        )
