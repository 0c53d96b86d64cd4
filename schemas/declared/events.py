"""What the events are generated from; `schemas.events` says what they are.

The bounds stand in the types and are checked when an event is decoded.
"""

from typing import Annotated

from msgspec import Meta, Struct

Name = Annotated[str, Meta(max_length=200)]
"""An identifier or a short word: at most 200 characters."""
Amount = Annotated[int, Meta(ge=-1_000_000_000_000, le=1_000_000_000_000)]
"""Money in minor units, or a count of points: at most 10^12 either way."""
Day = Annotated[int, Meta(ge=-25_567, le=84_005)]
"""A date as days since 1970-01-01, between 1900 and 2199."""
Count = Annotated[int, Meta(ge=0, le=10_000_000_000_000)]
"""A number of things, never negative."""


class Header(Struct, frozen=True, gc=False):
    """What every event says first: which, whose, when and where.

    Attributes:
        event_id: the business key; a second event with this key is a duplicate or a conflict.
        account_id: what owns the points, and the key of both topics; empty for events that go
            to every partition.
        member_id: the person or card; equal to the account for now, empty where there is none.
        occurred_at: the moment, in UTC milliseconds.
        utc_offset_min: the store's distance from UTC at that moment, in minutes.
        business_date: the store's trading day.
        store_id: the store, or the shop's name for a web shop.
        till_id: the till within the store.
        channel: pos, web, app or phone.
        actor: who acted: cashier, agent, customer or system.
    """

    event_id: Annotated[str, Meta(min_length=1, max_length=200)]
    account_id: Name
    member_id: Name
    occurred_at: Annotated[int, Meta(ge=-2_208_988_800_000, le=7_258_118_400_000)]
    utc_offset_min: Annotated[int, Meta(ge=-1_440, le=1_440)]
    business_date: Day
    store_id: Name = ""
    till_id: Name = ""
    channel: Name = "pos"
    actor: Name = "system"


class Discount(Struct, frozen=True, gc=False):
    """One reduction of one line.

    Attributes:
        source: promotion, voucher, till or staff.
        source_id: the promotion or voucher; empty for what the till gave by itself.
        amount_minor: how much, positive.
        funded_by: who pays for it: a supplier, or empty for the chain itself.
    """

    source: Name
    source_id: Name
    amount_minor: Amount
    funded_by: Name = ""


class Line(Struct, frozen=True, gc=False):
    """One line of a receipt.

    Attributes:
        line_no: the number on the receipt, from 1.
        sku: the article.
        department: the article's department.
        category: the path within the department, nodes joined by `/`.
        brand: the brand.
        supplier: the supplier or manufacturer.
        labels: words such as `eco`.
        quantity_milli: thousandths of the unit; 0 where the till did not say.
        gross_minor: before discounts.
        discounts: what was taken off the line.
        net_minor: after discounts, tax as the price includes it.
        tax_rate_ppm: tax in millionths of the price before tax (20 % is 200,000).
        flags: words of the till, such as `gift_card` or `deposit`.
    """

    line_no: Annotated[int, Meta(ge=0, le=100_000)]
    sku: Name
    department: Name
    category: Name
    brand: Name
    supplier: Name
    labels: Annotated[tuple[Name, ...], Meta(max_length=32)]
    quantity_milli: Count
    gross_minor: Amount
    discounts: Annotated[tuple[Discount, ...], Meta(max_length=32)]
    net_minor: Amount
    tax_rate_ppm: Annotated[int, Meta(ge=0, le=10_000_000)]
    flags: Annotated[tuple[Name, ...], Meta(max_length=32)]


class Tender(Struct, frozen=True, gc=False):
    """One way the receipt was paid.

    Attributes:
        kind: card, cash, points, voucher, gift_card, manufacturer_coupon and so on.
        amount_minor: how much of the receipt it paid.
        reference_id: the redemption or voucher it stands for; else empty.
    """

    kind: Name
    amount_minor: Amount
    reference_id: Name = ""


