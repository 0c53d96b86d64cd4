"""A question to the tables: one query as the analyst, who can read `reporting` and nothing else."""

from collections.abc import Mapping
from typing import Any

import psycopg
from msgspec import Struct

from infra import postgres
from infra.settings import Settings
from loyalty.outcome import Trouble


class Answer(Struct, frozen=True):
    """Column names, and the rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def ask(settings: Settings, query: str, parameters: Mapping[str, str] | None = None) -> Answer:
    """Run one query, read-only; the embedded database is started if it does not run.

    Raises:
        Trouble: the query is wrong, or asks for what an analyst may not see.
        DatabaseUnavailable: Postgres is out of reach.
    """
    with postgres.server(settings), postgres.connect(settings, "analyst") as connection:
        connection.read_only = True
        try:
            with connection.transaction():
                cursor = connection.execute(query.encode(), parameters)
                if cursor.description is None:
                    return Answer((), [])
                return Answer(tuple(c.name for c in cursor.description), cursor.fetchall())
        except (psycopg.ProgrammingError, psycopg.DataError, psycopg.NotSupportedError) as problem:
            raise Trouble(f"Postgres does not answer this: {str(problem).strip()}") from None
        except psycopg.InternalError as problem:
            raise Trouble(f"An analyst only reads: {str(problem).strip()}") from None
