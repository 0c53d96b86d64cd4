"""The lines of a sale as files tell them: what was charged, and what was taken off.  Pure.

line_no    its place, if it is not told
quantity   1, if it is not told
gross      net and what was taken off, if it is not told; net is gross less that
discount   what the till took off, in one word; or discounts, as in the event
"""

from collections.abc import Sequence
from typing import Any, Final

from producers.files import values
from producers.files.shapes import Shape, only, read, shape_of
from producers.files.shop import Product, Shop
from producers.files.values import Wrong, said
from schemas.bounds import Bounds, bounds_of
from schemas.definitions import declaration
from schemas.events import Discount, Line, Tender

LINES_MAX: Final = 500
_BOUNDS: Final = bounds_of(declaration(Line))
_MONEY: Final = _BOUNDS["net_minor"]
_MILLI: Final = _BOUNDS["quantity_milli"]
_WORD: Final = Bounds(None, 200)
_SKU: Final = Bounds(1, 200)
_AMOUNT: Final = "it is no amount; write it as 12.50"
_NUMBER: Final = "it is no number; write it as 1.5"
LINE_FIELDS: Final = frozenset(
    {"line_no", "sku", "department", "category", "brand", "supplier", "labels", "quantity",
     "quantity_milli", "gross", "gross_minor", "discount", "discounts", "net", "net_minor",
     "tax_percent", "tax_rate_ppm", "flags"}
)  # fmt: skip
_NOT_KNOWN: Final = Product()
_PPM_DECIMALS: Final = 4
"""A percent has four more decimals in millionths."""


def lines(told: Any, shop: Shop, decimals: int) -> tuple[Line, ...]:
    """The lines of a sale.

    Raises:
        Wrong: the first field that cannot be used, with the place of its line.
    """
    if not isinstance(told, list):
        raise Wrong("lines", "it must be a list")
    if not told:
        raise Wrong("lines", "a sale has at least one line")
    if len(told) > LINES_MAX:
        raise Wrong("lines", f"a sale has at most {LINES_MAX} lines")
    made = []
    for place, one in enumerate(told):
        try:
            if not isinstance(one, dict):
                raise Wrong("lines", "each line must be an object")  # noqa: TRY301
            made.append(_line(one, place + 1, shop, decimals))
        except Wrong as wrong:
            raise Wrong(wrong.field, wrong.reason, place) from None
    if len(made) > 1 and len({line.line_no for line in made}) != len(made):
        raise Wrong("line_no", "two lines have one number")
    return tuple(made)


def _line(told: dict[str, Any], number: int, shop: Shop, decimals: int) -> Line:
    only(told, LINE_FIELDS)
    told = said(told)
    sku = values.text("sku", told.get("sku") or "", _SKU)
    known = shop.products.get(sku, _NOT_KNOWN)
    net = _money(told, "net", "net_minor", decimals)
    gross = _money(told, "gross", "gross_minor", decimals)
    off = _discounts(told, decimals)
    taken_off = sum([one.amount_minor for one in off])
    if gross is None and net is None:
        raise Wrong("net", "it is missing, and gross too")
    if gross is None:
        gross = (net or 0) + taken_off
    if net is None:
        net = gross - taken_off
    if not off and net < gross:
        off, taken_off = (Discount("till", "", gross - net),), gross - net
    if gross - taken_off != net:
        above = "it is more than gross" if net > gross else "it is not gross less the discounts"
        raise Wrong("net", above)
    return Line(
        _number(told, "line_no", number),
        sku,
        _word(told, "department", known.department),
        _word(told, "category", known.category),
        _word(told, "brand", known.brand),
        _word(told, "supplier", known.supplier),
        _words(told, "labels") or known.labels,
        _quantity(told),
        gross,
        off,
        net,
        _tax(told),
        _words(told, "flags"),
    )


def _money(told: dict[str, Any], field: str, minor: str, decimals: int) -> int | None:
    if field in told:
        if minor in told:
            raise Wrong(field, f"it is told twice, as {minor} too")
        return values.within(field, values.decimal(field, told[field], decimals, _AMOUNT), _MONEY)
    return values.whole(minor, told[minor], _MONEY) if minor in told else None


def _discounts(told: dict[str, Any], decimals: int) -> tuple[Discount, ...]:
    if "discounts" in told:
        if "discount" in told:
            raise Wrong("discount", "it is told twice, as discounts too")
        return records("discounts", told["discounts"], Discount, 32, decimals)
    if "discount" not in told:
        return ()
    amount = values.decimal("discount", told["discount"], decimals, _AMOUNT)
    if amount < 0:
        raise Wrong("discount", "it is negative")
    values.within("discount", amount, _MONEY)
    return (Discount("till", "", amount),) if amount else ()


def records(field: str, told: Any, kind: Any, most: int, decimals: int) -> tuple[Any, ...]:
    """Records of one kind.  Any: which kind it is, the caller says.

    Raises:
        Wrong: the first field that cannot be used.
    """
    if not isinstance(told, list):
        raise Wrong(field, "it must be a list")
    if len(told) > most:
        raise Wrong(field, f"it has more than {most} items")
    shape: Shape = shape_of(kind)
    return tuple([_record(field, one, kind, shape, decimals) for one in told])


def _record(field: str, told: Any, kind: Any, shape: Shape, decimals: int) -> Any:
    if not isinstance(told, dict):
        raise Wrong(field, "each of its items must be an object")
    try:
        only(told, shape.known)
        return kind(**read(shape, said(told), decimals))
    except Wrong as wrong:
        raise Wrong(f"{field}.{wrong.field}", wrong.reason) from None


def tenders(told: dict[str, Any], made: Sequence[Line], decimals: int) -> tuple[Tender, ...]:
    """How a sale was paid: `tenders`, or all of it by one `tender`.

    Raises:
        Wrong: a field cannot be used.
    """
    if "tenders" in told:
        return records("tenders", told["tenders"], Tender, 32, decimals)
    if "tender" not in told:
        return ()
    kind = values.text("tender", told["tender"], _WORD)
    return (Tender(kind, sum([line.net_minor for line in made])),)


def _number(told: dict[str, Any], field: str, default: int) -> int:
    return values.whole(field, told[field], _BOUNDS[field]) if field in told else default


def _quantity(told: dict[str, Any]) -> int:
    if "quantity_milli" in told:
        return values.whole("quantity_milli", told["quantity_milli"], _MILLI)
    if "quantity" not in told:
        return 1000
    return values.within(
        "quantity", values.decimal("quantity", told["quantity"], 3, _NUMBER), _MILLI
    )


def _tax(told: dict[str, Any]) -> int:
    if "tax_percent" in told:
        written = told["tax_percent"]
        plain = written.strip().removesuffix("%") if isinstance(written, str) else written
        rate = values.decimal("tax_percent", plain, _PPM_DECIMALS, _NUMBER)
        return values.within("tax_percent", rate, _BOUNDS["tax_rate_ppm"])
    return _number(told, "tax_rate_ppm", 0)


def _word(told: dict[str, Any], field: str, default: str) -> str:
    return values.text(field, told[field], _WORD) if field in told else default


def _words(told: dict[str, Any], field: str) -> tuple[str, ...]:
    return values.words(field, told[field], _BOUNDS[field]) if field in told else ()
