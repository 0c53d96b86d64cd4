"""Points as payment: checked and taken in one decision, so there is no check before an act."""

from processors.core.draft import Draft, mature, spendable, taken_from
from processors.core.membership import may_spend
from processors.core.programme import Programme
from processors.core.selling import keep_alive
from processors.core.terms import Wallet
from schemas import ledger
from schemas.events import PointsRedeemed
from schemas.refusals import Refusal


def pay(draft: Draft, event: PointsRedeemed, programme: Programme | None) -> Refusal | None:
    """Take the points, oldest-expiring first, if the programme's terms and the account allow."""
    refusal = may_spend(draft)
    if refusal is not None:
        return refusal
    wallet = None if programme is None else programme.wallets.get(event.wallet)
    if programme is None or wallet is None:
        return Refusal.UNKNOWN_WALLET
    refusal = _against_terms(event, programme, wallet)
    if refusal is not None:
        return refusal
    mature(draft, draft.business_date)
    lots = spendable(draft.touch(event.wallet), draft.business_date)
    if sum(lot.left for lot in lots) < event.points:
        return Refusal.INSUFFICIENT_POINTS
    draft.add(
        ledger.PointsSpent(
            event.wallet,
            event.points,
            taken_from(lots, event.points),
            "payment",
            "",
            "",
            event.amount_minor,
            event.currency,
        )
    )
    keep_alive(draft, programme, "redemption")
    return None


def worth(points: int, wallet: Wallet) -> int:
    """What points are worth in minor units, rounded down; 0 where the wallet has no value."""
    if wallet.value is None:
        return 0
    units, amount_minor = wallet.value
    return points * amount_minor // units


def _against_terms(event: PointsRedeemed, programme: Programme, wallet: Wallet) -> Refusal | None:
    if wallet.pay is None:
        return Refusal.WALLET_CANNOT_PAY
    if event.currency != programme.currency:
        return Refusal.OTHER_CURRENCY
    if event.points < wallet.pay.points_min:
        return Refusal.BELOW_MINIMUM
    if event.points % wallet.pay.points_step:
        return Refusal.NOT_A_STEP
    if event.amount_minor != worth(event.points, wallet):
        return Refusal.AMOUNT_DIFFERS
    numerator, denominator = wallet.pay.share
    if event.eligible_minor and event.amount_minor * denominator > event.eligible_minor * numerator:
        return Refusal.ABOVE_SHARE
    return None
