"""What a sale earns: the promotions' points, exact, rounded once and allotted to the lines.

1. Each line's earning money is worked out (`processors.core.basket`).
2. Each base with the factors on it is summed exactly over the lines and rounded down once.
3. The whole number is shared among the promotions, and each share among the lines, by largest
   remainder; ties go by the order of the document, and of lines by sku, net, quantity and number.
"""

from fractions import Fraction
from typing import Final, final

from mypy_extensions import mypyc_attr

from processors.core.basket import Basket
from processors.core.programme import Family, Programme
from processors.core.rounding import Finer, allotted
from processors.core.sections import Group
from processors.words.allocation import largest_remainder
from schemas.events import Line
from schemas.ledger import Cap


@mypyc_attr(acyclic=True)
@final
class Earned:
    """One promotion's points of one sale in one wallet.

    Attributes:
        promotion_at: the promotion's place in the document.
        desired, granted, trail: as in the effect.
        by_line: granted, allotted to the lines in the receipt's order.
    """

    __slots__ = ("by_line", "desired", "granted", "promotion_at", "trail", "wallet")

    def __init__(
        self,
        promotion_at: int,
        wallet: str,
        desired: int,
        granted: int,
        trail: tuple[Cap, ...],
        by_line: list[int],
    ) -> None:
        self.promotion_at: Final = promotion_at
        self.wallet: Final = wallet
        self.desired: Final = desired
        self.granted: Final = granted
        self.trail: Final = trail
        self.by_line: Final = by_line


def earned(basket: Basket, active: int, programme: Programme) -> list[Earned]:
    """Every promotion's points on a basket, in document order; none where there is nothing.

    Args:
        basket: the sale.
        active: a bit per promotion that acts on it.
        programme: the rules.
    """
    found: dict[tuple[int, str], Earned] = {}
    if programme.one_a_sale:
        active = _one_a_sale(basket, active, programme)
    here = active & basket.anywhere
    for family in programme.families:
        if not here >> family.base_at & 1:
            continue
        for one in _family_points(family, basket, active, programme):
            key = (one.promotion_at, one.wallet)
            found[key] = one if key not in found else _joined(found[key], one)
    return [found[key] for key in sorted(found)] if len(found) > 1 else list(found.values())


def _one_a_sale(basket: Basket, active: int, programme: Programme) -> int:
    """Without the factors of a group on the sale behind the one that counts.

    It is the first, or what adds most, of those that change anything; the others of its group do
    not act on this sale, on whatever line they would.
    """
    for combine, places in programme.one_a_sale:
        here = [at for at in places if active & basket.anywhere & 1 << at]
        if len(here) < 2:
            continue
        more = {at: _more(at, basket, active, programme) for at in here}
        changing = [at for at in here if more[at]]
        if combine == "best":
            changing.sort(key=lambda at: -more[at])
        for at in changing[1:]:
            active &= ~(1 << at)
    return active


def _more(at: int, basket: Basket, active: int, programme: Programme) -> Fraction:
    """What a factor adds by itself to all the bases that it changes, exactly."""
    added = Fraction(0)
    for family in programme.families:
        factor = family.factors.get(at)
        if factor is None or not active & basket.anywhere & 1 << family.base_at:
            continue
        own, whole = _measures(family, basket)
        changed = sum(w for w, mask in zip(own, basket.masks, strict=True) if mask >> at & 1)
        added += (
            Fraction(changed * (factor.numerator - factor.denominator), factor.denominator) / whole
        )
    return added


def _joined(one: Earned, other: Earned) -> Earned:
    """A factor's points on two bases of one wallet are one effect."""
    return Earned(
        one.promotion_at,
        one.wallet,
        one.desired + other.desired,
        one.granted + other.granted,
        one.trail + other.trail,
        [a + b for a, b in zip(one.by_line, other.by_line, strict=True)],
    )


def _measures(family: Family, basket: Basket) -> tuple[list[int], int]:
    """By line, what a base counts on it, and the divisor that makes points of all of it."""
    base = family.base
    bit = 1 << family.base_at
    parts = 1
    match base.measure:
        case "amount":
            measures, parts = basket.amounts, basket.parts
        case "units":
            measures = [units_milli(line) for line in basket.lines]
        case "paid_units":
            measures = [units_milli(line) - free_milli(line) for line in basket.lines]
    own = [measures[at] if mask & bit else 0 for at, mask in enumerate(basket.masks)]
    if base.whole:
        total = sum(own)
        full = total // (base.whole * parts) * base.whole * parts
        own = [measure * full for measure in own]
        parts *= total or 1
    if base.numerator != 1:
        own = [measure * base.numerator for measure in own]
    return own, base.denominator * parts


def units_milli(line: Line) -> int:
    """How much of an article was bought: nothing of what the customer handed in."""
    return line.quantity_milli if line.net_minor >= 0 else 0


