"""`evolve(account, record) -> account`: what a record does to an account.  Stable for ever.

The record carries all it needs; no rule and no programme is looked at.
"""

from collections.abc import Callable
from typing import Any, Final

from processors.core.account import Account, Hold, Offer, Reserved, Standing, Wallet
from processors.core.lot import Lot
from processors.core.lots import (
    CannotEvolve,
    extend,
    give_back,
    lots_of,
    mature,
    merge,
    open_lot,
    take,
)
from processors.core.voucher import Voucher
from processors.words.calendar import month_end
from schemas import ledger
from schemas.events import STORE_ACCOUNT
from schemas.ledger import NEVER, Effect, Record

OFFER_KEPT_DAYS: Final = 35
"""An offer stays in the state so long after its last day: late coupons are not unknown ones."""


COUNT_KEPT_DAYS: Final = 35
"""A count stays so long after its period: a late sale still counts in it."""


SALES: Final = "#sales/"
"""Before a channel: the counter of the account's own sales; a sale that came back whole is none."""


def evolve(account: Account, record: Record) -> Account:
    """The account after a record: the given one, changed.

    Raises:
        CannotEvolve: if the record does not fit the account.
    """
    for effect in record.effects:
        apply(account, effect, record.business_date)
    return finish(account, record)


def finish(account: Account, record: Record) -> Account:
    """What a record does to its account beside its effects."""
    if counts_as_sale(record):
        account.sales[record.channel] = account.sales.get(record.channel, 0) + 1
    if record.business_date >= account.merge_from and _merged_all(record):
        account.merge_from = month_end(record.business_date) + 1
    settle(account, record.business_date)
    return account


def counts_as_sale(record: Record) -> bool:
    """Whether the account has one sale more: what it earned does not matter."""
    return record.event_type == "SaleRecorded" and not record.account_id.startswith(STORE_ACCOUNT)


def _merged_all(record: Record) -> bool:
    """Whether nothing is left to merge this month: an event that merges may leave some.

    The close of a day merges nothing.
    """
    return record.event_type != "BusinessDayClosed" and not any(
        isinstance(effect, ledger.LotsMerged) for effect in record.effects
    )


def settle(account: Account, business_date: int) -> None:
    """Forget what is no longer open."""
    for name in [n for n, w in account.wallets.items() if not (w.left or w.owed or w.held)]:
        del account.wallets[name]
    if business_date >= account.forget_from:
        _forget(account, business_date)


def _forget(account: Account, business_date: int) -> None:
    """Drop vouchers used up, offers and counts that are over, and note when to look again."""
    kept = [(one, _voucher_kept_until(one)) for one in account.vouchers]
    account.vouchers = [one for one, until in kept if until >= business_date]
    offers = [(one, one.last_day + OFFER_KEPT_DAYS) for one in account.offers]
    account.offers = [one for one, until in offers if until >= business_date]
    counts = [(key, last_day + COUNT_KEPT_DAYS) for key, (_, last_day) in account.counts.items()]
    for key in [key for key, until in counts if until < business_date]:
        del account.counts[key]
    ends = [until for _what, until in (*kept, *offers, *counts) if until >= business_date]
    account.forget_from = NEVER
    _keep_until(account, min(ends, default=NEVER))


def _voucher_kept_until(voucher: Voucher) -> int:
    """A voucher that is used up stays until its last day, to say so; another one ends by itself."""
    return NEVER if voucher.uses_left else voucher.last_day


def _keep_until(account: Account, last_day: int) -> None:
    """Behind a day something is to be forgotten."""
    account.forget_from = min(account.forget_from, last_day + 1)


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
        open_lot(_wallet(account, effect.wallet), lot)


def _matured(account: Account, effect: ledger.PointsMatured, _: int) -> None:
    mature(_wallet(account, effect.wallet), effect.taken.lot_ids)


def _taken(
    account: Account,
    effect: ledger.PointsSpent | ledger.PointsReversed | ledger.PointsExpired,
    _: int,
) -> None:
    take(_wallet(account, effect.wallet), effect.taken)


