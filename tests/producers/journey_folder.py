"""A handful of receipts in the form of The Complete Journey, with every trap of the real one."""

from datetime import datetime
from pathlib import Path

import polars as pl


def at(text: str) -> datetime:
    """A time as the files have it, without a zone."""
    return datetime.fromisoformat(text)


LINE_COLUMNS = (
    "household_id",
    "store_id",
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "retail_disc",
    "coupon_disc",
    "coupon_match_disc",
    "transaction_timestamp",
)
LINES = (
    # One basket of three lines, among them fuel by the thousandth and a line of nothing.
    ("1", "319", "b1", "p-milk", 2, 4.36, 0.62, 0.0, 0.0, at("2017-01-02 12:30:27")),
    ("1", "319", "b1", "p-fuel", 9613, 24.52, 0.7, 0.0, 0.0, at("2017-01-02 12:30:27")),
    ("1", "319", "b1", "p-bare", 0, 0.0, 0.0, 0.0, 0.0, at("2017-01-02 12:30:27")),
    # The same household again that day, with a coupon worth more than what it bought.
    ("1", "319", "b2", "p-gone", 1, 0.35, 0.0, 0.55, 0.4, at("2017-01-02 20:00:00")),
    # A buyer who is in no campaign, in the hour that the clocks skip, and one after it.
    ("2", "32004", "b4", "p-milk", 1, 2.18, 0.0, 0.0, 0.0, at("2017-03-12 03:05:00")),
    ("2", "32004", "b3", "p-milk", 1, 2.18, 0.0, 0.0, 0.0, at("2017-03-12 02:30:00")),
    # The year's last evening reaches into the next one.
    ("3", "319", "b5", "p-milk", 1, 2.19, 0.0, 0.0, 0.0, at("2018-01-01 03:47:38")),
)
PRODUCTS = {
    "product_id": ["p-milk", "p-fuel", "p-bare"],
    "manufacturer_id": ["69", "69", "2"],
    "department": ["GROCERY", "FUEL", "MISCELLANEOUS"],
    "brand": ["Private", "Private", "National"],
    "product_category": ["FLUID  MILK/CREAM", "COUPON/MISC ITEMS", None],
    "product_type": ["MILK", "GASOLINE-REG UNLEADED", None],
}
CAMPAIGNS = {
    "campaign_id": ["1", "2"],
    "start_date": [at("2016-12-06"), at("2017-03-12")],
    "end_date": [at("2017-02-05"), at("2018-02-28")],
}
TARGETS = {"campaign_id": ["1", "1", "2", "2"], "household_id": ["1", "4", "1", "3"]}
REDEMPTIONS = {
    # On a day of two receipts, again on a day of none, and the same coupon of another campaign.
    "household_id": ["1", "1", "1"],
    "coupon_upc": ["c-10", "c-10", "c-10"],
    "campaign_id": ["1", "1", "2"],
    "redemption_date": [at("2017-01-02"), at("2017-02-01"), at("2017-03-12")],
}


def frames() -> dict[str, pl.DataFrame]:
    """Every file's table by the file's name."""
    return {
        "transactions_sample": pl.DataFrame(LINES, schema=LINE_COLUMNS, orient="row"),
        "products": pl.DataFrame(PRODUCTS).cast({"brand": pl.Categorical}),
        "campaigns": pl.DataFrame(TARGETS),
        "campaign_descriptions": pl.DataFrame(CAMPAIGNS),
        "coupon_redemptions": pl.DataFrame(REDEMPTIONS),
    }


def write(folder: Path, tables: dict[str, pl.DataFrame] | None = None) -> Path:
    """Write the files into a folder that is there."""
    for name, table in (tables or frames()).items():
        table.write_parquet(folder / f"{name}.parquet")
    return folder
