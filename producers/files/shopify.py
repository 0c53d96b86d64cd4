"""Orders of Shopify, as its Admin API and its webhooks write them in JSON.

A paid order is a `SaleRecorded`, and each of its refunds that brings articles back a `SaleReturned`
behind it.  Keys are made of Shopify's own ids, so an order that is sent again, with a refund more,
is known.  The customer is known by id, as by a card, and by e-mail and phone; names and addresses
are not read.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from producers.files import shopify_lines
from producers.files.json_parts import Part, Unclosed, parts
from producers.files.shopify_lines import Fields
from producers.files.source import Source
from producers.files.told import Bad, PassedOver, Row, Told, Words, refused
from producers.files.values import Wrong
from schemas import events

_DECODER = msgspec.json.Decoder(float_hook=str)  # 12.10 stays 12.10
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_TITLE = re.compile(r"[0-9]{1,7}", re.ASCII)
"""An order is called by a number of so many digits; a longer one may be a phone's."""
_NOT_PAID = frozenset({"pending", "authorized", "partially_paid"})
_NEVER_PAID = frozenset({"voided", "expired"})
_WAS_PAID = frozenset({"paid", "partially_refunded", "refunded"})
_CHANNELS = {"pos": "pos", "iphone": "app", "android": "app"}
WEB_STORE = "web"
"""The store of orders that were not placed in one."""
_NAMES = {
    "event_id": "id",
    "store_id": "location_id",
    "receipt_no": "name",
    "order_id": "id",
    "occurred_at": "processed_at",
    "card": "customer.id",
    "email": "customer.email",
    "phone": "customer.phone",
    "lines": "line_items",
    "net": "price",
    "gross": "price",
    "brand": "vendor",
    "discounts": "discount_allocations",
    "discounts.amount": "discount_allocations.amount",
    "tax_percent": "tax_lines",
    "tenders": "transactions",
    "tenders.kind": "transactions.gateway",
    "tenders.amount": "transactions.amount",
    "tender": "payment_gateway_names",
}
_REFUND_NAMES = {
    "net": "subtotal",
    "lines": "refund_line_items",
    "refunds.kind": "transactions.gateway",
    "refunds.amount": "transactions.amount",
}


def told(source: Source) -> Iterator[Row]:
    """What each order tells.

    Raises:
        FileUnusable: the file cannot be read.
    """
    try:
        for part in parts(source):
            yield from order(part)
    except Unclosed as end:
        yield Bad(end.line, "document", end.reason, (end.raw,))


