"""How far the tables are behind the ledger, measured now and then beside the projector.

While log or tables cannot be asked nothing is shown, rather than what was true before; an alarm
sees that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep, time

import psycopg

from infra.log import LedgerLog, LogUnavailable
from infra.metrics import PROJECTION_BEHIND_SECONDS, Metrics
from infra.postgres import DatabaseUnavailable, connect
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty.beside import Flag, beside
from projections import generations, positions
from projections.generations import TablesUnfit

MEASURED_EVERY_S = 5.0
LOOKED_EVERY_S = 0.2
"""How soon it is seen that the projector has ended."""

_CANNOT_BE_ASKED = (
    LogUnavailable,
    DatabaseUnavailable,
    TablesUnfit,
    psycopg.OperationalError,
    # Between a look at which tables are live and one at them, a rebuild may put others there.
    psycopg.errors.UndefinedTable,
)


def behind_s(log: LedgerLog, offsets: dict[int, int], now_s: float) -> float:
    """The age of the oldest ledger record that is in no table yet; 0 if all are in.

    Args:
        log: the ledger.
        offsets: of each partition the place in the log to read on from.
        now_s: seconds since 1970.
    """
    oldest = now_s
    for partition, offset in offsets.items():
        if offset < log.ledger_end(partition):
            for stored in log.read_ledger(partition, offset, offset + 1):
                oldest = min(oldest, stored.timestamp_ms / 1000)
    return now_s - oldest


@contextmanager
def measured(settings: Settings, metrics: Metrics | None) -> Iterator[Flag]:
    """Measure while the block runs, in a thread of its own; nothing if nobody asked for it.

    Yields:
        A flag that says whether measuring has failed, by a defect of ours.
    """
    if metrics is None:
        yield lambda: False
        return
    with beside("behind", lambda over: _measure(settings, metrics, over)) as broken:
        yield broken


def _measure(settings: Settings, metrics: Metrics, over: Flag) -> None:
    next_at = monotonic()
    while not over():
        if monotonic() < next_at:
            sleep(LOOKED_EVERY_S)
            continue
        next_at = monotonic() + MEASURED_EVERY_S
        try:
            metrics.put(PROJECTION_BEHIND_SECONDS, _behind_now_s(settings))
        except _CANNOT_BE_ASKED:
            # The projector itself tells of who does not answer; the next time may do.
            metrics.forget(PROJECTION_BEHIND_SECONDS)


def _behind_now_s(settings: Settings) -> float:
    """How far the live tables are behind, asked of log and tables anew."""
    log = ledger_log(settings)
    try:
        with connect(settings, "projector") as connection:
            live = generations.fit(connection, settings.generation)
            generations.use(connection, live.schema)
            read = positions.read(connection, settings.generation)
        # Of a partition that no projector has met yet, nothing is in the tables.
        offsets = dict.fromkeys(range(log.identity.partitions), 0)
        offsets |= {partition: one.offset for partition, one in read.items()}
        return behind_s(log, offsets, time())
    finally:
        log.close()
