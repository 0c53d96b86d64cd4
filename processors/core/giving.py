"""What a promotion gives, given: points, vouchers, perks, gifts, money's worth."""

from collections.abc import Iterable, Sequence

from processors.core.capping import (
    Allowed,
    allowed,
    may_act,
    of_perk,
    of_wallet,
    use,
    used,
    wallet_cap,
    within,
)
from processors.core.draft import Draft
from processors.core.judging import is_control, is_stopped, person_of
from processors.core.programme import Programme
from processors.core.promotion import currency_of
from processors.core.rule import Rule
from processors.core.sections import Head
from processors.words.caps import Cap
from processors.words.give import Given
from schemas import ledger
from schemas.events import Header


def earn(
    draft: Draft,
    programme: Programme,
    rule: Rule,
    wallet: str,
    points: tuple[int, int],
    trail: tuple[ledger.Cap, ...],
    by_line: Sequence[int],
    on: int | None = None,
) -> None:
    """One promotion's points, desired and granted, as a lot of their own.

    `on` is the day from which their terms count; the draft's if not said.
    """
    _open_lot(draft, programme, wallet, points, trail, by_line, rule.given_by, on)


def earn_bought(
    draft: Draft, programme: Programme, reward_id: str, thing: Given, quantity: int
) -> None:
    """The points that a reward is: paid for like any other, so that no limit cuts them."""
    points = thing.points * quantity
    _open_lot(draft, programme, thing.name, (points, points), (), (), (reward_id, "", ""))


def _open_lot(
    draft: Draft,
    programme: Programme,
    wallet: str,
    points: tuple[int, int],
    trail: tuple[ledger.Cap, ...],
    by_line: Sequence[int],
    given_by: tuple[str, str, str],
    on: int | None = None,
) -> None:
    """A lot, given by a promotion or reward, with its campaign and who pays for it."""
    desired, granted = points
    terms = programme.wallets[wallet]
    day = draft.business_date if on is None else on
    first = terms.spendable_on(day)
    promotion_id, campaign_id, funded_by = given_by
    draft.touch(wallet)
    draft.add(
        ledger.PointsEarned(
            wallet,
            draft.next_id(),
            desired,
            granted,
            trail,
            tuple(by_line),
            promotion_id,
            campaign_id,
            funded_by,
            # What waits for nothing is there with the close, like what matures by it.
            draft.business_date if first <= day else first,
            terms.last_day(day),
        )
    )


def hand_out(
    draft: Draft,
    programme: Programme,
    rule: Rule,
    gives: Iterable[Given],
    by_line: Sequence[int] = (),
    on: int | None = None,
) -> bool:
    """Give a promotion's fixed things once, within its limits; whether anything was given.

    A perk that is used up is left out.

    Args:
        draft: the account.
        programme: the rules.
        rule: the promotion.
        gives: the things.
        by_line: weights by which points are allotted to the lines of a sale; none beside a sale.
        on: the day from which terms count; the draft's if not said.
    """
    things = [thing for thing in gives if min(perk_left(draft, programme, thing), default=1) > 0]
    if not things or not may_act(draft, rule.id, rule.caps):
        return False
    total = 0
    for thing in things:
        if thing.kind == "points":
            left = allowed(draft, rule.id, rule.caps, thing.points, before=total)
            left = _within_wallet(draft, programme, thing.name, left)
            total += left.points
            shares = allot(left.points, by_line)
            given = (thing.points, left.points)
            earn(draft, programme, rule, thing.name, given, left.trail, shares, on)
        elif thing.kind == "voucher":
            day = draft.business_date if on is None else on
            issue_by(draft, programme, rule.head, thing.name, day)
        else:
            give_reward(draft, programme, thing, rule=rule)
    use(draft, rule.id, rule.caps, points=total)
    return True


def _within_wallet(draft: Draft, programme: Programme, name: str, left: Allowed) -> Allowed:
    """What the limits of a wallet leave, beside what the same event gave into it before."""
    caps = programme.wallets[name].caps
    if not caps or not left.points:
        return left
    counter, points, times = of_wallet(name), 0, 1
    for effect in draft.effects:
        if isinstance(effect, ledger.PointsEarned) and effect.wallet == name and effect.granted:
            # One event gives once, however many promotions give by it.
            points, times = points + effect.granted, 0
    rest = []
    for cap in caps:
        before = points if cap.every == "sale" and cap.measure == "units" else 0
        here = max(cap.most - used(draft, counter, cap) - before, 0)
        rest.append(1 if cap.measure == "times" and not times else here)
    found = within(caps, rest, left.points)
    use(draft, counter, caps, points=found.points, times=min(times, found.points))
    trail = [wallet_cap(name, cap, cap.points) for cap in found.trail]
    return Allowed(found.points, (*left.trail, *trail), left.items)


def allot(points: int, by_line: Sequence[int]) -> Sequence[int]:
    """A fixed number of points on the lines of a sale: all on the one with the most money.

    They belong to the basket and to no line; a return asks whether the rest still earns them.
    """
    if not by_line:
        return ()
    most = by_line.index(max(by_line))
    return [points if at == most else 0 for at in range(len(by_line))]


