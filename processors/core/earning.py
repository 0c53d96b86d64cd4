"""What a sale earns: the promotions' points, exact, rounded once and allotted to the lines.

1. Each line's earning money: after the part paid with what earns nothing, before or after tax.
2. Each base with the factors on it is summed exactly over the lines and rounded down once.
3. The whole number is shared among the promotions, and each share among the lines, by largest
   remainder; ties go by the order of the document, and of lines by sku, net, quantity and number.
"""

from collections.abc import Callable, Sequence
from math import lcm

from msgspec import Struct

from processors.core.document import Group
from processors.core.programme import Family, Programme
from processors.words.allocation import largest_remainder
from schemas.events import Line, SaleRecorded
from schemas.ledger import Cap

PPM = 1_000_000


class Earned(Struct, frozen=True, gc=False):
    """One promotion's points of one sale in one wallet.

    Attributes:
        promotion_at: the promotion's place in the document.
        desired, granted, trail: as in the effect.
        by_line: granted, allotted to the lines in the receipt's order.
    """

    promotion_at: int
    wallet: str
    desired: int
    granted: int
    trail: tuple[Cap, ...]
    by_line: list[int]


class Basket(Struct, frozen=True, gc=False):
    """A sale as the families see it.

    Attributes:
        lines: of the receipt.
        masks: by line, a bit per promotion that can apply to it.
        anywhere: the bits of all lines together.
        amounts: by line, its earning money in 1/`parts` of a minor unit; 0 where it never earns.
        parts: see amounts.
        active: a bit per promotion that holds on this occasion.
        ranks: the lines' order among equals.
    """

    lines: Sequence[Line]
    masks: list[int]
    anywhere: int
    amounts: list[int]
    parts: int
    active: int
    ranks: Callable[[], list[int]]


def earned(sale: SaleRecorded, programme: Programme) -> list[Earned]:
    """Every promotion's points on a sale, in document order; none where there is nothing."""
    basket = _basket(sale, programme)
    found: dict[tuple[int, str], Earned] = {}
    here = basket.active & basket.anywhere
    for family in programme.families:
        if not here >> family.base_at & 1:
            continue
        for one in _family_points(family, basket, programme):
            key = (one.promotion_at, one.wallet)
            found[key] = one if key not in found else _joined(found[key], one)
    return [found[key] for key in sorted(found)] if len(found) > 1 else list(found.values())


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


def _basket(sale: SaleRecorded, programme: Programme) -> Basket:
    lines = sale.lines
    masks = programme.masks(lines)
    active = programme.always
    for at, holds in programme.occasions:
        if holds(sale.header):
            active |= 1 << at
    anywhere = 0
    for mask in masks:
        anywhere |= mask

    def ranks() -> list[int]:
        return _ranks(lines)

    if sale.currency != programme.currency:
        return Basket(lines, masks, 0, [], 1, active, ranks)
    if programme.earns_on.price == "paid":
        amounts = [line.net_minor if mask else 0 for line, mask in zip(lines, masks, strict=True)]
    else:
        amounts = [line.gross_minor if mask else 0 for line, mask in zip(lines, masks, strict=True)]
    unearning = 0
    for tender in sale.tenders:
        if tender.kind in programme.not_paid_with:
            unearning += tender.amount_minor
    if unearning > 0 or (amounts and min(amounts) < 0):
        amounts = _reduced(amounts, max(unearning, 0), ranks)
    parts = 1
    if programme.earns_on.tax == "excluded":
        amounts, parts = _before_tax(lines, amounts)
    return Basket(lines, masks, anywhere, amounts, parts, active, ranks)


def _ranks(lines: Sequence[Line]) -> list[int]:
    """Each line's place in canonical order: sku, net, quantity, and the number on the receipt."""
    order = sorted(
        range(len(lines)),
        key=lambda at: (
            lines[at].sku,
            lines[at].net_minor,
            lines[at].quantity_milli,
            lines[at].line_no,
        ),
    )
    rank = [0] * len(lines)
    for place, at in enumerate(order):
        rank[at] = place
    return rank


def _reduced(amounts: list[int], by: int, ranks: Callable[[], list[int]]) -> list[int]:
    """Take what earns nothing, and negative lines, off the lines that earn; never below 0."""
    positive = [max(amount, 0) for amount in amounts]
    off = min(by + sum(positive) - sum(amounts), sum(positive))
    cuts = largest_remainder(off, positive, ranks)
    return [amount - cut for amount, cut in zip(positive, cuts, strict=True)]


