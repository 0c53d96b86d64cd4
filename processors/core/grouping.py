"""How promotions that meet on one line, or on one sale, combine into what is taken off.

`best` on lines gives each line the promotion that takes most off it.  A promotion that needs its
articles together is taken as a whole where that saves more than the others would on all the lines
it needs, and those lines are then closed to them; otherwise it is left out.

Worked number: three packets at 4.00 with 3 for 2 and 10 % off in one group: 3 for 2 saves 4.00,
10 % would save 1.20, so it is 3 for 2, and no 10 % on the two packets that are paid.
"""

from collections.abc import Callable, Collection, Sequence

from processors.core.rule import Rule
from processors.core.sections import Group
from processors.core.till import Offer

Ask = Callable[[Rule, Sequence[int], Collection[int]], Offer]
"""A promotion, the prices and the lines closed to it → what it takes off."""
Taken = list[tuple[Rule, list[int]]]
"""Promotions with what they take off each line."""


def combined(group: Group, rules: Sequence[Rule], prices: Sequence[int], ask: Ask) -> Taken:
    """What the promotions of a group take off together.

    Args:
        group: how they combine.
        rules: those that act, by priority, then in document order.
        prices: by line, what is to pay before them.
        ask: what one of them takes off.
    """
    match group.combine:
        case "add":
            return _added(rules, prices, ask, each_on_what_is_left=False)
        case "multiply":
            return _added(rules, prices, ask, each_on_what_is_left=True)
        case "best" if group.on == "sale":
            return _of_sale(rules, prices, ask, sum)
        case "first" if group.on == "sale":
            return _of_sale(rules, prices, ask, lambda off: int(any(off)))
        case "first":
            return _first(rules, prices, ask)
        case "best":
            return _best(rules, prices, ask)


def _added(
    rules: Sequence[Rule], prices: Sequence[int], ask: Ask, *, each_on_what_is_left: bool
) -> Taken:
    """One after the other, on the same prices or on what the one before left."""
    left = list(prices)
    found: Taken = []
    for rule in rules:
        off = ask(rule, left if each_on_what_is_left else prices, ()).off
        off = [min(part, max(most, 0)) for part, most in zip(off, left, strict=True)]
        left = [price - part for price, part in zip(left, off, strict=True)]
        found.append((rule, off))
    return found


def _of_sale(
    rules: Sequence[Rule], prices: Sequence[int], ask: Ask, worth: Callable[[list[int]], int]
) -> Taken:
    """The one that is worth most; of equals the first."""
    offers = [(rule, ask(rule, prices, ()).off) for rule in rules]
    return [max(offers, key=lambda offer: worth(offer[1]))] if offers else []


def _first(rules: Sequence[Rule], prices: Sequence[int], ask: Ask) -> Taken:
    """Each line is for the first that takes anything off it, or needs it."""
    closed: set[int] = set()
    found: Taken = []
    for rule in rules:
        offer = ask(rule, prices, closed)
        closed.update(_needed(rule, offer))
        found.append((rule, offer.off))
    return found


def _best(rules: Sequence[Rule], prices: Sequence[int], ask: Ask) -> Taken:
    """Each line is for the one that takes most off it; see the module."""
    single = [rule for rule in rules if not together(rule)]
    whole = [rule for rule in rules if together(rule)]
    closed: set[int] = set()
    found: Taken = []
    while whole:
        best = [max(offs, default=0) for offs in _by_line(single, prices, closed, ask)]
        offers = [(rule, ask(rule, prices, closed)) for rule in whole]
        gains = [sum(offer.off) - sum(best[at] for at in offer.needed) for _, offer in offers]
        if max(gains) <= 0:
            break
        rule, offer = offers[gains.index(max(gains))]
        found.append((rule, offer.off))
        closed |= offer.needed
        whole.remove(rule)
    rows = _by_line(single, prices, closed, ask)
    winners = [offs.index(max(offs)) if any(offs) else None for offs in rows]
    for place, rule in enumerate(single):
        # Asked again, so that what is rounded once is rounded on the lines that it is for.
        others = {at for at, winner in enumerate(winners) if winner != place}
        found.append((rule, ask(rule, prices, others).off))
    return sorted(found, key=lambda one: [rule.at for rule in rules].index(one[0].at))


def _by_line(
    rules: Sequence[Rule], prices: Sequence[int], closed: Collection[int], ask: Ask
) -> list[list[int]]:
    """Line by line, what each promotion would take off."""
    offers = [ask(rule, prices, closed).off for rule in rules]
    return [[off[at] for off in offers] for at in range(len(prices))]


def _needed(rule: Rule, offer: Offer) -> Collection[int]:
    """The lines that are closed to others once a promotion is taken."""
    if together(rule):
        return offer.needed if any(offer.off) else ()
    return {at for at, part in enumerate(offer.off) if part}


def together(rule: Rule) -> bool:
    """Whether a promotion needs its articles together."""
    return any(cut.together for cut in rule.cuts)
