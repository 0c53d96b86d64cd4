"""POSLog, the XML of tills (ARTS, now OMG; versions 2 to 6): each RetailTransaction is a receipt.

Sale lines make a `SaleRecorded` and Return lines a `SaleReturned`, so an exchange makes both; the
numbers of lines and transactions are those of the document.  The member is known by the number of
the loyalty account, as by a card.  Names, addresses and what the till says of its own day are not
read.
"""

import re
from collections.abc import Iterator
from typing import Any

from producers.files import poslog_counted, poslog_lines, poslog_tenders, poslog_totals
from producers.files.poslog_counted import ARTICLES, SALES, why_not
from producers.files.poslog_lines import LEFT_OUT, UNLINKED
from producers.files.source import FileUnusable, Source
from producers.files.told import Bad, PassedOver, Row, Told, Trailer, Words, refused
from producers.files.values import Wrong
from producers.files.xml_parts import Broken, Element, Part, Parts
from schemas import events

_NAMES = {
    "store_id": "BusinessUnit",
    "till_id": "WorkstationID",
    "receipt_no": "SequenceNumber",
    "occurred_at": "ReceiptDateTime",
    "business_date": "BusinessDayDate",
    "currency": "CurrencyCode",
    "card": "LoyaltyAccount",
    "cashier_id": "OperatorID",
    "lines": "LineItem",
    "sku": "ItemID",
    "quantity": "Quantity",
    "gross": "ExtendedAmount",
    "net": "ExtendedAmount",
    "discount": "ExtendedDiscountAmount",
    "tax_percent": "Tax",
    "line_no": "SequenceNumber",
    "original_store_id": "TransactionLink",
    "original_till_id": "TransactionLink",
    "original_business_date": "TransactionLink",
    "original_receipt_no": "TransactionLink",
    "department": "MerchandiseHierarchy",
    "category": "MerchandiseHierarchy",
    "brand": "MerchandiseHierarchy",
    "tenders.amount": "Tender",
    "tenders.kind": "Tender",
    "refunds.amount": "Tender",
    "refunds.kind": "Tender",
}
_TITLE = re.compile(r"[0-9]{1,7}", re.ASCII)
"""A transaction is called by a number of so many digits; a longer one may be a phone's."""
_COUNT = re.compile(rb"<(?:[\w.-]+:)?TransactionCount(?:\s[^>]*)?>[^<]*</[^>]*>\s*")
_ROOTS = ("POSLog", "Transaction")


class Log:
    """A POSLog whose beginning was read.

    Attributes:
        header, footer: what stands around its transactions, but for their count: around those
            that were refused it would be wrong.
    """

    def __init__(self, source: Source) -> None:
        """Read up to the first transaction.

        Raises:
            FileUnusable: the file cannot be read, or is no POSLog.
        """
        self._parts = Parts("Transaction")
        self._pieces = self._parts.read(source.pieces())
        self._begun: list[list[Part]] = []
        self._broken: Broken | None = None
        try:
            while not self._parts.header and not self._begun:
                self._begun = [done] if (done := next(self._pieces)) else []
        except StopIteration:
            pass
        except Broken as broken:
            self._broken = broken
        if self._broken is not None and not self._parts.header:
            raise FileUnusable(f"{source.path}:{self._broken.line}, {self._broken.reason}.")
        if self._parts.root not in _ROOTS:
            raise FileUnusable(f"{source.path} is XML, but no POSLog by its first element.")
        self.header, self.footer = _COUNT.sub(b"", self._parts.header), self._parts.footer

    def told(self) -> Iterator[Row]:
        """What each transaction tells; once."""
        count = 0
        try:
            for done in self._all():
                count += len(done)
                for part in done:
                    yield told(part)
        except Broken as broken:
            yield Bad(broken.line, "document", broken.reason, (self._parts.held,))
        line, said = self._parts.outside.get("TransactionCount", (0, ""))
        if said:
            yield Trailer(line, said, None, None, "", count)

    def _all(self) -> Iterator[list[Part]]:
        yield from self._begun
        if self._broken is not None:
            raise self._broken
        yield from self._pieces


def told(part: Part) -> Told | Bad | PassedOver:
    """What one transaction tells.  Pure."""
    whole = part.element
    number = whole.said("SequenceNumber")
    title = f"transaction {number}" if _TITLE.fullmatch(number) else "transaction"
    if part.problem:
        return Bad(part.line, title, part.problem, (part.raw,))
    inside = whole.first("RetailTransaction")
    why = why_not(whole) or (why_not(inside) if inside is not None else "no sale")
    if why or inside is None:
        return PassedOver(why, _numbered(whole))
    raws = (part.raw,)
    try:
        made = _receipt(whole, inside, part.line, title, raws)
    except Wrong as wrong:
        bad = Told(events.SaleRecorded, {}, (part.line,), raws, words=Words(title, _NAMES, ()))
        return refused(bad, wrong)
    if not made:
        return PassedOver("no sale", _numbered(whole))
    first = made[0]
    return Told(first.kind, first.fields, first.lines, raws, words=first.words, more=made[1:])


