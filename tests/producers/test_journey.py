"""The Complete Journey as events, beside figures that polars computes from the files apart."""

import os
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest

from producers import journey
from producers.journey_files import JourneyUnusable
from schemas.codec import decode_event, encode_event
from schemas.events import (
    BusinessDayClosed,
    Event,
    MemberEnrolled,
    OfferMade,
    SaleRecorded,
    VoucherPresented,
)
from tests.producers import journey_folder

REAL = os.environ.get("LOYALTY_COMPLETE_JOURNEY", "")
EPOCH = date(1970, 1, 1)
E = TypeVar("E", bound=Event)


@pytest.fixture(scope="session")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return journey_folder.write(tmp_path_factory.mktemp("journey"))


@pytest.fixture(params=["by_hand", "real"])
def folder(request: pytest.FixtureRequest, by_hand: Path) -> Path:
    """Each folder that a law must hold for: the one written by hand, and the real one if there."""
    if request.param == "by_hand":
        return by_hand
    if not REAL:
        pytest.skip("LOYALTY_COMPLETE_JOURNEY names no folder")
    return Path(REAL)


@cache
def events_of(folder: Path) -> tuple[Event, ...]:
    return tuple(journey.events(folder))


def of(kind: type[E], folder: Path) -> list[E]:
    return [event for event in events_of(folder) if isinstance(event, kind)]


def lines_of(folder: Path) -> pl.DataFrame:
    full = folder / "transactions.parquet"
    path = full if full.is_file() else folder / "transactions_sample.parquet"
    money = pl.col("sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")
    return pl.read_parquet(path).with_columns((money * 100).round().cast(pl.Int64))


def test_the_sample_has_its_published_figures() -> None:
    """The real sample gives 47,243 sales, 75,000 lines, 233,935.24 net, and all its campaigns."""
    if not REAL or (Path(REAL) / "transactions.parquet").is_file():
        pytest.skip("LOYALTY_COMPLETE_JOURNEY names no folder with the sample")
    sales, offers = of(SaleRecorded, Path(REAL)), of(OfferMade, Path(REAL))
    coupons = of(VoucherPresented, Path(REAL))
    assert len(sales) == 47_243
    assert sum(len(sale.lines) for sale in sales) == 75_000
    assert sum(line.net_minor for sale in sales for line in sale.lines) == 23_393_524
    assert len({offer.campaign_id for offer in offers}) == 27
    assert len(offers) == 6_589
    assert len(coupons) == 2_102
    assert sum(not coupon.sale_id for coupon in coupons) == 715


def test_every_line_is_as_in_the_file(folder: Path) -> None:
    """Each line of the file is one line of the sale of its basket, its money to the cent."""
    found = Counter(
        (
            sale.header.member_id.removeprefix("household-"),
            sale.header.store_id,
            sale.receipt_no,
            line.sku,
            line.quantity_milli,
            line.net_minor,
            line.gross_minor,
            sum(discount.amount_minor for discount in line.discounts),
            EPOCH + timedelta(sale.header.business_date),
        )
        for sale in of(SaleRecorded, folder)
        for line in sale.lines
    )
    expected = Counter(
        lines_of(folder)
        .select(
            "household_id",
            "store_id",
            "basket_id",
            "product_id",
            (pl.col("quantity") * 1000).cast(pl.Int64),
            "sales_value",
            pl.sum_horizontal("sales_value", "retail_disc", "coupon_match_disc").alias("gross"),
            pl.sum_horizontal("retail_disc", "coupon_match_disc").alias("off"),
            pl.col("transaction_timestamp").dt.date().alias("day"),
        )
        .iter_rows()
    )
    assert found == expected


def test_tenders_pay_the_net_with_coupons_inside(folder: Path) -> None:
    """A sale's tenders add up to its net, and manufacturers' coupons are what the file says."""
    coupons = 0
    for sale in of(SaleRecorded, folder):
        net = sum(line.net_minor for line in sale.lines)
        assert sum(tender.amount_minor for tender in sale.tenders) == net
        coupons += sum(t.amount_minor for t in sale.tenders if t.kind == "manufacturer_coupon")
    assert coupons == lines_of(folder)["coupon_disc"].sum()


