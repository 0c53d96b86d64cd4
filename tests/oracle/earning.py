"""What a sale gives by the rules of its day to a member as the member stood.

A return asks the same of what is left.  Nothing here remembers anything.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from fractions import Fraction

from schemas.events import Line, SaleRecorded
from tests.oracle.reading import (
    Words,
    among,
    largest_remainder,
    minor,
    named,
    rounded,
)

Exact = list[Fraction]
BASES = ("per_amount", "per_item")
NOTHING = Fraction(0)


@dataclass
class Bought:
    """One line: the money it earns on, and how many units it is."""

    line: Line
    money: Fraction
    units: Fraction


@dataclass
class Gain:
    """What one promotion gives: points in its wallet, by line, for so many items.

    Of a gain that was granted, `reversed` points were taken back since.
    """

    promotion: Words
    by_line: list[int]
    items: int = 0
    voucher: Any = None
    reversed: int = 0

    @property
    def id(self) -> str:
        """The promotion's."""
        return str(self.promotion["id"])

    @property
    def wallet(self) -> str:
        """The one wallet that the promotion is about."""
        (wallet,) = self.promotion.get("give") or self.promotion["multiply"]
        return str(wallet)

    @property
    def points(self) -> int:
        """All of them."""
        return sum(self.by_line)

    def cut(self, points: int, lines: Sequence[Bought]) -> None:
        """Fewer points, in proportion to those of each line."""
        if points < self.points:
            self.by_line = allotted(points, [Fraction(one) for one in self.by_line], lines)


Room = Callable[[Words, str], int]
"""How many more `times`, `items` or `units` the limits of a promotion leave."""


def bought(programme: Words, sale: SaleRecorded) -> list[Bought]:
    """The lines of a sale with the money that points are counted on.

    What was paid with points or vouchers, and negative lines, are taken off in proportion.
    """
    words = programme["earns_on"]
    earns = [not any(named(line, words.get("never", {}))) for line in sale.lines]
    prices = [one.gross_minor if words["price"] == "shelf" else one.net_minor for one in sale.lines]
    amounts = [price if earning else 0 for price, earning in zip(prices, earns, strict=True)]
    positive = [Fraction(max(amount, 0)) for amount in amounts]
    kinds = words.get("not_paid_with", ())
    off = sum(tender.amount_minor for tender in sale.tenders if tender.kind in kinds)
    off = min(int(max(off, 0) + sum(positive) - sum(amounts)), int(sum(positive)))
    cuts = largest_remainder(off, positive, in_order(sale.lines))
    found = []
    for line, amount, cut, earning in zip(sale.lines, positive, cuts, earns, strict=True):
        tax = Fraction(line.tax_rate_ppm if words["tax"] == "excluded" else 0, 1_000_000)
        is_bought = earning and line.net_minor >= 0
        units = Fraction(line.quantity_milli, 1000) if is_bought else NOTHING
        found.append(Bought(line, (amount - cut) / (1 + tax), units))
    return found


def in_order(lines: Sequence[Line]) -> list[int]:
    """Positions by sku, net, quantity and number: the order in which equal lines are served."""
    keys = [(one.sku, one.net_minor, one.quantity_milli, one.line_no) for one in lines]
    return sorted(range(len(lines)), key=lambda at: keys[at])


def allotted(points: int, weights: Exact, lines: Sequence[Bought]) -> list[int]:
    """Points by line."""
    return largest_remainder(points, weights, in_order([one.line for one in lines]))


def basket_holds(words: Words, lines: Sequence[Bought]) -> bool:
    """The money that points are counted on is enough."""
    money = sum(int(one.money) for one in lines if among(one.line, words.get("items", {})))
    return money >= minor(words.get("at_least", "0"))


def gains(programme: Words, lines: Sequence[Bought], levels: set[str], room: Room) -> list[Gain]:
    """All that a sale gives within the limits: what is counted on lines, then bonuses."""
    live = acting(programme, lines, levels, room)
    found = counted(programme, lines, one_a_sale(programme, lines, live))
    found += [given(promotion, lines) for promotion in live if promotion["kind"] == "bonus"]
    for gain in found:
        limit(gain, lines, room)
    return [gain for gain in found if gain.points]


def acting(programme: Words, lines: Sequence[Bought], levels: set[str], room: Room) -> list[Words]:
    """The promotions that act on a sale."""
    live = [
        promotion
        for promotion in programme["promotions"]
        if levels & set(promotion.get("who", {}).get("tiers", levels))
        and basket_holds(promotion.get("basket", {}), lines)
        and room(promotion, "times") > 0
        and room(promotion, "nth") > 0
    ]
    return one_bonus(programme, live)


