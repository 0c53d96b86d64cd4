"""What happens to a member beside sales and points: their words become events."""

from loyalty.scenarios import words
from loyalty.scenarios.converting import Wrong
from loyalty.scenarios.world import World
from processors.words.nearest import nearest
from processors.words.segment import definition_hash
from producers.pos import day_number
from schemas.events import (
    ActivityRecorded,
    CardAssigned,
    CardBlocked,
    Consent,
    MemberChanged,
    MemberEnrolled,
    MemberErased,
    MemberLabelled,
    OfferMade,
    SegmentEntered,
    SegmentLeft,
    TierAssigned,
    VoucherCancelled,
    VoucherPresented,
)


def enrolment(world: World, where: words.Where, said: words.Enrol) -> MemberEnrolled:
    """A member joins."""
    return MemberEnrolled(
        world.place(where).header(f"member|{said.member}|enrolled", said.member),
        said.home_store,
        said.campaign,
        said.referred_by,
        said.language,
        *_birthday(said.birthday),
        _consents(said.consents),
        said.terms,
        said.cashier,
    )


def change(world: World, where: words.Where, said: words.Change) -> MemberChanged:
    """Something about a member changes."""
    number = world.number(where)
    return MemberChanged(
        world.place(where).header(f"member|{said.member}|changed|{number}", said.member),
        said.status,
        said.home_store,
        said.language,
        *_birthday(said.birthday),
        _consents(said.consents),
        said.reason,
    )


def _birthday(text: str) -> tuple[int, int]:
    """Month and day; 0 and 0 if it is not said."""
    month, _, day = text.partition("-")
    return (int(month), int(day)) if text else (0, 0)


def _consents(said: tuple[words.Consent, ...]) -> tuple[Consent, ...]:
    return tuple(Consent(one.purpose, one.channel, one.given) for one in said)


def label(world: World, where: words.Where, said: words.Label) -> MemberLabelled:
    """A label on or off."""
    header = world.place(where).header(f"label|{world.number(where)}", said.member)
    return MemberLabelled(header, said.label, said.on, said.by)


def offer(world: World, where: words.Where, said: words.Offer) -> OfferMade:
    """A campaign addresses a member."""
    event_id = f"offer|{said.campaign}|{said.member}|{said.voucher}"
    return OfferMade(
        world.place(where).header(event_id, said.member),
        said.campaign,
        said.voucher,
        day_number(said.first_day),
        day_number(said.last_day),
        said.uses,
        said.held_out,
    )


def presented(world: World, where: words.Where, said: words.Present) -> VoucherPresented:
    """A voucher or a coupon is used."""
    if bool(said.voucher) == bool(said.coupon):
        raise Wrong("what is presented is either a `voucher` or a `coupon`")
    if bool(said.coupon) != bool(said.campaign):
        raise Wrong("a `coupon` names its `campaign`, and a `voucher` does not")
    place = world.place(where)
    event_id = f"voucher|{said.voucher}|{said.member}|{place.day}"
    if said.coupon:
        event_id = f"coupon|{said.campaign}|{said.coupon}|{said.member}|{place.day}"
    return VoucherPresented(
        place.header(f"{event_id}|{where.id}" if where.id else event_id, said.member),
        said.voucher or said.coupon,
        said.campaign,
        world.event_id(said.sale),
        world.minor(said.amount, place.currency),
        place.currency,
    )


def cancelled(world: World, where: words.Where, said: words.Cancel) -> VoucherCancelled:
    """A voucher is taken back; named by its definition, the first of it that is open."""
    held = world.account(said.member).vouchers
    voucher_id = next(
        (one.voucher_id for one in held if one.voucher == said.voucher and one.uses_left),
        said.voucher,
    )
    header = world.place(where).header(f"voucher|{voucher_id}|cancelled", said.member)
    return VoucherCancelled(header, voucher_id, said.reason)


def activity(world: World, where: words.Where, said: words.Activity) -> ActivityRecorded:
    """Something that is no purchase."""
    event_id = f"activity|{said.activity}|{world.number(where)}"
    header = world.place(where).header(event_id, said.member)
    return ActivityRecorded(header, said.activity, said.reference)


def entered(world: World, where: words.Where, said: words.Segment) -> SegmentEntered:
    """A member is in a segment from now on."""
    place = world.place(where)
    header = place.header(f"segment|{said.segment}|{said.member}|{place.day}|in", said.member)
    return SegmentEntered(header, said.segment, _definition(world, said.segment))


def left(world: World, where: words.Where, said: words.Segment) -> SegmentLeft:
    """A member is in a segment no longer."""
    place = world.place(where)
    header = place.header(f"segment|{said.segment}|{said.member}|{place.day}|out", said.member)
    return SegmentLeft(header, said.segment, _definition(world, said.segment))


def _definition(world: World, segment: str) -> str:
    """The hash of a segment's words."""
    segments = world.sections.get("segments", {})
    if segment not in segments:
        raise Wrong(f"the programme has no segment `{segment}`{nearest(segment, segments)}")
    return definition_hash(segments[segment])


def assigned(world: World, where: words.Where, said: words.Assign) -> TierAssigned:
    """A person puts a member on a level."""
    return TierAssigned(
        world.place(where).header(f"tier|{world.number(where)}", said.member),
        said.ladder,
        said.level,
        0 if said.last_day is None else day_number(said.last_day),
        said.reason,
        said.approved_by,
    )


def card(world: World, where: words.Where, said: words.Card) -> CardAssigned:
    """A card of the member; here its number stands for itself."""
    header = world.place(where).header(f"card|{said.card}|assigned", said.member)
    return CardAssigned(header, said.card, said.replaces)


def card_blocked(world: World, where: words.Where, said: words.BlockCard) -> CardBlocked:
    """A card that counts no more."""
    header = world.place(where).header(f"card|{said.card}|blocked", said.member)
    return CardBlocked(header, said.card, said.reason)


def erased(world: World, where: words.Where, said: words.Erase) -> MemberErased:
    """A person who is forgotten."""
    header = world.place(where).header(f"member|{said.member}|erased", said.member)
    return MemberErased(header, said.reason)
