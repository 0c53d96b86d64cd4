"""500 kinds of wrong rows: a good row, and one thing in it that cannot be."""

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from producers.files.shapes import shape_of
from schemas import events
from schemas.events import EVENT_TYPES, EVERY_PARTITION

AT = "2026-03-14T10:00:00"
LINE = {"sku": "TEA", "quantity": "1", "net": "3.50"}
SALE = {"type": "SaleRecorded", "store_id": "S1", "till_id": "1", "receipt_no": "17",
        "occurred_at": AT, "member_id": "m-7"}  # fmt: skip
GOOD: dict[str, dict[str, Any]] = {
    "SaleRecorded": {**SALE, "lines": [LINE]},
    "SaleReturned": {**SALE, "original_sale": "S1|1|2026-03-01|3|sale",
                     "lines": [{"line_no": 1, "quantity": "1", "net": "3.50"}]},
    "MemberChanged": {"status": "blocked"},
    "OfferMade": {"campaign_id": "c1", "voucher": "v", "first_day": "2026-03-14",
                  "last_day": "2026-04-14", "uses": 1},
    "VoucherPresented": {"voucher_id": "v#1", "amount": "5.00", "currency": "EUR"},
    "PointsRedeemed": {"wallet": "points", "points": 100, "amount": "1.00", "currency": "EUR"},
    "PointsAdjusted": {"wallet": "points", "points": -5, "reason": "r", "approved_by": "a"},
    "ProgrammeActivated": {"document": "{}", "document_hash": "ab", "effective_from": "2026-03-14"},
    "BusinessDayClosed": {"business_date": "2026-03-14"},
    "MemberLabelled": {"label": "vip", "on": True},
    "SegmentEntered": {"segment": "loyal", "definition_hash": "ab"},
    "SegmentLeft": {"segment": "loyal", "definition_hash": "ab"},
    "ActivityRecorded": {"activity": "review"},
    "RewardClaimed": {"reward": "mug", "quantity_": None},
    "RedemptionReversed": {"redemption_id": "redemption|1"},
    "HoldPlaced": {"hold_id": "h1", "wallet": "points", "points": 5, "expires_at": f"{AT}Z"},
    "HoldCaptured": {"hold_id": "h1", "points": 5, "amount": "0.05", "currency": "EUR"},
    "HoldVoided": {"hold_id": "h1"},
    "VoucherReserved": {"hold_id": "h2", "voucher": "ten-off", "expires_at": f"{AT}Z"},
    "VoucherCancelled": {"voucher_id": "v#1"},
    "TierAssigned": {"ladder": "circle", "level": "vip", "approved_by": "a"},
    "OrderFulfilled": {"sale_id": "S1|1|2026-03-01|3|sale"},
    "PromotionStopped": {"promotion_id": "p", "because": "it gave too much"},
}  # fmt: skip
"""The fields of a good row of every type that needs no register."""
del GOOD["RewardClaimed"]["quantity_"]

TIMES = [
    "14/03/2026", "03/14/2026 10:00", "2026-13-01", "2026-02-30T10:00:00", "2026-03-14T25:00",
    "2026-03-14T10:61", "yesterday", "46095", "2026-3-14", "20260314", "1899-12-31T23:00",
    "2200-01-01", "2026-03-14T10:00:00+99:00", "2026-W11-6", "10:00", "2026-03-14 ten", "NaN",
    "2026-03-14T10:00:00Z+1", "\u0662\u0660\u0662\u0666-03-14", "0000-00-00",
]  # fmt: skip
DAYS = ["14.03.2026", "2026-02-29", "2026-00-10", "2026-03-14T10:00", "46095", "soon", "1899-12-31",
        "2200-01-01", "2026/03/14"]  # fmt: skip
AMOUNTS = [
    "free", "1.234,56", "1,234.56", "1 234.50", "12.345", "$3", "3.50 EUR", "--3", "1e3", "0x10",
    "3.5.0", "3,5,0", "", ".", ",", "-", "NaN", "inf", "1,234", "9" * 16, "9999999999999.99",
    "\u0663.\u0665", "#REF!", "=A1*2", "1/2",
]  # fmt: skip
NUMBERS = [
    "one",
    "1.2345",
    "-1",
    "1,000",
    "1e9",
    "9" * 16,
    "99999999999999",
    "½",
    "#DIV/0!",
    "1 kg",
]
WHOLES = ["one", "1.5", "1e3", "", "9" * 16, "0x1", " - ", "NaN"]


class WrongRow(Struct, frozen=True):
    """One wrong row.  Any: a value is whatever stands in the file.

    Attributes:
        name: for people.
        row: the JSON object, or the text of the line.
        field: where the problem is; empty for the row as a whole.
    """

    name: str
    row: Any
    field: str

    @property
    def line(self) -> str:
        """The line of the file."""
        return self.row if isinstance(self.row, str) else json.dumps(self.row)


