"""One partition checked by a process of its own: its ledger, and the tables against it.

Such a process begins anew each time, so this module imports what it cannot do without and no more.
"""

from time import monotonic
from typing import TYPE_CHECKING

from msgspec import Struct

from infra import collector
from infra.settings import Settings
from infra.wiring import ledger_log
from processors.stream.audit import Report, audit

if TYPE_CHECKING:
    from projections.verify import Refold


class Checked(Struct, frozen=True):
    """One partition checked.

    Attributes:
        report: what the audit of its ledger found.
        seconds: how long the audit took.
        tables_wrong: the first difference between the tables and its ledger.
    """

    report: Report
    seconds: float
    tables_wrong: str | None


def check(task: tuple[Settings, int, bool]) -> Checked:
    """Check a partition: its ledger from the beginning, and, if asked for, the tables against it.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
        TablesUnfit: there are no tables, or they are those of other code.
    """
    settings, partition, with_tables = task
    collector.spare()
    log = ledger_log(settings)
    try:
        tables = _tables(settings, partition) if with_tables else None
        started = monotonic()
        report = audit(log, partition, settings.generation, None if tables is None else tables.take)
        seconds = monotonic() - started
        if tables is None or report.wrong is not None:
            return Checked(report, seconds, None)
        wrong = tables.wrong(report.chain)
        return Checked(report, seconds, None if wrong is None else str(wrong))
    finally:
        log.close()


def _tables(settings: Settings, partition: int) -> "Refold":
    """What the tables hold of the partition, to be held against its ledger."""
    # Who checks the ledger alone needs no client of Postgres.
    from infra import postgres
    from projections.verify import Refold

    with postgres.connect(settings, "owner") as connection:
        return Refold(connection, partition, generation=settings.generation)
