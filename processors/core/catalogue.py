"""Rewards: something of the catalogue for points."""

from processors.core.capping import has_room, use
from processors.core.draft import Draft, mature, repay_all, spendable, taken_from
from processors.core.exchange import convert
from processors.core.giving import earn_bought, ever_hold, give_reward, issue, perk_left
from processors.core.judging import person_of
from processors.core.membership import may_spend
from processors.core.programme import Offer, Programme
from processors.core.selling import keep_alive
from processors.words.give import Given
from schemas import ledger
from schemas.events import RewardClaimed
from schemas.refusals import Refusal


def claim(draft: Draft, event: RewardClaimed, programme: Programme | None) -> Refusal | None:
    """Take the points and give the reward, if it is for this member today and they suffice."""
    refusal = may_spend(draft)
    if refusal is not None:
        return refusal
    offer = None if programme is None else programme.rewards.get(event.reward)
    if programme is None or offer is None:
        return Refusal.REWARD_UNKNOWN
    mature(draft, draft.business_date)
    points = offer.points * event.quantity
    lots = spendable(draft.touch(offer.wallet), draft.business_date)
    if sum(lot.left for lot in lots) < points:
        return Refusal.INSUFFICIENT_POINTS
    person = person_of(draft.account, programme)
    if offer.fits is not None and not offer.fits(person, draft.business_date):
        return Refusal.REWARD_NOT_FOR_MEMBER
    if offer.occasion is not None and not offer.occasion.holds(event.header):
        return Refusal.REWARD_NOT_NOW
    if not ever_hold(programme, offer.gives, draft.business_date):
        return Refusal.REWARD_NOT_NOW
    counter = f"{event.reward}#reward"
    perks = [left for thing in offer.gives for left in perk_left(draft, programme, thing)]
    is_left = has_room(draft, counter, offer.caps, points=points, times=event.quantity)
    if not is_left or min(perks, default=event.quantity) < event.quantity:
        return Refusal.LIMIT_REACHED
    part = taken_from(lots, points)
    worth = sum(_worth(thing, programme) for thing in offer.gives) * event.quantity
    draft.add(
        ledger.PointsSpent(
            offer.wallet, points, part, "reward", event.reward, "", worth, programme.currency
        )
    )
    _give(draft, event, offer, programme)
    use(draft, counter, offer.caps, points=points, times=event.quantity)
    keep_alive(draft, programme, "redemption")
    if any(thing.kind == "points" for thing in offer.gives):
        repay_all(draft)
        convert(draft, programme, event.header)
    return None


def _worth(thing: Given, programme: Programme) -> int:
    if thing.kind == "voucher":
        return programme.vouchers[thing.name].amount_minor
    return thing.amount_minor


def _give(draft: Draft, event: RewardClaimed, offer: Offer, programme: Programme) -> None:
    for thing in offer.gives:
        if thing.kind == "points":
            earn_bought(draft, programme, event.reward, thing, event.quantity)
            continue
        if thing.kind != "voucher":
            give_reward(draft, programme, thing, reward_id=event.reward, quantity=event.quantity)
            continue
        terms = programme.vouchers[thing.name]
        term = (terms.first_day(draft.business_date), terms.last_day(draft.business_date))
        for _ in range(event.quantity):
            issue(draft, programme, thing.name, term)