def free_milli(line: Line) -> int:
    """How much of a line a voucher made free, in whole units."""
    off = sum([one.amount_minor for one in line.discounts if one.source == "voucher"])
    if off <= 0 or line.gross_minor <= 0:
        return 0
    return min(line.quantity_milli * off // line.gross_minor, line.quantity_milli) // 1000 * 1000


def _family_points(
    family: Family, basket: Basket, active: int, programme: Programme
) -> list[Earned]:
    own, whole = _measures(family, basket)
    changing = active & family.factor_mask
    present = basket.anywhere & changing
    if not present and programme.rounds_once:
        return _alone(family, own, whole, basket)
    plan = family.plan(present)
    increments = plan.increments
    added: dict[int, _Added] = {}
    lost: dict[int, int] = {}
    kept = own if plan.scale == 1 else [weight * plan.scale for weight in own]
    for at, mask in enumerate(basket.masks):
        held = mask & changing
        weight = own[at]
        if held and weight:
            shares = increments.get(held)
            if shares is None:
                shares = increments[held] = _increments(family, held, plan.scale, programme)
            for place, share in shares:
                if share < 0:
                    cut = min(kept[at], -weight * share)
                    kept[at] -= cut
                    lost[place] = lost.get(place, 0) + cut
                elif (more := added.get(place)) is None:
                    added[place] = _Added([at], [weight * share])
                else:
                    more.lines.append(at)
                    more.weights.append(weight * share)
    if not programme.rounds_once:
        finer = Finer(kept, {p: (a.lines, a.weights) for p, a in added.items()}, whole * plan.scale)
        return _line_by_line(family, finer, basket, programme)
    return _shared(family, kept, added, lost, whole * plan.scale, basket, programme)


def _line_by_line(
    family: Family, exact: Finer, basket: Basket, programme: Programme
) -> list[Earned]:
    """Rounded as the programme says: each line, each unit, or all of it."""
    rounding = programme.earns_on.rounding
    rows = allotted(exact, family.base_at, basket.lines, rounding.scope, rounding.mode)
    wallet = family.base.wallet
    return [
        Earned(place, wallet, sum(by_line), sum(by_line), (), by_line)
        for place, by_line in rows
        if any(by_line)
    ]


@mypyc_attr(acyclic=True)
@final
class _Added:
    """What one factor adds: on which lines, and how much."""

    __slots__ = ("lines", "weights")

    def __init__(self, lines: list[int], weights: list[int]) -> None:
        self.lines: Final = lines
        self.weights: Final = weights


def _alone(family: Family, own: list[int], whole: int, basket: Basket) -> list[Earned]:
    """A base that no factor changes."""
    points = sum(own) // whole
    if not points:
        return []
    by_line = largest_remainder(points, own, basket.ranks)
    return [Earned(family.base_at, family.base.wallet, points, points, (), by_line)]


def _shared(
    family: Family,
    kept: list[int],
    added: dict[int, _Added],
    lost: dict[int, int],
    whole: int,
    basket: Basket,
    programme: Programme,
) -> list[Earned]:
    """Round once, share among the promotions, then among the lines."""
    wallet = family.base.wallet
    places = sorted([family.base_at, *added])
    sums = [sum(added[place].weights if place in added else kept) for place in places]
    points = sum(sums) // whole
    cut = 0
    trail: tuple[Cap, ...] = ()
    if lost:
        cut = (sum(sums) + sum(lost.values())) // whole - points
        trail = _trail(lost, cut, programme)
    result = []
    shares = largest_remainder(points, sums, lambda: places)
    for at, place in enumerate(places):
        share = shares[at]
        if place not in added:
            if share or trail:
                by_line = largest_remainder(share, kept, basket.ranks)
                result.append(Earned(place, wallet, share + cut, share, trail, by_line))
        elif share:
            by_line = _scattered(share, added[place], basket)
            result.append(Earned(place, wallet, share, share, (), by_line))
    return result


def _scattered(share: int, added: _Added, basket: Basket) -> list[int]:
    """A factor's points, allotted to the lines it holds on; nothing on the others."""

    def ranks() -> list[int]:
        every = basket.ranks()
        return [every[at] for at in added.lines]

    by_line = [0] * len(basket.lines)
    parts = largest_remainder(share, added.weights, ranks)
    for place, at in enumerate(added.lines):
        by_line[at] = parts[place]
    return by_line


def _trail(lost: dict[int, int], cut: int, programme: Programme) -> tuple[Cap, ...]:
    """Who took how much from the base."""
    order = sorted(lost)
    cuts = largest_remainder(cut, [lost[place] for place in order], lambda: order)
    return tuple(
        Cap(programme.promotions[place].head.id, -by)
        for place, by in zip(order, cuts, strict=True)
        if by
    )


def _increments(
    family: Family, mask: int, scale: int, programme: Programme
) -> tuple[tuple[int, int], ...]:
    """What each factor that holds on a line adds, in 1/scale of the base; below 1 it is negative.

    Inside a group factors combine as the group says; between groups, increments add up.
    """
    grouped: dict[str, list[tuple[int, int]]] = {}
    found: list[tuple[int, int]] = []
    for place, factor in family.factors.items():
        if mask >> place & 1:
            share = (factor.numerator - factor.denominator) * (scale // factor.denominator)
            group = programme.promotions[place].head.group
            if group is None:
                found.append((place, share))
            else:
                grouped.setdefault(group, []).append((place, share))
    for name, members in grouped.items():
        found += _combined(programme.checked.body.groups[name], members, scale, programme)
    return tuple(found)


def _combined(
    group: Group, members: list[tuple[int, int]], scale: int, programme: Programme
) -> list[tuple[int, int]]:
    """The members of one group on one line, each with what it adds."""
    match group.combine:
        case "best":
            return [max(members, key=lambda member: (member[1], -member[0]))]
        case "first":
            return [max(members, key=lambda one: programme.promotions[one[0]].head.priority)]
        case "add":
            return members
        case "multiply":
            added, product = [], scale
            for place, share in members:
                more = product * share // scale
                added.append((place, more))
                product += more
            return added