def _receipt(
    whole: Element, inside: Element, line: int, title: str, raws: tuple[bytes, ...]
) -> tuple[Told, ...]:
    """The returns of a transaction, by the sales they name, and its sale.

    Raises:
        Wrong: it cannot be read as a receipt.
    """
    reasons = {
        link.attributes.get("ReasonCode", "").lower() for link in inside.every("TransactionLink")
    }
    if reasons & {"void", "voided", "postvoid"}:
        raise Wrong("original_receipt_no", "it voids another transaction; bring that as Return")
    header = _header(whole, inside)
    sold: list[dict[str, Any]] = []
    titles: list[str] = []
    returned: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    paid: list[Element] = []
    strange = ""
    items = poslog_counted.lines(inside)
    for place, item in items:
        name = f"LineItem {place}"
        if item.first("Tender"):
            paid += item.every("Tender")
        elif sale := item.first(*SALES):
            sold.append(_in(name, poslog_lines.sold, item, sale))
            titles.append(name)
        elif back := item.first("Return"):
            origin, one = _in(name, poslog_lines.returned, item, back)
            returned.setdefault(origin, []).append({**one, "_title": name})
        elif not any(one.name in LEFT_OUT for one in item.inside):
            strange = strange or name
    if reasons & {"", "return"} and UNLINKED in returned:
        raise Wrong("original_receipt_no", "it names a sale, and a Return not which line of it")
    came_back = [one for lines in returned.values() for one in lines]
    agrees = poslog_totals.agrees(inside, [item for _, item in items], sold, came_back)
    if strange and not agrees:
        raise Wrong(strange, "it is of a kind that is not read here, and may change the amount")
    if agrees is False:
        raise Wrong("Total", "its TransactionGrandAmount is not the sum of the lines")
    told_of = _Making(header, line, title, raws)
    tenders, refunds = poslog_tenders.paid(
        paid, header["currency"], sold=bool(sold), returned=bool(returned)
    )
    refunds = refunds if len(returned) == 1 else []  # of several sales nobody says which is whose
    made = [
        told_of.returned(origin, lines, refunds, nth)
        for nth, (origin, lines) in enumerate(returned.items(), 1)
    ]
    if sold:
        made.append(told_of.sold(sold, titles, tenders))
    return tuple(made)


class _Making:
    """Makes the events of one transaction."""

    def __init__(
        self, header: dict[str, Any], line: int, title: str, raws: tuple[bytes, ...]
    ) -> None:
        self._header = header
        self._line = line
        self._title = title
        self._raws = raws

    def sold(
        self, lines: list[dict[str, Any]], titles: list[str], tenders: list[dict[str, Any]]
    ) -> Told:
        """The sale."""
        fields = {**self._header, "lines": lines, "tenders": tenders}
        return self._told(events.SaleRecorded, fields, tuple(titles))

    def returned(
        self,
        origin: tuple[str, ...],
        lines: list[dict[str, Any]],
        refunds: list[dict[str, Any]],
        nth: int,
    ) -> Told:
        """What came back of one sale; of the second and later ones the number says which it is."""
        titles = tuple(str(one.pop("_title")) for one in lines)
        fields = {**self._header, "lines": lines, "refunds": refunds}
        fields.pop("cashier_id", None)
        if nth > 1:
            fields["receipt_no"] = f"{fields['receipt_no']}-{nth}"
        if any(origin):
            names = ("original_store_id", "original_till_id", "original_business_date",
                     "original_receipt_no")  # fmt: skip
            fields |= dict(zip(names, origin, strict=True))
        return self._told(events.SaleReturned, fields, titles)

    def _told(
        self, kind: type[events.Event], fields: dict[str, Any], titles: tuple[str, ...]
    ) -> Told:
        words = Words(self._title, _NAMES, titles)
        return Told(kind, fields, (self._line,), self._raws, words=words)


def _in(name: str, read: Any, *given: Element) -> Any:
    """What a line says; a complaint names the line.  Any: whatever `read` gives."""
    try:
        return read(*given)
    except Wrong as wrong:
        raise Wrong(f"{name} {wrong.field}", wrong.reason) from None


def _header(whole: Element, inside: Element) -> dict[str, Any]:
    """What the transaction says of itself."""
    return {
        **_numbered(whole),
        "occurred_at": _time(whole) or _time(inside),
        "currency": _currency(whole, inside),
        "cashier_id": whole.said("OperatorID") or inside.said("OperatorID"),
        "card": _card(inside) or _card(whole),
    }


def _numbered(whole: Element) -> dict[str, Any]:
    """Which number it has, of which till and day."""
    return {
        "store_id": poslog_lines.store(whole),
        "till_id": whole.said("WorkstationID"),
        "receipt_no": whole.said("SequenceNumber"),
        "occurred_at": _time(whole),
        "business_date": poslog_lines.day(whole.said("BusinessDayDate")),
    }


def _time(element: Element) -> str:
    """When the receipt was printed; else when the transaction ended or began."""
    stamped = [
        one.text
        for one in element.every("POSLogDateTime")
        if one.attributes.get("TypeCode", "Transaction") == "Transaction"
    ]
    said = element.said("ReceiptDateTime")
    return said or next(iter(stamped), "") or element.said("EndDateTime", "BeginDateTime")


def _currency(whole: Element, inside: Element) -> str:
    """The one currency of all amounts; empty if none is named."""
    named = {one for one in (whole.said("CurrencyCode"), inside.said("CurrencyCode")) if one}
    for item in inside.every("LineItem"):
        for sale in item.every(*ARTICLES):
            amounts = [one.attributes.get("Currency") for one in sale.every("ExtendedAmount")]
            named |= {one for one in amounts if one}
    if len(named) > 1:
        raise Wrong("currency", "its amounts are in more than one currency")
    return named.pop() if named else ""


def _card(element: Element) -> str:
    """The number of the loyalty account; else the customer's."""
    for name in ("LoyaltyAccount", "Customer"):
        for one in element.every(name):
            inner = one.first("LoyaltyAccount")
            found = _number_of(inner) if inner is not None else ""
            if found or (found := _number_of(one)):
                return found
    return element.said("CustomerID")


def _number_of(element: Element) -> str:
    return element.said("LoyaltyAccountID", "LoyaltyID", "CardNumber", "CustomerID")
