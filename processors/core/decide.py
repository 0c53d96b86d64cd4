"""`decide(overlay, event) -> records`: what happens, as a pure function of state, event and rules.

Every event ends as exactly one record, accepted or refused, but for the close of a business day,
which is one record for each account it changes and a last one for the partition.  The first
refusal in the order of `schemas.refusals` is the one given; a refused event changes nothing.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from processors.core.account import Account
from processors.core.activation import activation
from processors.core.catalogue import claim
from processors.core.close_day import close_day
from processors.core.correction import correct
from processors.core.draft import EFFECTS_MAX, Checkout, Draft
from processors.core.erasing import assign_card, block_card, erase
from processors.core.evolve import counts_as_sale, finish
from processors.core.holding import capture_hold, end_holds, place_hold, reserve, void_hold
from processors.core.judging import levels_of
from processors.core.marking import act, assign, cancel, fulfil, mark
from processors.core.membership import change, enrol, make_offer, present
from processors.core.merging import merge_lots
from processors.core.message import Decided, Given
from processors.core.overlay import Overlay
from processors.core.packing import unpack
from processors.core.payment import pay
from processors.core.programme import Programme
from processors.core.restoring import reverse_payment
from processors.core.returning import (
    Returning,
    return_context,
    return_effects,
    returned_parts,
)
from processors.core.selling import sale_context, sale_effects
from processors.core.versions import DECIDER_VERSION
from schemas import events, ledger
from schemas.codec import FRAME_BYTES, EventRefused
from schemas.events import EVERY_PARTITION, Event
from schemas.ledger import Record
from schemas.refusals import Refusal
from schemas.topics import partition_of

LATE_DAYS_MAX: Final = 400
"""An event this far behind the last closed day is too old (`horizon_days`)."""
AHEAD_DAYS_MAX: Final = 35
"""An event further ahead of the last closed day than this is refused."""


def decide(overlay: Overlay, given: Given, first_part: int = 0) -> Iterator[Decided]:
    """The records of one event; each is taken into the overlay before it is yielded.

    Args:
        overlay: the state the event meets.
        given: the message.
        first_part: number of the first record, when an earlier run got so far and no further.
    """
    digest = sha256(given.value[FRAME_BYTES:]).digest()
    event = given.event
    if isinstance(event, EventRefused):
        record = Record(
            event_digest=digest,
            decision="REFUSED",
            reason=event.reason.value,
            decider_version=DECIDER_VERSION,
        )
        overlay.take(record, given.offset, None)
        yield Decided(record, first_part, True)
        return
    refusal = _out_of_place(overlay, event) or _seen_before(overlay, event, digest)
    if refusal is None and isinstance(event, events.BusinessDayClosed):
        refusal = _day_out_of_turn(overlay, event.header.business_date)
        if refusal is None:
            yield from close_day(overlay, event, digest, given.offset, first_part)
            return
    if refusal is None:
        record, account = _decide_one(overlay, event, digest, given.original)
    else:
        record, account = _record(event, digest, None, refusal), None
    overlay.take(record, given.offset, account)
    yield Decided(record, first_part, True)


def _out_of_place(overlay: Overlay, event: Event) -> Refusal | None:
    """Whether the event is none for this partition, or none for these days."""
    header = event.header
    for_all = type(event) in EVERY_PARTITION
    if for_all != (header.account_id == ""):
        return Refusal.INVALID
    if for_all:
        return None
    if (
        overlay.packed(header.account_id) is None
        and partition_of(header.account_id, overlay.partitions) != overlay.partition
    ):
        return Refusal.WRONG_PARTITION
    if overlay.closed_through is not None:
        if header.business_date < overlay.closed_through - LATE_DAYS_MAX:
            return Refusal.TOO_OLD
        if header.business_date > overlay.closed_through + AHEAD_DAYS_MAX:
            return Refusal.AHEAD
    return None


def _seen_before(overlay: Overlay, event: Event, digest: bytes) -> Refusal | None:
    """Same key and same content is a duplicate; same key and other content a conflict."""
    if isinstance(event, events.BusinessDayClosed):
        return None
    receipt = overlay.receipt(event.header.event_id)
    if receipt is None:
        return None
    return Refusal.DUPLICATE if receipt.digest == digest else Refusal.CONFLICT


def _day_out_of_turn(overlay: Overlay, business_date: int) -> Refusal | None:
    """The first close sets the date; after it exactly the next day closes."""
    if overlay.closed_through is None or business_date == overlay.closed_through + 1:
        return None
    return Refusal.DAY_CLOSED if business_date <= overlay.closed_through else Refusal.DAY_SKIPPED


def _decide_one(
    overlay: Overlay, event: Event, digest: bytes, original: Event | None
) -> tuple[Record, Account | None]:
    """The one record of an event that is in its place, and its account after it."""
    if isinstance(event, events.ProgrammeActivated):
        effect = activation(event, [one.programme for one in overlay.programmes])
        if isinstance(effect, Refusal):
            return _record(event, digest, None, effect), None
        return _record(event, digest, None, None, (effect,)), None
    if isinstance(event, events.PromotionStopped):
        stop = ledger.PromotionStopped(event.promotion_id, event.because)
        return _record(event, digest, None, None, (stop,)), None
    header = event.header
    programme = overlay.programme_on(header.business_date)
    account = unpack(overlay.packed(header.account_id))
    # A sale finds its levels itself.
    if programme is not None and programme.by_level and not isinstance(event, events.SaleRecorded):
        programme = programme.at_levels(levels_of(account, programme))
    draft = Draft(account, header.event_id, header.business_date, overlay.stopped, _checkout(event))
    end_holds(draft, header.occurred_at)
    outcome = _effects(overlay, draft, event, programme, original)
    if isinstance(outcome, Refusal):
        return _record(event, digest, programme, outcome), None
    # A return has a few effects for each of its sale, an erasure one for each hold; refused, they
    # would leave what nobody earned, or what belongs to nobody.
    if not isinstance(event, (events.SaleReturned, events.MemberErased)):
        if len(draft.effects) > EFFECTS_MAX:
            return _record(event, digest, programme, Refusal.TOO_MANY_EFFECTS), None
        if draft.has_too_many_points():
            return _record(event, digest, programme, Refusal.TOO_MANY_POINTS), None
    merge_lots(draft, overlay.closed_through, EFFECTS_MAX - len(draft.effects))
    record = _record(event, digest, programme, None, tuple(draft.effects), draft, outcome)
    if not draft.effects and not counts_as_sale(record):
        return record, None
    return record, finish(draft.account, record)


def _checkout(event: Event) -> Checkout | None:
    """Where an event pays a basket; None if it is no basket's."""
    if isinstance(event, events.SaleRecorded):
        return event.header.store_id, event.header.till_id, event.order_id
    if isinstance(event, events.VoucherPresented):
        return event.header.store_id, event.header.till_id, ""
    return None


