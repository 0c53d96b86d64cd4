"""What promotions and vouchers take off a basket before it is paid, line by line."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from schemas.events import SaleRecorded
from tests.oracle.earning import priority
from tests.oracle.reading import Words, among, largest_remainder, minor, rounded, share
from tests.oracle.receipts import bought, in_order, is_enough, pieces_of

KINDS = ("percent_off", "amount_off", "buy_get_free")
Cut = tuple[Words, list[int]]
"""A promotion, and what it takes off each line."""


class Till:
    """A basket, and what is to pay for each of its lines."""

    def __init__(self, programme: Words, basket: SaleRecorded) -> None:
        self.programme, self.basket = programme, basket
        self.prices = [line.net_minor for line in basket.lines]
        self.order = in_order(basket.lines)

    def is_enough(self, words: Words) -> bool:
        """Whether the basket is what a promotion asks for, at the prices so far."""
        pairs = zip(self.basket.lines, self.prices, strict=True)
        lines = tuple(replace(line, net_minor=price) for line, price in pairs)
        sale = replace(self.basket, lines=lines)
        return is_enough(words, bought(self.programme, sale))

    def of(self, words: Words, closed: set[int]) -> list[int]:
        """What is to pay for the lines that words are about; 0 for the others."""
        return [
            price * (price > 0 and at not in closed and among(line, words.get("items", {})))
            for at, (line, price) in enumerate(zip(self.basket.lines, self.prices, strict=True))
        ]

    def shared(self, off: int, prices: Sequence[int]) -> list[int]:
        """An amount off lines in proportion to their prices."""
        return largest_remainder(off, [Fraction(one) for one in prices], self.order)

    def pieces(self, prices: Sequence[int]) -> list[tuple[int, int]]:
        """Single articles, the dearest first: what each costs, and its line."""
        found = []
        for at in self.order:
            many = pieces_of(self.basket.lines[at]) if prices[at] else 0
            found += [(one, at) for one in largest_remainder(prices[at], [Fraction(1)] * many)]
        return sorted(found, key=lambda piece: -piece[0])

    def take(self, off: Sequence[int]) -> tuple[int, ...]:
        """Takes off each line at most what is to pay; how much that was."""
        pairs = list(zip(off, self.prices, strict=True))
        taken = tuple(min(cut, max(price, 0)) for cut, price in pairs)
        self.prices = [price - cut for (_, price), cut in zip(pairs, taken, strict=True)]
        return taken


def promoted(till: Till, levels: set[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each promotion that takes something off the basket, and what, in their order."""
    for group, members in lanes(till.programme):
        live = [one for one in members if levels & set(one.get("who", {}).get("tiers", levels))]
        for promotion, off in acting(till, group, [one for one in live if till.is_enough(one)]):
            if any(taken := till.take(off)):
                yield promotion["id"], taken


def lanes(programme: Words) -> list[tuple[Words, list[Words]]]:
    """Groups with their promotions, in the order in which they act; then each that is in none."""
    groups: dict[str, list[Words]] = {}
    for one in sorted(programme["promotions"], key=priority):
        if one["kind"] in KINDS:
            groups.setdefault(one.get("group", ""), []).append(one)
    free = groups.pop("", [])
    found = [(programme["groups"][name], members) for name, members in groups.items()]
    return found + [({"combine": "add"}, [one]) for one in free]


def acting(till: Till, group: Words, members: Sequence[Words]) -> Iterator[Cut]:
    """Which promotions of a group act, and what each takes off."""
    how, alone = group["combine"], lambda one: off(till, one, till.of(one, set()))
    if how == "multiply":
        yield from ((one, alone(one)) for one in members)
        return
    if how != "add" and group["on"] == "line":
        yield from first(till, members) if how == "first" else best(till, members)
        return
    found = [(one, cut) for one in members if any(cut := alone(one))]
    if how == "best":
        found.sort(key=lambda pair: -sum(pair[1]))
    yield from found if how == "add" else found[:1]


def first(till: Till, members: Sequence[Words]) -> list[Cut]:
    """Each line is for the first that takes something off it, or needs it."""
    closed: set[int] = set()
    found = []
    for one in members:
        prices = till.of(one, closed)
        found.append((one, off(till, one, prices)))
        closed |= needed(till, one, prices)
    return found


def best(till: Till, members: Sequence[Words]) -> list[Cut]:
    """Each line is for the one that takes most off it.

    One that needs articles together has all that it needs, if it takes more off them than the
    others would; of several first the one that takes so much more.
    """
    closed: set[int] = set()
    found: dict[str, list[int]] = {}
    whole = [one for one in members if needs_together(one)]
    single = [one for one in members if not needs_together(one)]
    while True:
        offers = [off(till, one, till.of(one, closed)) for one in single]
        most = [max(column) for column in zip(*offers, [0] * len(till.prices), strict=True)]
        asked = [(one, till.of(one, closed)) for one in whole if one["id"] not in found]
        gains = [
            sum(off(till, one, prices)) - sum(most[at] for at in needed(till, one, prices))
            for one, prices in asked
        ]
        if max(gains, default=0) <= 0:
            break
        one, prices = asked[gains.index(max(gains))]
        found[one["id"]] = off(till, one, prices)
        closed |= needed(till, one, prices)
    for at in range(len(till.prices)):
        winner = next((x for x, its in enumerate(offers) if its[at] == most[at]), None)
        for x, one in enumerate(single):
            if x == winner:
                found.setdefault(one["id"], [0] * len(till.prices))[at] = till.of(one, closed)[at]
    return [
        (one, off(till, one, found[one["id"]]) if one in single else found[one["id"]])
        for one in members
        if one["id"] in found
    ]


def needs_together(words: Words) -> bool:
    """Whether a promotion is about several articles at once."""
    return "buy" in words or ("amount" in words and words.get("each", "sale") == "sale")


def needed(till: Till, words: Words, prices: Sequence[int]) -> set[int]:
    """The lines that a promotion needs: of full groups those of the paid articles too."""
    if "buy" in words:
        return {at for _, at in full_groups(till, words, prices)}
    found = prices if needs_together(words) else off(till, words, prices)
    return {at for at, amount in enumerate(found) if amount}


def full_groups(till: Till, words: Words, prices: Sequence[int]) -> list[tuple[int, int]]:
    """The articles that are in groups; those that fill none are the cheapest."""
    pieces, size = till.pieces(prices), int(words["buy"]) + int(words["free"])
    return pieces[: len(pieces) // size * size]


def off(till: Till, words: Words, prices: Sequence[int]) -> list[int]:
    """What a promotion or a voucher takes off lines at these prices."""
    found = [0] * len(prices)
    if "percent" in words:
        cut = rounded(share(words["percent"]) * sum(prices), "half_up")
        return till.shared(
            min(cut, int(minor(words["up_to"]))) if "up_to" in words else cut, prices
        )
    if "buy" in words:
        size = int(words["buy"]) + int(words["free"])
        for number, (price, at) in enumerate(full_groups(till, words, prices)):
            found[at] += price * (number % size >= int(words["buy"]))
        return found
    amount, each = int(minor(words["amount"])), words.get("each", "sale")
    if each == "sale":
        return till.shared(min(amount, sum(prices)), prices)
    pieces = [(price, at) for at, price in enumerate(prices)]
    for price, at in till.pieces(prices) if each == "unit" else pieces:
        found[at] += min(amount, price)
    return found