def _repaid(account: Account, effect: ledger.PointsRepaid, _: int) -> None:
    wallet = _wallet(account, effect.wallet)
    take(wallet, effect.taken)
    wallet.owed -= effect.points
    if wallet.owed < 0:
        raise CannotEvolve(f"more of {effect.wallet} is repaid than owed")


def _owed(account: Account, effect: ledger.PointsOwed, _: int) -> None:
    _wallet(account, effect.wallet).owed += effect.points


def _adjusted(account: Account, effect: ledger.PointsAdjusted, business_date: int) -> None:
    wallet = _wallet(account, effect.wallet)
    if effect.points < 0:
        take(wallet, effect.taken)
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
    open_lot(wallet, lot)


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
    if not effect.voucher:
        return
    voucher = _voucher(account, effect.voucher_id)
    if voucher.uses_left == 1 and not effect.used_up:
        voucher.amount_minor -= effect.amount_minor
    else:
        voucher.uses_left -= 1
        _keep_until(account, _voucher_kept_until(voucher))


def _expired(account: Account, effect: ledger.VoucherExpired, _: int) -> None:
    account.vouchers.remove(_voucher(account, effect.voucher_id))


def _offered(account: Account, effect: ledger.OfferMade, _: int) -> None:
    if not effect.voucher:
        account.offers.append(
            Offer(effect.campaign_id, effect.first_day, effect.last_day, effect.held_out)
        )
        _keep_until(account, effect.last_day + OFFER_KEPT_DAYS)


def _enrolled(account: Account, effect: ledger.MemberEnrolled, business_date: int) -> None:
    account.status = "active"
    account.enrolled_on = business_date
    account.birthday = effect.birthday_month * 100 + effect.birthday_day


def _changed(account: Account, effect: ledger.MemberChanged, _: int) -> None:
    account.status = effect.status or account.status
    account.birthday = effect.birthday_month * 100 + effect.birthday_day or account.birthday


def _forgotten(account: Account, _effect: ledger.MemberErased, _: int) -> None:
    account.birthday = 0


def _restored(account: Account, effect: ledger.PointsRestored, _: int) -> None:
    give_back(_wallet(account, effect.wallet), lots_of(effect.taken))


def _extended(account: Account, effect: ledger.PointsExtended, _: int) -> None:
    extend(_wallet(account, effect.wallet), effect.last_day)
    for hold in account.holds.values():
        if hold.wallet == effect.wallet:
            for lot in hold.lots:
                lot.last_day = effect.last_day


def _held(account: Account, effect: ledger.HoldPlaced, business_date: int) -> None:
    wallet = _wallet(account, effect.wallet)
    take(wallet, effect.taken)
    wallet.held += effect.points
    lots = lots_of(effect.taken)
    account.holds[effect.hold_id] = Hold(effect.wallet, effect.expires_at, lots, business_date)


def _let_go(account: Account, effect: ledger.HoldEnded, _: int) -> None:
    hold = account.holds.pop(effect.hold_id, None)
    if hold is None or hold.points != effect.points + effect.released:
        raise CannotEvolve(f"hold {effect.hold_id} is not open with so much")
    wallet = _wallet(account, effect.wallet)
    wallet.held -= hold.points
    captured = effect.points
    for lot in hold.lots:
        part = min(captured, lot.left)
        captured -= part
        lot.left -= part
    give_back(wallet, [lot for lot in hold.lots if lot.left])


def counted(account: Account, counter: str, period: int) -> int:
    """How often a counter of an account counted in a period."""
    found = account.counts.get(f"{counter}@{period}")
    return 0 if found is None else found[0]


def _counted(account: Account, effect: ledger.Counted, _: int) -> None:
    if effect.counter.startswith(SALES):
        channel = effect.counter.removeprefix(SALES)
        sales = account.sales.pop(channel, 0) + effect.by
        if sales > 0:
            account.sales[channel] = sales
        return
    key = f"{effect.counter}@{effect.period}"
    count = counted(account, effect.counter, effect.period) + effect.by
    if count > 0:
        account.counts[key] = (count, effect.last_day)
        _keep_until(account, effect.last_day + COUNT_KEPT_DAYS)
    else:
        account.counts.pop(key, None)


