"""How far the tables are behind the ledger, measured now and then beside the projector."""

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
from projections import positions

MEASURED_EVERY_S = 5.0
LOOKED_EVERY_S = 0.2
"""How soon it is seen that the projector has ended."""


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
def measured(settings: Settings, metrics: Metrics | None) -> Iterator[None]:
    """Measure while the block runs, in a thread of its own; nothing if nobody asked for it."""
    if metrics is None:
        yield
        return
    with beside("behind", lambda over: _measure(settings, metrics, over)):
        yield


def _measure(settings: Settings, metrics: Metrics, over: Flag) -> None:
    next_at = monotonic() + MEASURED_EVERY_S
    while not over():
        if monotonic() < next_at:
            sleep(LOOKED_EVERY_S)
            continue
        next_at = monotonic() + MEASURED_EVERY_S
        # Who cannot be asked is told of by the projector itself; the next time may do.
        try:
            log = ledger_log(settings)
            try:
                with connect(settings, "projector") as connection:
                    read = positions.read(connection, settings.generation)
                offsets = {partition: one.offset for partition, one in read.items()}
                metrics.put(PROJECTION_BEHIND_SECONDS, behind_s(log, offsets, time()))
            finally:
                log.close()
        except (LogUnavailable, DatabaseUnavailable, psycopg.OperationalError):
            continue
