"""The files of The Complete Journey, read and checked: amounts in whole cents, names as text.

A folder holds `transactions.parquet` (the full set) or `transactions_sample.parquet`, and
`products`, `campaigns`, `campaign_descriptions` and `coupon_redemptions`.  Whatever does not look
as published stops the reading: a wrong guess here would be wrong money there.

    JourneyUnusable   a file is missing or unreadable, a column is missing or of another type, or
                      a value cannot be what it says; the sentence names the file and the column
"""

from pathlib import Path

import polars as pl
from msgspec import Struct

TRANSACTIONS = ("transactions.parquet", "transactions_sample.parquet")
TEXT, WHOLE, CENTS, TIME = "text", "a whole number", "money", "a time"

_LINES = {
    "household_id": TEXT,
    "store_id": TEXT,
    "basket_id": TEXT,
    "product_id": TEXT,
    "quantity": WHOLE,
    "sales_value": CENTS,
    "retail_disc": CENTS,
    "coupon_disc": CENTS,
    "coupon_match_disc": CENTS,
    "transaction_timestamp": TIME,
}
_PRODUCTS = dict.fromkeys(
    ("product_id", "manufacturer_id", "department", "brand", "product_category", "product_type"),
    TEXT,
)
_TARGETS = {"campaign_id": TEXT, "household_id": TEXT}
_CAMPAIGNS = {"campaign_id": TEXT, "start_date": TIME, "end_date": TIME}
_REDEMPTIONS = {
    "household_id": TEXT,
    "coupon_upc": TEXT,
    "campaign_id": TEXT,
    "redemption_date": TIME,
}
_MAY_BE_UNKNOWN = frozenset(_PRODUCTS) - {"product_id"}


class JourneyUnusable(Exception):
    """The folder is not The Complete Journey as published; the sentence says what is wrong."""


class Files(Struct, frozen=True):
    """What the folder holds.

    Attributes:
        lines: receipt lines in order of time and basket, with `day`; money in cents.
        products: product_id → department, category path, brand, supplier.
        targets: campaign_id, household_id, first_day, last_day; no pair twice.
        redemptions: household_id, coupon_upc, campaign_id, day; no row twice.
    """

    lines: pl.DataFrame
    products: dict[str, tuple[str, str, str, str]]
    targets: pl.DataFrame
    redemptions: pl.DataFrame


def read(folder: Path) -> Files:
    """Read and check a folder.

    Raises:
        JourneyUnusable: naming the file and what is wrong with it.
    """
    lines = _lines(folder)
    targets = (
        _table(folder / "campaigns.parquet", _TARGETS)
        .unique(maintain_order=True)
        .join(_campaigns(folder), on="campaign_id", how="left", maintain_order="left")
    )
    strangers = targets.filter(pl.col("first_day").is_null())
    if strangers.height:
        raise JourneyUnusable(
            f"{folder / 'campaigns.parquet'}: campaign {strangers[0, 'campaign_id']} is in no row "
            "of campaign_descriptions.parquet"
        )
    redemptions = (
        _table(folder / "coupon_redemptions.parquet", _REDEMPTIONS)
        .with_columns(pl.col("redemption_date").dt.date().alias("day"))
        .drop("redemption_date")
        .unique(maintain_order=True)
    )
    return Files(lines, _products(folder), targets, redemptions)


def _lines(folder: Path) -> pl.DataFrame:
    found = [folder / name for name in TRANSACTIONS if (folder / name).is_file()]
    if not found:
        raise JourneyUnusable(f"{folder}: neither {TRANSACTIONS[0]} nor {TRANSACTIONS[1]} is there")
    path = found[0]
    frame = _table(path, _LINES)
    if frame.is_empty():
        raise JourneyUnusable(f"{path}: it has no lines")
    receipt = ("basket_id", "household_id", "store_id", "transaction_timestamp")
    if frame.select(receipt).unique().height != frame["basket_id"].n_unique():
        raise JourneyUnusable(f"{path}: a basket_id has more than one household, store or time")
    # The receipt's lines keep the order of the file, which is why the sort must be stable.
    return frame.sort("transaction_timestamp", "basket_id", maintain_order=True).with_columns(
        pl.col("transaction_timestamp").dt.date().alias("day")
    )


def _campaigns(folder: Path) -> pl.DataFrame:
    path = folder / "campaign_descriptions.parquet"
    frame = _table(path, _CAMPAIGNS)
    if frame["campaign_id"].n_unique() != frame.height:
        raise JourneyUnusable(f"{path}: a campaign is described twice")
    return frame.select(
        "campaign_id",
        pl.col("start_date").dt.date().alias("first_day"),
        pl.col("end_date").dt.date().alias("last_day"),
    )


def _products(folder: Path) -> dict[str, tuple[str, str, str, str]]:
    frame = _table(folder / "products.parquet", _PRODUCTS)
    products = {}
    for number, supplier, department, brand, category, kind in frame.select(*_PRODUCTS).iter_rows():
        path = "/".join(node for node in (_node(category), _node(kind)) if node)
        products[number] = (department or "", path, brand or "", supplier or "")
    return products


def _node(name: str | None) -> str:
    """A name as one node of a category path: no slash inside, no stray blanks."""
    return " ".join((name or "").replace("/", "-").split())


def _table(path: Path, columns: dict[str, str]) -> pl.DataFrame:
    """The named columns of a file, each converted to what it must be."""
    if not path.is_file():
        raise JourneyUnusable(f"{path}: there is no such file")
    try:
        found = pl.read_parquet_schema(path)
        missing = [name for name in columns if name not in found]
        if missing:
            raise JourneyUnusable(f"{path}: it has no column {', '.join(missing)}")
        frame = pl.read_parquet(path, columns=list(columns))
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise JourneyUnusable(f"{path}: it cannot be read as parquet ({problem})") from None
    for name, wanted in columns.items():
        frame = frame.with_columns(_converted(frame[name], wanted, path))
        if name not in _MAY_BE_UNKNOWN and frame[name].null_count():
            raise JourneyUnusable(f"{path}: column {name} has a row without a value")
    return frame


def _converted(column: pl.Series, wanted: str, path: Path) -> pl.Series:
    kind = column.dtype
    unfit = JourneyUnusable(f"{path}: column {column.name} is {kind}, not {wanted}")
    match wanted:
        case "text":
            if not (isinstance(kind, pl.String | pl.Categorical | pl.Enum) or kind.is_integer()):
                raise unfit
            return column.cast(pl.String)
        case "a time":
            if kind == pl.Date:
                return column.cast(pl.Datetime("us"))
            if not isinstance(kind, pl.Datetime):
                raise unfit
            return column.dt.replace_time_zone(None).cast(pl.Datetime("us"))
        case _:
            if not kind.is_numeric():
                raise unfit
            return _whole(column, 100 if wanted == CENTS else 1, path)


def _whole(column: pl.Series, parts: int, path: Path) -> pl.Series:
    """The column times `parts` as integers; what is not whole, or negative, stops the reading."""
    exact = column.cast(pl.Float64) * parts
    rounded = exact.round()
    # A cent is far above what binary fractions of these sizes are off by, and far below a cent
    # is the difference that an honest amount shows.
    wrong = column.filter(((exact - rounded).abs() > 1e-6) | exact.is_nan() | (exact < 0))
    if wrong.len():
        what = "an exact amount in cents" if parts == 100 else "a count"
        raise JourneyUnusable(f"{path}: column {column.name} has {wrong[0]}, which is not {what}")
    return rounded.cast(pl.Int64)
