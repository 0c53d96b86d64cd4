"""What is set aside for a till: placed, used in part or whole, voided, or over by itself.

Points are captured, and a voucher is used by the sale of its basket.

A hold ends event against event: at the account's first event at or after its time, at the latest
when the business day is closed on which it was placed.  What it gives back pays first what the
account owes, for a return may have found the held points missing.
"""

from collections.abc import Callable
from typing import Final

from processors.core.account import Hold, Reserved
from processors.core.draft import NOTHING_TAKEN, Draft, mature, repay, spendable, taken_from
from processors.core.exchange import released, usable
from processors.core.membership import may_spend
from processors.core.payment import against_terms
from processors.core.programme import Programme
from processors.core.selling import keep_alive
from schemas import ledger
from schemas.events import HoldCaptured, HoldPlaced, HoldVoided, VoucherReserved
from schemas.refusals import Refusal

HOLDS_MAX: Final = 20
"""Most holds that one record ends because they are over, but for an erasure."""


def place_hold(draft: Draft, event: HoldPlaced, programme: Programme | None) -> Refusal | None:
    """Set spendable points aside, oldest-expiring first, if they could pay by the wallet's terms.

    What they pay is said by the capture.  The share of a basket that points may pay is asked by
    neither: no event of a hold says what the basket comes to, so the till keeps to it.
    """
    refusal = may_spend(draft)
    if refusal is not None:
        return refusal
    wallet = None if programme is None else programme.wallets.get(event.wallet)
    if programme is None or wallet is None:
        return Refusal.UNKNOWN_WALLET
    refusal = against_terms(programme, wallet, event.points)
    if refusal is not None:
        return refusal
    mature(draft, draft.business_date)
    lots = spendable(draft.touch(event.wallet), draft.business_date)
    if sum(lot.left for lot in lots) < event.points:
        return Refusal.INSUFFICIENT_POINTS
    if _is_known(draft, event.hold_id):
        return Refusal.HOLD_EXISTS
    part = taken_from(lots, event.points)
    draft.add(ledger.HoldPlaced(event.hold_id, event.wallet, event.points, part, event.expires_at))
    return None


def reserve(draft: Draft, event: VoucherReserved) -> Refusal | None:
    """Set a voucher that holds today aside, or one use of it.

    Whether it goes with the basket is asked by the quote and told by the sale, not here.
    """
    refusal = may_spend(draft)
    if refusal is not None:
        return refusal
    if _is_known(draft, event.hold_id):
        return Refusal.HOLD_EXISTS
    found = usable(draft, event.voucher)
    if isinstance(found, Refusal):
        return found
    draft.add(
        ledger.VoucherReserved(
            event.hold_id,
            found.voucher_id,
            found.voucher,
            found.promotion_id,
            found.campaign_id,
            event.header.store_id,
            event.header.till_id,
            event.order_id,
            event.expires_at,
        )
    )
    return None


def _is_known(draft: Draft, hold_id: str) -> bool:
    return hold_id in draft.account.holds or hold_id in draft.account.reserved


def capture_hold(draft: Draft, event: HoldCaptured, programme: Programme | None) -> Refusal | None:
    """Spend held points, a payment like any other; the rest is free again.

    A hold that is over was given back, so that a late capture is refused here; the till then asks
    for a payment of its own.  Of the terms of payment the minimum was asked when the hold was
    placed: an article may have been taken off the basket since.
    """
    hold = _open(draft, event)
    if hold is None:
        return Refusal.HOLD_UNKNOWN
    wallet = None if programme is None else programme.wallets.get(hold.wallet)
    # A version that no longer lets the wallet pay keeps nobody from what was set aside before it.
    if programme is not None and wallet is not None and wallet.pay is not None:
        money = (event.amount_minor, event.currency)
        refusal = against_terms(programme, wallet, event.points, money, least=False)
        if refusal is not None:
            return refusal
    if event.points > hold.points:
        return Refusal.CAPTURE_EXCEEDS_HOLD
    draft.touch(hold.wallet)
    draft.add(
        ledger.HoldEnded(
            event.hold_id,
            hold.wallet,
            "captured",
            event.points,
            hold.points - event.points,
            taken_from(hold.lots, event.points),
            event.amount_minor,
            event.currency,
        )
    )
    repay(draft, hold.wallet)
    if programme is not None:
        keep_alive(draft, programme, "redemption")
    return None


def void_hold(draft: Draft, event: HoldVoided) -> Refusal | None:
    """Give all held points, or the voucher, back."""
    reserved = draft.account.reserved.get(event.hold_id)
    if _open(draft, event) is None and (reserved is None or _is_over(reserved, event)):
        return Refusal.HOLD_UNKNOWN
    _release(draft, event.hold_id, "voided")
    return None


def _open(draft: Draft, event: HoldCaptured | HoldVoided) -> Hold | None:
    """The points that are held by what an event names, unless it is over and waits for its end."""
    hold = draft.account.holds.get(event.hold_id)
    return None if hold is None or _is_over(hold, event) else hold


def _is_over(held: Hold | Reserved, event: HoldCaptured | HoldVoided) -> bool:
    return held.expires_at <= event.header.occurred_at


def end_holds(draft: Draft, now_ms: int) -> None:
    """Give back what is held until a moment that has come."""
    _end(draft, lambda one: one.expires_at <= now_ms)


def end_holds_of_day(draft: Draft, day: int) -> bool:
    """Give back what was set aside on a business day or before it; whether that was all of it."""
    return _end(draft, lambda one: one.placed_on <= day)


def end_all_holds(draft: Draft) -> None:
    """Give back all that is set aside, however much it is: what follows leaves nothing there."""
    for hold_id in [*draft.account.holds, *draft.account.reserved]:
        _release(draft, hold_id, "expired")


def _end(draft: Draft, is_over: Callable[[Hold | Reserved], bool]) -> bool:
    """So many at once that there is room for what the event does; the others with the next record.

    Returns whether nothing is left that is over.
    """
    account = draft.account
    if not account.holds and not account.reserved:
        return True
    over = [hold_id for hold_id, one in account.holds.items() if is_over(one)]
    over += [hold_id for hold_id, one in account.reserved.items() if is_over(one)]
    ended = (ledger.HoldEnded, ledger.VoucherReleased)
    room = HOLDS_MAX - sum([isinstance(one, ended) for one in draft.effects])
    for hold_id in over[:room]:
        _release(draft, hold_id, "expired")
    return len(over) <= room


def _release(draft: Draft, hold_id: str, outcome: str) -> None:
    reserved = draft.account.reserved.get(hold_id)
    if reserved is not None:
        draft.add(released(hold_id, reserved, outcome))
        return
    hold = draft.account.holds[hold_id]
    draft.touch(hold.wallet)
    draft.add(ledger.HoldEnded(hold_id, hold.wallet, outcome, 0, hold.points, NOTHING_TAKEN, 0, ""))
    repay(draft, hold.wallet)
