"""What the promotions of a programme take off a basket, before it is paid.

Groups act one after the other, in the order of their first promotions (by priority, then as they
stand in the document), each on what the one before left to pay; `processors.core.grouping` says
how the promotions of one group combine.  Promotions without a group follow, each on what is then to
pay.

Worked number: articles of 100.00 and 20.00; 10 % off the first, 10 % off everything behind it:
90.00 and 20.00, then 11.00 off 110.00: 99.00 to pay.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from processors.core.capping import allowed, may_act
from processors.core.draft import Draft
from processors.core.grouping import combined
from processors.core.judging import is_control, is_nth, levels_of, person_of, stands
from processors.core.programme import Programme
from processors.core.rule import Rule
from processors.core.till import Offer, Till
from processors.words.floor import Floor
from processors.words.person import Person
from schemas.events import STORE_ACCOUNT, SaleRecorded


class Setting(NamedTuple):
    """For whom a basket is priced, and by what.

    Attributes:
        basket: lines with what is to pay for them before promotions.
        rules: the programme in force, for the member's levels.
        draft: the account.
        person: the account as words see it.
        stopped: promotions that were ended by hand.
        is_member: someone showed a card.
        withholds: members of a control group get nothing of its campaign.
    """

    basket: SaleRecorded
    rules: Programme
    draft: Draft
    person: Person
    stopped: Collection[str]
    is_member: bool
    withholds: bool


def setting_of(
    basket: SaleRecorded, programme: Programme, draft: Draft, stopped: Collection[str]
) -> Setting:
    """Who buys a basket, under the programme in force."""
    account = draft.account
    anonymous = basket.header.account_id.startswith(STORE_ACCOUNT) or account.status == "closed"
    rules = programme.at_levels(levels_of(account, programme))
    person = person_of(account, programme)
    return Setting(basket, rules, draft, person, stopped, not anonymous, True)


def priced(setting: Setting) -> Till:
    """The basket with all that promotions take off it."""
    till = Till(setting.basket, setting.rules)
    groups: dict[str, list[Rule]] = {}
    alone: list[Rule] = []
    for rule in setting.rules.cuts:
        row = alone if rule.head.group is None else groups.setdefault(rule.head.group, [])
        if is_meant(setting, rule, till.money):
            row.append(rule)

    def ask(rule: Rule, prices: Sequence[int], closed: Collection[int]) -> Offer:
        return _offer(setting, till, rule, prices, closed)

    for name, rules in groups.items():
        acting = list(_acting(setting, till, rules))
        group = setting.rules.body.groups[name]
        for rule, off in combined(group, acting, till.prices, ask):
            _take(till, rule, off)
    for rule in alone:
        for acting_alone in _acting(setting, till, [rule]):
            _take(till, acting_alone, ask(acting_alone, till.prices, ()).off)
    return till


def is_meant(setting: Setting, rule: Rule, money: Callable[[], Sequence[int]]) -> bool:
    """Whether a promotion acts on a sale like this, if the basket is large enough.

    Args:
        setting: who buys.
        rule: the promotion.
        money: by line, the money that counts for `nth_sale`.
    """
    basket, draft = setting.basket, setting.draft
    header = basket.header
    if not rule.bit & setting.rules.paid_in(basket.currency) or rule.id in setting.stopped:
        return False
    if not setting.is_member and _asks_for_a_member(rule):
        return False
    if not rule.holds(header):
        return False
    if rule.fits is not None and not rule.fits(setting.person, header.business_date):
        return False
    if rule.nth is not None and not is_nth(rule, rule.nth, basket, draft.account, money, []):
        return False
    if not may_act(draft, rule.id, rule.caps):
        return False
    held_out = rule.control is not None and is_control(rule.control, header.member_id)
    return not (held_out and setting.withholds)


def missing(floor: Floor, basket: SaleRecorded, money: Sequence[int]) -> int | None:
    """How much more money a basket needs, in minor units; None if it lacks something else."""
    rest = replace(floor, at_least_minor=0)
    if not stands(rest, basket, lambda: money):
        return None
    matches = floor.matches
    there = sum(
        amount
        for line, amount in zip(basket.lines, money, strict=True)
        if matches is None or matches(line)
    )
    return max(floor.at_least_minor - there, 0)


def withheld(setting: Setting) -> list[tuple[Rule, int]]:
    """What promotions would take off, if the member were not control of their campaigns."""
    held_out = {
        rule.id: rule
        for rule in setting.rules.cuts
        if rule.control is not None and is_control(rule.control, setting.basket.header.member_id)
    }
    if not held_out:
        return []
    till = priced(setting._replace(withholds=False))
    return [
        (held_out[cut.source_id], cut.amount_minor)
        for cut in till.cuts
        if cut.source_id in held_out
    ]


def _asks_for_a_member(rule: Rule) -> bool:
    """Whether a promotion speaks of the person, counts by person, or is for members."""
    return (
        rule.fits is not None
        or rule.nth is not None
        or any(cap.every != "sale" for cap in rule.caps)
        or any(cut.for_members for cut in rule.cuts)
    )


def _acting(setting: Setting, till: Till, rules: Sequence[Rule]) -> Iterator[Rule]:
    """Those whose basket stands, at the prices so far."""
    money: list[int] | None = None
    for rule in rules:
        if rule.floor is None:
            yield rule
            continue
        money = till.money() if money is None else money
        lacking = missing(rule.floor, setting.basket, money)
        if lacking == 0:
            yield rule
        elif lacking is not None:
            till.short[rule.at] = lacking


def _offer(
    setting: Setting, till: Till, rule: Rule, prices: Sequence[int], closed: Collection[int]
) -> Offer:
    """What all cuts of a promotion take off, one after the other, within its limits."""
    left = list(prices)
    off = [0] * len(left)
    needed: frozenset[int] = frozenset()
    for cut in rule.cuts:
        found = till.articles(cut.matches, left, closed)
        units = sum(article.units for _, article in found)
        most: int | None = None
        if rule.caps:
            caps = [cap for cap in rule.caps if cap.measure != "units"]  # those are of points
            within = allowed(setting.draft, rule.id, caps, units, units)
            most = within.items if within.points else 0
        offer = till.offer(found, cut.cutting, cut.needing, most)
        left = [price - part for price, part in zip(left, offer.off, strict=True)]
        off = [before + part for before, part in zip(off, offer.off, strict=True)]
        needed |= offer.needed
    return Offer(off, needed)


def _take(till: Till, rule: Rule, off: Sequence[int]) -> None:
    till.take("promotion", rule.id, "", off, rule.head.funded_by)
