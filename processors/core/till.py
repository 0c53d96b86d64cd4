"""A basket while it is priced: what is still to pay on each line, and what was taken off so far."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from msgspec import Struct

from processors.core.basket import basket_of
from processors.core.programme import Programme
from processors.words.cutting import Article, Cutting, Needing, dearest_first, pieces, units_of
from processors.words.items import Matches
from schemas.events import Discount, Line, SaleRecorded
from schemas.records import replace

PIECES_MAX = 10_000
"""A basket of more pieces than this is priced line by line, each as one piece."""


class Cut(Struct, frozen=True):
    """What one promotion or voucher takes off a basket.

    Attributes:
        source: promotion or voucher.
        source_id: the promotion, or the voucher's definition.
        voucher_id: the voucher itself; empty for a promotion.
        amount_minor: how much in all, more than 0.
        by_line: how much of each line, in the order of the basket.
        funded_by: who pays for it.
    """

    source: str
    source_id: str
    voucher_id: str
    amount_minor: int
    by_line: tuple[int, ...]
    funded_by: str = ""


class Offer(NamedTuple):
    """What a cut would take off.

    Attributes:
        off: how much of each line, in minor units.
        needed: the lines that it acts on, the paid ones too.
    """

    off: list[int]
    needed: frozenset[int]


class Till:
    """A basket while it is priced.

    Attributes:
        basket: as it came.
        prices: by line, what is still to pay.
        cuts: what was taken off, in order.
        short: place of a promotion → what is missing for it to act.
    """

    def __init__(self, basket: SaleRecorded, programme: Programme) -> None:
        self.basket = basket
        self.prices = [line.net_minor for line in basket.lines]
        self.cuts: list[Cut] = []
        self.short: dict[int, int] = {}
        self._programme = programme
        self._ranks = basket_of(basket, programme).ranks()
        units = [units_of(line) for line in basket.lines]
        self._units = units if sum(units) <= PIECES_MAX else [1] * len(units)

    def articles(
        self, matches: Matches, prices: Sequence[int], closed: Collection[int] = ()
    ) -> list[tuple[int, Article]]:
        """The lines that a cut may touch, with their places, in canonical order.

        What costs nothing, or is paid back, is not among them.
        """
        lines = self.basket.lines
        fitting = [
            at
            for at, line in enumerate(lines)
            if prices[at] > 0 and at not in closed and matches(line)
        ]
        fitting.sort(key=self._ranks.__getitem__)
        return [
            (at, Article(lines[at], prices[at], self._units[at], self._ranks[at])) for at in fitting
        ]

    def offer(
        self,
        found: Sequence[tuple[int, Article]],
        cutting: Cutting,
        needing: Needing | None = None,
        most: int | None = None,
    ) -> Offer:
        """What a cut takes off articles; never less than 0 nor more than they cost.

        Args:
            found: the articles it may touch, with the places of their lines.
            cutting: the cut.
            needing: which of them it acts on; all if not said.
            most: it acts on so many pieces, the dearest.
        """
        off = [0] * len(self.prices)
        articles = [article for _, article in found]
        kept = articles if most is None else _dearest(articles, most)
        places = {article.rank: at for at, article in found}
        at_lines = [places[article.rank] for article in kept]
        for at, article, part in zip(at_lines, kept, cutting(kept) if kept else (), strict=True):
            off[at] = max(min(part, article.price_minor), 0)
        acted_on = range(len(kept)) if needing is None else needing(kept)
        return Offer(off, frozenset(at_lines[place] for place in acted_on))

    def take(self, source: str, source_id: str, voucher_id: str, by_line: Sequence[int],
             funded_by: str) -> None:  # fmt: skip
        """Take it off; a cut of nothing is none."""
        if any(by_line):
            self.prices = [p - off for p, off in zip(self.prices, by_line, strict=True)]
            self.cuts.append(
                Cut(source, source_id, voucher_id, sum(by_line), tuple(by_line), funded_by)
            )

    def money(self) -> list[int]:
        """By line, the money that counts (`earns_on`), at the prices so far.

        How it will be paid does not count: that is not known yet.
        """
        lines = [
            replace(line, net_minor=price)
            for line, price in zip(self.basket.lines, self.prices, strict=True)
        ]
        sale = replace(self.basket, lines=tuple(lines), tenders=())
        return basket_of(sale, self._programme).money()

    def lines(self) -> tuple[Line, ...]:
        """The lines as a till records them: with what was taken off, and the net that is left."""
        return tuple(
            replace(
                line, discounts=(*line.discounts, *self._discounts(at)), net_minor=self.prices[at]
            )
            for at, line in enumerate(self.basket.lines)
        )

    def _discounts(self, at: int) -> list[Discount]:
        return [
            Discount(cut.source, cut.voucher_id or cut.source_id, cut.by_line[at], cut.funded_by)
            for cut in self.cuts
            if cut.by_line[at]
        ]


def _dearest(articles: Sequence[Article], units: int) -> list[Article]:
    """The dearest pieces of some articles, as articles of fewer units."""
    chosen = dearest_first(pieces(articles))[: max(units, 0)]
    left: dict[int, list[int]] = {}
    for piece in chosen:
        left.setdefault(piece.at, []).append(piece.price_minor)
    return [
        Article(article.line, sum(left[at]), len(left[at]), article.rank)
        for at, article in enumerate(articles)
        if at in left
    ]