class SaleRecorded(Struct, frozen=True, gc=False):
    """A receipt.  A sale without a member has the account `store:<store_id>`.

    Attributes:
        header: event_id is `store|till|business_date|receipt_no|sale`.
        receipt_no: the number on the paper.
        order_id: of a web order; else empty.
        quote_id: the quote it was bought under; else empty.
        currency: ISO 4217.
        lines: at most 500.
        tenders: how it was paid; a points tender names the redemption that spent the points.
        vouchers: ids of the vouchers presented.
        coupons: numbers of coupons of no programme of ours.
        cashier_id: who served; else empty.
    """

    header: Header
    receipt_no: Name
    order_id: Name
    quote_id: Name
    currency: Annotated[str, Meta(min_length=3, max_length=3)]
    lines: Annotated[tuple[Line, ...], Meta(max_length=500)]
    tenders: Annotated[tuple[Tender, ...], Meta(max_length=32)]
    vouchers: Annotated[tuple[Name, ...], Meta(max_length=32)] = ()
    coupons: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()
    cashier_id: Name = ""


class ReturnedLine(Struct, frozen=True, gc=False):
    """One line that came back.

    Attributes:
        line_no: the line of the original sale; of an unlinked return, its own number.
        sku: the article.
        quantity_milli: how much came back; 0 for all that is left of the line, which it also is
            where the sale's own quantity is 0.
        net_minor: what was refunded, positive.
    """

    line_no: Annotated[int, Meta(ge=0, le=100_000)]
    sku: Name
    quantity_milli: Count
    net_minor: Amount


class SaleReturned(Struct, frozen=True, gc=False):
    """Goods brought back.

    Attributes:
        header: event_id is `store|till|business_date|receipt_no|return`.
        receipt_no: of the return.
        original_sale: the event id of the sale; empty for an unlinked return.
        currency: ISO 4217.
        lines: what came back.
        refunds: how it was refunded.
        exchange_id: joins a return and the sale that replaced it; else empty.
    """

    header: Header
    receipt_no: Name
    original_sale: Name
    currency: Annotated[str, Meta(min_length=3, max_length=3)]
    lines: Annotated[tuple[ReturnedLine, ...], Meta(max_length=500)]
    refunds: Annotated[tuple[Tender, ...], Meta(max_length=32)] = ()
    exchange_id: Name = ""


class Consent(Struct, frozen=True, gc=False):
    """One yes or no.  purpose: marketing, service or profiling; channel: email, sms or post."""

    purpose: Name
    channel: Name
    given: bool


class MemberEnrolled(Struct, frozen=True, gc=False):
    """A person or card joins.  Names and addresses are not here: they go to `crm`.

    Attributes:
        header: event_id is `member|<member_id>|enrolled`.
        home_store_id: the store the member calls theirs; empty for the enrolling one.
        campaign_id: what brought the member in; else empty.
        referred_by: another member's id; else empty.
        language: BCP 47; empty if not asked.
        birthday_month: 1 to 12, 0 if not told.
        birthday_day: 1 to 31, 0 if not told.
        consents: what was agreed to.
        terms_version: the terms accepted; empty if none.
        cashier_id: who enrolled; else empty.
    """

    header: Header
    home_store_id: Name = ""
    campaign_id: Name = ""
    referred_by: Name = ""
    language: Name = ""
    birthday_month: Annotated[int, Meta(ge=0, le=12)] = 0
    birthday_day: Annotated[int, Meta(ge=0, le=31)] = 0
    consents: Annotated[tuple[Consent, ...], Meta(max_length=64)] = ()
    terms_version: Name = ""
    cashier_id: Name = ""


