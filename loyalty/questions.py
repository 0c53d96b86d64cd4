"""A question to the tables: one query as the analyst, who can read `reporting` and nothing else."""

from collections.abc import Mapping
from typing import Any

import psycopg
from msgspec import Struct

from infra import postgres
from infra.settings import Settings
from loyalty.outcome import Code, Trouble

_NO_QUESTION = 'This asks nothing; write it as "select * from balances limit 5".'
_ONE_QUESTION = "These are several questions; ask one at a time."
_ONLY_READS = (
    psycopg.InternalError,  # of a transaction that may only read
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ObjectNotInPrerequisiteState,
)


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
    with postgres.server(settings), _as_analyst(settings) as connection:
        connection.read_only = True
        try:
            with connection.transaction():
                cursor = connection.execute(query.encode(), parameters)
                while cursor.description is None:  # a setting before the question has no rows
                    if not cursor.nextset():
                        raise Trouble(_NO_QUESTION)
                found = Answer(tuple(c.name for c in cursor.description), cursor.fetchall())
                if cursor.nextset():
                    raise Trouble(_ONE_QUESTION)
                return found
        except _ONLY_READS as problem:
            why = problem.diag.message_primary
            raise Trouble(f"An analyst only reads, and only the schema reporting: {why}") from None
        except (psycopg.ProgrammingError, psycopg.DataError, psycopg.NotSupportedError) as problem:
            raise Trouble(f"Postgres does not answer this: {str(problem).strip()}") from None
        except (psycopg.errors.QueryCanceled, psycopg.errors.ProgramLimitExceeded) as problem:
            raise Trouble(f"Postgres gave this up, ask for less: {str(problem).strip()}") from None


def _as_analyst(settings: Settings) -> psycopg.Connection:
    """A connection in the role, which the first projector makes."""
    try:
        return postgres.connect(settings, "analyst")
    except postgres.DatabaseUnavailable as problem:
        if f'role "{postgres.LOGINS["analyst"]}" does not exist' not in str(problem):
            raise
        raise Trouble(
            "There are no tables yet: `loyalty project --until-end` makes them.", Code.OUT_OF_REACH
        ) from None
