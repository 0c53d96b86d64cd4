"""A worked number for a promotion: one purchase, decided by the rules as they are.

The promotion's conditions on person, day and store are taken as met, its basket is bought, and its
limits hold: what is shown is what such a purchase then gives, or what is taken off it.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

from msgspec import Struct

from processors.core.account import Account, Lot
from processors.core.document import Checked, Variant
from processors.core.draft import Draft
from processors.core.exchange import convert
from processors.core.lots import wallet_of
from processors.core.pricing import priced, setting_of
from processors.core.programme import Programme
from processors.core.promotion import Promotion, currency_of, stages_of
from processors.core.sections import Body
from processors.core.selling import sale_effects
from processors.words.basket import Basket
from processors.words.items import Items
from processors.words.stages import Base, Exchange, Factor
from processors.words.when import Where
from schemas.currencies import exponent_of
from schemas.events import Header, Line, SaleRecorded, Tender
from schemas.ledger import NEVER, PointsEarned, PointsSpent

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
    stages = stages_of(promotion, body.currency)
    if not stages:
        return None
    stage = stages[0]
    if isinstance(stage, Base):
        return _points(promotion, body, stage)
    if isinstance(stage, Factor):
        return _factor(promotion, variant, stage)
    if isinstance(stage, Exchange):
        return _exchanged(promotion, body, stage)
    return _cut(promotion, body)


def _alone(promotion: Promotion) -> Promotion:
    """The promotion with its conditions on person, day and store taken as met."""
    free = dict.fromkeys(("who", "when", "nth_sale", "group"))
    where = promotion.head.where
    money = None if where is None else Where(currencies=where.currencies)
    free |= {"where": money, "campaign": "", "trigger": "sale"}
    head = promotion.head.model_copy(update=free)
    return Promotion(head, promotion.kind, promotion.words)


def _programme(body: Body, promotions: Sequence[Promotion]) -> Programme:
    """A programme of these promotions alone."""
    plain = body.model_copy(update={"tiers": {}, "clubs": {}, "campaigns": {}})
    variant = Variant(plain, tuple(_alone(one) for one in promotions))
    return Programme(Checked("", "", {}, {(): variant}), variant)


def _points(promotion: Promotion, body: Body, base: Base) -> Worked | None:
    amount = _amount(body, base, [promotion])
    units = _units(1 if base.measure == "amount" else UNITS, [promotion])
    points = _granted(body, [promotion], promotion, (amount, units), base.wallet)
    if not points:
        return None
    if base.measure == "amount":
        return Worked("amount", base.wallet, amount, points)
    return Worked("items", base.wallet, units, points)


def _amount(body: Body, base: Base, promotions: Sequence[Promotion]) -> int:
    """Enough for at least one point and for their baskets, and a round number."""
    unit = _unit(body, promotions[0])
    amount = USUAL * unit
    while base.measure == "amount" and amount * base.numerator < base.denominator:
        amount *= 10
    return max(amount, 2 * base.whole, _least(promotions) * unit)


def _unit(body: Body, promotion: Promotion) -> int:
    """How many minor units a unit of a promotion's currency has."""
    minor: int = 10 ** exponent_of(currency_of(promotion.head, body.currency))
    return minor


def _least(promotions: Sequence[Promotion]) -> int:
    """What a purchase comes to at least, in whole units of the currency."""
    return max((ceil(one.at_least or 0) for one in _baskets(promotions)), default=0)


def _units(usual: int, promotions: Sequence[Promotion]) -> int:
    """How many pieces are bought, that it is enough for their baskets."""
    return max([usual, *(one.units or 0 for one in _baskets(promotions))])


def _baskets(promotions: Sequence[Promotion]) -> list[Basket]:
    return [one.head.basket for one in promotions if one.head.basket is not None]


def _factor(promotion: Promotion, variant: Variant, factor: Factor) -> Worked | None:
    """Over the first promotion of the wallet whose points it changes."""
    body = variant.body
    currency = currency_of(promotion.head, body.currency)
    for one in variant.promotions:
        if one is None or currency_of(one.head, body.currency) != currency:
            continue
        stages = stages_of(one, body.currency)
        base = next((stage for stage in stages if isinstance(stage, Base)), None)
        if base is None or base.wallet != factor.wallet:
            continue
        both = [one, promotion]
        bought = (_amount(body, base, both), _units(1, both))
        meant = promotion if getattr(promotion.words, "items", None) else one
        without = _granted(body, [one], meant, bought, factor.wallet, both)
        points = _granted(body, both, meant, bought, factor.wallet)
        if without and points != without:
            return Worked("factor", factor.wallet, bought[0], points, without)
        return None
    return None


