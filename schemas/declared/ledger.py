"""What the records of the ledger are generated from; `schemas.ledger` says what they are."""

from typing import Literal

from msgspec import Struct

from schemas.declared.effects import (
    Counted,
    HoldEnded,
    HoldPlaced,
    LotsMerged,
    MemberLabelled,
    PointsExtended,
    PointsRestored,
    PointsWrittenOff,
    PromotionStopped,
    QuoteDiffered,
    RefundReduced,
    RewardGiven,
    SaleJudged,
    SegmentMoved,
    Taken,
    TierChanged,
    VoucherCancelled,
    VoucherReleased,
    VoucherReserved,
    VoucherRestored,
    WithheldFromControl,
)
from schemas.declared.members import (
    CardAssigned,
    CardBlocked,
    MemberChanged,
    MemberEnrolled,
    MemberErased,
)


class Cap(Struct, frozen=True, gc=False):
    """One step from what a promotion desired to what it granted: which limit, how many points."""

    limit: str
    points: int


class OfferMade(Struct, frozen=True, gc=False):
    """A campaign addresses the account from first_day to last_day.  uses: as in the event."""

    campaign_id: str
    voucher: str
    first_day: int
    last_day: int
    uses: int
    held_out: bool


class PointsEarned(Struct, frozen=True, gc=False):
    """One promotion's points of one sale: one new lot.  Moves nothing → pending, issued.

    The lot matures at once, in the same record, where spendable_on is not after the business
    date: then it is born available.

    Attributes:
        wallet: which.
        lot_id: the event id, `#` and a counter.
        desired: what the promotion came to before limits.
        granted: what was given.
        trail: the limits between the two.
        points_by_line: granted, allotted to the sale's lines, in the order of `sale.line_numbers`.
        promotion_id: which promotion.
        campaign_id: its campaign, or empty.
        funded_by: who pays; empty for the chain.
        spendable_on: the first day it can be spent.
        last_day: the last one, NEVER for none.
    """

    wallet: str
    lot_id: str
    desired: int
    granted: int
    trail: tuple[Cap, ...]
    points_by_line: tuple[int, ...]
    promotion_id: str
    campaign_id: str
    funded_by: str
    spendable_on: int
    last_day: int


class PointsMatured(Struct, frozen=True, gc=False):
    """Lots become spendable.  Moves pending → available."""

    wallet: str
    taken: Taken


class PointsSpent(Struct, frozen=True, gc=False):
    """Points are used.  Moves available → spent.

    Attributes:
        purpose: `payment`, or `convert` with the promotion that took them.
        amount_minor: what they bought, at the wallet's value or the voucher's amount.
    """

    wallet: str
    points: int
    taken: Taken
    purpose: str
    promotion_id: str
    campaign_id: str
    amount_minor: int
    currency: str


class PointsReversed(Struct, frozen=True, gc=False):
    """A return takes back what one promotion gave.  Moves pending or available → reversed.

    What could not be taken is PointsOwed in the same record.

    Attributes:
        pending: of `points`, how many were taken out of pending lots.
        taken: the lots; the first `len` parts follow the order they were taken in.
        points_by_line: by line of the original sale, what was reversed and owed together.
        promotion_id: the promotion whose points are taken back.
        original_sale: the sale's event id.
    """

    wallet: str
    points: int
    pending: int
    taken: Taken
    points_by_line: tuple[int, ...]
    promotion_id: str
    campaign_id: str
    original_sale: str


class PointsOwed(Struct, frozen=True, gc=False):
    """A return took more than was there.  Adds to owed and to reversed."""

    wallet: str
    points: int
    promotion_id: str
    original_sale: str


class PointsRepaid(Struct, frozen=True, gc=False):
    """New points pay what is owed.  Moves available (or pending) → owed, which shrinks.

    Attributes:
        pending: of `points`, how many were taken out of pending lots.
    """

    wallet: str
    points: int
    pending: int
    taken: Taken


class PointsExpired(Struct, frozen=True, gc=False):
    """Lots whose last day is over.  Moves available (or pending) → expired."""

    wallet: str
    points: int
    pending: int
    taken: Taken


class PointsAdjusted(Struct, frozen=True, gc=False):
    """A person's correction.  Moves nothing → available when positive, available → out else.

    Attributes:
        points: signed.
        lot_id: the lot a positive one made; empty else.
        spendable_on, last_day: of that lot; 0 else.
        taken: the lots a negative one took from.
    """

    wallet: str
    points: int
    lot_id: str
    spendable_on: int
    last_day: int
    taken: Taken
    reason: str
    approved_by: str


class VoucherIssued(Struct, frozen=True, gc=False):
    """A voucher for the account.

    Attributes:
        voucher_id: the event id, `#` and a counter.
        voucher: its definition in the programme.
        promotion_id: what gave it; empty for an offer.
        campaign_id: or empty.
        first_day, last_day: valid on both.
        amount_minor, currency: what it takes off.
        uses: how often it may be used.
    """

    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    funded_by: str
    first_day: int
    last_day: int
    amount_minor: int
    currency: str
    uses: int


class VoucherRedeemed(Struct, frozen=True, gc=False):
    """A voucher or coupon was used.

    Attributes:
        voucher_id: the voucher, or the number of a coupon of no programme.
        voucher: its definition; empty for a coupon of no programme.
        issued_on: the day it was issued; 0 for a coupon of no programme.
        sale_id: the sale's event id, or empty.
        amount_minor, currency: what it took off; 0 if not known.
        used_up: no use is left.
    """

    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    issued_on: int
    sale_id: str
    amount_minor: int
    currency: str
    used_up: bool


