"""What a sale gives by the rules of its day to a member as the member stood.

A return asks the same of what is left.  Nothing here remembers anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from schemas.events import Header, Line, SaleRecorded
from tests.oracle.reading import (
    Words,
    among,
    is_control,
    largest_remainder,
    minor,
    named,
    when_holds,
    where_holds,
    who_holds,
)

Exact = list[Fraction]
BASES = ("per_amount", "per_item")


@dataclass
class Bought:
    """One line: the money it earns on, how many units it is, and whether it ever earns."""

    line: Line
    money: Fraction
    units: Fraction
    earns: bool


@dataclass
class Gain:
    """What one promotion gives in one wallet, or in vouchers: whole, and its weight by line."""

    promotion: Words
    wallet: str = ""
    points: int = 0
    weights: Exact = field(default_factory=list)
    vouchers: list[str] = field(default_factory=list)
    items: int = 0


Room = Callable[[Words, str], int]
"""How many more `times`, `items` or `units` the limits of a promotion leave."""


def bought(programme: Words, sale: SaleRecorded) -> list[Bought]:
    """The lines of a sale with the money that points are counted on."""
    words = programme["earns_on"]
    earns = [not any(named(line, words.get("never", {}))) for line in sale.lines]
    amounts = [
        Fraction(line.gross_minor if words["price"] == "shelf" else line.net_minor)
        if earning
        else Fraction(0)
        for line, earning in zip(sale.lines, earns, strict=True)
    ]
    kinds = words.get("not_paid_with", ())
    positive = [max(amount, Fraction(0)) for amount in amounts]
    off = sum(tender.amount_minor for tender in sale.tenders if tender.kind in kinds)
    off = min(int(max(off, 0) + sum(positive) - sum(amounts)), int(sum(positive)))
    cuts = largest_remainder(off, positive, in_order(sale.lines))
    taxed = [
        1 + Fraction(line.tax_rate_ppm, 1_000_000) if words["tax"] == "excluded" else Fraction(1)
        for line in sale.lines
    ]
    return [
        Bought(
            line,
            (amount - cut) / tax,
            Fraction(line.quantity_milli, 1000) if earning and line.net_minor >= 0 else Fraction(0),
            earning,
        )
        for line, amount, cut, tax, earning in zip(
            sale.lines, positive, cuts, taxed, earns, strict=True
        )
    ]


def in_order(lines: Sequence[Line]) -> list[int]:
    """Positions by sku, net, quantity and number: the order in which equal lines are served."""
    keys = [(one.sku, one.net_minor, one.quantity_milli, one.line_no) for one in lines]
    return sorted(range(len(lines)), key=lambda at: keys[at])


def eligible(programme: Words, promotion: Words, header: Header, standing: Words) -> bool:
    """Person, time, place and campaign, but not the basket."""
    name = promotion.get("campaign")
    campaign = programme["campaigns"][name] if name else {}
    span = {key: campaign[key] for key in ("first_day", "last_day") if key in campaign}
    return (
        who_holds(promotion.get("who", {}), standing, header.business_date)
        and who_holds(campaign.get("audience", {}), standing, header.business_date)
        and when_holds(promotion.get("when", {}), header)
        and when_holds(span, header)
        and where_holds(promotion.get("where", {}), header, programme.get("store_groups", {}))
        and not is_control(programme, name or "", header.member_id)
    )


def basket_holds(words: Words, lines: Sequence[Bought]) -> bool:
    """The money that points are counted on is enough."""
    items = words.get("items", {})
    money = sum(int(one.money) for one in lines if among(one.line, items))
    return money >= minor(words.get("at_least", "0"))


def counts(promotion: Words, header: Header, lines: Sequence[Bought], stands: bool) -> str | None:
    """Under which name a sale is one of an `nth_sale` or a streak; None where it is not."""
    nth = promotion.get("nth_sale", promotion if promotion["kind"] == "streak" else None)
    if nth is None or not stands or not basket_holds(nth.get("basket", {}), lines):
        return None
    return f"{promotion['id']}#{header.channel}" if nth.get("in") == "channel" else promotion["id"]


def combined(group: Words, rates: list[tuple[int, Fraction]]) -> dict[int, Fraction]:
    """What each of several multipliers in a group adds to one."""
    match group["combine"]:
        case "best":
            best = max(rates, key=lambda one: (one[1], -one[0]))
            return {best[0]: best[1] - 1}
        case "first":
            return {rates[0][0]: rates[0][1] - 1}
        case "add":
            return {at: rate - 1 for at, rate in rates}
    added, product = {}, Fraction(1)
    for at, rate in rates:
        added[at] = product * (rate - 1)
        product *= rate
    return added


def rate_of(words: Any, standing: Words) -> Fraction:
    """A multiplier's rate for a member; 1 where its level has none."""
    if not isinstance(words, str):
        rates = words["by_tier"]
        words = next((rates[level] for level in standing["levels"].values() if level in rates), 1)
    return Fraction(words)


