"""Sales, quotes and returns: their words become events."""

from decimal import Decimal

from msgspec.structs import replace

from loyalty.scenarios import words
from loyalty.scenarios.converting import Wrong
from loyalty.scenarios.world import Place, Quoted, World
from schemas.events import (
    Discount,
    Line,
    OrderFulfilled,
    ReturnedLine,
    SaleRecorded,
    SaleReturned,
    Tender,
)

PPM_OF_PERCENT_DECIMALS = 4
"""A millionth is the fourth decimal of a percentage."""


def sale(world: World, where: words.Where, said: words.Sale) -> SaleRecorded:
    """A receipt as it is rung up, or as it was quoted."""
    if said.quote:
        return _as_quoted(world, where, said)
    place = world.place(where)
    number = world.number(where)
    lines = tuple([_line(world, place, at, one) for at, one in enumerate(said.lines, 1)])
    total = sum([line.net_minor for line in lines])
    return SaleRecorded(
        place.header(place.receipt(number, "sale"), said.member),
        number,
        said.order,
        "",
        place.currency,
        lines,
        _by_card(total) if said.tenders is None else _tenders(world, place, said.tenders),
        said.vouchers,
        said.coupons,
        said.cashier,
    )


def basket(world: World, where: words.Where, said: words.Quote) -> SaleRecorded:
    """What a till asks a quote for: the lines at the price on the shelf, not yet paid."""
    place = world.place(where)
    number = world.number(where)
    return SaleRecorded(
        place.header(place.receipt(number, "quote"), said.member),
        number,
        said.order,
        number,
        place.currency,
        tuple([_line(world, place, at, one) for at, one in enumerate(said.lines, 1)]),
        (),
        said.vouchers,
        said.coupons,
    )


def _as_quoted(world: World, where: words.Where, said: words.Sale) -> SaleRecorded:
    if said.lines:
        raise Wrong("a sale says its `lines`, or the `quote` it follows, not both")
    asked = _quoted(world, said.quote)
    quoted = asked.event.header
    place = world.place(
        replace(
            where,
            store=where.store or quoted.store_id,
            till=where.till or quoted.till_id,
            channel=where.channel or quoted.channel,
        )
    )
    number = world.number(where)
    answer = asked.answer
    held = tuple(one.reference for one in answer.vouchers if one.refusal is None)
    return SaleRecorded(
        place.header(place.receipt(number, "sale"), said.member or quoted.member_id),
        number,
        said.order or asked.event.order_id,
        said.quote,
        place.currency,
        answer.lines,
        _by_card(answer.to_pay_minor)
        if said.tenders is None
        else _tenders(world, place, said.tenders),
        said.vouchers or held,
        said.coupons or asked.event.coupons,
        said.cashier,
    )


def _quoted(world: World, name: str) -> Quoted:
    found = world.last(name)
    if not isinstance(found, Quoted):
        raise world.unheard("quote", name)
    return found


def _line(world: World, place: Place, number: int, said: words.Line) -> Line:
    discounts = tuple([_discount(world, place, one) for one in said.discounts])
    off = sum([one.amount_minor for one in discounts])
    gross = None if said.gross is None else world.minor(said.gross, place.currency)
    net = None if said.net is None else world.minor(said.net, place.currency)
    if gross is None:
        if net is None:
            raise Wrong(f"line {number} says neither `net` nor `gross`")
        gross = net + off
    return Line(
        said.line_no or number,
        said.sku,
        said.department,
        said.category,
        said.brand,
        said.supplier,
        said.labels,
        _milli(said.quantity),
        gross,
        discounts,
        gross - off if net is None else net,
        _whole(Decimal(said.tax_rate.removesuffix("%")), PPM_OF_PERCENT_DECIMALS),
        said.flags,
    )


def _discount(world: World, place: Place, said: words.Discount) -> Discount:
    by_name = (("promotion", said.promotion), ("voucher", said.voucher))
    named = [(source, source_id) for source, source_id in by_name if source_id]
    if said.source:
        named.append((said.source, said.source_id))
    if len(named) != 1:
        raise Wrong("a discount is of one `promotion`, one `voucher` or one `source`")
    ((source, source_id),) = named
    return Discount(source, source_id, world.minor(said.amount, place.currency), said.funded_by)


