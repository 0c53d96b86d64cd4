"""Every row of every table held against tables that are filled anew, beside the live ones.

The live tables may move on meanwhile: what they were at one moment is hashed together with how far
they were projected, and the new ones are filled exactly so far.  They are never shown.
"""

from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import sql

from infra.log import LedgerLog
from projections import generations, positions, renewal
from projections.digests import digests_of_tables
from projections.positions import Position
from projections.rebuild import RebuildHalted, fill, new_tables
from projections.verify import Wrong

_LAW = "Every row of the tables is what the ledger makes of it."
_UNIQUE = """
    SELECT a.attname
    FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = to_regclass(%s) AND i.indisunique
    ORDER BY a.attnum
"""
_PLACE = ("ledger_partition", "ledger_seq")
"""What a row is found by whose table has no key."""
_FIRST = """
    WITH there AS (TABLE {live} EXCEPT ALL TABLE {new}),
        made AS (TABLE {new} EXCEPT ALL TABLE {live})
    SELECT to_jsonb(there), to_jsonb(made) FROM there FULL JOIN made USING ({key})
    ORDER BY {key} LIMIT 1
"""


class Compared(Struct, frozen=True):
    """What was compared.

    Attributes:
        tables: how many.
        upto: partition → the offset in the ledger up to which the live ones were projected.
        wrong: the first table that differs, in a sentence, with its first row if the live one has
            not moved on.
    """

    tables: int
    upto: Mapping[int, int]
    wrong: str | None


class _Stand(Struct, frozen=True):
    """How far a set of tables is: every partition's position, and the day that `rfm` shows."""

    positions: Mapping[int, Position]
    as_of: int | None


def compare(
    connection: psycopg.Connection,
    log: LedgerLog,
    batch_records: int,
    *,
    generation: str = "live",
    progress: Callable[[int], None] = lambda _: None,
) -> Compared:
    """Fill a second set of tables as far as the live one is, compare the two, and drop it.

    Args:
        connection: of the owner, in autocommit mode; the database is installed.
        log: where the ledger is.
        batch_records: most records in one transaction.
        generation: which run of the ledger.
        progress: is told after each batch how many records are done.

    Raises:
        TablesUnfit: there are no live tables, or they are those of other code.
        RebuildUnderWay: somebody else fills new tables.
    """
    with new_tables(connection, generation) as new:
        live = generations.fit(connection, generation)
        with connection.transaction():
            stand = _look(connection, live)
            found = digests_of_tables(connection, live.schema)
        upto = {partition: at.offset for partition, at in stand.positions.items()}
        try:
            # Where nobody has projected yet, no partition has a place to stop at.
            if upto:
                fill(connection, log, batch_records, new, progress, upto)
        except RebuildHalted as halted:
            said = f"The ledger cannot be projected as far as the tables are: {halted}."
            return Compared(len(found), upto, said)
        generations.use(connection, new.schema)
        renewal.renew_as_of(connection, stand.as_of)
        made = digests_of_tables(connection, new.schema)
        differing = [table for table in made if made[table] != found[table]]
        if not differing:
            return Compared(len(found), upto, None)
        return Compared(len(found), upto, str(_first(connection, differing[0], live, new, stand)))


def _look(connection: psycopg.Connection, live: generations.Generation) -> _Stand:
    """How far they are, at the moment at which the transaction sees all that it reads."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    generations.use(connection, live.schema)
    return _Stand(positions.read(connection, live.name), renewal.made(connection))


def _first(
    connection: psycopg.Connection,
    table: str,
    live: generations.Generation,
    new: generations.Generation,
    stand: _Stand,
) -> Wrong:
    """What is wrong with a table: by its first row, as long as the live one is where it was."""
    both = {"live": sql.Identifier(live.schema, table), "new": sql.Identifier(new.schema, table)}
    with connection.transaction():
        moved_on = _look(connection, live) != stand
        unique = connection.execute(_UNIQUE, (f"{live.schema}.{table}",)).fetchall()
        key = [name for (name,) in unique] or [*_PLACE]
        columns = sql.SQL(", ").join(map(sql.Identifier, key))
        query = sql.SQL(_FIRST).format(**both, key=columns)
        row = None if moved_on else connection.execute(query).fetchone()
    if row is None:
        return Wrong(_LAW, table, "other rows", "those of the ledger")
    return _differs(table, key, *row)


def _differs(
    table: str, key: list[str], there: dict[str, Any] | None, made: dict[str, Any] | None
) -> Wrong:
    """The row by its key.  Any: values of columns, which are not told: people write some."""
    row = there or made or {}
    where = " ".join([table, *(f"{name} {row[name]}" for name in key)])
    if there is None:
        return Wrong(_LAW, where, "no row", "one")
    if made is None:
        return Wrong(_LAW, where, "a row", "none")
    others = [name for name in made if made[name] != there[name]]
    return Wrong(_LAW, where, f"its {', '.join(others)}", "the ledger's")
