"""A year that stops at the end of each quarter, until all of it is decided and in the tables.

Then it is found who is in which segment, and the events of that come before those of the next day:
so a year that is published in minutes has them where a year of days would.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from time import monotonic, sleep

import psycopg
from msgspec import Struct

from infra.log import LedgerLog
from loyalty.beside import Flag
from loyalty.outcome import Code, Trouble
from loyalty.publishing import GoingOn
from loyalty.segmenting import find
from projections import segments
from schemas.events import BusinessDayClosed, Event

ASKED_EVERY_S = 0.05
STILL_S = 180.0
"""Nothing has moved for so long: nothing will."""
_DAY_0 = date(1970, 1, 1)


class Pace(Struct, frozen=True):
    """What is needed to wait for the tables.

    Attributes:
        log: where the year goes; what was handed over is durable behind its `flush`.
        reader: the same log, to see whether anything moves.
        connection: of an analyst.
        broken: the tables will not be filled.
    """

    log: GoingOn
    reader: LedgerLog
    connection: psycopg.Connection
    broken: Flag


def quarter_by_quarter(events: Iterable[Event], pace: Pace) -> Iterator[Event]:
    """The events, and behind each quarter's last day who enters and leaves segments by then.

    A quarter that an earlier run went past is gone past.

    Raises:
        Trouble: a partition stands still; its code is HALTED.
    """
    for event in events:
        yield event
        if isinstance(event, BusinessDayClosed):
            day = _DAY_0 + timedelta(event.header.business_date)
            after = day + timedelta(days=1)
            if after.day == 1 and after.month % 3 == 1 and not pace.log.behind():
                pace.log.flush()
                yield from _found(pace, day)


def _found(pace: Pace, day: date) -> Iterator[Event]:
    """Who enters and leaves, once every partition has closed the day in the tables."""

    def over() -> bool:
        fresh = segments.fresh_day(pace.connection)
        return pace.broken() or (fresh is not None and fresh >= day)

    _wait(over, lambda: _reached(pace))
    found = None if pace.broken() else find(pace.connection, day)
    yield from () if found is None else found.events()


def _reached(pace: Pace) -> object:
    """How far the ledger and the tables are."""
    partitions = range(pace.reader.identity.partitions)
    ledger = [pace.reader.ledger_end(partition) for partition in partitions]
    return ledger, segments.input_offsets(pace.connection)


def _wait(over: Flag, reached: Callable[[], object]) -> None:
    at, since = reached(), monotonic()
    while not over():
        sleep(ASKED_EVERY_S)
        if monotonic() - since > STILL_S:
            if reached() == at:
                raise Trouble(
                    "A partition stands still: `loyalty process` and `loyalty project` say why.",
                    Code.HALTED,
                )
            at, since = reached(), monotonic()
