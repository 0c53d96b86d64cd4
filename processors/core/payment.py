"""Points as payment: checked and taken in one decision, so there is no check before an act."""

from processors.core.draft import POINTS_MAX, Draft, mature, spendable, taken_from
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
    refusal = against_terms(
        programme, wallet, event.points, (event.amount_minor, event.currency), event.eligible_minor
    )
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
    """What points are worth in minor units, rounded down; 0 where the wallet has no value.

    It is never more than any receipt could come to, whatever a programme says.
    """
    if wallet.value is None:
        return 0
    units, amount_minor = wallet.value
    return min(points * amount_minor // units, POINTS_MAX)


def against_terms(
    programme: Programme,
    wallet: Wallet,
    points: int,
    money: tuple[int, str] | None = None,
    eligible_minor: int = 0,
    *,
    least: bool = True,
) -> Refusal | None:
    """Why a wallet's points may not pay by the programme's terms; None if they may.

    Args:
        programme: in force.
        wallet: one of its wallets.
        points: how many pay, or are set aside for it.
        money: the minor amount that they pay, and its currency; None if that is not said yet.
        eligible_minor: what of the basket may be paid with points; 0 if nobody says.
        least: whether it must be the minimum at least.
    """
    if wallet.pay is None:
        return Refusal.WALLET_CANNOT_PAY
    if money is not None and money[1] != programme.currency:
        return Refusal.OTHER_CURRENCY
    if least and points < wallet.pay.points_min:
        return Refusal.BELOW_MINIMUM
    if points % wallet.pay.points_step:
        return Refusal.NOT_A_STEP
    if money is not None and money[0] != worth(points, wallet):
        return Refusal.AMOUNT_DIFFERS
    numerator, denominator = wallet.pay.share
    if money is not None and eligible_minor and money[0] * denominator > eligible_minor * numerator:
        return Refusal.ABOVE_SHARE
    return None