class MemberChanged(Struct, frozen=True, gc=False):
    """Something about a member changes; an empty text, a zero or an empty list changes nothing.

    Attributes:
        status: active, blocked or closed.
        home_store_id, language, birthday_month, birthday_day, consents: as at enrolment.
        reason: why, for the record.
    """

    header: Header
    status: Name = ""
    home_store_id: Name = ""
    language: Name = ""
    birthday_month: Annotated[int, Meta(ge=0, le=12)] = 0
    birthday_day: Annotated[int, Meta(ge=0, le=31)] = 0
    consents: Annotated[tuple[Consent, ...], Meta(max_length=64)] = ()
    reason: Name = ""


class OfferMade(Struct, frozen=True, gc=False):
    """A campaign addresses a member, or holds the member out of it as control.

    Attributes:
        header: event_id is `offer|<campaign>|<member>|<voucher>`.
        campaign_id: the campaign.
        voucher: a voucher of the programme that the offer gives; empty for an offer of no
            programme of ours (its coupons are presented by number).
        first_day, last_day: both included.
        uses: how often it may be used; 0 for as often as the voucher itself says.  Coupons of no
            programme of ours are not counted.
        held_out: true for control: addressed on paper only.
    """

    header: Header
    campaign_id: Name
    voucher: Name
    first_day: Day
    last_day: Day
    uses: Annotated[int, Meta(ge=0, le=1_000_000)] = 1
    held_out: bool = False


class VoucherPresented(Struct, frozen=True, gc=False):
    """A voucher or coupon is used, apart from or beside a sale that does not list it.

    Attributes:
        header: event_id is `coupon|<campaign>|<coupon>|<member>|<date>` or the like.
        voucher_id: the voucher's id, or the coupon's number.
        campaign_id: of a coupon of no programme: the offer it belongs to; else empty.
        sale_id: the event id of the sale it was used on; empty if not known.
        amount_minor: what it took off, 0 if not known.
        currency: ISO 4217.
    """

    header: Header
    voucher_id: Name
    campaign_id: Name = ""
    sale_id: Name = ""
    amount_minor: Amount = 0
    currency: Annotated[str, Meta(min_length=3, max_length=3)] = "XXX"


class PointsRedeemed(Struct, frozen=True, gc=False):
    """A member asks to spend points as payment.  Decided before the sale that names it.

    Attributes:
        header: event_id is `redemption|<id>`.
        wallet: of which wallet.
        points: how many, positive.
        amount_minor: what the till takes off for them.
        currency: ISO 4217.
        eligible_minor: the part of the basket that points may pay; 0 if not known.
    """

    header: Header
    wallet: Name
    points: Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
    amount_minor: Amount
    currency: Annotated[str, Meta(min_length=3, max_length=3)]
    eligible_minor: Amount = 0


class PointsAdjusted(Struct, frozen=True, gc=False):
    """A person corrects an account.

    Attributes:
        header: event_id is `adjustment|<id>`.
        wallet: of which wallet.
        points: signed, not 0.
        reason: why, for the member to read.
        approved_by: a second person; must not be empty.
    """

    header: Header
    wallet: Name
    points: Amount
    reason: Name
    approved_by: Name


class ProgrammeActivated(Struct, frozen=True, gc=False):
    """A programme document comes into force; sent to every partition.

    Attributes:
        header: event_id is `programme|<hash>|<effective_from>`; account_id is empty.
        document: the canonical JSON of the document, at most 512 KiB.
        document_hash: SHA-256 of the document's bytes, in hexadecimal.
        effective_from: the first business date it decides.
        min_decider_version: the oldest code that may decide by it.
        activated_by: who.
    """

    header: Header
    document: Annotated[str, Meta(max_length=524_288)]
    document_hash: Name
    effective_from: Day
    min_decider_version: Annotated[int, Meta(ge=0, le=1_000_000)] = 1
    activated_by: Name = ""


class BusinessDayClosed(Struct, frozen=True, gc=False):
    """Every store has closed `header.business_date`; sent to every partition.

    Attributes:
        header: event_id is `day|<date>`; account_id is empty.
    """

    header: Header