def test_offers_are_the_targets_of_the_campaigns(folder: Path) -> None:
    """Each household of a campaign gets one offer with the campaign's dates, of no voucher."""
    found = Counter(
        (offer.campaign_id, offer.header.member_id, offer.first_day, offer.last_day)
        for offer in of(OfferMade, folder)
    )
    campaigns = pl.read_parquet(folder / "campaign_descriptions.parquet")
    span = {
        campaign: ((first.date() - EPOCH).days, (last.date() - EPOCH).days)
        for campaign, first, last in campaigns.select(
            "campaign_id", "start_date", "end_date"
        ).iter_rows()
    }
    targets = pl.read_parquet(folder / "campaigns.parquet").select("campaign_id", "household_id")
    expected = Counter((c, f"household-{household}", *span[c]) for c, household in targets.rows())
    assert found == expected
    assert {(offer.voucher, offer.uses) for offer in of(OfferMade, folder)} == {("", 0)}


def test_coupons_are_the_redemptions(folder: Path) -> None:
    """Each redemption is presented once, with its campaign; a sale it names is of that day."""
    sales = {sale.header.event_id: sale.header for sale in of(SaleRecorded, folder)}
    bought = {(header.member_id, header.business_date) for header in sales.values()}
    found = Counter()
    for coupon in of(VoucherPresented, folder):
        header = coupon.header
        found[header.event_id.removeprefix("coupon|")] += 1
        assert bool(coupon.sale_id) == ((header.member_id, header.business_date) in bought)
        if coupon.sale_id:
            sale = sales[coupon.sale_id]
            assert (sale.member_id, sale.business_date) == (header.member_id, header.business_date)
    expected = Counter(
        f"{campaign}|{coupon}|household-{household}|{day.date().isoformat()}"
        for household, coupon, campaign, day in pl.read_parquet(
            folder / "coupon_redemptions.parquet"
        )
        .select("household_id", "coupon_upc", "campaign_id", "redemption_date")
        .iter_rows()
    )
    assert found == expected


def test_events_come_in_order_of_time(folder: Path) -> None:
    """No event occurs before the one that stands before it."""
    times = [event.header.occurred_at for event in events_of(folder)]
    assert times == sorted(times)


def test_every_day_of_the_span_is_closed_behind_its_events(folder: Path) -> None:
    """Days close one after the other, none left out, and nothing of a day follows its close."""
    closed = [event.header.business_date for event in of(BusinessDayClosed, folder)]
    assert closed == list(range(closed[0], closed[-1] + 1))
    assert closed[0] == min(event.header.business_date for event in events_of(folder))
    through = closed[0] - 1
    for event in events_of(folder):
        assert event.header.business_date == through + 1
        through += isinstance(event, BusinessDayClosed)
    assert isinstance(events_of(folder)[-1], BusinessDayClosed)


def test_a_household_enrols_before_anything_else(folder: Path) -> None:
    """Everybody enrols once, first of all: at a store as a buyer, at none as a target."""
    known: set[str] = set()
    for event in events_of(folder):
        if isinstance(event, MemberEnrolled):
            assert event.header.member_id not in known
            known.add(event.header.member_id)
        elif not isinstance(event, BusinessDayClosed):
            assert event.header.member_id in known
    buyers = set(lines_of(folder)["household_id"])
    targets = set(pl.read_parquet(folder / "campaigns.parquet")["household_id"])
    assert known == {f"household-{household}" for household in buyers | targets}


def test_every_event_survives_the_wire(folder: Path) -> None:
    """Each event is within all bounds: what is written is read again as it was."""
    for event in events_of(folder):
        assert decode_event(encode_event(event)) == event


def test_business_keys_are_unique_and_stable(folder: Path) -> None:
    """No two events share a key, and reading the folder again gives the same events."""
    keys = [event.header.event_id for event in events_of(folder)]
    assert len(keys) == len(set(keys))
    assert tuple(journey.events(folder)) == events_of(folder)