def _effects(
    overlay: Overlay,
    draft: Draft,
    event: Event,
    programme: Programme | None,
    original: Event | None,
) -> Refusal | ledger.Sale | None:
    """Let the event act on the draft; what comes back refuses it, or is the record's `sale`."""
    match event:
        case events.SaleRecorded():
            if programme is not None and not event.header.account_id.startswith(
                events.STORE_ACCOUNT
            ):
                sale_effects(draft, event, programme, overlay.issuer)
            return sale_context(event)
        case events.SaleReturned():
            return _returned(overlay, draft, event, programme, original)
        case events.MemberEnrolled():
            return enrol(draft, event, programme)
        case events.MemberChanged():
            return change(draft, event)
        case events.OfferMade():
            return make_offer(draft, event, programme)
        case events.VoucherPresented():
            return present(draft, event, overlay.issuer)
        case events.PointsRedeemed():
            return pay(draft, event, programme)
        case events.PointsAdjusted():
            return correct(draft, event, programme)
        case _:
            return _others(overlay, draft, event, programme)


def _others(
    overlay: Overlay, draft: Draft, event: Event, programme: Programme | None
) -> Refusal | None:
    """What happens seldom."""
    match event:
        case events.ActivityRecorded():
            return act(draft, event, programme)
        case events.RewardClaimed():
            return claim(draft, event, programme)
        case events.MemberLabelled() | events.SegmentEntered() | events.SegmentLeft():
            mark(draft, event)
            return None
        case events.TierAssigned():
            return assign(draft, event, programme)
        case events.OrderFulfilled():
            return fulfil(draft, event, programme)
        case events.HoldPlaced():
            return place_hold(draft, event, programme)
        case events.HoldCaptured():
            return capture_hold(draft, event, programme)
        case events.HoldVoided():
            return void_hold(draft, event)
        case events.VoucherReserved():
            return reserve(draft, event)
        case events.RedemptionReversed():
            payment = overlay.receipt(event.redemption_id)
            return reverse_payment(draft, event, programme, payment)
        case events.VoucherCancelled():
            return cancel(draft, event)
        case events.CardAssigned():
            return assign_card(draft, event)
        case events.CardBlocked():
            block_card(draft, event)
        case events.MemberErased():
            erase(draft, event)
        case _:
            raise TypeError(f"{type(event).__name__} is not an account's event")
    return None


def _returned(
    overlay: Overlay,
    draft: Draft,
    event: events.SaleReturned,
    programme: Programme | None,
    original: Event | None,
) -> Refusal | ledger.Sale:
    """A return without a receipt takes no points back; one with it what the sale was given."""
    if not event.original_sale:
        return return_context(event, None, [])
    receipt = overlay.receipt(event.original_sale)
    if receipt is None or receipt.account_id != event.header.account_id:
        return Refusal.SALE_UNKNOWN
    parts = returned_parts(event, receipt)
    if isinstance(parts, Refusal):
        return parts
    sale = original if isinstance(original, events.SaleRecorded) else None
    if receipt.again and (sale is None or sale.header.event_id != event.original_sale):
        raise ValueError(f"deciding {event.header.event_id} needs the sale that it returns")
    one = Returning(
        event,
        receipt,
        parts,
        sale if receipt.again else None,
        overlay.programme_of(receipt.programme_version),
        programme,
        overlay.receipt,
        overlay.issuer,
    )
    return_effects(draft, one)
    return return_context(event, receipt, parts)


def _record(
    event: Event,
    digest: bytes,
    programme: Programme | None,
    refusal: Refusal | None,
    effects: tuple[ledger.Effect, ...] = (),
    draft: Draft | None = None,
    sale: ledger.Sale | None = None,
) -> Record:
    header = event.header
    return Record(
        header.event_id,
        type(event).__name__,
        digest,
        header.account_id,
        header.member_id,
        "ACCEPTED" if refusal is None else "REFUSED",
        "" if refusal is None else refusal.value,
        () if draft is None else draft.outstanding(),
        effects,
        0 if programme is None else programme.version,
        DECIDER_VERSION,
        header.occurred_at,
        header.business_date,
        header.store_id,
        header.till_id,
        header.channel,
        sale,
    )
