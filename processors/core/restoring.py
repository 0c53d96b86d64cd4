"""What was used comes back: points that paid for what was returned, and vouchers used on it.

Worked number: 50.00 were paid with 45.00 by card and 500 points; an article of 20.00 comes back,
and with it 200 of the points, into the lots they came from, with the terms they had.  A wallet
whose `refund` is `points_first` gives all 500 back, one with `money_first` none.

Only their last day can be another one by then.  The wallet may have been kept alive meanwhile: of
one that ends 10 days after the last activity, points of 14 March are spent, and a sale follows on
the 20th.  What comes back ends with all the others on the 30th.  Or it has `goodwill_days`: with 14
of them, points that ended on 30 June and come back on 5 July hold to the 19th.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from processors.core.draft import Draft, open_and_held, repay, taken
from processors.core.exchange import Issuer, terms_of
from processors.core.giving import issue
from processors.core.left import is_whole, part_of
from processors.core.lot import Lot
from processors.core.programme import Programme
from processors.core.receipts import Receipt, Spent, Used
from processors.core.remembering import issuing_event
from processors.core.voucher import Voucher as OpenVoucher
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


class _Share(NamedTuple):
    """What one payment put into a sale: so many points for an amount.

    `first` is the money that comes back before it; None if its points come back in proportion.
    """

    payment_id: str
    spent: Spent
    points: int
    amount_minor: int
    first: int | None


def restore_payments(
    draft: Draft,
    sale: SaleRecorded,
    receipt: Receipt,
    returned_milli: Sequence[int],
    remembered: Callable[[str], Receipt | None],
    rules: Programme | None,
    today: Programme | None,
) -> None:
    """Points that paid for a sale come back as their wallet says, in proportion if it says nothing.

    Over several returns the parts sum to the whole, and never to more than was spent.

    Points pay in the programme's currency.  A sale in another one says what its tender came to
    there, which tells nothing of how many points it took: then it took all of the payment.

    Args:
        draft: the account.
        sale: as it was rung up.
        receipt: the sale's, before this return.
        returned_milli: by line, what came back with this return and before it.
        remembered: the receipt of a payment.
        rules: the version that decided the sale; None for none.
        today: in force on the day of the return; None for none.
    """
    for share in _shares(sale, receipt, remembered, rules):
        now = _part_of(share, receipt, returned_milli)
        before = _part_of(share, receipt, receipt.returned_milli)
        points = min(now - before, share.spent.left)
        if points > 0:
            restore(draft, share.payment_id, share.spent, points, today)


def _shares(
    sale: SaleRecorded,
    receipt: Receipt,
    remembered: Callable[[str], Receipt | None],
    rules: Programme | None,
) -> list[_Share]:
    paid: dict[str, int] = {}
    for tender in sale.tenders:
        if tender.kind == "points" and tender.reference_id:
            paid[tender.reference_id] = paid.get(tender.reference_id, 0) + tender.amount_minor
    foreign = rules is not None and sale.currency != rules.currency
    found: list[tuple[str, Spent, int, str]] = []
    for reference, amount in paid.items():
        spent = _spent(receipt.account_id, remembered(reference))
        if spent is not None:
            terms = None if rules is None or foreign else rules.wallets.get(spent.wallet)
            pay = None if terms is None else terms.pay
            found.append((reference, spent, amount, "proportional" if pay is None else pay.refund))
    first = {
        "points_first": 0,
        "money_first": sum(receipt.nets_minor)
        - sum(amount for *_, amount, refund in found if refund == "money_first"),
    }
    shares: list[_Share] = []
    for reference, spent, amount, refund in found:
        points = sum(spent.points)
        if amount < spent.amount_minor and not foreign:
            points = points * amount // spent.amount_minor
        shares.append(_Share(reference, spent, points, amount, first.get(refund)))
        if refund in first:
            first[refund] += amount
    return shares


def _spent(account_id: str, payment: Receipt | None) -> Spent | None:
    """What a payment of this account spent."""
    return None if payment is None or payment.account_id != account_id else payment.spent


def _part_of(share: _Share, receipt: Receipt, returned_milli: Sequence[int]) -> int:
    """The points of a payment that belong to what was returned."""
    if is_whole(receipt.quantities_milli, returned_milli):
        return share.points
    whole = sum(receipt.nets_minor)
    rows = zip(receipt.nets_minor, receipt.quantities_milli, returned_milli, strict=True)
    back = min(max(sum(part_of(*row) for row in rows), 0), whole)
    if share.first is None:
        return share.points * back // whole if whole > 0 else 0
    own = min(max(back - share.first, 0), share.amount_minor)
    return share.points * own // share.amount_minor if own else 0


def restore(
    draft: Draft, payment_id: str, spent: Spent, points: int, programme: Programme | None
) -> None:
    """Points back into the lots they came from, what was taken last first; they pay what is owed.

    What is left spent is then what a smaller payment would have taken.  A closed account gets
    nothing back: nobody is left who could spend it.
    """
    if draft.account.status == "closed":
        return
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
    had, but not before the others where all of a wallet end together, and not within its goodwill.
    """
    of_lots = {lot.lot_id: lot.last_day for lot in open_and_held(draft.account, name)}
    terms = None if programme is None else programme.wallets.get(name)
    latest = 0
    if terms is not None and terms.kept_alive_by:
        latest = max([day for day in of_lots.values() if day < NEVER], default=0)
    if terms is not None and terms.goodwill_days:
        latest = max(latest, draft.business_date + terms.goodwill_days)
    return lambda lot_id, had: of_lots.get(lot_id, max(had, latest))


