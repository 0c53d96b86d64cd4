"""`evolve(account, record) -> account`: what a record does to an account.  Stable for ever.

The record carries all it needs; no rule and no programme is looked at.
"""

from collections.abc import Callable
from typing import Any

from processors.core.account import Account, Lot, Offer, Voucher, Wallet, due_on
from schemas import ledger
from schemas.ledger import Effect, Record, Taken

OFFER_KEPT_DAYS = 35
"""An offer stays in the state so long after its last day: late coupons are not unknown ones."""


class CannotEvolve(Exception):
    """The record takes what the account does not have."""


def evolve(account: Account, record: Record) -> Account:
    """The account after a record: the given one, changed.

    Raises:
        CannotEvolve: if the record does not fit the account.
    """
    for effect in record.effects:
        apply(account, effect, record.business_date)
    settle(account, record.business_date)
    return account


def settle(account: Account, business_date: int) -> None:
    """Forget what is no longer open, and note when the account is due."""
    if account.vouchers:
        account.vouchers = [
            one for one in account.vouchers if one.uses_left or one.last_day >= business_date
        ]
    if account.offers:
        account.offers = [
            one for one in account.offers if one.last_day + OFFER_KEPT_DAYS >= business_date
        ]
    for name in [n for n, w in account.wallets.items() if not w.lots and not w.owed]:
        del account.wallets[name]
    account.due_on = due_on(account)


def apply(account: Account, effect: Effect, business_date: int) -> None:
    """Change the account by one effect of a record with this business date."""
    _FOLDS[type(effect)](account, effect, business_date)


def _earned(account: Account, effect: ledger.PointsEarned, business_date: int) -> None:
    if effect.granted:
        lot = Lot(
            effect.lot_id,
            effect.granted,
            effect.spendable_on,
            effect.last_day,
            business_date,
            effect.promotion_id,
            effect.spendable_on > business_date,
        )
        _add_lot(_wallet(account, effect.wallet), lot)


def _matured(account: Account, effect: ledger.PointsMatured, _: int) -> None:
    matured = set(effect.taken.lot_ids)
    for lot in _wallet(account, effect.wallet).lots:
        if lot.lot_id in matured:
            lot.pending = False


def _taken(
    account: Account,
    effect: ledger.PointsSpent | ledger.PointsReversed | ledger.PointsExpired,
    _: int,
) -> None:
    _take(_wallet(account, effect.wallet), effect.taken)


def _repaid(account: Account, effect: ledger.PointsRepaid, _: int) -> None:
    wallet = _wallet(account, effect.wallet)
    _take(wallet, effect.taken)
    wallet.owed -= effect.points
    if wallet.owed < 0:
        raise CannotEvolve(f"more of {effect.wallet} is repaid than owed")


def _owed(account: Account, effect: ledger.PointsOwed, _: int) -> None:
    _wallet(account, effect.wallet).owed += effect.points


def _adjusted(account: Account, effect: ledger.PointsAdjusted, business_date: int) -> None:
    wallet = _wallet(account, effect.wallet)
    if effect.points < 0:
        _take(wallet, effect.taken)
        return
    lot = Lot(
        effect.lot_id,
        effect.points,
        effect.spendable_on,
        effect.last_day,
        business_date,
        "",
        effect.spendable_on > business_date,
    )
    _add_lot(wallet, lot)


def _issued(account: Account, effect: ledger.VoucherIssued, business_date: int) -> None:
    account.vouchers.append(
        Voucher(
            effect.voucher_id,
            effect.voucher,
            effect.promotion_id,
            effect.campaign_id,
            business_date,
            effect.first_day,
            effect.last_day,
            effect.amount_minor,
            effect.currency,
            effect.uses,
        )
    )


def _redeemed(account: Account, effect: ledger.VoucherRedeemed, _: int) -> None:
    if effect.voucher:
        _voucher(account, effect.voucher_id).uses_left -= 1


def _expired(account: Account, effect: ledger.VoucherExpired, _: int) -> None:
    account.vouchers.remove(_voucher(account, effect.voucher_id))


def _offered(account: Account, effect: ledger.OfferMade, _: int) -> None:
    if not effect.voucher:
        account.offers.append(
            Offer(effect.campaign_id, effect.first_day, effect.last_day, effect.held_out)
        )


def _enrolled(account: Account, _: ledger.MemberEnrolled, business_date: int) -> None:
    account.status = "active"
    account.enrolled_on = business_date


def _changed(account: Account, effect: ledger.MemberChanged, _: int) -> None:
    account.status = effect.status or account.status


def _nothing(_account: Account, _effect: Effect, _: int) -> None:
    """What is told to people or concerns the partition changes no account."""


_FOLDS: dict[type[Effect], Callable[[Account, Any, int], None]] = {
    ledger.MemberEnrolled: _enrolled,
    ledger.MemberChanged: _changed,
    ledger.OfferMade: _offered,
    ledger.PointsEarned: _earned,
    ledger.PointsMatured: _matured,
    ledger.PointsSpent: _taken,
    ledger.PointsReversed: _taken,
    ledger.PointsOwed: _owed,
    ledger.PointsRepaid: _repaid,
    ledger.PointsExpired: _taken,
    ledger.PointsAdjusted: _adjusted,
    ledger.VoucherIssued: _issued,
    ledger.VoucherRedeemed: _redeemed,
    ledger.VoucherExpired: _expired,
    ledger.VoucherRefused: _nothing,
    ledger.ProgrammeActivated: _nothing,
    ledger.DayClosed: _nothing,
}


def _wallet(account: Account, name: str) -> Wallet:
    wallet = account.wallets.get(name)
    if wallet is None:
        wallet = account.wallets[name] = Wallet()
    return wallet


def _add_lot(wallet: Wallet, lot: Lot) -> None:
    """In consumption order: earliest last day, then earliest earned, then as they came."""
    lots = wallet.lots
    at = len(lots)
    # From the end, because what is earned last mostly ends last.
    while at and (lots[at - 1].last_day, lots[at - 1].earned_on) > (lot.last_day, lot.earned_on):
        at -= 1
    lots.insert(at, lot)


def _take(wallet: Wallet, taken: Taken) -> None:
    lots = {lot.lot_id: lot for lot in wallet.lots}
    emptied = False
    for lot_id, points in zip(taken.lot_ids, taken.points, strict=True):
        lot = lots.get(lot_id)
        if lot is None or lot.left < points:
            raise CannotEvolve(f"lot {lot_id} has fewer than {points}")
        lot.left -= points
        emptied |= lot.left == 0
    if emptied:
        wallet.lots = [lot for lot in wallet.lots if lot.left]


def _voucher(account: Account, voucher_id: str) -> Voucher:
    for voucher in account.vouchers:
        if voucher.voucher_id == voucher_id:
            return voucher
    raise CannotEvolve(f"voucher {voucher_id} is not open")
