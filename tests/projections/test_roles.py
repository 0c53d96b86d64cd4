"""An analyst reads `reporting` and nothing else; the projector writes rows and nothing else."""

import psycopg
import pytest

from infra.postgres import connect, url
from infra.settings import Settings
from projections.definitions import names
from projections.install import install

DENIED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)


@pytest.mark.parametrize("view", names("views"))
def test_analyst_reads_every_view(view: str, standing: Settings) -> None:
    """Every view can be read, and by its bare name."""
    with connect(standing, "analyst") as connection:
        cursor = connection.execute(b"SELECT * FROM " + view.encode())

        assert cursor.description is not None


@pytest.mark.parametrize("table", names("tables"))
def test_analyst_reads_no_table(table: str, standing: Settings) -> None:
    """The tables behind the views are out of reach, internal or not."""
    with connect(standing, "analyst") as connection, pytest.raises(DENIED):
        connection.execute(b"SELECT * FROM live_1." + table.encode())


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM projections.generations",
        "INSERT INTO sales (store_id) VALUES ('1')",
        "UPDATE sales SET store_id = '1'",
        "DELETE FROM reporting.sales",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE TABLE reporting.mine (a int)",
        "CREATE SCHEMA mine",
        "DROP VIEW sales",
        "SET ROLE loyalty_owner",
        "SET ROLE loyalty_projector",
        "CREATE FUNCTION reporting.f() RETURNS int LANGUAGE sql RETURN 1",
        "COPY (SELECT 1) TO '/tmp/loyalty-analyst'",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT rolpassword FROM pg_authid",
        "ALTER ROLE loyalty_analyst SUPERUSER",
    ],
)
@pytest.mark.parametrize("read_only", [True, False], ids=["as given", "read-only switched off"])
def test_analyst_is_refused_everything_else(
    attempt: str, read_only: bool, standing: Settings
) -> None:
    """It is the privileges that refuse, not only the setting that an analyst can switch off."""
    with connect(standing, "analyst") as connection:
        if not read_only:
            connection.execute("SET default_transaction_read_only TO off")

        with pytest.raises(DENIED):
            connection.execute(attempt.encode())


def test_analyst_session_is_bounded(standing: Settings) -> None:
    """A query ends after 30 seconds, and transactions only read."""
    with connect(standing, "analyst") as connection:
        shown = [
            connection.execute(f"SHOW {name}".encode()).fetchone()
            for name in ("statement_timeout", "default_transaction_read_only", "TimeZone")
        ]

    assert shown == [("30s",), ("on",), ("UTC",)]


@pytest.mark.parametrize(
    "attempt",
    [
        "DROP TABLE live_1.sales",
        "ALTER TABLE live_1.sales ADD COLUMN a int",
        "CREATE TABLE live_1.mine (a int)",
        "UPDATE projections.generations SET live = true",
        "TRUNCATE live_1.sales",
        "DROP VIEW reporting.sales",
    ],
)
def test_projector_changes_no_definition(attempt: str, standing: Settings) -> None:
    """The projector owns nothing."""
    with connect(standing, "projector") as connection, pytest.raises(DENIED):
        connection.execute(attempt.encode())


def test_nobody_else_comes_in(installed: Settings) -> None:
    """A login without a role of ours cannot connect to the database."""
    with connect(installed, "owner") as owner:
        owner.execute("DROP ROLE IF EXISTS loyalty_test_stranger")
        owner.execute("CREATE ROLE loyalty_test_stranger LOGIN")
        try:
            address = url(installed, "analyst").replace("loyalty_analyst", "loyalty_test_stranger")
            with pytest.raises(psycopg.OperationalError, match="CONNECT"):
                psycopg.connect(address)
        finally:
            owner.execute("DROP ROLE loyalty_test_stranger")


def test_installing_again_changes_nothing(installed: Settings) -> None:
    """An install can be repeated at every start."""
    objects = "SELECT oid, relname FROM pg_class WHERE relkind IN ('r', 'v') ORDER BY oid"
    with connect(installed, "owner") as owner:
        before = owner.execute(objects).fetchall()
        install(installed)

        assert owner.execute(objects).fetchall() == before
