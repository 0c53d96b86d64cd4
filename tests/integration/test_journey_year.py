"""A year of receipts through the whole line, held against the raw files, which Polars reads apart.

The year is The Complete Journey where LOYALTY_COMPLETE_JOURNEY names it, else a handful of made
receipts in its form.
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from infra import postgres
from infra.log import LedgerLog
from infra.settings import Settings
from processors.stream.fold import Fold
from tests.producers import journey_folder
from tests.recovery.line import Line, Tables, line

PROGRAMME = ("programmes/grocery.yaml", "--from", "2016-11-14")
REAL = os.environ.get("LOYALTY_COMPLETE_JOURNEY", "")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year's files."""
    return Path(REAL) if REAL else journey_folder.write(tmp_path_factory.mktemp("year"))


@pytest.fixture(scope="session")
def raw(folder: Path) -> dict[str, pl.DataFrame]:
    """The files as Polars reads them, money in cents."""
    sample = folder / "transactions_sample.parquet"
    lines = pl.read_parquet(sample if sample.exists() else folder / "transactions.parquet")
    cents = [
        (pl.col(column) * 100).round().cast(pl.Int64).alias(f"{column}_cents")
        for column in ("sales_value", "retail_disc", "coupon_match_disc")
    ]
    other = ("campaigns", "campaign_descriptions", "coupon_redemptions")
    return {"lines": lines.with_columns(cents)} | {
        one: pl.read_parquet(folder / f"{one}.parquet") for one in other
    }


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Line]:
    """The year on the embedded log, in tables."""
    settings = Settings(home=tmp_path_factory.mktemp("calm"), partitions=4)
    with line(settings) as running:
        running.run("activate", *PROGRAMME)
        running.run("publish", "--journey", str(folder))
        running.run("run", "--until-end")
        yield running


def ask(settings: Settings, query: str) -> list[tuple[object, ...]]:
    """What an analyst gets for a query."""
    with postgres.connect(settings, "analyst") as connection:
        return connection.execute(query.encode()).fetchall()


def money(cents: int) -> Decimal:
    """Cents as the tables show them."""
    return Decimal(cents) / 100


def test_every_store_has_its_sales_of_every_day(calm: Line, raw: dict[str, pl.DataFrame]) -> None:
    """Baskets, lines and money by day and store are those of the files, row by row."""
    expected = (
        raw["lines"]
        .group_by(pl.col("transaction_timestamp").dt.date().alias("day"), "store_id")
        .agg(
            pl.col("basket_id").n_unique(), pl.len(), pl.col("sales_value_cents").sum(),
            (pl.col("retail_disc_cents") + pl.col("coupon_match_disc_cents")).sum().alias("off"),
        )
        .sort("day", "store_id")
    )  # fmt: skip
    found = ask(
        calm.settings,
        "SELECT business_date, store_id, sale_count, line_count, net, discount FROM sales_daily"
        ' ORDER BY business_date, store_id COLLATE "C"',
    )

    assert found == [
        (day, str(store), baskets, lines, money(net), money(off))
        for day, store, baskets, lines, net, off in expected.rows()
    ]


def test_every_member_has_what_they_bought(calm: Line, raw: dict[str, pl.DataFrame]) -> None:
    """Baskets, money, first and last day by household are those of the files, row by row."""
    day = pl.col("transaction_timestamp").dt.date()
    expected = (
        raw["lines"]
        .with_columns(day.alias("day"))
        .group_by("household_id")
        .agg(
            pl.col("basket_id").n_unique(), pl.col("sales_value_cents").sum(),
            pl.col("day").min().alias("first"), pl.col("day").max().alias("last"),
        )
    )  # fmt: skip
    found = ask(
        calm.settings,
        "SELECT member_id, sale_count, net_spend, first_sale_on, last_sale_on FROM members"
        " WHERE sale_count > 0",
    )

    assert sorted(found) == sorted(  # type: ignore[type-var]  # rows of one shape
        (f"household-{household}", baskets, money(net), first, last)
        for household, baskets, net, first, last in expected.rows()
    )


