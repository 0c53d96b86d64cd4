"""The lines of a POSLog transaction: what was sold and what came back.  Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from producers.files.poslog_counted import why_not
from producers.files.values import Wrong
from producers.files.xml_parts import Element

_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_DATE = re.compile(r"([0-9-]{10})(?:Z|[+-][0-9]{2}:[0-9]{2}|T00:00:00.*)?", re.ASCII)
_LEVELS = {"department": "department", "category": "category", "brand": "brand"}
LEFT_OUT = frozenset(
    {"Tax", "Rounding", "LoyaltyReward", "Comment", "CustomerOrder", "Deposit", "MiscellaneousFee",
     "PaymentOnAccount", "GiftCertificate", "StoredValueInstrument", "StoredValueFund", "Survey"}
)  # fmt: skip
"""Lines that are no article: they are neither sold nor brought back for points."""
_FLAGS: Mapping[str, list[str]] = {
    "giftcard": ["gift_card"], "giftcertificate": ["gift_card"], "deposit": ["deposit"],
}  # fmt: skip
_NO_AMOUNT = "it is no amount; write it as 12.50"
_HALF_A_CENT = Decimal("0.005")
Origin = tuple[str, str, str, str]
"""Store, till, business date and number of the sale that something was bought in."""
UNLINKED: Origin = ("", "", "", "")


def sold(item: Element, sale: Element) -> dict[str, Any]:
    """One line of a sale, in the words of `producers.files.receipts`.

    `ExtendedAmount` is what was charged; where it is the regular price times the quantity although
    something was taken off, it is the amount before that.

    Raises:
        Wrong: an amount is none.
    """
    amount = _amount(sale, "ExtendedAmount")
    if amount is None:
        raise Wrong("ExtendedAmount", "it is missing")
    off = _taken_off(sale)
    line: dict[str, Any] = {
        "line_no": item.said("SequenceNumber"),
        "sku": _sku(sale),
        "quantity": sale.said("Quantity") or "1",
        "tax_percent": _tax(sale),
        "flags": _FLAGS.get(sale.attributes.get("ItemType", "").lower(), []),
        **_place(sale),
    }
    if off <= 0:
        return {**line, "gross": _text(amount)}
    before = "gross" if _is_before(sale, amount) else "net"
    return {**line, before: _text(amount), "discount": _text(off)}


def returned(item: Element, back: Element) -> tuple[Origin, dict[str, Any]]:
    """One line that came back, and the sale it names; tills write its amounts with either sign.

    Raises:
        Wrong: an amount is none, or the sale is named without the line.
    """
    amount = _amount(back, "ExtendedAmount")
    if amount is None:
        raise Wrong("ExtendedAmount", "it is missing")
    amount = abs(amount)
    off = _taken_off(back)
    if off > 0 and _is_before(back, amount):
        amount -= off
    line = {
        "sku": _sku(back),
        "quantity": (back.said("Quantity") or "1").removeprefix("-"),
        "net": _text(amount),
        "line_no": item.said("SequenceNumber"),
    }
    link = back.first("TransactionLink") or item.first("TransactionLink")
    if link is None:
        return UNLINKED, line
    number = link.said("LineItemSequenceNumber", "LineItemID")
    if not number:
        raise Wrong("TransactionLink", "it says no LineItemSequenceNumber, the line of the sale")
    origin = (store(link), link.said("WorkstationID"), day(link.said("BusinessDayDate")),
              link.said("SequenceNumber"))  # fmt: skip
    return origin, {**line, "line_no": number}


def store(element: Element) -> str:
    """The store: its unit's number, or the name of the unit itself.

    Of several units one is the store, and others may be its country or company.
    """
    units = element.every("BusinessUnit")
    unit = next(iter([one for one in units if _is_store(one)] or units), None)
    inside = "" if unit is None else unit.said("UnitID") or unit.text
    return inside or element.said("RetailStoreID")


def _is_store(unit: Element) -> bool:
    return any(
        one is not None and one.attributes.get("TypeCode", "").lower() == "retailstore"
        for one in (unit, unit.first("UnitID"))
    )


def day(said: str) -> str:
    """A date without the zone or the midnight that some tills write behind it."""
    found = _DATE.fullmatch(said)
    return said if found is None else found[1]


def _amount(element: Element, name: str) -> Decimal | None:
    """The amount of that name; None if it is not there."""
    one = element.first(name)
    return None if one is None or not one.text else amount_of(one, name)


def amount_of(one: Element, name: str) -> Decimal:
    """An amount as it is written, negative if it says that it is subtracted.

    Raises:
        Wrong: it is none.
    """
    if not _AMOUNT.fullmatch(one.text):
        raise Wrong(name, _NO_AMOUNT)
    found = Decimal(one.text)
    subtracts = one.attributes.get("Action", "").lower() == "subtract"
    return -found if subtracts and found > 0 else found


def _taken_off(sale: Element) -> Decimal:
    """What the price was reduced by: the sum that is said, or that of the modifiers."""
    said = _amount(sale, "ExtendedDiscountAmount")
    if said is not None:
        return abs(said)
    total = Decimal(0)
    for one in sale.every("RetailPriceModifier"):
        if why_not(one) or one.first("Amount") is None:
            continue
        amount = _amount(one, "Amount") or Decimal(0)
        action = (one.first("Amount") or one).attributes.get("Action", "Subtract").lower()
        if action == "subtract":
            total += abs(amount)
        elif action == "add":
            total -= amount
    return total


def _is_before(sale: Element, amount: Decimal) -> bool:
    """Whether the amount is the regular price, so that the discounts are still to be taken off."""
    regular = _amount(sale, "RegularSalesUnitPrice")
    quantity = sale.said("Quantity") or "1"
    if regular is None or not _AMOUNT.fullmatch(quantity):
        return False
    rounded = amount - regular * abs(Decimal(quantity))  # of what is weighed
    return -_HALF_A_CENT < rounded <= _HALF_A_CENT


def _text(amount: Decimal) -> str:
    return format(amount, "f")


def _sku(sale: Element) -> str:
    identity = sale.first("POSIdentity")
    return sale.said("ItemID") or ("" if identity is None else identity.said("POSItemID"))


def _tax(sale: Element) -> str:
    tax = sale.first("Tax")
    return "" if tax is None else tax.said("Percent")


def _place(sale: Element) -> Mapping[str, str]:
    """Where the article belongs, as far as the levels of the hierarchy have names known here."""
    found: dict[str, str] = {}
    for one in sale.every("MerchandiseHierarchy"):
        name = _LEVELS.get(one.attributes.get("Level", "").lower())
        if name is not None and one.text:
            found.setdefault(name, one.text)
    return found
