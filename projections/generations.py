"""Sets of tables: one schema each, named after the generation and a number, one of them live.

Tables are never migrated.  A new definition is a new number, built from the ledger beside the
live one, which `reporting` shows until the two are swapped.
"""

import psycopg
from msgspec import Struct
from psycopg import sql

from projections.definitions import names, scripts, tables_definition, views_definition


class TablesUnfit(Exception):
    """The tables are not there, or not of this code; the sentence says what to do."""


class Generation(Struct, frozen=True):
    """One set of tables.

    Attributes:
        name: of the ledger's generation.
        number: of the set.
        definition: a hash of what its rows depend on.
    """

    name: str
    number: int
    definition: str

    @property
    def schema(self) -> str:
        """Where the tables are."""
        return f"{self.name}_{self.number}"


_LIVE = """
    SELECT generation, number, definition FROM projections.generations
    WHERE generation = %s AND live
"""
_NOT_LIVE = """
    SELECT generation, number, definition FROM projections.generations
    WHERE generation = %s AND NOT live
"""
_NEXT = "SELECT COALESCE(max(number), 0) + 1 FROM projections.generations WHERE generation = %s"
_REGISTER = "INSERT INTO projections.generations VALUES (%s, %s, %s, false)"
_SWAP = "UPDATE projections.generations SET live = number = %s WHERE generation = %s"
_FORGET = "DELETE FROM projections.generations WHERE generation = %s AND number = %s"
_COUNTING = "SELECT pg_try_advisory_xact_lock(hashtext('loyalty count'))"
_SHOWN = "SELECT obj_description(to_regnamespace('reporting'), 'pg_namespace')"


_WRITES = "SELECT, INSERT, UPDATE, DELETE, MAINTAIN"
"""What the projector may do with a table; MAINTAIN lets it ask Postgres to look at it."""


def live(connection: psycopg.Connection, name: str) -> Generation | None:
    """The live set of tables of a generation; None before the first."""
    row = connection.execute(_LIVE, (name,)).fetchone()
    return None if row is None else Generation(*row)


def not_live(connection: psycopg.Connection, name: str) -> list[Generation]:
    """The sets of tables of a generation that a rebuild has left half-made."""
    return [Generation(*row) for row in connection.execute(_NOT_LIVE, (name,))]


def fit(connection: psycopg.Connection, name: str) -> Generation:
    """The live set of tables, if this code made it.

    Raises:
        TablesUnfit: there is none, or its definition is another.
    """
    try:
        found = live(connection, name)
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        found = None
    if found is None:
        raise TablesUnfit(f"There are no tables of the generation {name} yet: install them first.")
    if found.definition != tables_definition():
        raise TablesUnfit(
            "The tables were made by other definitions than this code's: "
            "`loyalty project --rebuild` makes new ones from the ledger."
        )
    return found


def use(connection: psycopg.Connection, schema: str) -> None:
    """Unqualified table names of this session mean the ones of this schema."""
    connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
    connection.execute("SET timezone TO 'UTC'")


def count_rows(connection: psycopg.Connection) -> None:
    """Let Postgres look at the tables in use; it takes what was just filled for empty.

    A quick look is enough to choose joins by, and takes a sixth of the usual one's time, which
    whoever waits for the tables waits for; autovacuum looks more closely by and by.  Of several
    projectors that catch up together one lets it look.
    """
    every = sql.SQL(", ").join(sql.Identifier(name) for name in names("tables"))
    with connection.transaction():
        if connection.execute(_COUNTING).fetchone() != (True,):
            return
        connection.execute("SET LOCAL default_statistics_target TO 10")
        connection.execute(sql.SQL("ANALYZE {}").format(every))


def create(connection: psycopg.Connection, name: str) -> Generation:
    """A new, empty set of tables, not live yet; inside a transaction of the owner."""
    row = connection.execute(_NEXT, (name,)).fetchone()
    made = Generation(name, 1 if row is None else row[0], tables_definition())
    schema = sql.Identifier(made.schema)
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(schema))
    for _, text in scripts("tables"):
        connection.execute(text.encode())
    for grant in ("USAGE ON SCHEMA {}", f"{_WRITES} ON ALL TABLES IN SCHEMA {{}}"):
        connection.execute(sql.SQL(f"GRANT {grant} TO loyalty_projector").format(schema))
    connection.execute(_REGISTER, (made.name, made.number, made.definition))
    return made


def shown(connection: psycopg.Connection) -> str:
    """What the views of `reporting` were made from: a schema, and their definition."""
    row = connection.execute(_SHOWN).fetchone()
    return "" if row is None or row[0] is None else str(row[0])


def show(connection: psycopg.Connection, shown_one: Generation) -> None:
    """`reporting` shows this set from now on; inside a transaction of the owner."""
    connection.execute(_SWAP, (shown_one.number, shown_one.name))
    for name, _ in scripts("views"):
        drop = sql.SQL("DROP VIEW IF EXISTS reporting.{}").format(sql.Identifier(name))
        connection.execute(drop)
    for _, text in scripts("functions"):
        connection.execute(text.encode())
    path = sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(shown_one.schema))
    connection.execute(path)
    for _, text in scripts("views"):
        connection.execute(text.encode())
    for _, text in scripts("privileges"):
        connection.execute(text.encode())
    note = sql.SQL("COMMENT ON SCHEMA reporting IS {}").format(sql.Literal(sign(shown_one)))
    connection.execute(note)


def sign(generation: Generation) -> str:
    """What `shown` says of a set whose views are of this code."""
    return f"Views on {generation.schema}, definition {views_definition()}."


def drop(connection: psycopg.Connection, dropped: Generation) -> None:
    """The set is gone; inside a transaction of the owner."""
    schema = sql.Identifier(dropped.schema)
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
    connection.execute(_FORGET, (dropped.name, dropped.number))