def _before_tax(lines: Sequence[Line], amounts: list[int]) -> tuple[list[int], int]:
    """Each amount without the tax in it, exactly, in parts that all rates divide."""
    parts = lcm(*{PPM + line.tax_rate_ppm for line in lines})
    net = [
        amount * (PPM * (parts // (PPM + line.tax_rate_ppm)))
        for amount, line in zip(amounts, lines, strict=True)
    ]
    return net, parts


def _family_points(family: Family, basket: Basket, programme: Programme) -> list[Earned]:
    base = family.base
    bit = 1 << family.base_at
    if base.measure == "amount":
        measures = basket.amounts
        whole = base.denominator * basket.parts
    else:
        measures = [line.quantity_milli for line in basket.lines]
        whole = base.denominator
    numerator = base.numerator
    own = [
        measure * numerator if mask & bit else 0
        for measure, mask in zip(measures, basket.masks, strict=True)
    ]
    changing = basket.active & family.factor_mask
    if not basket.anywhere & changing:
        return _shared(family, {family.base_at: own}, {}, whole, basket, programme)
    weights: dict[int, list[int]] = {}
    lost: dict[int, int] = {}
    scale = family.scale
    scaled = [weight * scale for weight in own]
    for at, mask in enumerate(basket.masks):
        held = mask & changing
        if held and own[at]:
            increments = family.increments.get(held)
            if increments is None:
                increments = family.increments[held] = _increments(family, held, programme)
            for place, share in increments:
                if share < 0:
                    taken = min(scaled[at], -own[at] * share)
                    scaled[at] -= taken
                    lost[place] = lost.get(place, 0) + taken
                elif place in weights:
                    weights[place][at] = own[at] * share
                else:
                    weights[place] = [0] * len(own)
                    weights[place][at] = own[at] * share
    weights[family.base_at] = scaled
    return _shared(family, weights, lost, whole * scale, basket, programme)


def _shared(
    family: Family,
    weights: dict[int, list[int]],
    lost: dict[int, int],
    whole: int,
    basket: Basket,
    programme: Programme,
) -> list[Earned]:
    """Round once, share among the promotions, then among the lines."""
    if len(weights) == 1 and not lost:
        own = weights[family.base_at]
        points = sum(own) // whole
        if not points:
            return []
        by_line = largest_remainder(points, own, basket.ranks)
        return [Earned(family.base_at, family.base.wallet, points, points, (), by_line)]
    places = sorted(weights)
    sums = [sum(weights[place]) for place in places]
    points = sum(sums) // whole
    trail: tuple[Cap, ...] = ()
    cut = 0
    if lost:
        cut = (sum(sums) + sum(lost.values())) // whole - points
        order = sorted(lost)
        cuts = largest_remainder(cut, [lost[place] for place in order], lambda: order)
        trail = tuple(
            Cap(programme.promotions[place].head.id, -by)
            for place, by in zip(order, cuts, strict=True)
            if by
        )
    shares = largest_remainder(points, sums, lambda: places)
    result = []
    for place, share in zip(places, shares, strict=True):
        is_base = place == family.base_at
        if share or (is_base and trail):
            by_line = largest_remainder(share, weights[place], basket.ranks)
            desired = share + cut if is_base else share
            result.append(
                Earned(place, family.base.wallet, desired, share, trail if is_base else (), by_line)
            )
    return result


def _increments(family: Family, mask: int, programme: Programme) -> tuple[tuple[int, int], ...]:
    """What each factor that holds on a line adds, in 1/scale of the base; below 1 it is negative.

    Inside a group factors combine as the group says; between groups, increments add up.
    """
    grouped: dict[str, list[tuple[int, int]]] = {}
    found: list[tuple[int, int]] = []
    for place, factor in family.factors.items():
        if mask >> place & 1:
            share = (factor.numerator - factor.denominator) * (family.scale // factor.denominator)
            group = programme.promotions[place].head.group
            if group is None:
                found.append((place, share))
            else:
                grouped.setdefault(group, []).append((place, share))
    for name, members in grouped.items():
        found += _combined(programme.checked.body.groups[name], members, family.scale)
    return tuple(found)


def _combined(group: Group, members: list[tuple[int, int]], scale: int) -> list[tuple[int, int]]:
    """The members of one group on one line, each with what it adds."""
    match group.combine:
        case "best":
            return [max(members, key=lambda member: (member[1], -member[0]))]
        case "first":
            return [members[0]]
        case "add":
            return members
        case "multiply":
            added, product = [], scale
            for place, share in members:
                more = product * share // scale
                added.append((place, more))
                product += more
            return added
