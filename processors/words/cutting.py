"""Taking money off a basket: what a promotion or voucher that does so sees, and how it shares it.

A cut is a function from the articles it may touch to what it takes off each.  Amounts are minor
units, never more than the article's price.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from processors.words.allocation import largest_remainder
from processors.words.items import Matches
from schemas.events import Line


class Article(NamedTuple):
    """A line as a cut sees it.

    Attributes:
        line: what the till sent.
        price_minor: what is still to pay for it.
        units: how many pieces; 1 of what is sold by weight.
        rank: its place in canonical order, for ties.
    """

    line: Line
    price_minor: int
    units: int
    rank: int


Cutting = Callable[[Sequence[Article]], list[int]]
"""Articles that match → what is taken off each."""
Needing = Callable[[Sequence[Article]], set[int]]
"""Articles that match → the places of those that a cut acts on, the paid ones too."""


@dataclass(frozen=True)
class Cut:
    """A promotion that takes money off.

    Attributes:
        cutting: how much.
        matches: which lines it may touch.
        together: it needs several articles at once, so that it is taken or left as a whole.
        for_members: a basket without a member does not get it.
        needing: of a cut that needs its articles together, which; all if there is nothing said.
    """

    cutting: Cutting
    matches: Matches
    together: bool
    for_members: bool = False
    needing: Needing | None = None


class Piece(NamedTuple):
    """One unit of an article, with its share of the price."""

    at: int
    price_minor: int
    rank: int


def units_of(line: Line) -> int:
    """How many pieces a line is; goods by weight, and lines without a quantity, are one."""
    whole, part = divmod(line.quantity_milli, 1000)
    return whole if whole and not part else 1


def units_cut(lines: Sequence[Line], promotion_id: str) -> int:
    """How many pieces a receipt says that a promotion took something off, line by line."""
    return sum(
        units_of(line)
        for line in lines
        if any(d.source == "promotion" and d.source_id == promotion_id for d in line.discounts)
    )


def pieces(articles: Sequence[Article]) -> list[Piece]:
    """Every unit of every article; a price that does not divide gives its cents to the first."""
    found: list[Piece] = []
    for at, article in enumerate(articles):
        each, more = divmod(article.price_minor, article.units)
        found += [
            Piece(at, each + (number < more), article.rank) for number in range(article.units)
        ]
    return found


def dearest_first(found: Sequence[Piece]) -> list[Piece]:
    """By price, then by canonical order of their lines."""
    return sorted(found, key=lambda piece: (-piece.price_minor, piece.rank))


def taken_off(articles: Sequence[Article], chosen: Sequence[Piece]) -> list[int]:
    """The full price of some pieces, by article."""
    off = [0] * len(articles)
    for piece in chosen:
        off[piece.at] += piece.price_minor
    return off


def share_of(articles: Sequence[Article], share: Fraction, most_minor: int | None) -> list[int]:
    """A share of all prices, rounded half up once and allotted exactly."""
    prices = [max(article.price_minor, 0) for article in articles]
    exact = sum(prices) * share
    off = int(exact + Fraction(1, 2))
    return spread(articles, off if most_minor is None else min(off, most_minor))


def spread(articles: Sequence[Article], off_minor: int) -> list[int]:
    """An amount shared over the articles by their prices; never more than they cost."""
    prices = [max(article.price_minor, 0) for article in articles]
    off = min(off_minor, sum(prices))
    return largest_remainder(off, prices, lambda: [article.rank for article in articles])
