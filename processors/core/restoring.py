"""What was used comes back: points that paid for what was returned, and vouchers used on it.

Worked number: 50.00 were paid with 45.00 by card and 500 points; an article of 20.00 comes back,
and with it 200 of the points, into the lots they came from, with the terms they had.

Only their last day can be another one by then, because the wallet was kept alive meanwhile: of a
wallet that ends 10 days after the last activity, points of 14 March are spent, and a sale follows
on the 20th.  What comes back ends with all the others on the 30th.
"""

from collections.abc import Callable, Sequence

from processors.core.account import Lot
from processors.core.account import Voucher as OpenVoucher
from processors.core.draft import Draft, open_and_held, repay, taken
from processors.core.exchange import Issuer
from processors.core.left import is_whole, part_of
from processors.core.programme import Programme
from processors.core.receipts import Receipt, Spent, Used
from schemas import ledger
from schemas.events import RedemptionReversed, SaleRecorded
from schemas.ledger import NEVER
from schemas.refusals import Refusal


def reverse_payment(
    draft: Draft, event: RedemptionReversed, programme: Programme | None, payment: Receipt | None
) -> Refusal | None:
    """A payment is undone whole, unless some of it came back already."""
    spent = _spent(event.header.account_id, payment)
    if spent is None or spent.restored:
        return Refusal.REDEMPTION_UNKNOWN
    restore(draft, event.redemption_id, spent, spent.left, programme)
    return None


def restore_payments(
    draft: Draft,
    sale: SaleRecorded,
    receipt: Receipt,
    returned_milli: Sequence[int],
    remembered: Callable[[str], Receipt | None],
    programme: Programme | None,
    currency: str,
) -> None:
    """Points that paid for a sale come back in proportion to what was returned of it.

    Over several returns the parts sum to the whole, and never to more than was spent.

    Points pay in the programme's currency.  A sale in another one says what its tender came to
    there, which tells nothing of how many points it took: then it took all of the payment.

    Args:
        draft: the account.
        sale: as it was rung up.
        receipt: the sale's, before this return.
        returned_milli: by line, what came back with this return and before it.
        remembered: the receipt of a payment.
        programme: in force on the day of the return; None for none.
        currency: that points paid in when it was sold.
    """
    paid: dict[str, int] = {}
    for tender in sale.tenders:
        if tender.kind == "points" and tender.reference_id:
            paid[tender.reference_id] = paid.get(tender.reference_id, 0) + tender.amount_minor
    foreign = sale.currency != currency
    for reference, amount in paid.items():
        spent = _spent(receipt.account_id, remembered(reference))
        if spent is None:
            continue
        share = sum(spent.points)
        if amount < spent.amount_minor and not foreign:
            share = share * amount // spent.amount_minor
        now = _in_proportion(share, receipt, returned_milli)
        before = _in_proportion(share, receipt, receipt.returned_milli)
        points = min(now - before, spent.left)
        if points > 0:
            restore(draft, reference, spent, points, programme)


def _spent(account_id: str, payment: Receipt | None) -> Spent | None:
    """What a payment of this account spent."""
    return None if payment is None or payment.account_id != account_id else payment.spent


def _in_proportion(points: int, receipt: Receipt, returned_milli: Sequence[int]) -> int:
    """The part of so many points that belongs to what was returned."""
    if is_whole(receipt.quantities_milli, returned_milli):
        return points
    whole = sum(receipt.nets_minor)
    rows = zip(receipt.nets_minor, receipt.quantities_milli, returned_milli, strict=True)
    back = sum(part_of(*row) for row in rows)
    return points * min(max(back, 0), whole) // whole if whole > 0 else 0


def restore(
    draft: Draft, payment_id: str, spent: Spent, points: int, programme: Programme | None
) -> None:
    """Points back into the lots they came from, what was taken last first; they pay what is owed.

    What is left spent is then what a smaller payment would have taken.
    """
    parts: list[tuple[Lot, int]] = []
    last_day_of = _last_days(draft, spent.wallet, programme)
    skipped, wanted = spent.restored, points
    columns = (spent.lot_ids, spent.points, spent.last_days, spent.earned_on, spent.promotion_ids)
    for lot_id, took, had, earned_on, promotion_id in reversed(list(zip(*columns, strict=True))):
        here = min(max(took - skipped, 0), wanted)
        skipped = max(skipped - took, 0)
        wanted -= here
        if here:
            last_day = last_day_of(lot_id, had)
            lot = Lot(lot_id, here, earned_on, last_day, earned_on, promotion_id, False)
            parts.append((lot, here))
    draft.touch(spent.wallet)
    draft.add(ledger.PointsRestored(spent.wallet, points, taken(parts), payment_id))
    repay(draft, spent.wallet)


def _last_days(draft: Draft, name: str, programme: Programme | None) -> Callable[[str, int], int]:
    """When points of a lot end that come back, by the lot and the last day they had when spent.

    With what is still there of their lot, open or held; of a lot that is gone with the day they
    had, but not before the others where all of a wallet end together.
    """
    of_lots = {lot.lot_id: lot.last_day for lot in open_and_held(draft.account, name)}
    terms = None if programme is None else programme.wallets.get(name)
    latest = 0
    if terms is not None and terms.kept_alive_by:
        latest = max([day for day in of_lots.values() if day < NEVER], default=0)
    return lambda lot_id, had: of_lots.get(lot_id, max(had, latest))


def restore_vouchers(draft: Draft, sale_id: str, used: Sequence[Used], issuer: Issuer) -> None:
    """Vouchers used on a sale that came back whole hold again, if their last day is not over.

    What is stored on one is said by the programme that it was issued by, as when it was used.
    """
    for one in used:
        voucher = next((v for v in draft.account.vouchers if v.voucher_id == one.voucher_id), None)
        if voucher is not None and voucher.last_day >= draft.business_date:
            programme = issuer(voucher)
            draft.add(_holds_again(sale_id, one, voucher, programme))


def _holds_again(
    sale_id: str, used: Used, voucher: OpenVoucher, programme: Programme | None
) -> ledger.VoucherRestored:
    terms = None if programme is None else programme.vouchers.get(voucher.voucher)
    amount, uses = voucher.amount_minor, voucher.uses_left + 1
    if terms is not None and terms.stored_value:
        # Its one use goes on until nothing is stored.
        amount = used.amount_minor + (amount if voucher.uses_left else 0)
        uses = max(voucher.uses_left, 1)
    return ledger.VoucherRestored(
        voucher.voucher_id,
        voucher.voucher,
        voucher.promotion_id,
        voucher.campaign_id,
        voucher.issued_on,
        voucher.first_day,
        voucher.last_day,
        amount,
        voucher.currency,
        uses,
        not voucher.uses_left,
        sale_id,
    )
