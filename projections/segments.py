"""Who is in the segments of the programme as of a closed day, asked of the tables as an analyst.

All that is asked here is read from one snapshot, and is a function of the ledger up to where each
partition closed the day: however far a projector has read since, the answer is the same, but for
members who were closed meanwhile.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import psycopg
from msgspec import Struct

from projections.segment_words import Query

_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# The joins take whole tables; see `projections.renewal`.  A night's work may take its time.
_WHOLE_TABLES = "SET LOCAL enable_nestloop TO off"
_PATIENCE = "SET LOCAL statement_timeout TO '1h'"
_FRESH = "SELECT as_of_on FROM freshness"
_CLOSINGS = """
    SELECT DISTINCT ON (ledger_partition) ledger_partition, ledger_seq
    FROM closed_days WHERE closed_on >= %(day)s
    ORDER BY ledger_partition, closed_on
"""
_IN_FORCE = """
    WITH closed AS (
        SELECT DISTINCT ON (ledger_partition) ledger_partition, ledger_seq
        FROM closed_days WHERE closed_on >= %(day)s
        ORDER BY ledger_partition, closed_on
    ), last AS (
        SELECT DISTINCT ON (p.ledger_partition) p.document, p.document_hash
        FROM programmes AS p
        JOIN closed AS c ON c.ledger_partition = p.ledger_partition
        WHERE p.ledger_seq < c.ledger_seq AND p.first_day <= %(day)s + 1
        ORDER BY p.ledger_partition, p.ledger_seq DESC
    )
    SELECT min(document) FROM last
    HAVING count(DISTINCT document_hash) = 1 AND count(*) = (SELECT count(*) FROM positions)
"""
_INSIDE = """
    SELECT segment, account_id, definition_hash FROM member_segments
    WHERE entered_on <= %(day)s + 1 AND (left_on IS NULL OR left_on > %(day)s + 1)
"""
_INPUT_OFFSETS = "SELECT ledger_partition, input_offset FROM positions"

Inside = Mapping[str, Mapping[str, str]]
"""Segment → account in it → the hash of the definition it entered by."""


class Closed(Struct, frozen=True):
    """A business day that every partition has closed, and what held when it was.

    Attributes:
        day: which.
        seqs: partition → the place in its ledger where it closed the day.
        document: the programme in force on the next day, canonical JSON; None if none is, or if
            not every partition had come to it.
    """

    day: date
    seqs: Mapping[int, int]
    document: str | None


@contextmanager
def snapshot(connection: psycopg.Connection) -> Iterator[None]:
    """Everything asked inside is true of one moment."""
    with connection.transaction():
        connection.execute(_SNAPSHOT)
        connection.execute(_WHOLE_TABLES)
        connection.execute(_PATIENCE)
        yield


def fresh_day(connection: psycopg.Connection) -> date | None:
    """The last business day that every partition has closed; None before the first."""
    row = connection.execute(_FRESH).fetchone()
    return None if row is None else row[0]


def closed(connection: psycopg.Connection, day: date) -> Closed:
    """What held when the day was closed, which is no later than the fresh one."""
    row = connection.execute(_IN_FORCE, {"day": day}).fetchone()
    seqs = connection.execute(_CLOSINGS, {"day": day}).fetchall()
    return Closed(day, dict(seqs), None if row is None else row[0])


def members(connection: psycopg.Connection, query: Query) -> set[str]:
    """The accounts that a segment's query finds."""
    return {account for (account,) in connection.execute(query.text.encode(), query.parameters)}


def inside(connection: psycopg.Connection, day: date) -> Inside:
    """Who is in a segment on the day behind a closed one, as far as the tables know."""
    found: dict[str, dict[str, str]] = {}
    for segment, account, definition_hash in connection.execute(_INSIDE, {"day": day}):
        found.setdefault(segment, {})[account] = definition_hash or ""
    return found


def input_offsets(connection: psycopg.Connection) -> dict[int, int]:
    """Partition → the place in its events of the last one that the tables hold; -1 for none."""
    return dict(connection.execute(_INPUT_OFFSETS).fetchall())