def _tenders(world: World, place: Place, said: tuple[words.Tender, ...]) -> tuple[Tender, ...]:
    return tuple(
        Tender(one.kind, world.minor(one.amount, place.currency), world.event_id(one.reference))
        for one in said
    )


def _by_card(total_minor: int) -> tuple[Tender, ...]:
    return (Tender("card", total_minor),) if total_minor > 0 else ()


def returned(world: World, where: words.Where, said: words.Return) -> SaleReturned:
    """Goods brought back, of a sale of the scenario or of none."""
    original = world.earlier(said.sale, SaleRecorded)
    if said.sale and original is None and not said.member:
        raise world.unheard("sale", said.sale)
    place = world.place(where)
    number = world.number(where)
    if original is None:
        lines = _unlinked(world, place, said.lines or ())
        member, original_sale = said.member, said.sale
    else:
        lines = _of_sale(world, original, said.lines)
        member, original_sale = said.member or original.header.member_id, original.header.event_id
    return SaleReturned(
        place.header(place.receipt(number, "return"), member),
        number,
        original_sale,
        place.currency,
        lines,
        _tenders(world, place, said.refunds),
        said.exchange,
    )


def _unlinked(
    world: World, place: Place, said: tuple[words.ReturnedLine, ...]
) -> tuple[ReturnedLine, ...]:
    return tuple(
        ReturnedLine(
            one.line or at,
            one.sku,
            _milli(Decimal(1) if one.quantity is None else one.quantity),
            world.minor(Decimal(0) if one.net is None else one.net, place.currency),
        )
        for at, one in enumerate(said, 1)
    )


def _of_sale(
    world: World, original: SaleRecorded, said: tuple[words.ReturnedLine, ...] | None
) -> tuple[ReturnedLine, ...]:
    """Lines of a sale; each part is refunded so that all parts sum to what was paid."""
    back = world.returned_milli.get(original.header.event_id, {})
    if said is None:
        open_lines = [one for one in original.lines if back.get(one.line_no, 0) < _sold(one)]
        said = tuple(words.ReturnedLine(one.line_no) for one in open_lines or original.lines)
    lines = []
    for one in said:
        sold = next((line for line in original.lines if line.line_no == one.line), None)
        if sold is None:
            lines.append(ReturnedLine(one.line, one.sku, _milli(one.quantity or Decimal(1)), 0))
            continue
        before = back.get(one.line, 0)
        quantity = sold.quantity_milli - before if one.quantity is None else _milli(one.quantity)
        quantity = quantity or sold.quantity_milli
        net = sold.net_minor
        if sold.quantity_milli:
            through = net * (before + quantity) // sold.quantity_milli
            net = through - net * before // sold.quantity_milli
        if one.net is not None:
            net = world.minor(one.net, original.currency)
        lines.append(ReturnedLine(one.line, sold.sku, quantity, net))
    return tuple(lines)


def _sold(line: Line) -> int:
    """How much of a line can come back; of one without a quantity, itself."""
    return line.quantity_milli or 1


def fulfilled(world: World, where: words.Where, said: words.Fulfil) -> OrderFulfilled:
    """The order of a sale reached its buyer."""
    original = world.earlier(said.sale, SaleRecorded)
    if original is None and not said.member:
        raise world.unheard("sale", said.sale)
    order = said.sale if original is None else original.order_id or original.receipt_no
    member = said.member or ("" if original is None else original.header.member_id)
    header = world.place(where).header(f"order|{order}|fulfilled", member)
    return OrderFulfilled(header, world.event_id(said.sale))


def _milli(quantity: Decimal) -> int:
    return _whole(quantity, 3)


def _whole(number: Decimal, decimals: int) -> int:
    """A number with at most so many decimals, in the smallest of them."""
    scaled = number.scaleb(decimals)
    if not scaled.is_finite() or (whole := int(scaled)) != scaled:
        raise Wrong(f"{number} has more than {decimals} decimals")
    return whole
