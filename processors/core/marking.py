"""What is no purchase: activities, labels, segments, levels and vouchers by hand, orders."""

from processors.core.climbing import cancelled, put
from processors.core.draft import Draft, mature, repay_all, taken
from processors.core.exchange import convert
from processors.core.giving import give_for
from processors.core.programme import Programme
from processors.core.selling import keep_alive
from schemas import events, ledger
from schemas.ledger import NEVER
from schemas.refusals import Refusal


def act(
    draft: Draft, event: events.ActivityRecorded, programme: Programme | None
) -> Refusal | None:
    """A member did something; what the programme gives for it."""
    if draft.account.status == "closed":
        return Refusal.MEMBER_CLOSED
    if programme is None:
        return None
    mature(draft, draft.business_date)
    rules = programme.triggered["activity"]
    mine = tuple(rule for rule in rules if rule.head.activity == event.activity)
    give_for(draft, programme, event.header, mine)
    keep_alive(draft, programme, "activity")
    repay_all(draft)
    convert(draft, programme, event.header)
    return None


def mark(
    draft: Draft, event: events.MemberLabelled | events.SegmentEntered | events.SegmentLeft
) -> None:
    """A label or segment is on or off."""
    match event:
        case events.MemberLabelled():
            draft.add(ledger.MemberLabelled(event.label, event.on, event.by))
        case events.SegmentEntered():
            draft.add(ledger.SegmentMoved(event.segment, True, event.definition_hash))
        case events.SegmentLeft():
            draft.add(ledger.SegmentMoved(event.segment, False, event.definition_hash))


def assign(draft: Draft, event: events.TierAssigned, programme: Programme | None) -> Refusal | None:
    """A person puts a member on a level, which no rule moves down before its day."""
    if not draft.account.status:
        return Refusal.NOT_ENROLLED
    if not event.approved_by:
        return Refusal.NO_APPROVER
    ladder = None if programme is None else programme.ladders.get(event.ladder)
    if ladder is None or event.level not in ladder.levels:
        return Refusal.TIER_UNKNOWN
    last_day = event.last_day or ladder.kept_until(draft.business_date)
    put(draft, ladder, ladder.place(event.level), last_day)
    return None


def fulfil(
    draft: Draft, event: events.OrderFulfilled, programme: Programme | None
) -> Refusal | None:
    """The points of a sale that waited for its order to arrive may be spent from today.

    Those that wait for a day do so still.
    """
    prefix = f"{event.sale_id}#"
    ready = 0
    for name in sorted(draft.account.wallets):
        lots = [
            lot
            for lot in draft.account.wallets[name].lots
            if lot.pending and lot.spendable_on == NEVER and lot.lot_id.startswith(prefix)
        ]
        if lots:
            ready += len(lots)
            draft.touch(name)
            draft.add(ledger.PointsMatured(name, taken([(lot, lot.left) for lot in lots])))
    if not ready:
        return Refusal.SALE_UNKNOWN
    if programme is not None:
        convert(draft, programme, event.header)
    return None


def cancel(draft: Draft, event: events.VoucherCancelled) -> Refusal | None:
    """A person takes a voucher back that nobody has used."""
    for voucher in draft.account.vouchers:
        if voucher.voucher_id == event.voucher_id:
            if not voucher.uses_left:
                return Refusal.VOUCHER_USED
            draft.add(cancelled(event.voucher_id, draft, event.reason or "taken back by hand"))
            return None
    return Refusal.VOUCHER_UNKNOWN