def good(name: str, number: int = 1) -> dict[str, Any]:
    """A good row of a type, another one for each number."""
    own = {**GOOD[name], "type": name}
    if events.__dict__[name] not in EVERY_PARTITION:
        own = {"member_id": f"m-{number}", **own}
    own.setdefault("occurred_at", f"2026-03-14T10:00:{number:02}")
    return own


def every() -> list[WrongRow]:
    """All of them, each under its own name."""
    return [*_broken(), *_of_sales(), *_of_every_type()]


def _broken() -> Iterator[WrongRow]:
    """Lines that are no event at all."""
    for text in ("{", "{]", '{"type": ', "[1, 2]", '"SaleRecorded"', "17", "null", "{'type': 1}",
                 '{"type": "SaleRecorded",}', '{"a": 01}', "{" * 3_000, "[" * 100_000,
                 '{"a": NaN}', '{"type": "SaleRecorded"} {}', "\ufeff{}", '{"a": "\x01"}',
                 '{"a": "\\ud800"}', '{"a": 1e}', '{"type": "SaleRecorded"', "}"):  # fmt: skip
        yield WrongRow(f"no JSON: {text[:24]!r}", text, "type" if text == "{}" else "")
    for name in ("", None, 7, "Sale", "salerecorded", "SaleRecorded ", [], "Header", "Line", True):
        yield WrongRow(f"type {name!r}", {**good("SaleRecorded"), "type": name}, "type")
    yield WrongRow("no type", {"store_id": "S1"}, "type")


def _of_sales() -> Iterator[WrongRow]:
    """What can be wrong with a receipt and its lines."""
    sale = good("SaleRecorded")
    for text in TIMES:
        yield WrongRow(f"occurred_at {text}", {**sale, "occurred_at": text}, "occurred_at")
    for text in DAYS:
        yield WrongRow(f"business_date {text}", {**sale, "business_date": text}, "business_date")
    far = {**sale, "business_date": "2026-03-20"}
    yield WrongRow("business_date far from the time", far, "business_date")
    for field in ("net", "gross", "discount"):
        for text in AMOUNTS:
            if text or field == "net":
                line = {**LINE, field: text}
                yield WrongRow(f"{field} {text!r}", {**sale, "lines": [line]}, f"lines[0].{field}")
    for text in NUMBERS:
        line = {**LINE, "quantity": text}
        yield WrongRow(f"quantity {text}", {**sale, "lines": [line]}, "lines[0].quantity")
        line = {**LINE, "tax_percent": text if text != "1.2345" else "1001"}
        yield WrongRow(f"tax_percent {text}", {**sale, "lines": [line]}, "lines[0].tax_percent")
    for text in WHOLES[:3]:
        line = {**LINE, "line_no": text}
        yield WrongRow(f"line_no {text}", {**sale, "lines": [line]}, "lines[0].line_no")
    for name, line, field in (
        ("no sku", {"net": "1"}, "sku"),
        ("no net", {"sku": "A"}, "net"),
        ("net above gross", {"sku": "A", "net": "2", "gross": "1"}, "net"),
        ("net not the rest", {"sku": "A", "net": "2", "gross": "3", "discount": "2"}, "net"),
        ("negative discount", {"sku": "A", "net": "2", "discount": "-1"}, "discount"),
        ("net twice", {"sku": "A", "net": "2", "net_minor": 200}, "net"),
        ("unknown word", {**LINE, "colour": "red"}, "field 4"),
        ("labels no list", {**LINE, "labels": 7}, "labels"),
        ("33 labels", {**LINE, "labels": ["a"] * 33}, "labels"),
        ("a label no word", {**LINE, "labels": [["a"]]}, "labels"),
        ("flags too long", {**LINE, "flags": ["a" * 201]}, "flags"),
        ("discounts no list", {**LINE, "discounts": "1"}, "discounts"),
        ("a discount no object", {**LINE, "discounts": ["1"]}, "discounts"),
        ("a discount without source", {**LINE, "discounts": [{"amount": "1"}]}, "discounts.source"),
        ("a discount of nothing", {**LINE, "discounts": [{"source": "t"}]}, "discounts.amount"),
        ("sku a list", {**LINE, "sku": ["A"]}, "sku"),
        ("sku true", {**LINE, "sku": True}, "sku"),
        ("sku too long", {**LINE, "sku": "A" * 201}, "sku"),
        ("sku with a bell", {**LINE, "sku": "A\x07"}, "sku"),
        ("net an object", {**LINE, "net": {}}, "net"),
        ("net true", {**LINE, "net": True}, "net"),
        ("quantity null bytes", {**LINE, "quantity": "1\x00"}, "quantity"),
    ):  # fmt: skip
        yield WrongRow(name, {**sale, "lines": [LINE, line]}, f"lines[1].{field}")
    for name, change, field in (
        ("no lines", {"lines": None}, "lines"),
        ("empty lines", {"lines": []}, "lines"),
        ("lines no list", {"lines": "TEA"}, "lines"),
        ("501 lines", {"lines": [LINE] * 501}, "lines"),
        ("one number twice", {"lines": [{**LINE, "line_no": 1}] * 2}, "line_no"),
        ("a line no object", {"lines": ["TEA"]}, "lines"),
        ("tenders no list", {"tenders": "cash"}, "tenders"),
        ("a tender without kind", {"tenders": [{"amount": "1"}]}, "tenders.kind"),
        ("a tender without amount", {"tenders": [{"kind": "cash"}]}, "tenders.amount"),
        ("33 tenders", {"tenders": [{"kind": "cash", "amount": "1"}] * 33}, "tenders"),
        ("currency small", {"currency": "eur"}, "currency"),
        ("currency a sign", {"currency": "€"}, "currency"),
        ("currency too long", {"currency": "EURO"}, "currency"),
        ("currency in other letters", {"currency": "ΕUR"}, "currency"),  # noqa: RUF001
        ("channel unknown", {"channel": "fax"}, "channel"),
        ("no store", {"store_id": ""}, "store_id"),
        ("no receipt", {"receipt_no": ""}, "receipt_no"),
        ("no time", {"occurred_at": None}, "occurred_at"),
        ("a key too long", {"event_id": "k" * 201}, "event_id"),
        ("a receipt too long", {"receipt_no": "1" * 150, "till_id": "2" * 150}, "receipt_no"),
        ("card too short", {"card": "12"}, "card"),
        ("card from a spreadsheet", {"card": "4.0001E+15"}, "card"),
        ("card with a line end", {"card": "1234\n5678"}, "card"),
        ("phone no number", {"phone": "call me"}, "phone"),
        ("phone without a country", {"phone": "020 7946 0018"}, "phone"),
        ("email no address", {"email": "ada at example"}, "email"),
        ("a name at a sale", {"name": "Ada"}, f"field {len(sale) + 1}"),
        ("a misspelt word", {"reciept_no": "1"}, f"field {len(sale) + 1}"),
        ("65 coupons", {"coupons": ["1"] * 65}, "coupons"),
        ("33 vouchers", {"vouchers": ["1"] * 33}, "vouchers"),
        ("more than 64 KiB", {"lines": [{**LINE, "labels": ["l" * 200] * 32}] * 12}, ""),
    ):  # fmt: skip
        yield WrongRow(name, {**sale, **change}, field)


