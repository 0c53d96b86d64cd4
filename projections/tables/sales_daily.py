"""`sales_daily`: sales and returns by business date, store, channel and currency."""

from collections.abc import Iterator

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts

_UPSERT = """
    INSERT INTO sales_daily AS d (
        business_date, store_id, channel, currency, sale_count, member_sale_count, line_count,
        gross_minor, discount_minor, net_minor, return_count, returned_net_minor
    )
    SELECT DATE '1970-01-01' + u.day, u.store_id, u.channel, u.currency, u.sale_count,
        u.member_sale_count, u.line_count, u.gross_minor, u.discount_minor, u.net_minor,
        u.return_count, u.returned_net_minor
    FROM unnest(
        %s::int[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]
    ) AS u (
        day, store_id, channel, currency, sale_count, member_sale_count, line_count,
        gross_minor, discount_minor, net_minor, return_count, returned_net_minor
    )
    ON CONFLICT (business_date, store_id, channel, currency) DO UPDATE SET
        sale_count = d.sale_count + excluded.sale_count,
        member_sale_count = d.member_sale_count + excluded.member_sale_count,
        line_count = d.line_count + excluded.line_count,
        gross_minor = d.gross_minor + excluded.gross_minor,
        discount_minor = d.discount_minor + excluded.discount_minor,
        net_minor = d.net_minor + excluded.net_minor,
        return_count = d.return_count + excluded.return_count,
        returned_net_minor = d.returned_net_minor + excluded.returned_net_minor
"""

Rows = dict[tuple[int, str, str, str], list[int]]
"""(day, store, channel, currency) → the eight sums, in the order of the columns."""


def fold(rows: Rows, place: Place) -> None:
    """Count a sale or a return on its business date."""
    record = place.record
    sale = record.sale
    if sale is None:
        return
    key = (record.business_date, record.store_id, record.channel, sale.currency)
    sums = rows.get(key)
    if sums is None:
        sums = rows[key] = [0] * 8
    if record.event_type == "SaleRecorded":
        sums[0] += 1
        if record.member_id:
            sums[1] += 1
        sums[2] += len(sale.line_numbers)
        sums[3] += sale.gross_minor
        sums[4] += sale.discount_minor
        sums[5] += sale.net_minor
    else:
        sums[6] += 1
        sums[7] += sale.net_minor


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's sums, in key order so that two projectors never wait for each other."""
    if not rows:
        return
    keys = sorted(rows)
    days, stores, channels, currencies = zip(*keys, strict=True)
    sums = zip(*(rows[key] for key in keys), strict=True)
    yield Change(
        _UPSERT,
        (numbers(days), texts(stores), texts(channels), texts(currencies), *map(numbers, sums)),
    )