def multiplied(
    programme: Words, base: Exact, lines: Sequence[Bought], rates: dict[int, Fraction]
) -> dict[int, Exact]:
    """Multipliers by their place in the file: what each adds, line by line."""
    added = {at: [Fraction(0)] * len(base) for at in rates}
    promotions = programme["promotions"]
    matching = {
        at: [among(one.line, promotions[at].get("items", {})) for one in lines] for at in rates
    }
    for name in dict.fromkeys(promotions[at].get("group", at) for at in rates):
        group = programme["groups"][name] if isinstance(name, str) else {"combine": "best"}
        members = [at for at in rates if promotions[at].get("group", at) == name]
        for place, amount in enumerate(base):
            here = [(at, rates[at]) for at in members if matching[at][place]]
            for at, increment in combined(group, here).items() if here else ():
                added[at][place] = amount * increment
    return added


def shared(base_at: int, base: Exact, added: dict[int, Exact]) -> dict[int, tuple[int, Exact]]:
    """Base and multipliers summed, rounded down once and shared in the order of the file."""
    weights = {base_at: list(base)} | {at: list(by_line) for at, by_line in added.items()}
    for by_line in added.values():
        for place, amount in enumerate(by_line):
            if amount < 0:
                weights[base_at][place] = max(Fraction(0), weights[base_at][place] + amount)
    for at in added:
        weights[at] = [max(amount, Fraction(0)) for amount in weights[at]]
    order = sorted(weights)
    whole = int(sum(sum(weights[at]) for at in order))
    parts = largest_remainder(whole, [Fraction(sum(weights[at])) for at in order])
    return {at: (part, weights[at]) for at, part in zip(order, parts, strict=True)}


def base_of(promotion: Words, wallet: str, lines: Sequence[Bought]) -> Exact:
    """A base promotion's exact points by line."""
    give = Fraction(promotion["give"][wallet])
    ours = [among(one.line, promotion.get("items", {})) for one in lines]
    if promotion["kind"] == "per_item":
        return [
            give * one.units if mine else Fraction(0) for one, mine in zip(lines, ours, strict=True)
        ]
    money = [one.money if mine else Fraction(0) for one, mine in zip(lines, ours, strict=True)]
    if "per_full" in promotion:
        steps = int(sum(money) / minor(promotion["per_full"]))
        total = sum(money)
        return [give * steps * amount / total if total else Fraction(0) for amount in money]
    return [give * amount / minor(promotion["per"]) for amount in money]


def gains(
    programme: Words, header: Header, lines: Sequence[Bought], standing: Words, room: Room
) -> list[Gain]:  # fmt: skip
    """All that a sale gives within the limits, in the order of the file."""
    promotions = programme["promotions"]
    live = {
        at: promotion
        for at, promotion in enumerate(promotions)
        if promotion.get("trigger", "sale") == "sale"
        and promotion["kind"] in ("per_amount", "per_item", "multiplier", "bonus", "streak")
        and eligible(programme, promotion, header, standing)
        and basket_holds(promotion.get("basket", {}), lines)
        and room(promotion, "times") > 0
    }
    found = counted(programme, lines, standing, live)
    for at, promotion in live.items():
        if awaited(promotion, standing):
            for gain in given(programme, promotion, lines):
                found[at, gain.wallet] = gain
    for gain in found.values():
        limit(gain, lines, room)
    kept = [found[key] for key in sorted(found, key=lambda key: key[0])]
    return [gain for gain in kept if gain.points or gain.vouchers]


def limit(gain: Gain, lines: Sequence[Bought], room: Room) -> None:
    """Cuts a gain to the items and the units that are left to its promotion."""
    promotion = gain.promotion
    if promotion["kind"] == "per_item":
        ours = [one.units for one in lines if among(one.line, promotion["items"])]
        items = int(sum(ours))
        gain.items = min(items, room(promotion, "items"))
        gain.points = gain.points * gain.items // items if gain.items < items else gain.points
    gain.points = min(gain.points, room(promotion, "units"))


