"""A person corrects an account: always by adding, never by changing what is there."""

from processors.core.draft import NOTHING_TAKEN, Draft, mature, repay, spendable, taken_from
from processors.core.exchange import convert
from processors.core.programme import Programme
from schemas import ledger
from schemas.events import PointsAdjusted
from schemas.refusals import Refusal


def correct(draft: Draft, event: PointsAdjusted, programme: Programme | None) -> Refusal | None:
    """Give points as a lot of their own, or take spendable ones, oldest-expiring first."""
    if not event.points:
        return Refusal.INVALID
    if event.points > 0 and draft.account.status == "closed":
        # Nobody could ever spend them; what is there may still be taken.
        return Refusal.MEMBER_CLOSED
    if programme is None or event.wallet not in programme.wallets:
        return Refusal.UNKNOWN_WALLET
    if not event.approved_by:
        return Refusal.NO_APPROVER
    mature(draft, draft.business_date)
    wallet = draft.touch(event.wallet)
    if event.points < 0:
        lots = spendable(wallet, draft.business_date)
        if sum(lot.left for lot in lots) < -event.points:
            return Refusal.INSUFFICIENT_POINTS
        draft.add(
            ledger.PointsAdjusted(
                event.wallet,
                event.points,
                "",
                0,
                0,
                taken_from(lots, -event.points),
                event.reason,
                event.approved_by,
            )
        )
        return None
    last_day = programme.wallets[event.wallet].last_day(draft.business_date)
    draft.add(
        ledger.PointsAdjusted(
            event.wallet,
            event.points,
            draft.next_id(),
            draft.business_date,
            last_day,
            NOTHING_TAKEN,
            event.reason,
            event.approved_by,
        )
    )
    repay(draft, event.wallet)
    convert(draft, programme, event.header)
    return None