class MemberLabelled(Struct, frozen=True, gc=False):
    """A person puts a label on a named member, or takes it off.

    Attributes:
        header: event_id is `label|<id>`.
        label: such as `vip` or `staff`.
        on: put on, or taken off.
        by: who did it.
    """

    header: Header
    label: Annotated[str, Meta(min_length=1, max_length=200)]
    on: bool
    by: Name = ""


class SegmentEntered(Struct, frozen=True, gc=False):
    """The account is in a segment from now on.

    Attributes:
        header: event_id is `segment|<segment>|<account>|<day>|in`.
        segment: its id in the programme.
        definition_hash: SHA-256 of the segment's words, hexadecimal.
        ledger_seq: how far the ledger of the partition was read when it was found.
    """

    header: Header
    segment: Annotated[str, Meta(min_length=1, max_length=200)]
    definition_hash: Name
    ledger_seq: Count = 0


class SegmentLeft(Struct, frozen=True, gc=False):
    """The account left a segment.  Fields as in `SegmentEntered`; its id ends in `out`."""

    header: Header
    segment: Annotated[str, Meta(min_length=1, max_length=200)]
    definition_hash: Name
    ledger_seq: Count = 0


class ActivityRecorded(Struct, frozen=True, gc=False):
    """A member did something that is no purchase: a review, a survey, a visit.

    Attributes:
        header: event_id is `activity|<activity>|<id>`.
        activity: which, as the programme calls it.
        reference_id: what it was about; else empty.
    """

    header: Header
    activity: Annotated[str, Meta(min_length=1, max_length=200)]
    reference_id: Name = ""


class RewardClaimed(Struct, frozen=True, gc=False):
    """A member takes something from the catalogue; the programme says for how many points.

    Attributes:
        header: event_id is `reward|<id>`.
        reward: its id in the programme.
        quantity: how many.
    """

    header: Header
    reward: Annotated[str, Meta(min_length=1, max_length=200)]
    quantity: Annotated[int, Meta(ge=1, le=1_000)] = 1


class RedemptionReversed(Struct, frozen=True, gc=False):
    """A payment by points is undone: the basket was not bought.

    Attributes:
        header: event_id is `<the redemption's id>|reversed`.
        redemption_id: the event id of the redemption.
        reason: why.
    """

    header: Header
    redemption_id: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: Name = ""


class HoldPlaced(Struct, frozen=True, gc=False):
    """A till sets points aside while the basket is paid.

    Attributes:
        header: event_id is `hold|<hold_id>|placed`.
        hold_id: chosen by the till, never used twice.
        wallet, points: how many of what.
        expires_at: UTC milliseconds at which the hold ends by itself; it ends with the close of its
            business date, too.
    """

    header: Header
    hold_id: Annotated[str, Meta(min_length=1, max_length=200)]
    wallet: Name
    points: Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
    expires_at: Annotated[int, Meta(ge=-2_208_988_800_000, le=7_258_118_400_000)]


class HoldCaptured(Struct, frozen=True, gc=False):
    """The basket is paid: points of a hold are spent, and the rest is free again.

    Attributes:
        header: event_id is `hold|<hold_id>|captured`.
        hold_id: the hold.
        points: at most what it holds.
        amount_minor, currency: what they paid.
    """

    header: Header
    hold_id: Annotated[str, Meta(min_length=1, max_length=200)]
    points: Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
    amount_minor: Amount
    currency: Annotated[str, Meta(min_length=3, max_length=3)]


class HoldVoided(Struct, frozen=True, gc=False):
    """The basket is given up: the points, or the voucher, are free again.

    Attributes:
        header: event_id is `hold|<hold_id>|voided`.
        hold_id: the hold.
    """

    header: Header
    hold_id: Annotated[str, Meta(min_length=1, max_length=200)]


