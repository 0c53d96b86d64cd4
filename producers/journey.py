"""The Complete Journey, a real year of a grocery chain, as events in the order of time.

Household 1234 becomes the member `household-1234`, enrolled at its first appearance as a buyer or
as the target of a campaign.  Each basket is a sale, each household in a campaign an offer, each
coupon redemption a voucher presented, and every day of the span is closed behind its last event.

The files give times without a zone.  They are read as the stores' wall clocks: the business date
is the date as it is written, which is how everybody counts who reads the files.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

import polars as pl

from producers import journey_files, pos
from producers.days import close_day, moment_of, start_of
from producers.journey_files import Files, JourneyUnusable
from schemas.events import (
    Discount,
    Event,
    Line,
    OfferMade,
    SaleRecorded,
    Tender,
    VoucherPresented,
)

CURRENCY = "USD"
TILL = "1"
LINES_MAX = 500
_NO_PRODUCT = ("", "", "", "")


def events(folder: Path) -> Iterator[Event]:
    """All events of a folder, in order of time; within one moment offers, sales, then coupons.

    Raises:
        JourneyUnusable: the folder is not what it should be; before the first event, but for a
            receipt that is longer than any receipt may be.
    """
    files = journey_files.read(folder)
    first = min(files.lines["day"][0], *files.redemptions["day"])
    offers = _offers(files.targets, first)
    coupons = _coupons(files)
    last = max(files.lines["day"][-1], *offers, *coupons)
    known: set[str] = set()
    for day, sales in _sales_by_day(files, first, last):
        # Sorting is stable, so that events of one moment stay in the order of this list.
        todays = [*offers.get(day, ()), *sales, *coupons.get(day, ())]
        for event in sorted(todays, key=attrgetter("header.occurred_at")):
            yield from _enrolled_before(event, known)
            yield event
        yield close_day(day)


def member_of(household: str) -> str:
    """The member that stands for a household: a number of the files, no personal data."""
    return f"household-{household}"


def _enrolled_before(event: Event, known: set[str]) -> Iterator[Event]:
    header = event.header
    if header.member_id not in known:
        known.add(header.member_id)
        moment = pos.Moment(header.occurred_at, header.utc_offset_min, header.business_date)
        yield pos.enrolment(header.member_id, moment, header.store_id)


def _sales_by_day(
    files: Files, first: date, last: date
) -> Iterator[tuple[date, list[SaleRecorded]]]:
    """Every day of the span with its sales, so that only one day is ever held as records."""
    counts = dict(files.lines.group_by("day").len().iter_rows())
    columns = files.lines.columns
    start = 0
    day = first
    while day <= last:
        count = counts.get(day, 0)
        rows = files.lines.slice(start, count).rows()
        start += count
        day_rows = (dict(zip(columns, row, strict=True)) for row in rows)
        yield (
            day,
            [
                _sale(list(lines), files.products)
                for _, lines in groupby(day_rows, key=itemgetter("basket_id"))
            ],
        )
        day += timedelta(days=1)


def _sale(
    rows: list[dict[str, Any]],  # Any: a row of a data frame, its types checked at reading
    products: Mapping[str, tuple[str, str, str, str]],
) -> SaleRecorded:
    receipt = rows[0]
    if len(rows) > LINES_MAX:
        raise JourneyUnusable(f"basket {receipt['basket_id']} has more than {LINES_MAX} lines")
    moment = moment_of(receipt["transaction_timestamp"])
    store, number = receipt["store_id"], receipt["basket_id"]
    header = pos.header_of(
        pos.receipt_id(store, TILL, pos.iso(moment.business_date), number, "sale"),
        member_of(receipt["household_id"]),
        moment,
        store_id=store,
        till_id=TILL,
        actor="cashier",
    )
    return SaleRecorded(
        header,
        receipt_no=number,
        order_id="",
        quote_id="",
        currency=CURRENCY,
        lines=tuple(_line(line_no, row, products) for line_no, row in enumerate(rows, 1)),
        tenders=_tenders(rows),
    )


def _line(
    line_no: int, row: Mapping[str, Any], products: Mapping[str, tuple[str, str, str, str]]
) -> Line:
    department, category, brand, supplier = products.get(row["product_id"], _NO_PRODUCT)
    card, match = row["retail_disc"], row["coupon_match_disc"]
    off = (("loyalty_card", card), ("coupon_match", match))
    return Line(
        line_no=line_no,
        sku=row["product_id"],
        department=department,
        category=category,
        brand=brand,
        supplier=supplier,
        labels=(),
        quantity_milli=row["quantity"] * 1000,
        gross_minor=row["sales_value"] + card + match,
        discounts=tuple(Discount("till", name, amount) for name, amount in off if amount),
        net_minor=row["sales_value"],
        tax_rate_ppm=0,
        flags=(),
    )


def _tenders(rows: list[dict[str, Any]]) -> tuple[Tender, ...]:
    """Manufacturers' coupons pay inside the net, a card the rest.

    Where the coupons are worth more than the lines at hand the rest is negative: it was paid out,
    or covered lines that the sample left away.
    """
    coupons = sum(row["coupon_disc"] for row in rows)
    rest = sum(row["sales_value"] for row in rows) - coupons
    paid = (("manufacturer_coupon", coupons), ("card", rest))
    return tuple(Tender(kind, amount) for kind, amount in paid if amount)


def _offers(targets: pl.DataFrame, first: date) -> Mapping[date, list[OfferMade]]:
    """Offers by the day they are published: their first, or the first there is."""
    offers: dict[date, list[OfferMade]] = defaultdict(list)
    for campaign, household, first_day, last_day in targets.iter_rows():
        day = max(first_day, first)
        member = member_of(household)
        offers[day].append(
            OfferMade(
                pos.header_of(f"offer|{campaign}|{member}|", member, start_of(day)),
                campaign_id=campaign,
                voucher="",
                first_day=pos.day_number(first_day),
                last_day=pos.day_number(last_day),
                uses=0,
            )
        )
    return offers


def _coupons(files: Files) -> Mapping[date, list[VoucherPresented]]:
    """Coupons by day, each on a receipt of that household and day if there is one.

    Of several receipts it is the first that took a coupon, or else the first.
    """
    receipts = (
        files.lines.group_by("household_id", "day", "basket_id", "store_id")
        .agg(pl.col("coupon_disc").sum() > 0, pl.col("transaction_timestamp").first())
        .sort("coupon_disc", "transaction_timestamp", "basket_id", descending=[True, False, False])
        .unique(subset=["household_id", "day"], keep="first", maintain_order=True)
    )
    matched = files.redemptions.join(
        receipts, on=["household_id", "day"], how="left", maintain_order="left"
    )
    coupons: dict[date, list[VoucherPresented]] = defaultdict(list)
    for row in matched.iter_rows(named=True):
        coupons[row["day"]].append(_coupon(row))
    return coupons


def _coupon(row: Mapping[str, Any]) -> VoucherPresented:
    """One redemption; without a receipt only its date is known, and it is put at its start."""
    member, day = member_of(row["household_id"]), row["day"].isoformat()
    campaign, coupon, store = row["campaign_id"], row["coupon_upc"], row["store_id"] or ""
    at: datetime | None = row["transaction_timestamp"]
    sale = pos.receipt_id(store, TILL, day, row["basket_id"], "sale") if store else ""
    return VoucherPresented(
        pos.header_of(
            f"coupon|{campaign}|{coupon}|{member}|{day}",
            member,
            start_of(row["day"]) if at is None else moment_of(at),
            store_id=store,
            till_id=TILL if store else "",
            actor="cashier" if store else "system",
        ),
        voucher_id=coupon,
        campaign_id=campaign,
        sale_id=sale,
        currency=CURRENCY,
    )