def order(part: Part) -> Iterator[Row]:
    """What one order tells.  Pure."""
    raws = (part.raw,)
    if part.problem:
        yield Bad(part.line, "order", part.problem, raws)
        return
    try:
        one: Any = _DECODER.decode(part.raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield Bad(part.line, "order", "it is no JSON", raws)
        return
    if not isinstance(one, dict):
        yield Bad(part.line, "order", "it is no JSON object", raws)
        return
    if len(one) == 1 and isinstance(one.get("order"), dict):
        one = one["order"]
    why = _passed_over(one)
    if why:
        yield PassedOver(why, _numbered(one))
        return
    title = _title(one)
    try:
        sale = _sale(one, title, part.line, raws)
        more, without_articles = _refunds(one, sale, title)
    except Wrong as wrong:
        empty = Told(events.SaleRecorded, {}, (part.line,), raws, words=Words(title, _NAMES, ()))
        yield refused(empty, wrong)
        return
    yield Told(sale.kind, sale.fields, sale.lines, raws, words=sale.words, more=more)
    for _ in range(without_articles):
        yield PassedOver("refund of money alone", {})


def _passed_over(one: Fields) -> str:
    """Why an order is no sale; empty if it is one.

    One that was cancelled after it was paid is a sale with its refunds: it may be in the log.
    """
    status = _status(one)
    if one.get("test") is True:
        return "test"
    if status in _NEVER_PAID:
        return "cancelled"
    unpaid = not status or status in _NOT_PAID
    if one.get("cancelled_at") and unpaid and not one.get("refunds"):
        return "cancelled"
    return "not paid yet" if status in _NOT_PAID else ""


def _status(one: Fields) -> str:
    return str(one.get("financial_status") or "").lower()


def _title(one: Fields) -> str:
    for name in ("order_number", "id"):
        value = one.get(name)
        if isinstance(value, int | str) and _TITLE.fullmatch(str(value)):
            return f"order {value}"
    return "order"


def _sale(one: Fields, title: str, line: int, raws: tuple[bytes, ...]) -> Told:
    """The order as it was placed; what was refunded later changes nothing of it."""
    number = _id(one, "id")
    if _status(one) not in _WAS_PAID:  # drafts and checkouts look like orders, and have none
        raise Wrong("financial_status", "it does not say that the order was paid")
    items = shopify_lines.objects(one, "line_items")
    places = [place for place, item in enumerate(items) if not shopify_lines.is_tip(item)]
    at_till = one.get("source_name") == "pos"
    fields = {
        **_numbered(one),
        "event_id": f"shopify|{number}|sale",
        "channel": _CHANNELS.get(str(one.get("source_name")), "web"),
        "actor": "cashier" if at_till else "customer",
        "order_id": number,
        "currency": one.get("currency"),
        "lines": [
            _at(f"line_items[{place}]", shopify_lines.sold, items[place], place + 1)
            for place in places
        ],
        **_customer(one),
        **shopify_lines.paid(one),
    }
    titles = tuple(f"line_items[{place}]." for place in places)
    words = Words(title, _NAMES, titles)
    return Told(events.SaleRecorded, fields, (line,), raws, words=words)


def _refunds(one: Fields, sale: Told, title: str) -> tuple[tuple[Told, ...], int]:
    """The returns of an order, and how many refunds bring no article back."""
    numbers = {
        item["id"]: (place, item)
        for place, item in enumerate(shopify_lines.objects(one, "line_items"), 1)
        if isinstance(item.get("id"), int | str)
    }
    tips = [item["id"] for _, item in numbers.values() if shopify_lines.is_tip(item)]
    made: list[Told] = []
    without_articles = 0
    for nth, refund in enumerate(shopify_lines.objects(one, "refunds")):
        where = f"refunds[{nth}]"
        number = _at(where, _id, refund, "id")
        items = _at(where, shopify_lines.objects, refund, "refund_line_items")
        places = [place for place, item in enumerate(items) if item.get("line_item_id") not in tips]
        if not places:
            without_articles += 1
            continue
        titles = tuple(f"refund_line_items[{place}]." for place in places)
        lines = [
            _at(f"{where}.{name[:-1]}", shopify_lines.returned, items[place], numbers)
            for name, place in zip(titles, places, strict=True)
        ]
        header = ("store_id", "channel", "actor", "currency", "card", "email", "phone")
        fields = {
            **{name: sale.fields[name] for name in header if name in sale.fields},
            "event_id": f"shopify|{number}|return",
            "receipt_no": number,
            "original_sale": sale.fields["event_id"],
            "occurred_at": refund.get("processed_at") or refund.get("created_at"),
            "lines": lines,
            "refunds": _at(where, shopify_lines.refunded, refund, one.get("currency")),
        }
        words = Words(f"{title} {where}.", {**_NAMES, **_REFUND_NAMES}, titles)
        made.append(Told(events.SaleReturned, fields, sale.lines, sale.raws, words=words))
    return tuple(made), without_articles


def _at(where: str, read: Any, *given: Any) -> Any:
    """What a part of the order says; a complaint names the part.  Any: whatever `read` gives."""
    try:
        return read(*given)
    except Wrong as wrong:
        raise Wrong(f"{where}.{wrong.field}", wrong.reason) from None


def _id(one: Fields, field: str) -> str:
    """One of Shopify's numbers."""
    value = one.get(field)
    plain = isinstance(value, int | str) and not isinstance(value, bool)
    if not plain or not _NUMBER.fullmatch(str(value)):
        raise Wrong(field, "it is missing" if value is None else "it is no number of Shopify's")
    return str(value)


def _numbered(one: Fields) -> dict[str, Any]:
    """Which number the order has, its name without the sign, `1001`; of which store, and when."""
    name = one.get("name") or one.get("order_number") or one.get("id")
    at_till = one.get("source_name") == "pos"
    return {
        "store_id": (at_till and one.get("location_id")) or WEB_STORE,
        "receipt_no": name.removeprefix("#") if isinstance(name, str) else name,
        "occurred_at": one.get("processed_at") or one.get("created_at"),
    }


def _customer(one: Fields) -> Mapping[str, Any]:
    """By what the member is known; without a customer the order is nobody's."""
    customer = one.get("customer")
    if customer is None:
        return {}
    if not isinstance(customer, dict):
        raise Wrong("customer", "it must be an object")
    if customer.get("id") is None:
        return {}
    return {
        "card": f"SHOPIFY-{_at('customer', _id, customer, 'id')}",
        "email": customer.get("email") or one.get("email"),
        "phone": customer.get("phone") or one.get("phone"),
    }