def issue(
    draft: Draft,
    programme: Programme,
    name: str,
    term: tuple[int, int],
    *,
    promotion_id: str = "",
    campaign_id: str = "",
    funded_by: str = "",
    uses: int = 0,
    stored_minor: int = 0,
) -> None:
    """A voucher for the account, with its first and last day.

    It may be used as often as its terms say, if `uses` says nothing else; a stored value is used
    until nothing is stored, so several uses would be as many times the value.  `stored_minor` is
    what is stored, if it is not what the terms say.
    """
    terms = programme.vouchers[name]
    draft.add(
        ledger.VoucherIssued(
            draft.next_id(),
            name,
            promotion_id,
            campaign_id,
            funded_by,
            *term,
            stored_minor if terms.stored_value and stored_minor else terms.amount_minor,
            programme.currency,
            1 if terms.stored_value else uses or terms.uses,
        )
    )


def issue_by(draft: Draft, programme: Programme, head: Head, name: str, on: int) -> None:
    """A voucher that a promotion gives, as one of a business date."""
    terms = programme.vouchers[name]
    issue(
        draft,
        programme,
        name,
        (terms.first_day(on), terms.last_day(on)),
        promotion_id=head.id,
        campaign_id=head.campaign,
        funded_by=head.funded_by,
    )


def ever_hold(programme: Programme, gives: Iterable[Given], day: int) -> bool:
    """Whether each voucher among things that cost points could be used, if it came on a day."""
    vouchers = [programme.vouchers[thing.name] for thing in gives if thing.kind == "voucher"]
    return all(terms.ever_holds(day) for terms in vouchers)


def give_reward(
    draft: Draft,
    programme: Programme,
    thing: Given,
    *,
    reward_id: str = "",
    rule: Rule | None = None,
    quantity: int = 1,
) -> None:
    """Give what is neither points nor a voucher; a perk counts for its limits."""
    own = programme.currency
    currency = own if rule is None else currency_of(rule.head, own)
    draft.add(
        ledger.RewardGiven(
            reward_id,
            "" if rule is None else rule.id,
            "" if rule is None else rule.head.campaign,
            thing.kind,
            thing.name,
            quantity,
            thing.amount_minor * quantity,
            currency if thing.amount_minor else "",
        )
    )
    use(draft, of_perk(thing.name), _perk_caps(programme, thing), points=0, times=quantity)


def perk_left(draft: Draft, programme: Programme, thing: Given) -> list[int]:
    """How often a perk may still be given, by each of its limits; none for what has no limits."""
    caps = _perk_caps(programme, thing)
    here = [
        effect.quantity
        for effect in (draft.effects if caps else ())
        if isinstance(effect, ledger.RewardGiven)
        and (effect.kind, effect.item) == ("perk", thing.name)
    ]
    return [
        cap.most - (sum(here) if cap.every == "sale" else used(draft, of_perk(thing.name), cap))
        for cap in caps
    ]


def _perk_caps(programme: Programme, thing: Given) -> Sequence[Cap]:
    """The limits of a perk that say how often."""
    caps = programme.perks.get(thing.name, ()) if thing.kind == "perk" else ()
    return [cap for cap in caps if cap.measure == "times"]


def give_for(draft: Draft, programme: Programme, header: Header, rules: tuple[Rule, ...]) -> None:
    """Bonuses of rules whose occasion and person fit.

    Args:
        draft: the account.
        programme: the rules in force.
        header: of the event that makes them act; its business date is the one that counts, also
            where it is not the draft's.
        rules: those that may.
    """
    day = header.business_date
    person = person_of(draft.account, programme)
    for rule in rules:
        if is_stopped(rule, draft.stopped) or not rule.holds(header):
            continue
        if rule.fits is not None and not rule.fits(person, day):
            continue
        if rule.control is not None and is_control(rule.control, header.member_id):
            withhold(draft, rule)
            continue
        for bonus in rule.bonuses:
            hand_out(draft, programme, rule, bonus.gives, (), day)


def withhold(draft: Draft, rule: Rule) -> None:
    """Say what a bonus would have given to a member who is control of its campaign.

    What the member was held out from before uses none of its limits.
    """
    total = 0
    for thing in (thing for bonus in rule.bonuses for thing in bonus.gives):
        if thing.kind != "points":
            draft.add(withheld(rule, "", 0, (thing.name or thing.kind,)))
            continue
        left = allowed(draft, rule.id, rule.caps, thing.points, before=total)
        total += left.points
        if left.points:
            draft.add(withheld(rule, thing.name, left.points))


def withheld(
    rule: Rule, wallet: str, points: int, given: tuple[str, ...] = ()
) -> ledger.WithheldFromControl:
    """What a promotion would have given, as an effect."""
    return ledger.WithheldFromControl(rule.id, rule.head.campaign, wallet, points, given, 0)