class VoucherReserved(Struct, frozen=True, gc=False):
    """A till sets a voucher aside while the basket is open: no other basket can use it meanwhile.

    It ends with the sale that uses it, as a hold does with HoldVoided, or by itself.

    Attributes:
        header: event_id is `hold|<hold_id>|placed`.
        hold_id: chosen by the till, never used twice, not for points either.
        voucher: its id, or its definition.
        expires_at: UTC milliseconds at which the reservation ends by itself; it ends with the close
            of its business date, too.
        order_id: of the basket's order: the sale with this order may use it.  If empty, it is for
            the till.
    """

    header: Header
    hold_id: Annotated[str, Meta(min_length=1, max_length=200)]
    voucher: Annotated[str, Meta(min_length=1, max_length=200)]
    expires_at: Annotated[int, Meta(ge=-2_208_988_800_000, le=7_258_118_400_000)]
    order_id: Name = ""


class VoucherCancelled(Struct, frozen=True, gc=False):
    """A person takes an unused voucher back.

    Attributes:
        header: event_id is `voucher|<voucher_id>|cancelled`.
        voucher_id: its id.
        reason: why, for the member to read.
    """

    header: Header
    voucher_id: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: Name = ""


class TierAssigned(Struct, frozen=True, gc=False):
    """A person puts a member on a level.

    Attributes:
        header: event_id is `tier|<id>`.
        ladder, level: ids of the programme.
        last_day: until when no rule moves it down; the ladder's own term if 0.
        reason: why.
        approved_by: a second person; must not be empty.
    """

    header: Header
    ladder: Name
    level: Name
    last_day: Day = 0
    reason: Name = ""
    approved_by: Name = ""


class OrderFulfilled(Struct, frozen=True, gc=False):
    """An order reached its buyer: points that waited for it may be spent.

    Attributes:
        header: event_id is `order|<order_id>|fulfilled`.
        sale_id: the event id of the sale.
    """

    header: Header
    sale_id: Annotated[str, Meta(min_length=1, max_length=200)]


class PromotionStopped(Struct, frozen=True, gc=False):
    """A promotion gives nothing more from here on; sent to every partition.

    Attributes:
        header: event_id is `stop|<programme>|<promotion>|<id>`; account_id is empty.
        promotion_id: which.
        because: why, in a sentence.
        stopped_by: who.
    """

    header: Header
    promotion_id: Annotated[str, Meta(min_length=1, max_length=200)]
    because: Name
    stopped_by: Name = ""


class CardAssigned(Struct, frozen=True, gc=False):
    """A card is a member's from now on: at enrolment, or in place of another.

    Attributes:
        header: event_id is `card|<card>|assigned`.
        card: a part of its keyed hash; never the number.
        replaces: the card it stands in for, named the same way; else empty.
    """

    header: Header
    card: Annotated[str, Meta(min_length=1, max_length=200)]
    replaces: Name = ""


class CardBlocked(Struct, frozen=True, gc=False):
    """A card counts no more: it was lost, stolen or replaced.

    Attributes:
        header: event_id is `card|<card>|blocked`.
        card: a part of its keyed hash; never the number.
        reason: why.
    """

    header: Header
    card: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: Name = ""


class MemberErased(Struct, frozen=True, gc=False):
    """A person is forgotten: what the account holds is forfeited, and the account is closed.

    Attributes:
        header: event_id is `member|<member_id>|erased`.
        reason: why.
    """

    header: Header
    reason: Name = ""


EVENT_TYPES: tuple[type[Struct], ...] = (
    SaleRecorded,
    SaleReturned,
    MemberEnrolled,
    MemberChanged,
    OfferMade,
    VoucherPresented,
    PointsRedeemed,
    PointsAdjusted,
    ProgrammeActivated,
    BusinessDayClosed,
    MemberLabelled,
    SegmentEntered,
    SegmentLeft,
    ActivityRecorded,
    RewardClaimed,
    RedemptionReversed,
    HoldPlaced,
    HoldCaptured,
    HoldVoided,
    VoucherCancelled,
    TierAssigned,
    OrderFulfilled,
    PromotionStopped,
    CardAssigned,
    CardBlocked,
    MemberErased,
    VoucherReserved,
)
"""Every event type, in the order of their schema ids."""
