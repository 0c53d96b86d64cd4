"""A sale as it was decided: its lines, the money that counts on them, and what is left of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from schemas.events import Line, SaleRecorded
from schemas.records import replace
from tests.oracle.account import Voucher
from tests.oracle.reading import Words, among, largest_remainder, minor, named

Exact = list[Fraction]


@dataclass
class Bought:
    """One line: the money it earns on, and how many units it is."""

    line: Line
    money: Fraction
    units: Fraction


@dataclass
class Gain:
    """What one promotion gives: points by line, or a voucher, which is one.

    Of a gain that was granted, `reversed` were taken back since.
    """

    promotion: Words
    by_line: list[int]
    items: int = 0
    voucher: Voucher | None = None
    reversed: int = 0

    @property
    def id(self) -> str:
        """The promotion's."""
        return str(self.promotion["id"])

    @property
    def is_bonus(self) -> bool:
        """Whether it is of the basket and not of its lines."""
        return bool(self.promotion["kind"] == "bonus")

    @property
    def wallet(self) -> str:
        """The one wallet that the promotion is about; `voucher` of one that gives a voucher."""
        (wallet,) = self.promotion.get("give") or self.promotion["multiply"]
        return str(wallet)

    @property
    def points(self) -> int:
        """All of them."""
        return sum(self.by_line)


@dataclass
class Receipt:
    """A sale, how the member stood, what it gave and used, and how much came back since."""

    sale: SaleRecorded
    programme: Words
    levels: set[str]
    rooms: dict[tuple[str, str], int] = field(default_factory=dict)
    granted: list[Gain] = field(default_factory=list)
    uses: Counter[tuple[str, str]] = field(default_factory=Counter)
    back: dict[int, int] = field(default_factory=dict)
    used: list[Voucher] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.id, self.day = self.sale.header.event_id, self.sale.header.business_date
        self.lines = bought(self.programme, self.sale)

    @property
    def stands(self) -> bool:
        """Whether anything is left of it."""
        return any(self.back.get(one.line_no, 0) < whole(one) for one in self.sale.lines)

    @property
    def spend(self) -> int:
        """The money that is left of it, in whole minor units, line by line."""
        return sum(self.left_of([int(one.money) for one in self.lines]))

    @property
    def paid(self) -> int:
        """What it came to."""
        return sum(one.net_minor for one in self.sale.lines)

    @property
    def gone(self) -> int:
        """How much of that came back."""
        return self.paid - sum(self.left_of([one.net_minor for one in self.sale.lines]))

    def left_of(self, by_line: Sequence[int]) -> list[int]:
        """What is left of amounts that were allotted to lines."""
        return [
            amount - amount * self.back.get(line.line_no, 0) // whole(line)
            for amount, line in zip(by_line, self.sale.lines, strict=True)
        ]

    def rest(self) -> list[Bought]:
        """What is left to earn on: shares of lines and tenders, rounded down, are gone."""
        lines = self.sale.lines
        lefts = zip(
            lines,
            self.left_of([one.net_minor for one in lines]),
            self.left_of([one.gross_minor for one in lines]),
            self.left_of([one.quantity_milli for one in lines]),
            strict=True,
        )
        left = tuple(
            replace(one, net_minor=net, gross_minor=gross, quantity_milli=quantity)
            for one, net, gross, quantity in lefts
        )
        gone, paid = (self.gone, self.paid) if self.paid > 0 else (0, 1)
        tenders = tuple(
            replace(one, amount_minor=one.amount_minor - one.amount_minor * gone // paid)
            for one in self.sale.tenders
        )
        return bought(self.programme, replace(self.sale, lines=left, tenders=tenders))


def whole(line: Line) -> int:
    """A line's quantity; 1 where the till did not say, for it comes back whole or not."""
    return line.quantity_milli or 1


def pieces_of(line: Line) -> int:
    """How many units a line is; goods by weight, and what has no quantity, are one."""
    return (line.quantity_milli % 1000 == 0 and line.quantity_milli // 1000) or 1


def bought(programme: Words, sale: SaleRecorded) -> list[Bought]:
    """The lines of a sale with the money that points are counted on.

    What was paid with points or vouchers, and negative lines, are taken off in proportion.
    """
    words, lines = programme["earns_on"], sale.lines
    earns = [not any(named(line, words.get("never", {}))) for line in lines]
    prices = [one.gross_minor if words["price"] == "shelf" else one.net_minor for one in lines]
    amounts = [price * earning for price, earning in zip(prices, earns, strict=True)]
    positive = [Fraction(max(amount, 0)) for amount in amounts]
    kinds = words.get("not_paid_with", ())
    off = sum(tender.amount_minor for tender in sale.tenders if tender.kind in kinds)
    off = min(int(max(off, 0) + sum(positive) - sum(amounts)), int(sum(positive)))
    cuts = largest_remainder(off, positive, in_order(lines))
    found = []
    for line, amount, cut, earning in zip(lines, positive, cuts, earns, strict=True):
        tax = Fraction(line.tax_rate_ppm * (words["tax"] == "excluded"), 1_000_000)
        units = Fraction(line.quantity_milli * (earning and line.net_minor >= 0), 1000)
        found.append(Bought(line, (amount - cut) / (1 + tax), units))
    return found


def in_order(lines: Sequence[Line]) -> list[int]:
    """Positions by sku, net, quantity and number: the order in which equal lines are served."""
    keys = [(one.sku, one.net_minor, one.quantity_milli, one.line_no) for one in lines]
    return sorted(range(len(lines)), key=lambda at: keys[at])


def allotted(points: int, weights: Exact, lines: Sequence[Bought]) -> list[int]:
    """Points by line."""
    return largest_remainder(points, weights, in_order([one.line for one in lines]))


def is_enough(promotion: Words, lines: Sequence[Bought]) -> bool:
    """Whether the money that points are counted on is what the promotion asks for."""
    words = promotion.get("basket", {})
    money = sum(int(one.money) for one in lines if among(one.line, words.get("items", {})))
    return money >= minor(words.get("at_least", "0"))
