"""Every role on every table and view, each way of touching it: what is not listed is refused."""

from collections.abc import Iterator
from itertools import product

import psycopg
import pytest
from psycopg import sql

from infra.postgres import LOGINS, connect, url
from infra.settings import Settings

STRANGER = "loyalty_test_nobody"
"""A login that may come in, and was given nothing else."""

ROLES = ("loyalty_owner", *LOGINS.values(), STRANGER, "public")
WAYS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
SCHEMAS = ("crm", "live_1", "projections", "reporting")

ALLOWED = {
    # The owner made them all.
    **{("loyalty_owner", schema): set(WAYS) for schema in SCHEMAS},
    ("loyalty_projector", "live_1"): {"SELECT", "INSERT", "UPDATE", "DELETE"},
    ("loyalty_projector", "projections"): {"SELECT"},
    # What the shop says of its stores is told beside the rows.
    ("loyalty_projector", "projections.stores"): {"SELECT", "INSERT", "UPDATE"},
    # Where it stands still, and why.
    ("loyalty_projector", "projections.halts"): {"SELECT", "INSERT", "UPDATE"},
    ("loyalty_projector", "reporting"): {"SELECT"},
    ("loyalty_analyst", "reporting"): {"SELECT"},
    ("loyalty_contacts", "crm.contacts"): {"SELECT", "INSERT", "UPDATE", "DELETE"},
    ("loyalty_contacts", "crm.identifiers"): {"SELECT", "INSERT", "UPDATE", "DELETE"},
    # Whoever was forgotten stays so, and by which key was hashed does not change.
    ("loyalty_contacts", "crm.forgotten"): {"SELECT", "INSERT"},
    ("loyalty_contacts", "crm.key_mark"): {"SELECT", "INSERT"},
    ("loyalty_contacts", "crm.told"): {"SELECT", "INSERT"},
}
"""What a role may do with a table, or with all of a schema; nothing else is allowed."""

TABLES = """
    SELECT n.nspname, c.relname
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S')
        AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
    ORDER BY 1, 2
"""
REFUSED = (
    psycopg.errors.InsufficientPrivilege,
    # A view that computes its rows takes none, whoever asks, and Postgres says that first.
    psycopg.errors.FeatureNotSupported,
    psycopg.errors.ObjectNotInPrerequisiteState,
    psycopg.errors.WrongObjectType,
)

Table = tuple[str, str]


@pytest.fixture
def let_in(installed: Settings) -> Iterator[Settings]:
    """The database, with a stranger who may come in."""
    with connect(installed, "owner") as owner:
        owner.execute(f"DROP ROLE IF EXISTS {STRANGER}".encode())
        owner.execute(f"CREATE ROLE {STRANGER} LOGIN".encode())
        name = sql.Identifier(owner.info.dbname)
        role = sql.Identifier(STRANGER)
        owner.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, role))
        try:
            yield installed
        finally:
            owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(name, role))
            owner.execute(sql.SQL("DROP ROLE {}").format(role))


def tables(connection: psycopg.Connection) -> list[Table]:
    """Every table, view and sequence that is not Postgres' own."""
    return [(schema, name) for schema, name in connection.execute(TABLES.encode())]


def allowed(role: str, table: Table, way: str) -> bool:
    listed = ALLOWED.get((role, table[0]), set()) | ALLOWED.get((role, ".".join(table)), set())
    return way in listed


def attempt(way: str, table: Table, column: str) -> sql.Composed:
    """A statement that touches the table this way, and needs no other privilege for it."""
    statements = {
        "SELECT": "SELECT * FROM {table} LIMIT 0",
        "INSERT": "INSERT INTO {table} DEFAULT VALUES",
        "UPDATE": "UPDATE {table} SET {column} = NULL WHERE false",
        "DELETE": "DELETE FROM {table} WHERE false",
        "TRUNCATE": "TRUNCATE {table}",
    }
    names = {"table": sql.Identifier(*table), "column": sql.Identifier(column)}
    return sql.SQL(statements[way]).format(**names)


def worked(connection: psycopg.Connection, statement: sql.Composed) -> bool:
    """Whether it was let through; then nothing of it stays."""
    try:
        connection.execute(statement)
    except psycopg.errors.NotNullViolation:
        return True  # the row was empty, and it was looked at
    except REFUSED:
        return False
    else:
        return True
    finally:
        connection.rollback()


def test_every_schema_is_in_the_matrix(let_in: Settings) -> None:
    """No table lies where the matrix does not look."""
    with connect(let_in, "owner") as owner:
        found = {schema for schema, _ in tables(owner)}

    assert found == set(SCHEMAS)


def test_the_catalogue_has_the_listed_cells_and_no_other(let_in: Settings) -> None:
    """Postgres' own account of privileges, whole tables and single columns, is the list."""
    asked = "SELECT {}(%s, %s, %s)"
    with connect(let_in, "owner") as owner:
        cells = list(product(ROLES, tables(owner), WAYS))
        wrong = []
        for role, table, way in cells:
            name = sql.Identifier(*table).as_string()
            of_table = way in {"DELETE", "TRUNCATE"}
            function = "has_table_privilege" if of_table else "has_any_column_privilege"
            answer = owner.execute(
                sql.SQL(asked).format(sql.Identifier(function)), (role, name, way)
            ).fetchone()
            if answer != (allowed(role, table, way),):
                wrong.append((role, table, way))

    assert wrong == []
    assert len(cells) > 1000


@pytest.mark.parametrize("role", [*LOGINS.values(), STRANGER])
def test_a_login_is_refused_what_is_not_listed(role: str, let_in: Settings) -> None:
    """Each way is tried on each table, and what is listed works."""
    address = url(let_in, "analyst").replace(LOGINS["analyst"], role)
    with connect(let_in, "owner") as owner:
        every = tables(owner)
        columns = dict(_first_columns(owner))
    with psycopg.connect(address) as connection:
        connection.execute("SET default_transaction_read_only TO off")
        connection.commit()
        wrong = [
            (table, way)
            for table, way in product(every, WAYS)
            if worked(connection, attempt(way, table, columns[table])) != allowed(role, table, way)
        ]

    assert wrong == []


def _first_columns(owner: psycopg.Connection) -> Iterator[tuple[Table, str]]:
    columns = """
        SELECT n.nspname, c.relname, a.attname
        FROM pg_attribute AS a
        JOIN pg_class AS c ON c.oid = a.attrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE a.attnum = 1
    """
    for schema, table, column in owner.execute(columns.encode()):
        yield (schema, table), column


def test_no_login_is_above_the_matrix(let_in: Settings) -> None:
    """None is a superuser, owns anything, makes roles, or passes row security by."""
    asked = """
        SELECT rolname FROM pg_roles
        WHERE rolname = ANY(%s)
            AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
        UNION ALL
        SELECT r.rolname FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner
        WHERE r.rolname = ANY(%s)
        UNION ALL
        SELECT r.rolname FROM pg_auth_members AS m JOIN pg_roles AS r ON r.oid = m.member
        WHERE r.rolname = ANY(%s)
    """
    logins = list(LOGINS.values())
    with connect(let_in, "owner") as owner:
        assert owner.execute(asked.encode(), (logins, logins, logins)).fetchall() == []
        nologin = owner.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'loyalty_owner'")
        assert nologin.fetchone() == (False,)
