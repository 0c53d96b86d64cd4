"""What the tables say of themselves is what is written about them."""

import re
from pathlib import Path

from infra.postgres import connect
from infra.settings import Settings
from projections.definitions import names
from projections.describe import describe

README = Path(__file__).parents[2] / "projections" / "README.md"


def test_readme_says_what_postgres_says(standing: Settings) -> None:
    """The README ends with the views, columns, types and comments as they are in the database."""
    with connect(standing, "owner") as owner:
        described = describe(owner)

    assert README.read_text("utf-8").endswith("\n\n" + described)


def test_every_view_and_column_has_a_comment(standing: Settings) -> None:
    """Nothing in `reporting` is left unexplained."""
    with connect(standing, "owner") as owner:
        described = describe(owner)

    assert "None" not in described
    assert re.findall(r"^### (\w+)$", described, re.MULTILINE) == sorted(names("views"))
    assert not [line for line in described.splitlines() if re.match(r"\| `.*\|\s*\|$", line)]


def test_columns_are_named_by_what_they_hold(standing: Settings) -> None:
    """`_on` is a date, `_at` a time, `_count` a count; money is numeric beside its currency."""
    kinds = """
        SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'reporting'
    """
    with connect(standing, "owner") as owner:
        columns = owner.execute(kinds).fetchall()
    of_kind = {
        "_on": "date", "_day": "date", "_date": "date", "_month": "date",
        "_at": "timestamp with time zone",
    }  # fmt: skip
    money = {"gross", "discount", "net", "paid_with_points", "returned_net", "net_spend",
             "amount", "value"}  # fmt: skip
    with_currency = {table for table, column, _ in columns if column == "currency"}

    for table, column, kind in columns:
        for ending, expected in of_kind.items():
            if column.endswith(ending):
                assert (table, column, kind) == (table, column, expected)
        if column.endswith("_count"):
            assert kind in {"bigint", "integer"}
        if column in money:
            assert (table, column, kind) == (table, column, "numeric")
            assert table in with_currency
        if column == "points":
            assert (table, "wallet") in {(one, other) for one, other, _ in columns}
        assert not column.endswith("_minor")


def test_every_fact_says_when_and_where(standing: Settings) -> None:
    """Facts carry the times and the place in the ledger."""
    named = """
        SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
        WHERE table_schema = 'reporting' GROUP BY table_name
    """
    facts = (
        "sales", "points_entries", "vouchers", "voucher_entries", "refusals", "tier_changes",
        "rewards_given", "withheld",
    )  # fmt: skip
    context = {"occurred_at", "business_date", "recorded_at", "ledger_partition", "ledger_seq"}
    with connect(standing, "owner") as owner:
        columns = dict(owner.execute(named).fetchall())

    assert [context - set(columns[fact]) for fact in facts] == [set()] * len(facts)
