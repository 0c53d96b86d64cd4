"""What an order of Shopify says of its articles and its money.  Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from producers.files.values import Wrong

Fields = Mapping[str, Any]
"""A JSON object.  Any: a value is whatever stands in the file."""
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_NO_AMOUNT = "it is no amount; write it as 12.50"
_QUANTITY_MAX = 10**9
_PAID: Mapping[str, int] = {"sale": 1, "capture": 1, "change": -1}
_REFUNDED: Mapping[str, int] = {"refund": 1}
_KINDS = {"shopify_payments": "card"}


def objects(one: Fields, field: str) -> list[Fields]:
    """A list of objects; none if the field is not there.

    Raises:
        Wrong: it is something else.
    """
    found = one.get(field)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Wrong(field, "it must be a list of objects")
    return found


def sold(item: Fields, number: int) -> dict[str, Any]:
    """A line, in the words of `producers.files.receipts`; its number is its place in the order.

    Raises:
        Wrong: a field cannot be used.
    """
    allocations = objects(item, "discount_allocations")
    amounts = [_amount(one, "amount", "discount_allocations.amount") for one in allocations]
    line: dict[str, Any] = {
        "line_no": number,
        "sku": _sku(item),
        "brand": item.get("vendor"),
        "quantity": _quantity(item),
        "gross": _text(_amount(item, "price") * _quantity(item)),
        "discounts": [{"source": "till", "amount": _text(amount)} for amount in amounts if amount],
        "flags": ["gift_card"] if item.get("gift_card") is True else [],
    }
    rates = [_amount(one, "rate", "tax_lines.rate") for one in objects(item, "tax_lines")]
    if rates:
        line["tax_percent"] = _text(sum(rates, Decimal(0)) * 100)
    return line


def returned(item: Fields, numbers: Mapping[Any, tuple[int, Fields]]) -> dict[str, Any]:
    """A line of a refund; `numbers` are the lines of the order by Shopify's id.

    Raises:
        Wrong: a field cannot be used, or it is no line of the order.
    """
    key = item.get("line_item_id")
    if not isinstance(key, int | str) or key not in numbers:
        raise Wrong("line_item_id", "it is no line of the order")
    place, line = numbers[key]
    return {
        "line_no": place,
        "sku": _sku(line),
        "quantity": _quantity(item),
        "net": _text(_amount(item, "subtotal")),
    }


def is_tip(item: Fields) -> bool:
    """Whether a line is what the customer gave to the staff: no other has this field."""
    return "tip_payment_gateway" in item and not item.get("product_id")


def paid(one: Fields) -> dict[str, Any]:
    """How the order was paid: by its transactions, or all of it by the one gateway it names.

    Raises:
        Wrong: an amount is none.
    """
    found = _tenders(one, _PAID, one.get("currency"))
    names = one.get("payment_gateway_names")
    if found:
        return {"tenders": found}
    if isinstance(names, list) and len(names) == 1 and isinstance(names[0], str):
        return {"tender": _kind(names[0])}
    return {}


def refunded(one: Fields, currency: Any) -> list[dict[str, Any]]:
    """How the money of a refund was paid out, of an order in this currency.

    Raises:
        Wrong: an amount is none.
    """
    return _tenders(one, _REFUNDED, currency)


def _tenders(one: Fields, kinds: Mapping[str, int], currency: Any) -> list[dict[str, Any]]:
    """The money of those transactions that went through, by gateway.

    None where one is in the buyer's currency: the shop's own amount is not told there.
    """
    sums: dict[str, Decimal] = {}
    for transaction in objects(one, "transactions"):
        went_through = transaction.get("status", "success") == "success"
        sign = kinds.get(str(transaction.get("kind")))
        if sign is None or not went_through:
            continue
        if (transaction.get("currency") or currency) != currency:
            return []
        kind = _kind(str(transaction.get("gateway") or "other"))
        amount = _amount(transaction, "amount", "transactions.amount")
        sums[kind] = sums.get(kind, Decimal(0)) + sign * amount
    return [{"kind": kind, "amount": _text(amount)} for kind, amount in sums.items() if amount]


def _kind(gateway: str) -> str:
    return _KINDS.get(gateway, gateway)


def _sku(item: Fields) -> Any:
    """The article: its sku; of one without, Shopify's number of the variant or product."""
    if item.get("sku"):
        return item["sku"]
    for name in ("variant_id", "product_id"):
        if item.get(name):
            return f"{name.removesuffix('_id')}-{item[name]}"
    return "no-sku"


def _quantity(item: Fields) -> int:
    value = item.get("quantity")
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("quantity", "it is missing" if value is None else "it is no whole number")
    if not 0 < value < _QUANTITY_MAX:
        raise Wrong("quantity", "it is less than 1" if value < 1 else "it is too large")
    return value


def _amount(one: Fields, field: str, told: str = "") -> Decimal:
    """An amount, written as text or as a number; `told` is its name for a complaint."""
    value = one.get(field)
    plain = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(plain, str) or not _AMOUNT.fullmatch(plain):
        raise Wrong(told or field, "it is missing" if value is None else _NO_AMOUNT)
    return Decimal(plain)


def _text(amount: Decimal) -> str:
    return format(amount, "f")