def restore_vouchers(
    draft: Draft,
    sale_id: str,
    used: Sequence[Used],
    issuer: Issuer,
    remembered: Callable[[str], Receipt | None],
) -> None:
    """Vouchers used on a sale that came back whole hold again, if their last day is not over.

    What is stored on one is said by the programme that it was issued by, as when it was used.  One
    that a refund was charged for, and whose rest was cancelled then, is a new one for what it took
    off.  On a closed account they stay used.
    """
    if draft.account.status == "closed":
        return
    for one in used:
        voucher = next((v for v in draft.account.vouchers if v.voucher_id == one.voucher_id), None)
        if voucher is None:
            _issue_paid_for(draft, one, issuer, remembered)
        elif voucher.last_day >= draft.business_date:
            programme = issuer(voucher)
            draft.add(_holds_again(sale_id, one, voucher, programme))


def _issue_paid_for(
    draft: Draft, used: Used, issuer: Issuer, remembered: Callable[[str], Receipt | None]
) -> None:
    """A voucher for a use that a refund was charged for, until the last day that it had."""
    receipt = remembered(issuing_event(used.voucher_id))
    issued = None if receipt is None else receipt.voucher(used.voucher_id)
    # What was charged is no longer in what it took off, so this use is more than that.
    if issued is None or issued.used_minor >= used.amount_minor:
        return
    gone = OpenVoucher(
        used.voucher_id, used.voucher, used.promotion_id, used.campaign_id, used.issued_on, 0, 0, 0,
        "", 0,
    )  # fmt: skip
    programme = terms_of(draft, gone, issuer)
    terms = None if programme is None else programme.vouchers.get(used.voucher)
    if programme is None or terms is None or terms.last_day(used.issued_on) < draft.business_date:
        return
    heads = [rule.head for rule in programme.rules if rule and rule.id == used.promotion_id]
    issue(
        draft,
        programme,
        used.voucher,
        (terms.first_day(used.issued_on), terms.last_day(used.issued_on)),
        promotion_id=used.promotion_id,
        campaign_id=used.campaign_id,
        funded_by=heads[0].funded_by if heads else "",
        uses=1,
        stored_minor=used.amount_minor,
    )


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
