"""Points that become something else by themselves, and vouchers that are used."""

from collections.abc import Callable
from typing import Final

from processors.core.account import Reserved
from processors.core.capping import use as use_up
from processors.core.capping import used
from processors.core.draft import (
    EFFECTS_MAX,
    Checkout,
    Draft,
    outstanding,
    repay,
    spendable,
    taken_from,
)
from processors.core.giving import earn, ever_hold, give_reward, issue_by, perk_left
from processors.core.judging import is_control, is_stopped, levels_of, person_of
from processors.core.programme import Programme
from processors.core.rule import Rule
from processors.core.terms import Voucher
from processors.core.voucher import Voucher as OpenVoucher
from processors.words.give import Given
from processors.words.stages import Exchange
from schemas import ledger
from schemas.events import Header
from schemas.refusals import Refusal

Issuer = Callable[[OpenVoucher], Programme | None]
"""Voucher → the programme that it has its terms from; None if that one does not define it."""
CONVERSIONS_MAX: Final = 30
"""Most exchanges by one promotion in one record; what is left follows with the account's next."""

OF_VOUCHER: Final = "voucher:"
"""Before a voucher's name: the counter of its uses, for its limits."""
NOT_SPENDING: Final = ("blocked", "closed")
"""Whose points stay what they are.  A card that nobody enrolled for exchanges, and uses nothing."""


def terms_of(
    draft: Draft, voucher: OpenVoucher, issuer: Issuer, otherwise: Programme | None = None
) -> Programme | None:
    """The programme that a voucher has its terms from, as it is for the account's levels."""
    programme = issuer(voucher) or otherwise
    return None if programme is None else programme.at_levels(levels_of(draft.account, programme))


def convert(
    draft: Draft,
    programme: Programme,
    header: Header,
    most: int | None = EFFECTS_MAX,
    on: int | None = None,
) -> int:
    """Exchange what suffices, as often as it goes, in the order of the document.

    Returns how often more what is left suffices, for the account's next record.

    Args:
        draft: the account, on which the event has acted.
        programme: the rules.
        header: of the event.
        most: effects that the record may come to, so that no exchange refuses the event it follows;
            None for any number.
        on: the day from which the terms of what it gives count; the draft's if not said.
    """
    more = 0
    if draft.account.status in NOT_SPENDING:
        return more
    for rule in programme.converts:
        if is_stopped(rule, draft.stopped) or not _is_for(draft, programme, rule, header):
            continue
        for exchange in rule.exchanges:
            if exchange.wallet in draft.account.wallets and rule.holds(header):
                more += _exchange(draft, programme, rule, exchange, most, on)
    return more


def _is_for(draft: Draft, programme: Programme, rule: Rule, header: Header) -> bool:
    """Whether the member is one that exchanges; control of a campaign keeps its points."""
    if rule.fits is not None:
        person = person_of(draft.account, programme)
        if not rule.fits(person, header.business_date):
            return False
    return rule.control is None or not is_control(rule.control, header.member_id)


