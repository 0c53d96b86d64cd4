"""A worked number for a promotion: one purchase, decided by the rules as they are.

The promotion's conditions on person, day and basket are taken as met: what is shown is what it
then gives or takes off.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from processors.core.account import Account, Lot, Wallet
from processors.core.document import Checked, Variant
from processors.core.draft import Draft
from processors.core.earning import basket_of, earned
from processors.core.exchange import convert
from processors.core.programme import Programme
from processors.core.promotion import Promotion
from processors.core.sections import Body
from processors.words.cutting import Article
from processors.words.items import Items
from processors.words.stages import Base, Exchange, Factor
from schemas.currencies import exponent_of
from schemas.events import Header, Line, SaleRecorded, Tender
from schemas.ledger import NEVER, PointsSpent

USUAL = 20
"""What the purchase costs, in units of the currency, unless a promotion needs more."""
UNITS = 3
"""How many pieces it is where pieces count."""


class Worked(Struct, frozen=True):
    """What one purchase comes to.

    Attributes:
        kind: amount, items or factor (points for it), cut (its price), become (points exchanged).
        wallet: of points.
        before: what it costs in minor units, how many pieces it is, or how many points there were.
        after: the points it gives, the minor units it then costs, or the points that are left.
        without: of a factor, the points without it; of an exchange, how often it was made.
    """

    kind: str
    wallet: str
    before: int
    after: int
    without: int = 0


def worked(promotion: Promotion, variant: Variant) -> Worked | None:
    """The number; None for what has none to work out, or never acts on a usual purchase."""
    body = variant.body
    stages = promotion.kind.build(promotion.words, exponent_of(body.currency))
    if not stages:
        return None
    stage = stages[0]
    if isinstance(stage, Base):
        return _points(promotion, variant, stage)
    if isinstance(stage, Factor):
        return _factor(promotion, variant, stage)
    if isinstance(stage, Exchange):
        return _exchanged(promotion, variant, stage)
    return _cut(promotion, variant)


def _alone(promotion: Promotion) -> Promotion:
    """The promotion with its conditions taken as met."""
    free = dict.fromkeys(("who", "when", "where", "basket", "nth_sale", "limits", "group"))
    head = promotion.head.model_copy(update={**free, "campaign": "", "trigger": "sale"})
    return Promotion(head, promotion.kind, promotion.words)


def _programme(body: Body, promotions: Sequence[Promotion]) -> Programme:
    """A programme of these promotions alone."""
    plain = body.model_copy(update={"tiers": {}, "clubs": {}, "campaigns": {}})
    variant = Variant(plain, tuple(promotions))
    return Programme(Checked("", "", {}, {(): variant}), variant)


def _points(promotion: Promotion, variant: Variant, base: Base) -> Worked | None:
    amount = _amount(variant.body, base)
    units = 1 if base.measure == "amount" else UNITS
    points = _granted(variant.body, [promotion], promotion, amount, units)
    if not points:
        return None
    if base.measure == "amount":
        return Worked("amount", base.wallet, amount, points)
    return Worked("items", base.wallet, units, points)


def _amount(body: Body, base: Base) -> int:
    """Enough for at least one point, and a round number."""
    amount: int = USUAL * 10 ** exponent_of(body.currency)
    while base.measure == "amount" and amount * base.numerator < base.denominator:
        amount *= 10
    return max(amount, 2 * base.whole)


def _factor(promotion: Promotion, variant: Variant, factor: Factor) -> Worked | None:
    """Over the first promotion of the wallet whose points it changes."""
    exponent = exponent_of(variant.body.currency)
    for one in variant.promotions:
        stages = () if one is None else one.kind.build(one.words, exponent)
        base = next((stage for stage in stages if isinstance(stage, Base)), None)
        if one is None or base is None or base.wallet != factor.wallet:
            continue
        amount = _amount(variant.body, base)
        meant = promotion if getattr(promotion.words, "items", None) else one
        without = _granted(variant.body, [one], meant, amount, 1)
        points = _granted(variant.body, [one, promotion], meant, amount, 1)
        if without and points != without:
            return Worked("factor", factor.wallet, amount, points, without)
        return None
    return None


def _granted(
    body: Body, promotions: Sequence[Promotion], meant: Promotion, amount_minor: int, units: int
) -> int:
    """The points that promotions give on a purchase that one of them means."""
    programme = _programme(body, [_alone(one) for one in promotions])
    line = _line(getattr(meant.words, "items", None), amount_minor, units)
    tender = Tender("card", amount_minor)
    sale = SaleRecorded(
        _HEADER, receipt_no="1", order_id="", quote_id="", currency=body.currency, lines=(line,),
        tenders=(tender,),
    )  # fmt: skip
    basket = basket_of(sale, programme)
    return sum(one.granted for one in earned(basket, (1 << len(promotions)) - 1, programme))


def _exchanged(promotion: Promotion, variant: Variant, exchange: Exchange) -> Worked:
    """Two and a half times what one exchange takes."""
    before = exchange.take * 5 // 2
    lot = Lot("1", before, 0, NEVER, 0, "", pending=False)
    draft = Draft(Account(wallets={exchange.wallet: Wallet.of([lot])}), "1", 0)
    convert(draft, _programme(variant.body, [_alone(promotion)]), _HEADER)
    taken = sum(one.points for one in draft.effects if isinstance(one, PointsSpent))
    return Worked("become", exchange.wallet, before, before - taken, taken // exchange.take)


def _cut(promotion: Promotion, variant: Variant) -> Worked | None:
    programme = _programme(variant.body, [_alone(promotion)])
    if not programme.cuts:
        return None
    (rule,) = programme.cuts
    lines = _lines(promotion.words, 10 ** exponent_of(variant.body.currency))
    articles = [
        Article(line, line.net_minor, line.quantity_milli // 1000, at)
        for at, line in enumerate(lines)
    ]
    before = sum(line.net_minor for line in lines)
    off = sum(sum(cut.cutting(articles)) for cut in rule.cuts)
    return Worked("cut", "", before, before - off) if off else None


def _lines(words: Any, unit_minor: int) -> list[Line]:
    """A purchase that a promotion with these words takes something off.  Any: each kind its own."""
    items, price = getattr(words, "items", None), getattr(words, "price", None)
    if isinstance(items, tuple) and price is not None:
        pieces = sum(part.units for part in items)
        # A fifth dearer than the bundle, in whole coins.
        each = int(price * unit_minor * 6 / 5 / pieces)
        return [_line(part.items, each * part.units, part.units) for part in items]
    prices = getattr(words, "prices", None)
    if prices:
        sku, own = next(iter(prices.items()))
        # Dearer by a quarter, in whole units of the currency.
        return [_line(Items(skus=(sku,)), (int(own * 5 / 4) + 1) * unit_minor, 1)]
    units = getattr(words, "buy", 0) + getattr(words, "free", 0)
    units = units or (UNITS if getattr(words, "each", "") == "unit" else 1)
    return [_line(items, USUAL * unit_minor * units, units)]


def _line(items: Items | None, amount_minor: int, units: int) -> Line:
    """An article that is meant: with the first of each word that is said of it."""
    words = items or Items()

    def first(word: str, otherwise: str = "") -> str:
        named = getattr(words, word)
        return str(named[0]) if named else otherwise

    labels = (first("labels"),) if words.labels else ()
    flags = (first("flags"),) if words.flags else ()
    return Line(
        1, first("skus", "1"), first("departments"), first("categories"), first("brands"),
        first("suppliers"), labels, units * 1000, amount_minor, (), amount_minor, 0, flags,
    )  # fmt: skip


_HEADER = Header("1", "1", "1", 0, 0, 0)