def one_bonus(programme: Words, live: list[Words]) -> list[Words]:
    """Without bonuses of a group that are not the one of it that acts."""
    lost: set[str] = set()
    for name, group in programme["groups"].items():
        members = [one for one in live if one["kind"] == "bonus" and one.get("group") == name]
        if group["combine"] == "best":
            members.sort(key=lambda one: -sum(int(much) for much in one["give"].values()))
        if group["combine"] == "first":
            members.sort(key=priority)
        if group["combine"] in ("best", "first"):
            lost.update(one["id"] for one in members[1:])
    return [one for one in live if one["id"] not in lost]


def given(promotion: Words, lines: Sequence[Bought]) -> Gain:
    """The points that a bonus names; they stand on the dearest line."""
    ((what, much),) = promotion["give"].items()
    much = 1 if what == "voucher" else int(much)
    dearest = max(range(len(lines)), key=lambda at: int(lines[at].money))
    return Gain(promotion, [much * (at == dearest) for at in range(len(lines))])


def limit(gain: Gain, lines: Sequence[Bought], room: Room) -> None:
    """Cuts a gain to the items and the units that are left to its promotion."""
    promotion = gain.promotion
    if promotion["kind"] == "per_item":
        items = int(sum(one.units for one in lines if among(one.line, promotion["items"])))
        gain.items = min(items, room(promotion, "items"))
        if gain.items < items:
            gain.cut(gain.points * gain.items // items, lines)
    gain.cut(min(gain.points, room(promotion, "units")), lines)


def counted(programme: Words, lines: Sequence[Bought], live: Sequence[Words]) -> list[Gain]:
    """What is counted on lines, in the order of the file: bases with the multipliers on them."""
    found = {
        one["id"]: Gain(one, [0] * len(lines))
        for one in live
        if one["kind"] in (*BASES, "multiplier")
    }
    for promotion in live:
        if promotion["kind"] not in BASES:
            continue
        base = base_of(promotion, lines)
        added = multiplied(programme, base, lines, on_it(programme, promotion, live))
        weights = {promotion["id"]: base} | added
        weights = {one["id"]: weights[one["id"]] for one in live if one["id"] in weights}
        less_than_one(promotion["id"], weights)
        for name, by_line in made_whole(programme, weights, lines).items():
            before = found[name].by_line
            found[name].by_line = [a + b for a, b in zip(before, by_line, strict=True)]
    return list(found.values())


def on_it(programme: Words, base: Words, live: Sequence[Words]) -> list[Words]:
    """The multipliers on a base: of what its wallet has per amount; where it has none, by item."""
    (wallet,) = base["give"]
    kinds = {one["kind"] for one in programme["promotions"] if wallet in one.get("give", ())}
    if base["kind"] != ("per_amount" if "per_amount" in kinds else "per_item"):
        return []
    return [one for one in live if wallet in one.get("multiply", ())]


def base_of(promotion: Words, lines: Sequence[Bought]) -> Exact:
    """A base promotion's exact points by line."""
    give = Fraction(next(iter(promotion["give"].values())))
    ours = [among(one.line, promotion.get("items", {})) for one in lines]
    if promotion["kind"] == "per_item":
        return [give * one.units * mine for one, mine in zip(lines, ours, strict=True)]
    money = [one.money * mine for one, mine in zip(lines, ours, strict=True)]
    if "per_full" not in promotion:
        return [give * amount / minor(promotion["per"]) for amount in money]
    steps = int(sum(money) / minor(promotion["per_full"]))
    return [give * steps * amount / (sum(money) or 1) for amount in money]


def plain(programme: Words, levels: Collection[str]) -> Words:
    """The document for members on these levels: what has no number for them is not in it."""
    promotions = []
    for promotion in programme["promotions"]:
        rates = {
            wallet: rate
            for wallet, words in promotion.get("multiply", {}).items()
            for level, rate in ({"": words} if isinstance(words, str) else words["by_tier"]).items()
            if level in ("", *levels)
        }
        if rates:
            promotions.append({**promotion, "multiply": rates})
        elif "multiply" not in promotion:
            promotions.append(promotion)
    return {**programme, "promotions": promotions}


def multiplied(
    programme: Words, base: Exact, lines: Sequence[Bought], multipliers: Sequence[Words]
) -> dict[str, Exact]:
    """What each multiplier adds, line by line.

    Increments of different groups add up; within a group they combine as the group says.
    """
    added = {one["id"]: [NOTHING] * len(base) for one in multipliers}
    for name in {one.get("group", one["id"]) for one in multipliers}:
        how = programme["groups"].get(name, {"combine": "first"})["combine"]
        members = [one for one in multipliers if one.get("group", one["id"]) == name]
        for place, bought_here in enumerate(lines):
            here = [one for one in members if among(bought_here.line, one.get("items", {}))]
            for promotion_id, increment in combined(how, here).items():
                added[promotion_id][place] = base[place] * increment
    return added


def combined(how: str, multipliers: Sequence[Words]) -> dict[str, Fraction]:
    """What each of several multipliers of a group adds to one."""
    if how == "first":
        multipliers = sorted(multipliers, key=priority)[:1]
    rates = [(one["id"], Fraction(next(iter(one["multiply"].values())))) for one in multipliers]
    if how == "best":
        rates = sorted(rates, key=lambda one: -one[1])[:1]
    found, product = {}, Fraction(1)
    for promotion_id, rate in rates:
        found[promotion_id] = product * (rate - 1)
        product *= rate if how == "multiply" else 1
    return found


def priority(promotion: Words) -> int:
    """Those of a group that is `first` by this, the smallest first; equals as in the file."""
    return -int(promotion.get("priority", 0))


def one_a_sale(programme: Words, lines: Sequence[Bought], live: list[Words]) -> list[Words]:
    """Without multipliers of a group on the sale that are not the one of it that counts."""
    lost: set[str] = set()
    for name, group in programme["groups"].items():
        members = [one for one in live if "multiply" in one and one.get("group") == name]
        if group["combine"] == "first":
            members.sort(key=priority)
        worth = {one["id"]: worth_of(programme, lines, live, one) for one in members}
        changing = [promotion_id for promotion_id in worth if worth[promotion_id]]
        if group["combine"] == "best":
            changing.sort(key=lambda promotion_id: -worth[promotion_id])
        if group["on"] == "sale" and group["combine"] in ("best", "first"):
            lost.update(changing[1:])
    return [one for one in live if one["id"] not in lost]


def worth_of(
    programme: Words, lines: Sequence[Bought], live: Sequence[Words], multiplier: Words
) -> Fraction:
    """What one multiplier adds to all that it is on, if it acts alone."""
    total = NOTHING
    for base in live:
        if base["kind"] in BASES and on_it(programme, base, [multiplier]):
            added = multiplied(programme, base_of(base, lines), lines, [multiplier])
            total += sum(added[multiplier["id"]])
    return total


def less_than_one(base_id: str, weights: dict[str, Exact]) -> None:
    """A multiplier below 1 takes from its base, and adds nothing itself."""
    for promotion_id, by_line in weights.items():
        for place, amount in enumerate(by_line):
            if promotion_id != base_id and amount < 0:
                weights[base_id][place] = max(NOTHING, weights[base_id][place] + amount)
                by_line[place] = NOTHING


def made_whole(
    programme: Words, weights: dict[str, Exact], lines: Sequence[Bought]
) -> dict[str, list[int]]:
    """Whole points by promotion and line.

    Rounded down once they are shared among the promotions, and each share among the lines.
    Rounded otherwise they are a line's, or allotted to lines, and then shared on each line.
    """
    rounding = programme["earns_on"]["rounding"]
    scope, mode = rounding["scope"], rounding["mode"]
    sums = [sum(column, NOTHING) for column in zip(*weights.values(), strict=True)]
    if (scope, mode) == ("basket", "floor"):
        parts = largest_remainder(int(sum(sums)), [sum(one, NOTHING) for one in weights.values()])
        return {
            at: allotted(part, weights[at], lines) for at, part in zip(weights, parts, strict=True)
        }
    if scope == "basket":
        by_line = allotted(rounded(sum(sums, NOTHING), mode), sums, lines)
    else:
        pieces = [pieces_of(one.line) if scope == "unit" else 1 for one in lines]
        by_line = [
            rounded(amount / many, mode) * many for amount, many in zip(sums, pieces, strict=True)
        ]
    shares = [
        largest_remainder(points, [weights[at][place] for at in weights])
        for place, points in enumerate(by_line)
    ]
    return {at: [line[rank] for line in shares] for rank, at in enumerate(weights)}


def pieces_of(line: Line) -> int:
    """How many units a line is; goods by weight, and what has no quantity, are one."""
    return (line.quantity_milli % 1000 == 0 and line.quantity_milli // 1000) or 1
