"""The grand total of a POSLog transaction, against the sum of its lines.  Pure.

Makers of tills differ in whether an amount is before or after its discounts, so what was understood
is compared with what the till itself says was to pay.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from producers.files.poslog_counted import ARTICLES
from producers.files.poslog_lines import LEFT_OUT, amount_of
from producers.files.xml_parts import Element

_GRAND = "TransactionGrandAmount"


def agrees(
    inside: Element,
    items: Sequence[Element],
    sold: Sequence[Mapping[str, Any]],
    returned: Sequence[Mapping[str, Any]],
) -> bool | None:
    """Whether the lines sum up to the grand total, with their taxes or without.

    None where nothing can be said: there is no total, or a line was left out that may change it.

    Any: the lines as `poslog_lines` has them.

    Raises:
        Wrong: an amount is none.
    """
    totals = [one for one in inside.every("Total") if one.attributes.get("TotalType", "") == _GRAND]
    if not totals or any(one.name in LEFT_OUT - {"Tax"} for item in items for one in item.inside):
        return None
    grand = amount_of(totals[0], "Total")
    net = _sum(_charged(one) for one in sold) - _sum(Decimal(one["net"]) for one in returned)
    by_line = _sum(
        (1 if kind != "Return" else -1) * abs(amount_of(tax.first("Amount") or tax, "Tax"))
        for item in items
        for kind in ARTICLES
        for article in item.every(kind)
        for tax in article.every("Tax")
        if tax.said("Amount")
    )
    apart = _sum(
        amount_of(tax.first("Amount") or tax, "Tax")
        for item in items
        for tax in item.every("Tax")
        if tax.said("Amount")
    )
    return abs(grand) in {abs(net), abs(net + by_line), abs(net + apart)}


def _charged(line: Mapping[str, Any]) -> Decimal:
    if "net" in line:
        return Decimal(line["net"])
    return Decimal(line["gross"]) - Decimal(line.get("discount", 0))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
