"""The articles of the simulated chain: some thousands, in the shares of the real one.

An article comes in eight variants: one to four units, at the shelf's price or the card's.  What a
receipt line says of a variant is made once, so that a line costs little more than its number.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from math import isqrt

from msgspec import Struct

from producers.simulate import shape
from producers.simulate.earning import earns, stars
from schemas.events import Discount

SLOTS = 1 << 16
VARIANTS = 8
LINES_AN_ARTICLE = 25
"""One article for so many lines of the sample: about 3,000."""
DELI_LOVERS = 8
"""One household in so many loves the deli counter, and takes five times as much there."""
DELI_LOVE = 5
PRICE_SPREAD = (55, 70, 85, 95, 105, 120, 145)
"""Prices within a category, in percent of its mean; their mean does not matter."""
LINE_COUNT_MAX = 250

Words = tuple[str, ...]
Said = tuple[str, str, str, str, str, Words, int, int, tuple[Discount, ...], int, int, Words]
"""What a line says behind its number."""


class Article(Struct, frozen=True):
    """One article: its words on a line, its price for one unit, and how often it is bought."""

    sku: str
    department: str
    category: str
    brand: str
    supplier: str
    unit_milli: int
    price_minor: int
    weight: int


class Shelf(Struct, frozen=True):
    """Everything there is to buy, by variant: eight to an article, in the article's order.

    Attributes:
        said: what a line says of a variant, in the order of the fields of `Line`.
        net: its price in cents, after the card's discount.
        worth_weekday, worth_weekend: its price, what it earns of a point, and its stars, packed
            so that a basket is worth the sum.
        slots: the first variant of the article drawn by 16 bits, for everybody.
        deli_slots: the same for those who love the deli counter.
    """

    said: Sequence[Said]
    net: Sequence[int]
    worth_weekday: Sequence[int]
    worth_weekend: Sequence[int]
    slots: Sequence[int]
    deli_slots: Sequence[int]


@cache
def shelf() -> Shelf:
    """The one shelf of all simulated chains."""
    articles = list(_articles())
    said, net, weekday, weekend = [], [], [], []
    for article in articles:
        for variant in range(VARIANTS):
            line, minor = _variant(article, variant)
            said.append(line)
            net.append(minor)
            weekday.append(worth(line, weekend=False))
            weekend.append(worth(line, weekend=True))
    others = DELI_LOVERS - DELI_LOVE
    return Shelf(
        said, net, weekday, weekend,
        slots=_slots(articles, others, DELI_LOVERS - 1),
        deli_slots=_slots(articles, DELI_LOVE, 1),
    )  # fmt: skip


def worth(line: Said, *, weekend: bool) -> int:
    """A variant's stars, parts of a point and price, in 32 bits each."""
    _, department, category, brand, _, _, quantity_milli, _, _, net_minor, *_ = line
    parts = earns(department, category, brand, net_minor, weekend=weekend)
    return stars(department, quantity_milli) << 64 | parts << 32 | net_minor


VARIANT_OF = tuple(2 * (units - 1) + card for card in (0, 1) for units in shape.QUANTITIES)
"""The variant drawn by six bits."""


@cache
def line_count_thresholds() -> tuple[int, ...]:
    """Thresholds in 65,536: a draw at or above the n-th makes at least n + 1 lines.

    1 + a negative binomial of shape 1/2, by its recurrence, in integers.
    """
    mean, parts = shape.LINES_MEAN_LESS_ONE
    # With shape 1/2, p(0) = sqrt(1/2 / (mean + 1/2)) and p(k+1) = p(k) (k + 1/2) q / (k + 1).
    whole = 2 * mean + parts
    unit = 1 << 64
    probability = isqrt(unit * unit * parts // whole)
    probabilities = []
    for k in range(LINE_COUNT_MAX):
        probabilities.append(probability)
        probability = probability * (2 * k + 1) * 2 * mean // (2 * (k + 1) * whole)
    return tuple(total * SLOTS // unit for total in accumulate(probabilities))


def line_count(draw: int) -> int:
    """How many lines a basket has, by 16 bits."""
    return 1 + bisect_right(line_count_thresholds(), draw)


def _articles() -> Iterator[Article]:
    for number, (department, category, lines, mean, private) in enumerate(shape.CATEGORIES):
        # The popular articles of a category sell several times as often as the others.
        popularity = [1_000_000 // (rank + 3) for rank in range(lines // LINES_AN_ARTICLE + 2)]
        for rank, popular in enumerate(popularity):
            step = rank * private + number * 379 % 1000
            is_private = (step + private) // 1000 > step // 1000
            # 37 and 7 have no common factor with the sizes they walk through.
            factor = PRICE_SPREAD[(rank * 37 + number) % len(PRICE_SPREAD)]
            yield Article(
                sku=str(1_000_000 + number * 5_000 + rank * 7),
                department=department,
                category=f"{category}/{category} {rank % 9 + 1}",
                brand="Private" if is_private else "National",
                supplier="69" if is_private else str(100 + (number * 31 + rank * 13) % 900),
                unit_milli=shape.FUEL_MILLI if department == "FUEL" else 1000,
                price_minor=max(10, _unit_price(mean) * factor // 96),
                weight=lines * 1_000_000 * popular // sum(popularity),
            )


def _unit_price(mean_line_minor: int) -> int:
    """The shelf's price at which the mean line of a category is what it is."""
    units = sum(shape.QUANTITIES)
    off = 2000 - shape.CARD_PRICE_DEPTH
    return mean_line_minor * len(shape.QUANTITIES) * 2000 // (units * off)


def _variant(article: Article, variant: int) -> tuple[Said, int]:
    units, card = variant // 2 + 1, variant % 2
    gross = units * article.price_minor
    off = units * (article.price_minor * shape.CARD_PRICE_DEPTH // 1000) if card else 0
    discounts = (Discount("till", "loyalty_card", off),) if off else ()
    line: Said = (
        article.sku, article.department, article.category, article.brand, article.supplier, (),
        units * article.unit_milli, gross, discounts, gross - off, 0, (),
    )  # fmt: skip
    return line, gross - off


def _slots(articles: Sequence[Article], deli: int, rest: int) -> Sequence[int]:
    """The article for each draw, the deli's weighed by the fraction deli / rest."""
    weights = [
        article.weight * (deli if article.department == "DELI" else rest) for article in articles
    ]
    total = sum(weights)
    slots: list[int] = []
    for at, upto in enumerate(accumulate(weights)):
        slots.extend([at * VARIANTS] * (upto * SLOTS // total - len(slots)))
    return slots
