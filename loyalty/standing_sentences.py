"""Effects beside what is earned and used, in sentences: levels, counts, labels, holds, rewards."""

from typing import assert_never

from loyalty.amounts import day, money
from schemas import ledger
from schemas.ledger import NEVER

Standing = (
    ledger.PointsRestored
    | ledger.PointsWrittenOff
    | ledger.PointsExtended
    | ledger.HoldPlaced
    | ledger.HoldEnded
    | ledger.Counted
    | ledger.TierChanged
    | ledger.VoucherCancelled
    | ledger.VoucherRestored
    | ledger.RewardGiven
    | ledger.MemberLabelled
    | ledger.SegmentMoved
    | ledger.WithheldFromControl
    | ledger.QuoteDiffered
    | ledger.SaleJudged
    | ledger.PromotionStopped
    | ledger.RefundReduced
    | ledger.CardAssigned
    | ledger.CardBlocked
    | ledger.MemberErased
    | ledger.LotsMerged
    | ledger.VoucherReserved
    | ledger.VoucherReleased
)


def standing_sentence(effect: Standing) -> str:
    """One such change, in one sentence without its full stop."""
    match effect:
        case ledger.PointsRestored():
            return f"{effect.points} {effect.wallet} came back that {effect.original_event} spent"
        case ledger.PointsWrittenOff(policy="expired"):
            return f"{effect.points} {effect.wallet} of the sale had expired unused; not asked for"
        case ledger.PointsWrittenOff():
            charge = effect.charge_minor
            how = f", {money(charge, effect.currency)} {effect.currency} less refunded"
            how = how if charge else ""
            return f"{effect.points} {effect.wallet} more should have come back; not asked for{how}"
        case ledger.PointsExtended():
            return f"all {effect.wallet} now end on {day(effect.last_day)}"
        case ledger.LotsMerged():
            total, many = sum(effect.taken.points), len(effect.taken.lot_ids)
            return f"{many} old lots of {effect.wallet} became one of {total}"
        case ledger.HoldPlaced():
            return f"{effect.points} {effect.wallet} set aside for hold {effect.hold_id}"
        case ledger.HoldEnded():
            back = f", {effect.released} free again" if effect.released else ""
            return (
                f"hold {effect.hold_id} {effect.outcome}: {effect.points} {effect.wallet} "
                f"spent{back}"
            )
        case ledger.VoucherReserved():
            return f"voucher {effect.voucher} set aside for hold {effect.hold_id}"
        case ledger.VoucherReleased(outcome="used"):
            return f"voucher {effect.voucher} of hold {effect.hold_id} is used now"
        case ledger.VoucherReleased():
            return f"hold {effect.hold_id} {effect.outcome}: voucher {effect.voucher} free again"
        case ledger.Counted():
            since = f" since {day(effect.period)}" if effect.period else ""
            return f"counted {effect.by:+} for {effect.counter}{since}"
        case ledger.TierChanged():
            return _level(effect)
        case ledger.CardAssigned() | ledger.CardBlocked() | ledger.MemberErased():
            return _of_person(effect)
        case _:
            return _other(effect)


def _level(effect: ledger.TierChanged) -> str:
    until = "for good" if effect.last_day == NEVER else f"until {day(effect.last_day)}"
    if effect.from_level == effect.to_level:
        return f"{effect.ladder}: stays {effect.to_level} {until} ({effect.reason})"
    return f"{effect.ladder}: {effect.from_level} to {effect.to_level}, {until} ({effect.reason})"


def _other(
    effect: ledger.VoucherCancelled
    | ledger.VoucherRestored
    | ledger.RewardGiven
    | ledger.MemberLabelled
    | ledger.SegmentMoved
    | ledger.WithheldFromControl
    | ledger.QuoteDiffered
    | ledger.SaleJudged
    | ledger.PromotionStopped
    | ledger.RefundReduced,
) -> str:
    match effect:
        case ledger.VoucherCancelled():
            return f"voucher {effect.voucher} was taken back: {effect.reason}"
        case ledger.VoucherRestored():
            return f"voucher {effect.voucher} holds again until {day(effect.last_day)}"
        case ledger.RewardGiven():
            amount = f"{money(effect.amount_minor, effect.currency)} {effect.currency}"
            worth = f", worth {amount}" if effect.amount_minor else ""
            what = f"{effect.quantity} {effect.kind.replace('_', ' ')} {effect.item}".rstrip()
            return f"{effect.promotion_id or effect.reward_id} gave {what}{worth}"
        case ledger.MemberLabelled():
            return f"label {effect.label} {'put on' if effect.on else 'taken off'}"
        case ledger.SegmentMoved():
            return f"{'entered' if effect.entered else 'left'} the segment {effect.segment}"
        case ledger.WithheldFromControl():
            gave = [f"{effect.points} {effect.wallet}"] if effect.points else []
            off = ["money off the basket"] if effect.amount_minor else []
            what = ", ".join([*gave, *effect.given, *off])
            return f"{effect.promotion_id} gave nothing to this control member (else {what})"
        case ledger.QuoteDiffered():
            return f"{effect.source_id} took off something else than quote {effect.quote_id} said"
        case ledger.SaleJudged():
            return f"held for this member: {', '.join(effect.held) or 'nothing in particular'}"
        case ledger.PromotionStopped():
            return f"{effect.promotion_id} was stopped: {effect.because}"
        case ledger.RefundReduced():
            amount = f"{money(effect.amount_minor, effect.currency)} {effect.currency}"
            return f"{amount} less refunded, since {effect.source_id} is used"
        case _:
            assert_never(effect)


def _of_person(effect: ledger.CardAssigned | ledger.CardBlocked | ledger.MemberErased) -> str:
    match effect:
        case ledger.CardAssigned():
            instead = f" in place of card {effect.replaces}" if effect.replaces else ""
            return f"card {effect.card} is the member's{instead}"
        case ledger.CardBlocked():
            return f"card {effect.card} counts no more: {effect.reason or 'blocked'}"
        case ledger.MemberErased():
            return f"the member was erased: {effect.reason or 'as asked'}"
