"""A sale as promotions see it: which of them can apply to each line, and its earning money.

That is what is left after the part paid with what earns nothing, before or after tax.
"""

from collections.abc import Callable, Sequence
from math import lcm
from typing import Final, final

from mypy_extensions import mypyc_attr

from processors.core.programme import Programme
from processors.words.allocation import largest_remainder
from schemas.events import Line, SaleRecorded

PPM: Final = 1_000_000
"""Tax rates are in millionths."""


@mypyc_attr(acyclic=True)
@final
class Basket:
    """A sale as the families see it.

    Attributes:
        lines: of the receipt.
        masks: by line, a bit per promotion that can apply to it.
        anywhere: the bits of all lines together.
        amounts: by line, its earning money in 1/`parts` of a minor unit; 0 where it never earns.
        parts: see amounts.
        ranks: the lines' order among equals.
    """

    __slots__ = ("amounts", "anywhere", "lines", "masks", "parts", "ranks")

    def __init__(
        self,
        lines: Sequence[Line],
        masks: list[int],
        anywhere: int,
        amounts: list[int],
        parts: int,
        ranks: Callable[[], list[int]],
    ) -> None:
        self.lines: Final = lines
        self.masks: Final = masks
        self.anywhere: Final = anywhere
        self.amounts: Final = amounts
        self.parts: Final = parts
        self.ranks: Final = ranks

    def money(self) -> list[int]:
        """By line, its earning money in whole minor units, rounded down."""
        if self.parts == 1:
            return self.amounts
        return [amount // self.parts for amount in self.amounts]


def basket_of(sale: SaleRecorded, programme: Programme) -> Basket:
    """The sale as promotions see it; a basket in another currency earns nothing."""
    lines = sale.lines
    masks = programme.masks(lines)
    anywhere = 0
    for mask in masks:
        anywhere |= mask

    def ranks() -> list[int]:
        return _ranks(lines)

    if not programme.paid_in(sale.currency):
        return Basket(lines, masks, 0, [0] * len(lines), 1, ranks)
    if programme.earns_on.price == "paid":
        amounts = [lines[at].net_minor if mask else 0 for at, mask in enumerate(masks)]
    else:
        amounts = [lines[at].gross_minor if mask else 0 for at, mask in enumerate(masks)]
    unearning = 0
    for tender in sale.tenders:
        if tender.kind in programme.not_paid_with:
            unearning += tender.amount_minor
    if unearning > 0 or (amounts and min(amounts) < 0):
        amounts = _reduced(amounts, max(unearning, 0), ranks)
    parts = 1
    if programme.earns_on.tax == "excluded":
        amounts, parts = _before_tax(lines, amounts)
    return Basket(lines, masks, anywhere, amounts, parts, ranks)


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