def test_the_traps_of_the_files(by_hand: Path) -> None:
    """Lines of nothing, unknown articles and slashes in names come through as what they are."""
    sale = next(sale for sale in of(SaleRecorded, by_hand) if sale.receipt_no == "b1")
    milk, fuel, bare = sale.lines
    assert (milk.category, milk.brand, milk.supplier) == ("FLUID MILK-CREAM/MILK", "Private", "69")
    assert (fuel.department, fuel.quantity_milli) == ("FUEL", 9_613_000)
    assert (bare.category, bare.quantity_milli, bare.net_minor) == ("", 0, 0)
    gone = next(sale for sale in of(SaleRecorded, by_hand) if sale.receipt_no == "b2")
    assert gone.lines[0].department == ""
    assert [(t.kind, t.amount_minor) for t in gone.tenders] == [
        ("manufacturer_coupon", 55),
        ("card", -20),
    ]
    assert [(d.source_id, d.amount_minor) for d in gone.lines[0].discounts] == [
        ("coupon_match", 40)
    ]


def test_a_coupon_goes_with_the_receipt_that_took_one(by_hand: Path) -> None:
    """Of two receipts of a day, the coupon names the one that took a manufacturer's coupon."""
    sale_ids = [coupon.sale_id for coupon in of(VoucherPresented, by_hand)]
    assert sale_ids == ["319|1|2017-01-02|b2|sale", "", ""]


def test_an_early_campaign_is_published_on_the_first_day(by_hand: Path) -> None:
    """An offer from before the data is made on its first day, with its own dates."""
    offer = of(OfferMade, by_hand)[0]
    assert (offer.header.business_date, offer.first_day) == (17_168, 17_141)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("products", None, "there is no such file"),
        ("transactions_sample", None, "neither transactions.parquet nor"),
        ("transactions_sample", pl.all().exclude("quantity"), "no column quantity"),
        ("transactions_sample", pl.all().head(0), "no lines"),
        ("transactions_sample", pl.col("sales_value") + 0.001, "not an exact amount in cents"),
        ("transactions_sample", pl.col("sales_value").cast(pl.String), "is String, not money"),
        ("transactions_sample", pl.col("quantity") - 3, "not a count"),
        (
            "transactions_sample",
            pl.col("store_id") + pl.col("quantity").cast(pl.String),
            "than one",
        ),
        ("transactions_sample", pl.col("transaction_timestamp").cast(pl.Int64), "not a time"),
        ("campaigns", pl.col("campaign_id") + "x", "is in no row"),
        ("campaigns", pl.col("household_id").replace("4", None), "without a value"),
        ("campaign_descriptions", pl.lit("1").alias("campaign_id"), "described twice"),
    ],
)
def test_other_folders_are_refused(
    tmp_path: Path, name: str, change: pl.Expr | None, said: str
) -> None:
    """A folder that is not as published is refused before its first event, by a sentence."""
    tables = journey_folder.frames()
    if change is None:
        del tables[name]
    elif change.meta.has_multiple_outputs():
        tables[name] = tables[name].select(change)
    else:
        tables[name] = tables[name].with_columns(change)
    journey_folder.write(tmp_path, tables)
    with pytest.raises(JourneyUnusable, match=said):
        next(journey.events(tmp_path))


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """A file that is no parquet is refused as that."""
    journey_folder.write(tmp_path)
    (tmp_path / "products.parquet").write_bytes(b"not parquet")
    with pytest.raises(JourneyUnusable, match="cannot be read as parquet"):
        next(journey.events(tmp_path))


def test_a_receipt_of_too_many_lines_stops_the_year(tmp_path: Path) -> None:
    """A basket longer than a receipt may be is named; nothing is left out in silence."""
    tables = journey_folder.frames()
    lines = tables["transactions_sample"].filter(pl.col("basket_id") == "b5")
    tables["transactions_sample"] = pl.concat([lines] * 501)
    journey_folder.write(tmp_path, tables)
    with pytest.raises(JourneyUnusable, match="basket b5 has more than 500 lines"):
        list(journey.events(tmp_path))