def _moved(account: Account, effect: ledger.TierChanged, _: int) -> None:
    account.tiers[effect.ladder] = Standing(
        effect.to_level, effect.since, effect.last_day, effect.locked, effect.reason == "grace"
    )


def _cancelled(account: Account, effect: ledger.VoucherCancelled, _: int) -> None:
    account.vouchers.remove(_voucher(account, effect.voucher_id))


def _holds_again(account: Account, effect: ledger.VoucherRestored, _: int) -> None:
    account.vouchers = [v for v in account.vouchers if v.voucher_id != effect.voucher_id]
    account.vouchers.append(
        Voucher(
            effect.voucher_id,
            effect.voucher,
            effect.promotion_id,
            effect.campaign_id,
            effect.issued_on,
            effect.first_day,
            effect.last_day,
            effect.amount_minor,
            effect.currency,
            effect.uses,
        )
    )


def _labelled(account: Account, effect: ledger.MemberLabelled, _: int) -> None:
    account.labels = _with(account.labels, effect.label, effect.on)


def _in_segment(account: Account, effect: ledger.SegmentMoved, _: int) -> None:
    account.segments = _with(account.segments, effect.segment, effect.entered)


def _with(names: list[str], name: str, on: bool) -> list[str]:
    return sorted({*names, name} if on else {*names} - {name})


def _merged(account: Account, effect: ledger.LotsMerged, _: int) -> None:
    merge(_wallet(account, effect.wallet), effect.taken)


def _set_aside(account: Account, effect: ledger.VoucherReserved, business_date: int) -> None:
    account.reserved[effect.hold_id] = Reserved(
        effect.voucher_id,
        effect.voucher,
        effect.promotion_id,
        effect.campaign_id,
        effect.store_id,
        effect.till_id,
        effect.order_id,
        effect.expires_at,
        business_date,
    )


def _released(account: Account, effect: ledger.VoucherReleased, _: int) -> None:
    if account.reserved.pop(effect.hold_id, None) is None:
        raise CannotEvolve(f"nothing is set aside for hold {effect.hold_id}")


def _nothing(_account: Account, _effect: Effect, _: int) -> None:
    """What is told to people or concerns the partition changes no account."""


_FOLDS: Final[dict[type[Effect], Callable[[Account, Any, int], None]]] = {
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
    ledger.PointsRestored: _restored,
    ledger.PointsWrittenOff: _nothing,
    ledger.PointsExtended: _extended,
    ledger.HoldPlaced: _held,
    ledger.HoldEnded: _let_go,
    ledger.Counted: _counted,
    ledger.TierChanged: _moved,
    ledger.VoucherCancelled: _cancelled,
    ledger.VoucherRestored: _holds_again,
    ledger.RewardGiven: _nothing,
    ledger.MemberLabelled: _labelled,
    ledger.SegmentMoved: _in_segment,
    ledger.WithheldFromControl: _nothing,
    ledger.QuoteDiffered: _nothing,
    ledger.SaleJudged: _nothing,
    ledger.PromotionStopped: _nothing,
    ledger.RefundReduced: _nothing,
    ledger.CardAssigned: _nothing,
    ledger.CardBlocked: _nothing,
    ledger.MemberErased: _forgotten,
    ledger.LotsMerged: _merged,
    ledger.VoucherReserved: _set_aside,
    ledger.VoucherReleased: _released,
}


def _wallet(account: Account, name: str) -> Wallet:
    wallet = account.wallets.get(name)
    if wallet is None:
        wallet = account.wallets[name] = Wallet()
    return wallet


def _voucher(account: Account, voucher_id: str) -> Voucher:
    for voucher in account.vouchers:
        if voucher.voucher_id == voucher_id:
            return voucher
    raise CannotEvolve(f"voucher {voucher_id} is not open")
