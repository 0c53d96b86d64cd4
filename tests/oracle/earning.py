"""What a sale gives by the rules of its day to a member as the member stood.

A return asks the same of what is left.  Nothing here remembers anything.
"""

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction

from tests.oracle.reading import Words, among, largest_remainder, minor, rounded
from tests.oracle.receipts import Bought, Exact, Gain, Receipt, allotted, is_enough, pieces_of

BASES = ("per_amount", "per_item")
TURNS = ("best", "first")
"""Groups in which one acts where several could."""
NOTHING = Fraction(0)


def gains(receipt: Receipt, lines: Sequence[Bought]) -> list[Gain]:
    """All that lines of a sale give within the limits: what is counted on them, then bonuses."""
    programme, rooms = receipt.programme, receipt.rooms
    live = [
        one
        for one in programme["promotions"]
        if receipt.levels & set(one.get("who", {}).get("tiers", receipt.levels))
        and is_enough(one, lines)
        and rooms[one["id"], "times"] > 0
    ]
    bonuses = [one for one in live if one["kind"] == "bonus"]
    lost = giving_way(programme, bonuses, size_of, {one.id for one in receipt.granted})
    live = one_a_sale(programme, lines, [one for one in live if one["id"] not in lost])
    found = counted(programme, lines, live)
    found += [given(one, lines) for one in bonuses if one["id"] not in lost]
    for gain in found:
        limit(gain, lines, rooms)
    return [gain for gain in found if gain.points]


def giving_way(
    programme: Words, live: Sequence[Words], worth: Callable[[Words], Fraction],
    staying: Collection[str] = (),
) -> set[str]:  # fmt: skip
    """Which promotions give way to another of their group: all but the first, or the best, of it.

    One that acted already stays as long as it holds.
    """
    lost: set[str] = set()
    for name, group in programme["groups"].items():
        members = [one for one in live if one.get("group") == name and worth(one)]
        members.sort(key=priority if group["combine"] == "first" else lambda one: -worth(one))
        members.sort(key=lambda one: one["id"] not in staying)
        lost |= {one["id"] for one in members[1:] if group["combine"] in TURNS}
    return lost


def priority(promotion: Words) -> int:
    """Those of a group that is `first` by this, the smallest first; equals as in the file."""
    return -int(promotion.get("priority", 0))


def size_of(bonus: Words) -> Fraction:
    """The points that a bonus names; a voucher is one."""
    ((what, much),) = bonus["give"].items()
    return Fraction(1 if what == "voucher" else much)


def given(bonus: Words, lines: Sequence[Bought]) -> Gain:
    """What a bonus gives; it stands on the dearest line."""
    dearest = max(range(len(lines)), key=lambda at: int(lines[at].money))
    return Gain(bonus, [int(size_of(bonus)) * (at == dearest) for at in range(len(lines))])


def limit(gain: Gain, lines: Sequence[Bought], rooms: dict[tuple[str, str], int]) -> None:
    """Cuts a gain to the items and the units that are left to its promotion, line by line."""
    most = gain.points
    if gain.promotion["kind"] == "per_item":
        items = int(sum(one.units for one in lines if among(one.line, gain.promotion["items"])))
        gain.items = min(items, rooms[gain.id, "items"])
        most = gain.points * gain.items // items if items else most
    most = min(most, rooms[gain.id, "units"])
    if most < gain.points:
        gain.by_line = allotted(most, [Fraction(one) for one in gain.by_line], lines)


def counted(programme: Words, lines: Sequence[Bought], live: Sequence[Words]) -> list[Gain]:
    """What is counted on lines, in the order of the file: bases with the multipliers on them."""
    found = {
        one["id"]: Gain(one, [0] * len(lines))
        for one in live
        if one["kind"] in (*BASES, "multiplier")
    }
    for base in live:
        if base["kind"] in BASES:
            exact = base_of(base, lines)
            weights = {base["id"]: exact}
            weights |= multiplied(programme, exact, lines, on_it(programme, base, live))
            weights = {name: weights[name] for name in found if name in weights}
            less_than_one(base["id"], weights)
            for name, points in made_whole(programme, weights, lines).items():
                before = found[name].by_line
                found[name].by_line = [a + b for a, b in zip(before, points, strict=True)]
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
    ((_, points),) = promotion["give"].items()
    ours = [int(points) * among(one.line, promotion.get("items", {})) for one in lines]
    if promotion["kind"] == "per_item":
        return [give * one.units for give, one in zip(ours, lines, strict=True)]
    money = [give * one.money for give, one in zip(ours, lines, strict=True)]
    if "per" in promotion:
        return [amount / minor(promotion["per"]) for amount in money]
    steps = int(sum(money) / int(points) / minor(promotion["per_full"]))
    return [int(points) * steps * amount / (sum(money) or 1) for amount in money]


