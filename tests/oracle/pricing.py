"""What promotions and vouchers take off a basket before it is paid, line by line."""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from schemas.events import SaleRecorded
from schemas.records import replace
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

    def of(self, words: Words, closed: Collection[int] = ()) -> list[int]:
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
    how = group["combine"]
    if how == "multiply":
        yield from ((one, off(till, one)) for one in members)
    elif how == "add":
        yield from [(one, off(till, one)) for one in members]
    elif group["on"] == "line":
        yield from first(till, members) if how == "first" else best(till, members)
    else:
        found = [(one, cut) for one in members if any(cut := off(till, one))]
        found.sort(key=lambda pair: 0 if how == "first" else -sum(pair[1]))
        yield from found[:1]


def first(till: Till, members: Sequence[Words]) -> Iterator[Cut]:
    """Each line is for the first that takes something off it, or needs it."""
    closed: set[int] = set()
    for one in members:
        cut, needed = offer(till, one, closed)
        closed |= needed
        yield one, cut


def best(till: Till, members: Sequence[Words]) -> list[Cut]:
    """Each line is for the one that takes most off it.

    One that needs articles together has all that it needs, if it takes more off them than the
    others would; of several first the one that takes so much more.
    """
    closed: set[int] = set()
    found: list[Cut] = []
    whole = [one for one in members if needs_together(one)]
    single = [one for one in members if not needs_together(one)]
    while whole:
        columns = zip(
            *(off(till, one, closed) for one in single), [0] * len(till.prices), strict=True
        )
        most = [max(column) for column in columns]
        offers = [offer(till, one, closed) for one in whole]
        gains = [sum(cut) - sum(most[at] for at in needed) for cut, needed in offers]
        at = gains.index(max(gains))
        if gains[at] <= 0:
            break
        found.append((whole.pop(at), offers[at][0]))
        closed |= offers[at][1]
    rows = [off(till, one, closed) for one in single]
    winners = [column.index(max(column)) for column in zip(*rows, strict=True)]
    for place, one in enumerate(single):
        lost = {at for at, winner in enumerate(winners) if winner != place or not rows[place][at]}
        found.append((one, off(till, one, closed | lost)))
    return sorted(found, key=lambda pair: members.index(pair[0]))


def needs_together(words: Words) -> bool:
    """Whether a promotion is about several articles at once."""
    return "buy" in words or ("amount" in words and words.get("each", "sale") == "sale")


def off(till: Till, words: Words, closed: Collection[int] = ()) -> list[int]:
    """What a promotion or a voucher takes off the lines that are not closed to it."""
    return offer(till, words, closed)[0]


def offer(till: Till, words: Words, closed: Collection[int]) -> tuple[list[int], set[int]]:
    """What it takes off, and the lines that it needs for that: the paid articles' too."""
    prices = till.of(words, closed)
    if "buy" in words:
        return free(till, words, prices)
    cut = percent(till, words, prices) if "percent" in words else amount(till, words, prices)
    needed = prices if needs_together(words) else cut
    return cut, {at for at, much in enumerate(needed) if much}


def free(till: Till, words: Words, prices: Sequence[int]) -> tuple[list[int], set[int]]:
    """Of each full group of articles the cheapest are free; what fills none is cheapest of all."""
    pieces, buy, size = (
        till.pieces(prices),
        int(words["buy"]),
        int(words["buy"]) + int(words["free"]),
    )
    cut, full = [0] * len(prices), pieces[: len(pieces) // size * size]
    for number, (price, at) in enumerate(full):
        cut[at] += price * (number % size >= buy)
    return cut, {at for _, at in full}


def percent(till: Till, words: Words, prices: Sequence[int]) -> list[int]:
    """A share of all the lines together, rounded once, and perhaps with a most."""
    cut = rounded(share(words["percent"]) * sum(prices), "half_up")
    return till.shared(min(cut, int(minor(words.get("up_to", "1e9")))), prices)


def amount(till: Till, words: Words, prices: Sequence[int]) -> list[int]:
    """So much off each article, each line, or all of them by their prices; never more than that."""
    most, each = int(minor(words["amount"])), words.get("each", "sale")
    if each == "sale":
        return till.shared(min(most, sum(prices)), prices)
    if each == "line":
        return [min(most, price) for price in prices]
    cut = [0] * len(prices)
    for price, at in till.pieces(prices):
        cut[at] += min(most, price)
    return cut
