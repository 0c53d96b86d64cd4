"""Which promotions come back by line, and which are judged again on what is left of a sale.

A promotion that gives so much for each line takes back what was allotted to the lines that came
back.  One that asks for a whole basket, a count or whole steps cannot know by line.
"""

from functools import lru_cache
from typing import Final

from processors.core.programme import Programme
from processors.core.rule import Rule
from processors.words.caps import Cap
from processors.words.stages import Factor
from processors.words.who import Who

BY_BASKET: Final = ("items", "units")
"""Measures of a limit that what is left of a basket may no longer reach."""


@lru_cache(maxsize=256)
def judged_again_of(programme: Programme) -> frozenset[str]:
    """Ids of the promotions of sales that are judged again; nothing else is.

    What depends on one another is judged together: multipliers with the base they are on, a base
    with a multiplier that takes from it or takes turns with others, the members of a group, and all
    that gives into a wallet with limits.
    """
    rules = [rule for rule in programme.rules if rule is not None]
    again = {rule.at for rule in rules if _judged_again(rule)}
    for family in programme.families:
        if family.base.whole or _limited(programme.wallets[family.base.wallet].caps):
            again |= {family.base_at, *family.factors}
        again |= {at for at in family.factors if _one_of_sale(programme, at)}
    before: set[int] = set()
    while again != before:
        before = set(again)
        again |= _with(programme, before)
    return frozenset(rule.id for rule in rules if rule.at in again and rule.head.trigger == "sale")


def _with(programme: Programme, again: set[int]) -> set[int]:
    """The promotions that are judged again because these are, one step on.

    A multiplier takes its base along if it takes from it, or leaves its place to another: then the
    base has points that the rest would still earn, or loses those that the other one sets off.
    """
    groups = {programme.promotions[at].head.group for at in again} - {None}
    found: set[int] = set()
    for family in programme.families:
        found |= {at for at in family.factors if programme.promotions[at].head.group in groups}
        if family.base_at in again:
            found |= set(family.factors)
        judged = {at: factor for at, factor in family.factors.items() if at in again}
        if any(_is_below_one(one) or _takes_turns(programme, at) for at, one in judged.items()):
            found.add(family.base_at)
    return found


def _is_below_one(factor: Factor) -> bool:
    return factor.numerator < factor.denominator


def _takes_turns(programme: Programme, at: int) -> bool:
    """Whether a multiplier keeps others of its group from acting."""
    group = programme.promotions[at].head.group
    return group is not None and programme.body.groups[group].combine in ("best", "first")


def _one_of_sale(programme: Programme, at: int) -> bool:
    """Whether which multiplier of its group acts depends on all lines of the sale."""
    group = programme.promotions[at].head.group
    on_sale = group is not None and programme.body.groups[group].on == "sale"
    return on_sale and _takes_turns(programme, at)


def _judged_again(rule: Rule) -> bool:
    if rule.cuts or rule.exchanges:
        return False
    asks = rule.floor is not None or rule.nth is not None
    return asks or _limited(rule.caps) or bool(rule.bonuses or rule.streaks)


def _limited(caps: tuple[Cap, ...]) -> bool:
    return any(cap.measure in BY_BASKET for cap in caps)


@lru_cache(maxsize=256)
def counts_purchases(programme: Programme) -> bool:
    """Whether anything depends on how many sales an account had."""
    body = programme.body
    heads = [promotion.head for promotion in programme.promotions]
    persons: list[Who | None] = [head.who for head in heads]
    persons += [campaign.audience for campaign in body.campaigns.values()]
    persons += [one.who for one in body.vouchers.values()]
    persons += [one.who for one in body.rewards.values()]
    return any(who is not None and who.first_purchase is not None for who in persons) or any(
        head.nth_sale is not None and head.nth_sale.basket is None for head in heads
    )
