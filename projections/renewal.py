"""Tables that are renewed as a whole, as of the last day that every partition has closed.

They are a function of the ledger and that day alone: what counts are the records before the place
where each partition closed it, however far a projector has read since.
"""

from collections.abc import Iterable

import psycopg

from projections.tables import rfm
from projections.tables.writes import Copy, Write

_ONE_AT_A_TIME = "LOCK TABLE renewals IN SHARE ROW EXCLUSIVE MODE"
# These joins take whole tables, which may have been filled a moment ago and not counted yet; a
# planner that takes them for empty loops over every pair.
_WHOLE_TABLES = "SET LOCAL enable_nestloop TO off; SET LOCAL enable_seqscan TO on"
_FRESH = """
    SELECT CASE WHEN bool_and(closed_on IS NOT NULL) THEN min(closed_on) - DATE '1970-01-01' END
    FROM positions
"""
_MADE = "SELECT as_of_on - DATE '1970-01-01' FROM renewals WHERE table_name = 'rfm'"
_NOTE = """
    INSERT INTO renewals (table_name, as_of_on) VALUES ('rfm', DATE '1970-01-01' + %s::int)
    ON CONFLICT (table_name) DO UPDATE SET as_of_on = excluded.as_of_on
"""
_SPENDING = """
    WITH closed AS (
        -- Where each partition closed the day, or the first one it closed after it.
        SELECT DISTINCT ON (ledger_partition) ledger_partition, ledger_seq
        FROM closed_days WHERE closed_on >= DATE '1970-01-01' + %(day)s::int
        ORDER BY ledger_partition, closed_on
    ), came_back AS (
        SELECT r.sale_id, r.account_id, r.currency, sum(r.net_minor) AS net_minor
        FROM returns AS r
        JOIN closed AS c ON c.ledger_partition = r.ledger_partition
        WHERE r.ledger_seq < c.ledger_seq AND r.sale_id IS NOT NULL
            AND r.business_date <= DATE '1970-01-01' + %(day)s::int
        GROUP BY r.sale_id, r.account_id, r.currency
    ), counted AS (
        SELECT s.account_id, s.member_id, s.business_date, s.currency,
            s.net_minor - COALESCE(b.net_minor, 0) AS net_minor
        FROM sales AS s
        JOIN closed AS c ON c.ledger_partition = s.ledger_partition
        LEFT JOIN came_back AS b ON b.sale_id = s.sale_id AND b.account_id = s.account_id
            AND b.currency = s.currency
        WHERE s.ledger_seq < c.ledger_seq AND s.member_id IS NOT NULL
            AND s.business_date <= DATE '1970-01-01' + %(day)s::int
            AND s.business_date
                > DATE '1970-01-01' + %(day)s::int - make_interval(months => %(months)s)
            AND (b.net_minor IS NULL OR b.net_minor < s.net_minor)
    ), spending AS (
        SELECT s.account_id, s.member_id, m.currency,
            DATE '1970-01-01' + %(day)s::int - max(s.business_date) AS recency_days,
            count(*) AS sale_count,
            COALESCE(sum(s.net_minor) FILTER (WHERE s.currency = m.currency), 0)::bigint
                AS net_minor
        FROM counted AS s
        JOIN members AS m ON m.account_id = s.account_id AND m.member_id = s.member_id
        GROUP BY s.account_id, s.member_id, m.currency
    )
    SELECT account_id, member_id, recency_days, sale_count, net_minor,
        floor(reporting.money(net_minor, currency))::bigint, currency
    FROM spending
"""


def renew(connection: psycopg.Connection) -> None:
    """Make `rfm` anew if every partition has closed a later day than the one it shows."""
    with connection.transaction():
        connection.execute(_ONE_AT_A_TIME)
        fresh = _number(connection.execute(_FRESH).fetchone())
        shown = made(connection)
        if fresh is not None and (shown is None or shown < fresh):
            _make(connection, fresh)


def renew_as_of(connection: psycopg.Connection, day: int | None) -> None:
    """Make `rfm` what it was as of a day (since 1970); empty, as before the first, without one."""
    with connection.transaction():
        connection.execute(_ONE_AT_A_TIME)
        if made(connection) == day:
            return
        if day is not None:
            _make(connection, day)
        else:
            connection.execute("DELETE FROM rfm")
            connection.execute("DELETE FROM renewals")


def made(connection: psycopg.Connection) -> int | None:
    """The day (since 1970) that `rfm` shows; None before the first."""
    return _number(connection.execute(_MADE).fetchone())


def _make(connection: psycopg.Connection, day: int) -> None:
    connection.execute(_WHOLE_TABLES)
    connection.execute("DELETE FROM rfm")
    with connection.cursor("spending") as spending:
        spending.itersize = 10_000
        spending.execute(_SPENDING, {"day": day, "months": rfm.MONTHS})
        _copy(connection, rfm.writes(day, spending))
    connection.execute(_NOTE, (day,))


def _copy(connection: psycopg.Connection, writes: Iterable[Write]) -> None:
    for write in writes:
        if isinstance(write, Copy):
            with connection.cursor() as cursor, cursor.copy(write.statement.encode()) as copy:
                copy.write(write.text)


def _number(row: tuple[int | None, ...] | None) -> int | None:
    return None if row is None else row[0]
