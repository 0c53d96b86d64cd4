"""The records of `loyalty.ledger`: what was decided, and every change it made.

A stored record is the chain prefix (`schemas.chain.Prefix`) followed by the fields of `Record`, in
this order, in one Avro datum (`schemas/avro/ledger_record.avsc`).  A record carries all that
`evolve` and the projections need, so neither ever looks at an event or a rule.

Points move between buckets.  Per account and wallet, at every record:
issued + adjusted + owed = pending + available + held + spent + expired + reversed.
"""

from typing import Final, get_args

from schemas.wire.effect.cap import Cap
from schemas.wire.effect.card_assigned import CardAssigned
from schemas.wire.effect.card_blocked import CardBlocked
from schemas.wire.effect.counted import Counted
from schemas.wire.effect.day_closed import DayClosed
from schemas.wire.effect.every import Effect
from schemas.wire.effect.hold_ended import HoldEnded
from schemas.wire.effect.hold_placed import HoldPlaced
from schemas.wire.effect.lots_merged import LotsMerged
from schemas.wire.effect.member_changed import MemberChanged
from schemas.wire.effect.member_enrolled import MemberEnrolled
from schemas.wire.effect.member_erased import MemberErased
from schemas.wire.effect.member_labelled import MemberLabelled
from schemas.wire.effect.offer_made import OfferMade
from schemas.wire.effect.points_adjusted import PointsAdjusted
from schemas.wire.effect.points_earned import PointsEarned
from schemas.wire.effect.points_expired import PointsExpired
from schemas.wire.effect.points_extended import PointsExtended
from schemas.wire.effect.points_matured import PointsMatured
from schemas.wire.effect.points_owed import PointsOwed
from schemas.wire.effect.points_repaid import PointsRepaid
from schemas.wire.effect.points_restored import PointsRestored
from schemas.wire.effect.points_reversed import PointsReversed
from schemas.wire.effect.points_spent import PointsSpent
from schemas.wire.effect.points_written_off import PointsWrittenOff
from schemas.wire.effect.programme_activated import ProgrammeActivated
from schemas.wire.effect.promotion_stopped import PromotionStopped
from schemas.wire.effect.quote_differed import QuoteDiffered
from schemas.wire.effect.refund_reduced import RefundReduced
from schemas.wire.effect.reward_given import RewardGiven
from schemas.wire.effect.sale_judged import SaleJudged
from schemas.wire.effect.segment_moved import SegmentMoved
from schemas.wire.effect.taken import Taken
from schemas.wire.effect.tier_changed import TierChanged
from schemas.wire.effect.voucher_cancelled import VoucherCancelled
from schemas.wire.effect.voucher_expired import VoucherExpired
from schemas.wire.effect.voucher_issued import VoucherIssued
from schemas.wire.effect.voucher_redeemed import VoucherRedeemed
from schemas.wire.effect.voucher_refused import VoucherRefused
from schemas.wire.effect.voucher_released import VoucherReleased
from schemas.wire.effect.voucher_reserved import VoucherReserved
from schemas.wire.effect.voucher_restored import VoucherRestored
from schemas.wire.effect.withheld_from_control import WithheldFromControl
from schemas.wire.ledger.claim import Claim
from schemas.wire.ledger.genesis import Genesis
from schemas.wire.ledger.outstanding import Outstanding
from schemas.wire.ledger.record import Record
from schemas.wire.ledger.sale import Sale
from schemas.wire.ledger.totals import Totals
from schemas.wire.ledger.verdict import Verdict
from schemas.wire.ledger.wallet_totals import WalletTotals

__all__ = [
    "EFFECT_TYPES",
    "NEVER",
    "NO_DIGEST",
    "RESUMED",
    "Cap",
    "CardAssigned",
    "CardBlocked",
    "Claim",
    "Counted",
    "DayClosed",
    "Effect",
    "Genesis",
    "HoldEnded",
    "HoldPlaced",
    "LotsMerged",
    "MemberChanged",
    "MemberEnrolled",
    "MemberErased",
    "MemberLabelled",
    "OfferMade",
    "Outstanding",
    "PointsAdjusted",
    "PointsEarned",
    "PointsExpired",
    "PointsExtended",
    "PointsMatured",
    "PointsOwed",
    "PointsRepaid",
    "PointsRestored",
    "PointsReversed",
    "PointsSpent",
    "PointsWrittenOff",
    "ProgrammeActivated",
    "PromotionStopped",
    "QuoteDiffered",
    "Record",
    "RefundReduced",
    "RewardGiven",
    "Sale",
    "SaleJudged",
    "SegmentMoved",
    "Taken",
    "TierChanged",
    "Totals",
    "Verdict",
    "VoucherCancelled",
    "VoucherExpired",
    "VoucherIssued",
    "VoucherRedeemed",
    "VoucherRefused",
    "VoucherReleased",
    "VoucherReserved",
    "VoucherRestored",
    "WalletTotals",
    "WithheldFromControl",
]

NEVER: Final = 84_006
"""The `last_day` of what does not expire: one day past the last date an event may name."""

NO_DIGEST: Final = bytes(32)
"""The event digest of a record that no event caused."""

RESUMED: Final = "resumed by "
"""How the `why` of a claim begins by which a person lets a halted partition go on."""

EFFECT_TYPES: Final[tuple[type[Effect], ...]] = get_args(Effect)
"""Every effect, in the order of the Avro union; new ones go to the end."""
