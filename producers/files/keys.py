"""The business key of an event that brings none: made of what it says, so twice the same is one.

Pure.  What has a natural key (a receipt, an offer, a closed day) has that; of anything else the key
is a part of the hash of its content.
"""

from hashlib import sha256

from producers.pos import iso, receipt_id
from producers.programmes import HASH_DIGITS_IN_ID
from schemas import events
from schemas.codec import encode_event
from schemas.events import Event

_DIGITS = 20


def member_enrolled(member_id: str) -> str:
    """The key of an enrolment."""
    return f"member|{member_id}|enrolled"


def card_assigned(card: str) -> str:
    """The key of a card's assignment; `card` is its reference."""
    return f"card|{card}|assigned"


def card_blocked(card: str) -> str:
    """The key of a card's block."""
    return f"card|{card}|blocked"


def card_replaced(card: str) -> str:
    """No event's, but a mark of the register: another card stands in for this one."""
    return f"card|{card}|replaced"


def business_key(event: Event) -> str:
    """The key of an event whose header says everything but the key."""
    header = event.header
    day = iso(header.business_date)
    match event:
        case events.SaleRecorded():
            return receipt_id(header.store_id, header.till_id, day, event.receipt_no, "sale")
        case events.SaleReturned():
            return receipt_id(header.store_id, header.till_id, day, event.receipt_no, "return")
        case events.MemberEnrolled():
            return member_enrolled(header.member_id)
        case events.MemberErased():
            return f"member|{header.member_id}|erased"
        case events.CardAssigned():
            return card_assigned(event.card)
        case events.CardBlocked():
            return card_blocked(event.card)
        case events.OfferMade():
            return f"offer|{event.campaign_id}|{header.member_id}|{event.voucher}"
        case events.BusinessDayClosed():
            return f"day|{day}"
        case events.ProgrammeActivated():
            return (
                f"programme|{event.document_hash[:HASH_DIGITS_IN_ID]}|{iso(event.effective_from)}"
            )
        case _:
            return _of_what_happened(event, day)


def _of_what_happened(event: Event, day: str) -> str:
    header = event.header
    match event:
        case events.SegmentEntered():
            return f"segment|{event.segment}|{header.account_id}|{day}|in"
        case events.SegmentLeft():
            return f"segment|{event.segment}|{header.account_id}|{day}|out"
        case events.RedemptionReversed():
            return f"{event.redemption_id}|reversed"
        case events.HoldPlaced() | events.VoucherReserved():
            return f"hold|{event.hold_id}|placed"
        case events.HoldCaptured():
            return f"hold|{event.hold_id}|captured"
        case events.HoldVoided():
            return f"hold|{event.hold_id}|voided"
        case events.VoucherCancelled():
            return f"voucher|{event.voucher_id}|cancelled"
        case events.OrderFulfilled():
            return f"order|{event.sale_id}|fulfilled"
        case events.VoucherPresented() if event.campaign_id:
            coupon = f"{event.campaign_id}|{event.voucher_id}"
            return f"coupon|{coupon}|{header.member_id}|{day}"
        case _:
            return f"{_short_name(event)}|{sha256(encode_event(event)).hexdigest()[:_DIGITS]}"


def _short_name(event: Event) -> str:
    return _SHORT.get(type(event), "event")


_SHORT: dict[type[Event], str] = {
    events.MemberChanged: "change",
    events.VoucherPresented: "voucher",
    events.PointsRedeemed: "redemption",
    events.PointsAdjusted: "adjustment",
    events.MemberLabelled: "label",
    events.ActivityRecorded: "activity",
    events.RewardClaimed: "reward",
    events.TierAssigned: "tier",
    events.PromotionStopped: "stop",
}