def counted(
    programme: Words, lines: Sequence[Bought], standing: Words, live: dict[int, Words]
) -> dict[tuple[int, str], Gain]:
    """What is counted on lines: bases with the multipliers on them, by place and wallet."""
    promotions = programme["promotions"]
    found: dict[tuple[int, str], Gain] = {}
    live = one_a_sale(programme, lines, standing, live)
    for wallet in programme["wallets"]:
        rates = rates_of(programme, wallet, standing, live)
        for at, promotion in live.items():
            if promotion["kind"] not in BASES or wallet not in promotion["give"]:
                continue
            base = base_of(promotion, wallet, lines)
            on_it = rates if promotion["kind"] == multiplied_kind(programme, wallet) else {}
            parts = shared(at, base, multiplied(programme, base, lines, on_it))
            for where, (points, weights) in parts.items():
                nothing = [Fraction(0)] * len(lines)
                gain = found.setdefault(
                    (where, wallet), Gain(promotions[where], wallet, 0, nothing)
                )
                gain.points += points
                gain.weights = [one + more for one, more in zip(gain.weights, weights, strict=True)]
    return found


def rates_of(
    programme: Words, wallet: str, standing: Words, live: dict[int, Words]
) -> dict[int, Fraction]:
    """The multipliers of a wallet by their place in the file."""
    return {
        at: rate_of(promotion["multiply"][wallet], standing)
        for at, promotion in live.items()
        if promotion["kind"] == "multiplier" and wallet in promotion["multiply"]
    }


def one_a_sale(
    programme: Words, lines: Sequence[Bought], standing: Words, live: dict[int, Words]
) -> dict[int, Words]:
    """Without the multipliers that lose to another of a group that combines on the sale."""
    kept = dict(live)
    for name, group in programme.get("groups", {}).items():
        if group.get("on") != "sale" or group["combine"] not in ("best", "first"):
            continue
        members = [
            at
            for at, promotion in live.items()
            if promotion.get("group") == name
            and any(one.earns and among(one.line, promotion.get("items", {})) for one in lines)
        ]
        worth = {at: worth_of(programme, lines, standing, live, at) for at in members}
        best = max(members, key=lambda at: (worth[at], -at), default=None)
        for at in members:
            if at != (best if group["combine"] == "best" else members[0]):
                del kept[at]
    return kept


def worth_of(
    programme: Words, lines: Sequence[Bought], standing: Words, live: dict[int, Words], at: int
) -> Fraction:
    """What one multiplier adds to all that it is on, if it acts alone."""
    total = Fraction(0)
    for wallet in programme["wallets"]:
        rates = rates_of(programme, wallet, standing, live)
        kind = multiplied_kind(programme, wallet)
        for promotion in live.values():
            if at in rates and promotion["kind"] == kind and wallet in promotion["give"]:
                base = base_of(promotion, wallet, lines)
                added = multiplied(programme, base, lines, {at: rates[at]})[at]
                total += sum(added)
    return total


def multiplied_kind(programme: Words, wallet: str) -> str:
    """Which kind of base the multipliers of a wallet are on."""
    kinds = {p["kind"] for p in programme["promotions"] if wallet in p.get("give", ())}
    return "per_amount" if "per_amount" in kinds else "per_item"


def awaited(promotion: Words, standing: Words) -> bool:
    """Whether the sale is the one that a bonus or a streak waits for."""
    if promotion["kind"] == "streak":
        return promotion["id"] in standing["completed"]
    if promotion["kind"] != "bonus":
        return False
    nth = promotion.get("nth_sale")
    if nth is None:
        return True
    number = standing["numbers"].get(promotion["id"], 0)
    if "is" in nth:
        return bool(number == int(nth["is"]))
    return bool(number > 0 and number % int(nth["every"]) == 0)


def given(programme: Words, promotion: Words, lines: Sequence[Bought] = ()) -> list[Gain]:
    """What a `give` names: points by wallet, which stand on the dearest line, or a voucher."""
    dearest = max(range(len(lines)), key=lambda at: lines[at].money, default=None)
    weights = [Fraction(at == dearest) for at in range(len(lines))]
    found = []
    for what, much in promotion["give"].items():
        if what == "voucher":
            found.append(Gain(promotion, "", 0, [], [much]))
        elif what in programme["wallets"]:
            found.append(Gain(promotion, what, int(much), weights))
    return found


def shares(gain: Gain, lines: Sequence[Bought]) -> list[int]:
    """A gain's points by line."""
    return largest_remainder(gain.points, gain.weights, in_order([one.line for one in lines]))
