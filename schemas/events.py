"""The events of `loyalty.events`: what tills, shops, files and people report.

Every event is one frozen record; its Avro schema is the file of the same name in `schemas/avro/`.
The ten fields that all events share are one nested record, `header`, so that an event type is
what it adds.  Money is in minor units of the currency beside it, quantities are in thousandths,
dates are days since 1970-01-01, times are UTC milliseconds.  A text that does not apply is empty,
never null: inside a line nothing is optional.

The bounds of every field (`schemas.declared.events`) are checked when an event is decoded; an event
that breaks one is refused as INVALID, whole.
"""

from typing import Final, get_args

from schemas.wire.event.activity_recorded import ActivityRecorded
from schemas.wire.event.business_day_closed import BusinessDayClosed
from schemas.wire.event.card_assigned import CardAssigned
from schemas.wire.event.card_blocked import CardBlocked
from schemas.wire.event.consent import Consent
from schemas.wire.event.discount import Discount
from schemas.wire.event.every import Event
from schemas.wire.event.header import Header
from schemas.wire.event.hold_captured import HoldCaptured
from schemas.wire.event.hold_placed import HoldPlaced
from schemas.wire.event.hold_voided import HoldVoided
from schemas.wire.event.line import Line
from schemas.wire.event.member_changed import MemberChanged
from schemas.wire.event.member_enrolled import MemberEnrolled
from schemas.wire.event.member_erased import MemberErased
from schemas.wire.event.member_labelled import MemberLabelled
from schemas.wire.event.offer_made import OfferMade
from schemas.wire.event.order_fulfilled import OrderFulfilled
from schemas.wire.event.points_adjusted import PointsAdjusted
from schemas.wire.event.points_redeemed import PointsRedeemed
from schemas.wire.event.programme_activated import ProgrammeActivated
from schemas.wire.event.promotion_stopped import PromotionStopped
from schemas.wire.event.redemption_reversed import RedemptionReversed
from schemas.wire.event.returned_line import ReturnedLine
from schemas.wire.event.reward_claimed import RewardClaimed
from schemas.wire.event.sale_recorded import SaleRecorded
from schemas.wire.event.sale_returned import SaleReturned
from schemas.wire.event.segment_entered import SegmentEntered
from schemas.wire.event.segment_left import SegmentLeft
from schemas.wire.event.tender import Tender
from schemas.wire.event.tier_assigned import TierAssigned
from schemas.wire.event.voucher_cancelled import VoucherCancelled
from schemas.wire.event.voucher_presented import VoucherPresented
from schemas.wire.event.voucher_reserved import VoucherReserved

__all__ = [
    "EVENT_TYPES",
    "EVERY_PARTITION",
    "STORE_ACCOUNT",
    "ActivityRecorded",
    "BusinessDayClosed",
    "CardAssigned",
    "CardBlocked",
    "Consent",
    "Discount",
    "Event",
    "Header",
    "HoldCaptured",
    "HoldPlaced",
    "HoldVoided",
    "Line",
    "MemberChanged",
    "MemberEnrolled",
    "MemberErased",
    "MemberLabelled",
    "OfferMade",
    "OrderFulfilled",
    "PointsAdjusted",
    "PointsRedeemed",
    "ProgrammeActivated",
    "PromotionStopped",
    "RedemptionReversed",
    "ReturnedLine",
    "RewardClaimed",
    "SaleRecorded",
    "SaleReturned",
    "SegmentEntered",
    "SegmentLeft",
    "Tender",
    "TierAssigned",
    "VoucherCancelled",
    "VoucherPresented",
    "VoucherReserved",
]

STORE_ACCOUNT: Final = "store:"
"""Sales without a member have the account of their store, which earns nothing."""

EVENT_TYPES: Final[tuple[type[Event], ...]] = get_args(Event)
"""Every event type, in the order of their schema ids."""

EVERY_PARTITION: Final[frozenset[type[Event]]] = frozenset(
    {ProgrammeActivated, BusinessDayClosed, PromotionStopped}
)
"""Types that go to every partition, under the empty account."""
