"""The lines of a sale as files tell them: what was charged, and what was taken off.  Pure.

line_no    its place, if it is not told
quantity   1, if it is not told
gross      net and what was taken off, if it is not told; net is gross less that
discount   what the till took off, in one word; or discounts, as in the event
"""

from collections.abc import Mapping, Sequence
from typing import Any

from producers.files import values
from producers.files.shapes import Shape, only, read, shape_of
from producers.files.shop import Product, Shop
from producers.files.values import Wrong, present
from schemas.bounds import Bounds, bounds_of
from schemas.events import Discount, Line, Tender

LINES_MAX = 500
_BOUNDS = bounds_of(Line)
_WORD = Bounds(None, 200)
_SKU = Bounds(1, 200)
_AMOUNT = "it is no amount; write it as 12.50"
_NUMBER = "it is no number; write it as 1.5"
LINE_FIELDS = frozenset(
    {"line_no", "sku", "department", "category", "brand", "supplier", "labels", "quantity",
     "quantity_milli", "gross", "gross_minor", "discount", "discounts", "net", "net_minor",
     "tax_percent", "tax_rate_ppm", "flags"}
)  # fmt: skip
_NOT_KNOWN = Product()
_PPM_DECIMALS = 4
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
    if len({line.line_no for line in made}) != len(made):
        raise Wrong("line_no", "two lines have one number")
    return tuple(made)


def _line(told: Mapping[str, Any], number: int, shop: Shop, decimals: int) -> Line:
    if not told.keys() <= LINE_FIELDS:
        only(told, LINE_FIELDS)
    sku = values.text("sku", told.get("sku") or "", _SKU)
    known = shop.products.get(sku, _NOT_KNOWN)
    net = _money(told, "net", decimals)
    gross = _money(told, "gross", decimals)
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


def _money(told: Mapping[str, Any], field: str, decimals: int) -> int | None:
    bounds = _BOUNDS["net_minor"]
    if present(told, field):
        if present(told, f"{field}_minor"):
            raise Wrong(field, f"it is told twice, as {field}_minor too")
        return values.within(field, values.decimal(field, told[field], decimals, _AMOUNT), bounds)
    name = f"{field}_minor"
    return values.whole(name, told[name], bounds) if present(told, name) else None


def _discounts(told: Mapping[str, Any], decimals: int) -> tuple[Discount, ...]:
    if present(told, "discounts"):
        if present(told, "discount"):
            raise Wrong("discount", "it is told twice, as discounts too")
        return records("discounts", told["discounts"], Discount, 32, decimals)
    if not present(told, "discount"):
        return ()
    amount = values.decimal("discount", told["discount"], decimals, _AMOUNT)
    if amount < 0:
        raise Wrong("discount", "it is negative")
    values.within("discount", amount, _BOUNDS["net_minor"])
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
        return kind(**read(shape, told, decimals))
    except Wrong as wrong:
        raise Wrong(f"{field}.{wrong.field}", wrong.reason) from None


def tenders(told: Mapping[str, Any], made: Sequence[Line], decimals: int) -> tuple[Tender, ...]:
    """How a sale was paid: `tenders`, or all of it by one `tender`.

    Raises:
        Wrong: a field cannot be used.
    """
    if present(told, "tenders"):
        return records("tenders", told["tenders"], Tender, 32, decimals)
    if not present(told, "tender"):
        return ()
    kind = values.text("tender", told["tender"], _WORD)
    return (Tender(kind, sum([line.net_minor for line in made])),)


def _number(told: Mapping[str, Any], field: str, default: int) -> int:
    return values.whole(field, told[field], _BOUNDS[field]) if present(told, field) else default


def _quantity(told: Mapping[str, Any]) -> int:
    if present(told, "quantity_milli"):
        return values.whole("quantity_milli", told["quantity_milli"], _BOUNDS["quantity_milli"])
    if not present(told, "quantity"):
        return 1000
    number = values.decimal("quantity", told["quantity"], 3, _NUMBER)
    return values.within("quantity", number, _BOUNDS["quantity_milli"])


def _tax(told: Mapping[str, Any]) -> int:
    if present(told, "tax_percent"):
        written = told["tax_percent"]
        plain = written.strip().removesuffix("%") if isinstance(written, str) else written
        rate = values.decimal("tax_percent", plain, _PPM_DECIMALS, _NUMBER)
        return values.within("tax_percent", rate, _BOUNDS["tax_rate_ppm"])
    return _number(told, "tax_rate_ppm", 0)


def _word(told: Mapping[str, Any], field: str, default: str) -> str:
    return values.text(field, told[field], _WORD) if present(told, field) else default


def _words(told: Mapping[str, Any], field: str) -> tuple[str, ...]:
    return values.words(field, told[field], _BOUNDS[field]) if present(told, field) else ()
