"""Points redeemed, corrected and set aside, vouchers set aside: their words become events."""

from decimal import Decimal

from loyalty.scenarios import words
from loyalty.scenarios.converting import Wrong
from loyalty.scenarios.world import Place, World
from processors.core.judging import levels_of
from processors.core.payment import worth
from schemas.events import (
    HoldCaptured,
    HoldPlaced,
    HoldVoided,
    PointsAdjusted,
    PointsRedeemed,
    RedemptionReversed,
    RewardClaimed,
    VoucherReserved,
)

MILLISECONDS_PER_MINUTE = 60_000


def redemption(
    world: World, where: words.Where, said: words.Redeem
) -> PointsRedeemed | RewardClaimed:
    """Points as payment, or for something from the catalogue."""
    if bool(said.points) == bool(said.reward):
        raise Wrong("what is redeemed is either `points` or a `reward`")
    place = world.place(where)
    number = world.number(where)
    if said.reward:
        header = place.header(f"reward|{number}", said.member)
        return RewardClaimed(header, said.reward, said.quantity)
    wallet = _paying(world, place, said.wallet)
    return PointsRedeemed(
        place.header(f"redemption|{number}", said.member),
        wallet,
        said.points,
        _paid(world, place, said.member, (wallet, said.points), said.amount),
        place.currency,
        world.minor(said.eligible, place.currency),
    )


def unredeemed(world: World, where: words.Where, said: words.Unredeem) -> RedemptionReversed:
    """A redemption undone."""
    original = world.earlier(said.redemption, PointsRedeemed) or world.earlier(
        said.redemption, RewardClaimed
    )
    if original is None and not said.member:
        raise world.unheard("redemption", said.redemption)
    member = said.member or ("" if original is None else original.header.member_id)
    of = world.event_id(said.redemption)
    return RedemptionReversed(world.place(where).header(f"{of}|reversed", member), of, said.reason)


def adjustment(world: World, where: words.Where, said: words.Adjust) -> PointsAdjusted:
    """A correction."""
    place = world.place(where)
    header = place.header(f"adjustment|{world.number(where)}", said.member)
    wallets = list(world.programme(place.moment.business_date).wallets)
    if not said.wallet and len(wallets) > 1:
        raise Wrong(f"say which `wallet`: {', '.join(wallets)}")
    wallet = said.wallet or wallets[0]
    return PointsAdjusted(header, wallet, said.points, said.reason, said.approved_by)


def hold(world: World, where: words.Where, said: words.Hold) -> HoldPlaced:
    """Points set aside."""
    place = world.place(where)
    number = world.number(where)
    return HoldPlaced(
        place.header(f"hold|{number}|placed", said.member),
        number,
        _paying(world, place, said.wallet),
        said.points,
        place.moment.at_ms + said.for_minutes * MILLISECONDS_PER_MINUTE,
    )


def reserved(world: World, where: words.Where, said: words.Reserve) -> VoucherReserved:
    """A voucher set aside."""
    place = world.place(where)
    number = world.number(where)
    return VoucherReserved(
        place.header(f"hold|{number}|placed", said.member),
        number,
        said.voucher,
        place.moment.at_ms + said.for_minutes * MILLISECONDS_PER_MINUTE,
        said.order,
    )


def capture(world: World, where: words.Where, said: words.Capture) -> HoldCaptured:
    """A hold spent."""
    place = world.place(where)
    held = _held(world, said.hold, said.member)
    points = said.points or (0 if held is None else held.points)
    wallet = _paying(world, place, "" if held is None else held.wallet)
    member = _owner(held, said.member)
    return HoldCaptured(
        place.header(f"hold|{said.hold}|captured", member),
        said.hold,
        points,
        _paid(world, place, member, (wallet, points), said.amount),
        place.currency,
    )


def void(world: World, where: words.Where, said: words.Void) -> HoldVoided:
    """A hold given up."""
    held = world.earlier(said.hold, HoldPlaced) or world.earlier(said.hold, VoucherReserved)
    if held is None and not said.member:
        raise world.unheard("hold", said.hold)
    header = world.place(where).header(f"hold|{said.hold}|voided", _owner(held, said.member))
    return HoldVoided(header, said.hold)


def _held(world: World, name: str, member: str) -> HoldPlaced | None:
    held = world.earlier(name, HoldPlaced)
    if held is None and not member:
        raise world.unheard("hold", name)
    return held


def _owner(held: HoldPlaced | VoucherReserved | None, member: str) -> str:
    return member or ("" if held is None else held.header.member_id)


def _paying(world: World, place: Place, said: str) -> str:
    """The wallet that is said, or else the only one that pays, or else the only one."""
    if said:
        return said
    wallets = world.programme(place.moment.business_date).wallets
    paying = [name for name, wallet in wallets.items() if wallet.pay is not None] or list(wallets)
    if len(paying) > 1:
        raise Wrong(f"say which `wallet`: {', '.join(paying)}")
    return paying[0]


def _paid(
    world: World, place: Place, member: str, held: tuple[str, int], said: Decimal | None
) -> int:
    """What points of a wallet pay, in minor units: what is said, or their value to the member."""
    if said is not None:
        return world.minor(said, place.currency)
    wallet, points = held
    programme = world.programme(place.moment.business_date)
    rules = programme.at_levels(levels_of(world.account(member), programme))
    terms = rules.wallets.get(wallet)
    return 0 if terms is None else worth(points, terms)