def _of_every_type() -> Iterator[WrongRow]:
    """Each field of each type: missing where it must be, of another sort, out of bounds."""
    for kind in EVENT_TYPES:
        name = kind.__name__
        if name not in GOOD:
            continue
        row = good(name)
        for part in shape_of(kind).parts:
            if part.name in {"lines", "tenders", "currency", "document"}:
                continue
            field = part.told[-1]
            if part.required and not (name.startswith("Sale") and part.name == "receipt_no"):
                without = {key: value for key, value in row.items() if key not in part.told}
                yield WrongRow(f"{name} without {field}", without, field)
            without = {key: value for key, value in row.items() if key not in part.told}
            yield WrongRow(f"{name}.{field} an object", {**without, field: {"a": 1}}, field)
            if isinstance(part.default, str):
                yield WrongRow(f"{name}.{field} too long", {**without, field: "x" * 201}, field)
                yield WrongRow(
                    f"{name}.{field} with a control", {**without, field: "a\x1b[0m"}, field
                )
            elif not isinstance(part.default, tuple):
                yield WrongRow(f"{name}.{field} words", {**without, field: "many"}, field)
                yield WrongRow(f"{name}.{field} too large", {**without, field: "9" * 15}, field)
        place = f"field {len(row) + 1}"
        yield WrongRow(f"{name} with an unknown word", {**row, "colour": "red"}, place)
        if kind is not events.BusinessDayClosed:
            yield WrongRow(f"{name} at no time", {**row, "occurred_at": ""}, "occurred_at")
        if kind not in EVERY_PARTITION and not name.startswith("Sale"):
            yield WrongRow(f"{name} of nobody", {**row, "member_id": ""}, "member_id")
            address = {**row, "member_id": "ada@example.org"}
            yield WrongRow(f"{name} of an address", address, "member_id")
