"""Which business days the tables know as closed, for whoever closes the next."""

from collections.abc import Sequence
from datetime import date

import psycopg
from msgspec import Struct

_CLOSED = "SELECT closed_on FROM reporting.positions WHERE closed_on IS NOT NULL"
_LAST_PROGRAMME = "SELECT document FROM reporting.programmes ORDER BY version DESC LIMIT 1"
_ANYBODY = "SELECT EXISTS (SELECT FROM reporting.members) OR EXISTS (SELECT FROM reporting.sales)"


class OpenDays(Struct, frozen=True):
    """The last day that each partition has closed, of those that have, and the last programme."""

    closed: Sequence[date]
    document: str


def find(connection: psycopg.Connection) -> OpenDays | None:
    """What the tables say; None while there is no programme, or nobody whom a close would concern.

    Args:
        connection: of an analyst, in autocommit mode.
    """
    row = connection.execute(_LAST_PROGRAMME).fetchone()
    anybody = connection.execute(_ANYBODY).fetchone()
    if row is None or anybody is None or not anybody[0]:
        return None
    closed = [day for (day,) in connection.execute(_CLOSED)]
    return OpenDays(closed, row[0])
