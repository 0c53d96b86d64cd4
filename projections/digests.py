"""One hash a table: equal exactly where two runs made the same rows.

The hash is the sum of the rows' hashes, so the order in which Postgres keeps them does not matter
and nothing is sorted or held in memory.  Of what `reporting` shows, when and where a record stood
is left out: the same history in another log has the same digests.
"""

from collections.abc import Mapping
from hashlib import sha256

import psycopg
from psycopg import sql

from projections.definitions import names

LEFT_OUT_TABLES = frozenset({"positions", "refusals", "stores"})
"""Where and how often something was told is no history; nor is what the shop says of its stores."""
LEFT_OUT_COLUMNS = frozenset({"recorded_at", "ledger_partition", "ledger_seq"})

_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'reporting' AND table_name = %s ORDER BY column_name
"""


def digests(connection: psycopg.Connection) -> dict[str, str]:
    """Table of `reporting` → its hash, in hexadecimal, over all of them that history determines."""
    shown = (name for name in names("views") if name not in LEFT_OUT_TABLES)
    return _digests(connection, {name: _told(connection, name) for name in shown})


def digests_of_tables(connection: psycopg.Connection, schema: str) -> dict[str, str]:
    """Table of a generation → its hash, over every column of every one of them."""
    whole = sql.SQL("TABLE {}")
    return _digests(
        connection,
        {name: whole.format(sql.Identifier(schema, name)) for name in names("tables")},
    )


def _told(connection: psycopg.Connection, view: str) -> sql.Composable:
    """What a view tells of history."""
    columns = [
        sql.Identifier(row[0])
        for row in connection.execute(_COLUMNS, (view,))
        if row[0] not in LEFT_OUT_COLUMNS
    ]
    return sql.SQL("SELECT {} FROM reporting.{}").format(
        sql.SQL(", ").join(columns), sql.Identifier(view)
    )


def _digests(
    connection: psycopg.Connection, queries: Mapping[str, sql.Composable]
) -> dict[str, str]:
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout TO 0")
        connection.execute("SET LOCAL timezone TO 'UTC'")
        return {name: _digest(connection, query) for name, query in queries.items()}


def _digest(connection: psycopg.Connection, query: sql.Composable) -> str:
    rows = sql.SQL("COPY ({}) TO STDOUT").format(query)
    total = count = 0
    with connection.cursor() as cursor, cursor.copy(rows) as copy:
        # The protocol delivers COPY text a row at a time.
        for row in copy:
            total += int.from_bytes(sha256(row).digest())
            count += 1
    return sha256(count.to_bytes(8) + (total % (1 << 256)).to_bytes(32)).hexdigest()