def test_every_campaign_has_its_targets_and_redemptions(
    calm: Line, raw: dict[str, pl.DataFrame]
) -> None:
    """Targets, redeeming members, redemptions, dates and rate are those of the files."""
    targets = raw["campaigns"].group_by("campaign_id").agg(pl.col("household_id").n_unique())
    redeemed = (
        raw["coupon_redemptions"]
        .group_by("campaign_id")
        .agg(pl.col("household_id").n_unique().alias("members"), pl.len().alias("times"))
    )
    expected = (
        raw["campaign_descriptions"]
        .select("campaign_id", pl.col("start_date", "end_date").cast(pl.Date))
        .join(targets, on="campaign_id")
        .join(redeemed, on="campaign_id", how="left")
        .with_columns(pl.col("members", "times").fill_null(0))
    )
    found = ask(
        calm.settings,
        "SELECT campaign_id, first_day, last_day, targeted_member_count, redeeming_member_count,"
        " redemption_count, member_redemption_rate FROM campaigns",
    )

    assert {row[0]: row[1:6] for row in found} == {
        str(campaign): (first, last, aimed, members, times)
        for campaign, first, last, aimed, members, times in expected.rows()
    }
    assert all(round(Decimal(r[4]) / r[3], 4) == round(Decimal(r[6]), 4) for r in found)  # type: ignore[arg-type,operator]


def test_the_year_has_the_totals_anybody_can_check(
    calm: Line, raw: dict[str, pl.DataFrame]
) -> None:
    """Sales, lines and money of the tables sum to those of the files; of the sample, to these."""
    (totals,) = ask(calm.settings, "SELECT count(*), sum(line_count), sum(net) FROM sales")
    (offers,) = ask(
        calm.settings,
        "SELECT count(*), sum(targeted_member_count), sum(redemption_count) FROM campaigns",
    )
    lines = raw["lines"]

    assert totals == (
        lines["basket_id"].n_unique(), len(lines), money(lines["sales_value_cents"].sum()),
    )  # fmt: skip
    if REAL and len(lines) == 75_000:
        assert totals == (47_243, 75_000, Decimal("233935.24"))
        assert offers == (27, 6_589, 2_102)


def test_coupons_of_no_programme_are_no_vouchers(calm: Line) -> None:
    """They count in campaigns alone; a share is never above 1."""
    assert ask(calm.settings, "SELECT count(*) FROM vouchers WHERE voucher = ''") == [(0,)]
    above = "SELECT count(*) FROM redemption_cohorts WHERE redeemed_share > 1"
    assert ask(calm.settings, above) == [(0,)]


def test_verify_finds_nothing_wrong(calm: Line) -> None:
    """Chain, sums and tables are right, and the command says so."""
    calm.run("verify")


def test_two_processors_on_kafka_give_the_same(
    calm: Line, kafka_settings: Settings, folder: Path
) -> None:
    """Four partitions and two processors on a real broker: same effects, same tables."""
    with line(kafka_settings) as busy:
        busy.run("topics")
        busy.run("activate", *PROGRAMME)
        processors = [busy.start("process"), busy.start("process")]
        busy.run("publish", "--journey", str(folder))
        busy.finish(*processors)
        busy.run("segments")
        busy.run("process", "--until-end")
        busy.run("project", "--until-end")

        assert effects(busy.reader) == effects(calm.reader)
        assert_same(busy.tables(), calm.tables())
        busy.run("verify")


def effects(reader: LedgerLog) -> dict[str, str]:
    """Account → a hash of all effects it ever had, in order."""
    hashes: dict[str, object] = {}
    for partition in range(reader.identity.partitions):
        fold = Fold("live", partition, reader.identity)
        end = reader.ledger_end(partition)
        for stored in reader.read_ledger(partition, 0, end):
            record = fold.take(stored)
            if record is not None and record.account_id and record.effects:
                whole = hashes.setdefault(record.account_id, sha256())
                whole.update(repr(record.effects).encode())  # type: ignore[attr-defined]
    return {account: whole.hexdigest() for account, whole in hashes.items()}  # type: ignore[attr-defined]


def assert_same(found: Tables, expected: Tables) -> None:
    """Every table has the same rows; the first that differs is named."""
    assert found.keys() == expected.keys()
    for table, rows in expected.items():
        assert found[table] == rows, table