def _granted(
    body: Body,
    promotions: Sequence[Promotion],
    meant: Promotion,
    bought: tuple[int, int],
    wallet: str,
    baskets: Sequence[Promotion] = (),
) -> int:
    """The points that promotions give into a wallet on a purchase that one of them means.

    `bought` are its minor units and its pieces; `baskets` are promotions whose baskets it meets, if
    not these alone.
    """
    needed = _baskets(baskets or promotions)
    line = _line(getattr(meant.words, "items", None), *bought, needed)
    draft = Draft(Account(status="active"), "1", 0)
    currency = currency_of(meant.head, body.currency)
    sale_effects(draft, _sale(currency, [line], needed), _programme(body, promotions))
    return sum(
        one.granted
        for one in draft.effects
        if isinstance(one, PointsEarned) and one.wallet == wallet
    )


def _sale(currency: str, lines: Sequence[Line], baskets: Sequence[Basket]) -> SaleRecorded:
    """The purchase, paid as baskets ask for it and with their coupons."""
    kind = next((one.tenders[0] for one in baskets if one.tenders), "card")
    return SaleRecorded(
        _HEADER, receipt_no="1", order_id="", quote_id="", currency=currency,
        lines=tuple(lines), tenders=(Tender(kind, sum(line.net_minor for line in lines)),),
        coupons=tuple(one.coupon for one in baskets if one.coupon),
    )  # fmt: skip


def _exchanged(promotion: Promotion, body: Body, exchange: Exchange) -> Worked | None:
    """Two and a half times what one exchange takes."""
    before = exchange.take * 5 // 2
    lot = Lot("1", before, 0, NEVER, 0, "", pending=False)
    draft = Draft(Account(wallets={exchange.wallet: wallet_of([lot])}), "1", 0)
    convert(draft, _programme(body, [promotion]), _HEADER)
    taken = sum(one.points for one in draft.effects if isinstance(one, PointsSpent))
    if not taken:
        return None
    return Worked("become", exchange.wallet, before, before - taken, taken // exchange.take)


def _cut(promotion: Promotion, body: Body) -> Worked | None:
    programme = _programme(body, [promotion])
    baskets = _baskets([promotion])
    lines = _lines(promotion, _unit(body, promotion))
    sale = _sale(currency_of(promotion.head, body.currency), lines, baskets)
    draft = Draft(Account(status="active"), "1", 0)
    till = priced(setting_of(sale, programme, draft, ()))
    before = sum(line.net_minor for line in lines)
    after = sum(till.prices)
    return Worked("cut", "", before, after) if after < before else None


def _lines(promotion: Promotion, unit_minor: int) -> list[Line]:
    """A purchase that a promotion takes something off."""
    words: Any = promotion.words  # each kind has its own
    baskets = _baskets([promotion])
    items, price = getattr(words, "items", None), getattr(words, "price", None)
    if isinstance(items, tuple) and price is not None:
        pieces = sum(part.units for part in items)
        # A fifth dearer than the bundle, in whole coins.
        each = int(price * unit_minor * 6 / 5 / pieces)
        return [_line(part.items, each * part.units, part.units, baskets) for part in items]
    prices = getattr(words, "prices", None)
    if prices:
        sku, own = next(iter(prices.items()))
        # Dearer by a quarter, in whole units of the currency.
        amount = (int(own * 5 / 4) + 1) * unit_minor
        return [_line(Items(skus=(sku,)), amount, 1, baskets)]
    units = getattr(words, "buy", 0) + getattr(words, "free", 0)
    units = units or (UNITS if getattr(words, "each", "") == "unit" else 1)
    units = _units(units, [promotion])
    each = max(USUAL, ceil(_least([promotion]) / units))
    return [_line(items, each * unit_minor * units, units, baskets)]


def _line(
    items: Items | None, amount_minor: int, units: int, baskets: Sequence[Basket] = ()
) -> Line:
    """An article that is meant: with the first of each word that is said of it, or of a basket."""
    said = [items or Items(), *(one.items for one in baskets if one.items is not None)]

    def first(word: str, otherwise: str = "") -> str:
        named = next((found for one in said if (found := getattr(one, word))), None)
        return str(named[0]) if named else otherwise

    labels, flags = (tuple(filter(None, (first(word),))) for word in ("labels", "flags"))
    return Line(
        1, first("skus", "1"), first("departments"), first("categories"), first("brands"),
        first("suppliers"), labels, units * 1000, amount_minor, (), amount_minor, 0, flags,
    )  # fmt: skip


_HEADER = Header("1", "1", "1", 0, 0, 0)
