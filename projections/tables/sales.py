"""`sales`: one row a receipt, and `returns`: one row a return, which `sales` sums up.

A sale's `returned_net` grows as its goods come back.  A return that names no sale changes no sale,
and neither does one that was refunded in another currency: its money is none of the sale's.
"""

from collections.abc import Iterator

from projections.tables.place import CONTEXT, Place
from projections.tables.writes import Change, Write, copy, numbers, texts

_SALES = (
    "till_id, receipt_no, cashier_id, currency, gross_minor, discount_minor, net_minor, "
    f"paid_with_points_minor, line_count, {CONTEXT}"
)
_RETURNS = f"till_id, receipt_no, currency, net_minor, line_count, {CONTEXT}"
_CAME_BACK = """
    UPDATE sales AS s
    SET returned_net_minor = s.returned_net_minor + u.net_minor
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])
        AS u (sale_id, account_id, currency, net_minor)
    WHERE s.sale_id = u.sale_id AND s.account_id = u.account_id AND s.currency = u.currency
"""


class Rows:
    """What a batch adds: receipts, returns, and by sale, account and currency what came back."""

    __slots__ = ("came_back", "returns", "sales")

    def __init__(self) -> None:
        self.sales: list[str] = []
        self.returns: list[str] = []
        self.came_back: dict[tuple[str, str, str], int] = {}


def fold(rows: Rows, place: Place) -> None:
    """Add the receipt of a sale or a return."""
    record = place.record
    sale = record.sale
    if sale is None:
        return
    if record.event_type == "SaleRecorded":
        rows.sales.append(
            f"{record.till_id}\t{sale.receipt_no}\t{sale.cashier_id}\t{sale.currency}\t"
            f"{sale.gross_minor}\t{sale.discount_minor}\t{sale.net_minor}\t"
            f"{sale.tender_points_minor}\t{len(sale.line_numbers)}\t{place.context}"
        )
        return
    rows.returns.append(
        f"{record.till_id}\t{sale.receipt_no}\t{sale.currency}\t"
        f"{sale.net_minor}\t{len(sale.line_numbers)}\t{place.context}"
    )
    if sale.original_sale:
        key = (sale.original_sale, record.account_id, sale.currency)
        rows.came_back[key] = rows.came_back.get(key, 0) + sale.net_minor


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's rows; a sale and its return may be of the same batch."""
    if rows.sales:
        yield copy("sales", _SALES, rows.sales)
    if rows.returns:
        yield copy("returns", _RETURNS, rows.returns)
    if rows.came_back:
        keys = sorted(rows.came_back)
        sales, accounts, currencies = zip(*keys, strict=True)
        amounts = numbers([rows.came_back[key] for key in keys])
        yield Change(_CAME_BACK, (texts(sales), texts(accounts), texts(currencies), amounts))
