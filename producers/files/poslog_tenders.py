"""How a POSLog transaction was paid: what was handed over less the change, by kind.  Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from producers.files.values import Wrong
from producers.files.xml_parts import Element

_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_KINDS = {
    "credit_debit": "card", "credit": "card", "debit": "card", "credit_card": "card",
    "debit_card": "card", "gift_certificate": "gift_card", "stored_value": "gift_card",
    "coupon": "manufacturer_coupon",
}  # fmt: skip
_BACK = frozenset({"refund", "change"})
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
Tenders = list[dict[str, Any]]


def paid(
    tenders: Sequence[Element], currency: str, *, sold: bool, returned: bool
) -> tuple[Tenders, Tenders]:
    """What paid for the sale, and what was paid out for the return.

    In an exchange the difference is paid, one way or the other.

    Raises:
        Wrong: an amount is none, or in another currency than the transaction, if that names one.
    """
    sums: dict[str, Decimal] = {}
    for one in tenders:
        amount = _amount(one, currency)
        if one.attributes.get("TypeCode", "").lower() in _BACK:
            amount = -abs(amount)
        for change in one.every("TenderChange"):
            amount -= abs(_amount(change, currency))
        kind = _kind(one)
        sums[kind] = sums.get(kind, Decimal(0)) + amount
    if not sold:  # tills write what they pay out with either sign
        return [], [_tender(kind, abs(amount)) for kind, amount in sums.items() if amount]
    if not returned:
        return [_tender(kind, amount) for kind, amount in sums.items() if amount], []
    back = [_tender(kind, -amount) for kind, amount in sums.items() if amount < 0]
    return [_tender(kind, amount) for kind, amount in sums.items() if amount > 0], back


def _kind(tender: Element) -> str:
    """`CreditDebit` is card; of a name of the maker's own, `x:Twint`, what stands behind the sign.

    What has no name here has that of the document, in small letters.
    """
    name = tender.attributes.get("TenderType", "").rpartition(":")[2].strip()
    plain = _CAPITAL.sub("_", name).lower()
    return _KINDS.get(plain, plain) or "other"


def _amount(tender: Element, currency: str) -> Decimal:
    said = tender.said("Amount")
    named = {one.attributes.get("Currency", currency) for one in tender.every("Amount")}
    if currency and named - {currency}:
        raise Wrong("Tender", f"its Amount is in another currency than {currency}")
    if not _AMOUNT.fullmatch(said):
        raise Wrong("Tender", "its Amount is missing" if not said else "its Amount is none")
    return Decimal(said)


def _tender(kind: str, amount: Decimal) -> dict[str, Any]:
    return {"kind": kind, "amount": format(amount, "f")}
