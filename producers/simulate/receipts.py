"""The events of a visit: what is spent before the till, the receipt, and what comes back of it."""

from collections.abc import Iterator

from producers import pos
from producers.pos import Moment
from producers.simulate import baskets, campaigns, draws
from producers.simulate.baskets import Basket
from producers.simulate.chain import (
    GROUPS,
    LAG_DAYS_MAX,
    Chain,
    Visit,
    account_of,
    member_id,
    plan,
    returned_after,
    visit_at,
)
from producers.simulate.earning import FIVE_OFF_MINOR, TEN_OFF, TEN_OFF_MINOR, WALLET
from producers.simulate.purse import NOTHING, Use, use_of
from schemas.events import (
    Event,
    PointsRedeemed,
    ReturnedLine,
    SaleRecorded,
    SaleReturned,
    Tender,
)

CURRENCY = "USD"


def of_visit(chain: Chain, visit: Visit, moment: Moment) -> Iterator[Event]:
    """A visit's events: stars spent, if any, then the sale."""
    basket = baskets.basket_of(chain, visit)
    use = use_of(chain, visit, basket)
    if use.stars:
        yield _redemption(visit, basket, use, moment)
    yield _sale(visit, basket, use, moment)


def of_return(chain: Chain, visit: Visit, lag: int, moment: Moment) -> SaleReturned:
    """What comes back of a visit's receipt, to its store: all of it, or some lines."""
    basket = baskets.basket_of(chain, visit)
    store, till = baskets.store_of(basket), str(basket.till)
    number = f"{lag}-{baskets.receipt_no(visit)}"
    day = pos.iso(moment.business_date)
    lines = _lines_back(chain, visit, basket)
    refund = sum(line.net_minor for line in lines)
    tenders = _tenders(visit, basket, use_of(chain, visit, basket))
    by_card = min(refund, tenders[-1].amount_minor)
    refunds = (("card", by_card), ("store_credit", refund - by_card))
    return SaleReturned(
        pos.header_of(
            pos.receipt_id(store, till, day, number, "return"),
            account_of(visit, store),
            moment,
            store_id=store,
            till_id=till,
            actor="cashier",
        ),
        receipt_no=number,
        original_sale=_sale_id(visit, basket, moment.business_date - lag),
        currency=CURRENCY,
        lines=lines,
        refunds=tuple(Tender(kind, amount) for kind, amount in refunds if amount),
    )


def returned_on(chain: Chain, day: int) -> Iterator[tuple[Visit, int]]:
    """The visits of earlier days of which something comes back on a day, each with its age."""
    for lag in range(1, min(LAG_DAYS_MAX, day) + 1):
        sold = day - lag
        for group in range(GROUPS + 1):
            known = plan(chain, sold, group)
            for place in range(known.returned):
                if returned_after(chain, sold, group, place) == lag and known.returns:
                    yield visit_at(chain, sold, group, known.returns.at(place)), lag


def _sale_id(visit: Visit, basket: Basket, business_date: int) -> str:
    store, number = baskets.store_of(basket), baskets.receipt_no(visit)
    return pos.receipt_id(store, str(basket.till), pos.iso(business_date), number, "sale")


def _sale(visit: Visit, basket: Basket, use: Use, moment: Moment) -> SaleRecorded:
    store = baskets.store_of(basket)
    vouchers: tuple[str, ...] = ()
    if use is not NOTHING:
        vouchers = (TEN_OFF,) if use.ten_off else ()
        if use.campaign is not None:
            vouchers += (campaigns.voucher_id(use.campaign, member_id(visit.member)),)
    return SaleRecorded(
        pos.header_of(
            _sale_id(visit, basket, moment.business_date),
            account_of(visit, store),
            moment,
            store_id=store,
            till_id=str(basket.till),
            actor="cashier",
        ),
        receipt_no=baskets.receipt_no(visit),
        order_id="",
        quote_id="",
        currency=CURRENCY,
        lines=baskets.lines_of(basket),
        tenders=_tenders(visit, basket, use),
        vouchers=vouchers,
        cashier_id=f"{store}-{basket.cashier}",
    )


def _tenders(visit: Visit, basket: Basket, use: Use) -> tuple[Tender, ...]:
    """How a receipt is paid; the last tender is the card."""
    if use is NOTHING:
        return (Tender("card", basket.net_minor),)
    paid = []
    member = member_id(visit.member)
    if use.ten_off:
        paid.append(Tender("voucher", TEN_OFF_MINOR, TEN_OFF))
    if use.campaign is not None:
        reference = campaigns.voucher_id(use.campaign, member)
        paid.append(Tender("voucher", FIVE_OFF_MINOR, reference))
    if use.stars:
        paid.append(Tender("points", use.stars_minor, _redemption_id(visit)))
    rest = basket.net_minor - use.voucher_minor - use.stars_minor
    return (*paid, Tender("card", rest))


def _redemption(visit: Visit, basket: Basket, use: Use, moment: Moment) -> PointsRedeemed:
    return PointsRedeemed(
        pos.header_of(
            _redemption_id(visit),
            member_id(visit.member),
            moment,
            store_id=baskets.store_of(basket),
            till_id=str(basket.till),
            actor="customer",
        ),
        wallet=WALLET,
        points=use.stars,
        amount_minor=use.stars_minor,
        currency=CURRENCY,
        eligible_minor=basket.net_minor,
    )


def _redemption_id(visit: Visit) -> str:
    return f"redemption|{member_id(visit.member)}|{visit.day}"


def _lines_back(chain: Chain, visit: Visit, basket: Basket) -> tuple[ReturnedLine, ...]:
    about = visit.day << 8 | visit.group
    whole, chosen, first, _ = draws.four(chain.seed, draws.GOODS_BACK, about, visit.index)
    lines = baskets.lines_of(basket)
    keep = first % len(lines)
    return tuple(
        ReturnedLine(line.line_no, line.sku, line.quantity_milli, line.net_minor)
        for at, line in enumerate(lines)
        if whole % 2 or at == keep or chosen >> (at & 63) & 1
    )