def _exchange(
    draft: Draft,
    programme: Programme,
    rule: Rule,
    exchange: Exchange,
    most: int | None,
    on: int | None,
) -> int:
    """How often more it would suffice than the record has room for."""
    name, take = exchange.wallet, exchange.take
    wallet = draft.account.wallets[name]
    if wallet.left < take or outstanding(wallet) < take:
        return 0
    day = draft.business_date if on is None else on
    if not ever_hold(programme, exchange.gives, day):
        return 0
    lots = spendable(wallet, draft.business_date)
    suffices = sum([lot.left for lot in lots]) // take
    for cap in rule.caps:
        left = max(cap.most - used(draft, rule.id, cap), 0)
        suffices = min(suffices, left if cap.measure == "times" else left // take)
    perks = [left for thing in exchange.gives for left in perk_left(draft, programme, thing)]
    suffices = min([suffices, *perks])
    times = min(suffices, CONVERSIONS_MAX)
    if most is not None:
        # Spent, counted, and each thing with the debt that it may pay, or what it counts for.
        room = most - len(draft.effects) - 1 - len(rule.caps)
        each = sum(2 if thing.kind == "points" else 1 for thing in exchange.gives) + len(perks)
        times = min(times, room // max(each, 1))
    if times <= 0:
        return max(suffices, 0)
    head = rule.head
    draft.touch(name)
    draft.add(
        ledger.PointsSpent(
            name,
            times * take,
            taken_from(lots, times * take),
            "convert",
            head.id,
            head.campaign,
            times * _worth(programme, exchange.gives),
            programme.currency,
        )
    )
    for _each in range(times):
        for thing in exchange.gives:
            _give(draft, programme, rule, thing, day)
    if rule.caps:
        use_up(draft, head.id, rule.caps, points=times * take, times=times)
    return suffices - times


def _give(draft: Draft, programme: Programme, rule: Rule, thing: Given, day: int) -> None:
    if thing.kind == "voucher":
        issue_by(draft, programme, rule.head, thing.name, day)
    elif thing.kind == "points":
        earn(draft, programme, rule, thing.name, (thing.points, thing.points), (), (), day)
        repay(draft, thing.name)
    else:
        give_reward(draft, programme, thing, rule=rule)


def _worth(programme: Programme, gives: tuple[Given, ...]) -> int:
    """What an exchange gives in minor units, as far as it is said in money."""
    return sum(
        programme.vouchers[thing.name].amount_minor
        if thing.kind == "voucher"
        else thing.amount_minor
        for thing in gives
    )


def redeem(
    draft: Draft,
    reference: str,
    sale_id: str,
    amount_minor: int | None,
    programme: Programme | None = None,
) -> Refusal | None:
    """Use a voucher, named by its id or its definition, on the draft's business date.

    Of several of one definition that hold, the one that ends first is used, for what it is worth
    if nobody knows for how much.  Of a stored value a purchase uses at most what is stored,
    whatever is claimed; what it does not use stays on it.
    """
    found = usable(draft, reference)
    if isinstance(found, Refusal):
        return found
    terms = None if programme is None else programme.vouchers.get(found.voucher)
    if terms is not None and not may_be_used(draft, terms):
        return Refusal.LIMIT_REACHED
    hold_id = _ours(draft, found)
    if hold_id is not None:
        draft.add(released(hold_id, draft.account.reserved[hold_id], "used"))
    took, kept = found.amount_minor if amount_minor is None else amount_minor, False
    if terms is not None and terms.stored_value:
        took = min(took, found.amount_minor)
        kept = took < found.amount_minor
    draft.add(
        ledger.VoucherRedeemed(
            found.voucher_id,
            found.voucher,
            found.promotion_id,
            found.campaign_id,
            found.issued_on,
            sale_id,
            took,
            found.currency,
            found.uses_left == 1 and not kept,
        )
    )
    if terms is not None:
        use_up(draft, _counter(terms), terms.caps, points=0)
    return None


def may_be_used(draft: Draft, terms: Voucher) -> bool:
    """Whether the limits of a voucher's definition leave one more use."""
    here = [
        one
        for one in draft.effects
        if isinstance(one, ledger.VoucherRedeemed) and one.voucher == terms.name
    ]
    return all(
        (len(here) if cap.every == "sale" else used(draft, _counter(terms), cap)) < cap.most
        for cap in terms.caps
    )


def _counter(terms: Voucher) -> str:
    return f"{OF_VOUCHER}{terms.name}"


def usable(draft: Draft, reference: str) -> OpenVoucher | Refusal:
    """The account's voucher of that id or definition which holds today and ends first.

    One that is set aside for this basket comes before the others.
    """
    named = [one for one in draft.account.vouchers if reference in (one.voucher_id, one.voucher)]
    refusals = [_refusal(draft, one) for one in named]
    found = min(
        (one for one, refusal in zip(named, refusals, strict=True) if refusal is None),
        key=lambda one: (_ours(draft, one) is None, one.last_day),
        default=None,
    )
    if found is not None:
        return found
    return next((one for one in refusals if one is not None), Refusal.VOUCHER_UNKNOWN)


def _refusal(draft: Draft, voucher: OpenVoucher) -> Refusal | None:
    if draft.business_date < voucher.first_day:
        return Refusal.VOUCHER_NOT_YET_VALID
    if draft.business_date > voucher.last_day:
        return Refusal.VOUCHER_EXPIRED
    if not voucher.uses_left:
        return Refusal.VOUCHER_USED
    if voucher.uses_left <= _set_aside(draft, voucher):
        return Refusal.VOUCHER_RESERVED
    return None


def _set_aside(draft: Draft, voucher: OpenVoucher) -> int:
    """How many uses of a voucher are set aside for other baskets than this one."""
    kept = [
        one
        for one in draft.account.reserved.values()
        if one.voucher_id == voucher.voucher_id and not _is_here(one, draft.checkout)
    ]
    return len(kept)


def _ours(draft: Draft, voucher: OpenVoucher) -> str | None:
    """The hold by which a voucher is set aside for this basket; None if it is not."""
    for hold_id, one in draft.account.reserved.items():
        if one.voucher_id == voucher.voucher_id and _is_here(one, draft.checkout):
            return hold_id
    return None


def _is_here(reserved: Reserved, checkout: Checkout | None) -> bool:
    """Whether something is set aside for the basket that is paid there."""
    if checkout is None:
        return False
    store_id, till_id, order_id = checkout
    if reserved.order_id:
        return reserved.order_id == order_id
    return reserved.store_id == store_id and reserved.till_id == till_id


def released(hold_id: str, one: Reserved, outcome: str) -> ledger.VoucherReleased:
    """The effect that ends a reservation: used, voided or expired."""
    return ledger.VoucherReleased(
        hold_id, one.voucher_id, one.voucher, one.promotion_id, one.campaign_id, outcome
    )