def multiplied(
    programme: Words, base: Exact, lines: Sequence[Bought], multipliers: Sequence[Words]
) -> dict[str, Exact]:
    """What each multiplier adds, line by line.

    Increments of different groups add up; within a group they combine as the group says.
    """
    added = {one["id"]: [NOTHING] * len(base) for one in multipliers}
    for name in {one.get("group", one["id"]) for one in multipliers}:
        how = programme["groups"].get(name, {"combine": "add"})["combine"]
        members = [one for one in multipliers if one.get("group", one["id"]) == name]
        for at, line in enumerate(lines):
            here = [one for one in members if among(line.line, one.get("items", {}))]
            for promotion_id, increment in combined(how, here).items():
                added[promotion_id][at] = base[at] * increment
    return added


def rate_of(multiplier: Words) -> Fraction:
    """By how much it multiplies."""
    (rate,) = multiplier["multiply"].values()
    return Fraction(rate)


def combined(how: str, multipliers: Sequence[Words]) -> dict[str, Fraction]:
    """What each of several multipliers of a group adds to one."""
    if how in TURNS:
        rank = priority if how == "first" else lambda one: -rate_of(one)
        multipliers = sorted(multipliers, key=rank)[:1]
    found, product = {}, Fraction(1)
    for one in multipliers:
        found[one["id"]] = product * (rate_of(one) - 1)
        product *= rate_of(one) if how == "multiply" else 1
    return found


def one_a_sale(programme: Words, lines: Sequence[Bought], live: list[Words]) -> list[Words]:
    """Without multipliers of a group on the sale that are not the one of it that counts."""
    bases = [one for one in live if one["kind"] in BASES]

    def adds(multiplier: Words) -> Fraction:
        """What it adds to all that it is on, if it acts alone."""
        mine = [base_of(one, lines) for one in bases if on_it(programme, one, [multiplier])]
        added = [multiplied(programme, base, lines, [multiplier]) for base in mine]
        return sum((sum(one[multiplier["id"]], NOTHING) for one in added), NOTHING)

    groups = {name for name, one in programme["groups"].items() if one["on"] == "sale"}
    of_sale = [one for one in live if "multiply" in one and one.get("group") in groups]
    lost = giving_way(programme, of_sale, adds)
    return [one for one in live if one["id"] not in lost]


def less_than_one(base_id: str, weights: dict[str, Exact]) -> None:
    """A multiplier below 1 takes from its base, and adds nothing itself."""
    for promotion_id, by_line in weights.items():
        for at, amount in enumerate(by_line):
            if promotion_id != base_id and amount < 0:
                weights[base_id][at] = max(NOTHING, weights[base_id][at] + amount)
                by_line[at] = NOTHING


def made_whole(
    programme: Words, weights: dict[str, Exact], lines: Sequence[Bought]
) -> dict[str, list[int]]:
    """Whole points by promotion and line.

    Rounded down once they are shared among the promotions, and each share among the lines.
    Rounded otherwise they are a line's, or allotted to lines, and then shared on each line.
    """
    scope, mode = (programme["earns_on"]["rounding"][word] for word in ("scope", "mode"))
    sums = [sum(column, NOTHING) for column in zip(*weights.values(), strict=True)]
    whole = rounded(sum(sums, NOTHING), mode)
    if (scope, mode) == ("basket", "floor"):
        parts = largest_remainder(whole, [sum(one, NOTHING) for one in weights.values()])
        return {
            at: allotted(part, weights[at], lines) for at, part in zip(weights, parts, strict=True)
        }
    many = [pieces_of(one.line) if scope == "unit" else 1 for one in lines]
    by_line = [rounded(one / parts, mode) * parts for one, parts in zip(sums, many, strict=True)]
    if scope == "basket":
        by_line = allotted(whole, sums, lines)
    shares = [
        largest_remainder(points, [weights[name][at] for name in weights])
        for at, points in enumerate(by_line)
    ]
    return {name: [line[rank] for line in shares] for rank, name in enumerate(weights)}