class VoucherExpired(Struct, frozen=True, gc=False):
    """A voucher whose last day is over, unused."""

    voucher_id: str
    voucher: str
    promotion_id: str
    campaign_id: str
    issued_on: int


class VoucherRefused(Struct, frozen=True, gc=False):
    """A sale lists a voucher that does not hold; the sale itself stands as it was rung up."""

    voucher_id: str
    reason: str


class ProgrammeActivated(Struct, frozen=True, gc=False):
    """A programme comes into force in this partition.  Fields as in the event."""

    name: str
    version: int
    document: str
    document_hash: str
    effective_from: int
    min_decider_version: int


class DayClosed(Struct, frozen=True, gc=False):
    """The business day is over in this partition: all it matures, expires and ends has."""

    closed_date: int


Effect = (
    MemberEnrolled
    | MemberChanged
    | OfferMade
    | PointsEarned
    | PointsMatured
    | PointsSpent
    | PointsReversed
    | PointsOwed
    | PointsRepaid
    | PointsExpired
    | PointsAdjusted
    | VoucherIssued
    | VoucherRedeemed
    | VoucherExpired
    | VoucherRefused
    | ProgrammeActivated
    | DayClosed
    | PointsRestored
    | PointsWrittenOff
    | PointsExtended
    | HoldPlaced
    | HoldEnded
    | Counted
    | TierChanged
    | VoucherCancelled
    | VoucherRestored
    | RewardGiven
    | MemberLabelled
    | SegmentMoved
    | WithheldFromControl
    | QuoteDiffered
    | SaleJudged
    | PromotionStopped
    | RefundReduced
    | CardAssigned
    | CardBlocked
    | MemberErased
    | LotsMerged
    | VoucherReserved
    | VoucherReleased
)


class Outstanding(Struct, frozen=True, gc=False):
    """What a wallet held before the record: pending + available + held - owed."""

    wallet: str
    outstanding: int


class Sale(Struct, frozen=True, gc=False):
    """The receipt behind a sale or a return, as far as reports and later returns need it.

    Attributes:
        receipt_no: on the paper.
        currency: ISO 4217.
        original_sale: of a return: the sale's event id, or empty.
        line_numbers, quantities_milli, nets_minor: one entry a line, in the receipt's order.
        gross_minor, discount_minor, net_minor: over all lines; of a return what came back.
        tender_points_minor: how much of it was paid with points.
        cashier_id: or empty.
    """

    receipt_no: str
    currency: str
    original_sale: str
    line_numbers: tuple[int, ...]
    quantities_milli: tuple[int, ...]
    nets_minor: tuple[int, ...]
    gross_minor: int
    discount_minor: int
    net_minor: int
    tender_points_minor: int
    cashier_id: str


class Genesis(Struct, frozen=True, gc=False):
    """What a ledger partition is bound to for ever; a function of settings and topics alone."""

    partitions: int
    input_topic_id: str
    cluster_id: str
    partitioner: str
    evolve_version: int


class Claim(Struct, frozen=True, gc=False):
    """Who takes the partition over, and why: `assigned`, `displaced`, or who resumed it."""

    owner: str
    code_version: str
    why: str


class WalletTotals(Struct, frozen=True, gc=False):
    """Sums over all accounts of a partition, one wallet; the conservation law holds in it."""

    wallet: str
    issued: int
    adjusted: int
    owed: int
    pending: int
    available: int
    held: int
    spent: int
    expired: int
    reversed: int


class Totals(Struct, frozen=True, gc=False):
    """What a CHECKPOINT states about everything before it.

    Attributes:
        wallets: sorted by name.
        accounts_digest: sum over accounts, modulo 2^256, big-endian, of the SHA-256 of the
            account's open points.
    """

    wallets: tuple[WalletTotals, ...]
    accounts_digest: bytes


Verdict = Literal["ACCEPTED", "REFUSED", "NONE"]


class Record(Struct, frozen=True, gc=False):
    """Everything of a ledger record behind the chain prefix.

    Attributes:
        event_id: the event it decides; empty where the event's own could not be read or kept.
        event_type: its type's name; empty if unreadable, or none.
        event_digest: SHA-256 of the event's Avro datum without its five-byte frame.
        account_id: whose account changed; empty for a whole-partition record.
        member_id: as in the event.
        decision: ACCEPTED or REFUSED; NONE for what is not a decision.
        reason: the refusal's name, else empty.
        before: the wallets that the effects touch, as they stood.
        effects: the changes, in order; at most 64.
        programme_version: decided by which version; 0 for none.
        decider_version: the code's rule-evaluation version.
        occurred_at, business_date, store_id, till_id, channel: as in the event.
        sale: of a sale or a return.
        claim: of a CLAIM.
        totals: of a CHECKPOINT.
        genesis: of a GENESIS.
    """

    event_id: str = ""
    event_type: str = ""
    event_digest: bytes = bytes(32)
    account_id: str = ""
    member_id: str = ""
    decision: Verdict = "NONE"
    reason: str = ""
    before: tuple[Outstanding, ...] = ()
    effects: tuple[Effect, ...] = ()
    programme_version: int = 0
    decider_version: int = 0
    occurred_at: int = 0
    business_date: int = 0
    store_id: str = ""
    till_id: str = ""
    channel: str = ""
    sale: Sale | None = None
    claim: Claim | None = None
    totals: Totals | None = None
    genesis: Genesis | None = None
