"""One partition checked by a process of its own: its ledger, then the tables against it.

Such a process begins anew each time, so this module imports what it cannot do without and no more.
"""

from time import monotonic

from msgspec import Struct

from infra import collector
from infra.settings import Settings
from infra.wiring import ledger_log
from processors.stream.audit import Report, audit


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
    """Check a partition: its ledger from the beginning, then, if asked for, the tables against it.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
        TablesUnfit: there are no tables, or they are those of other code.
    """
    settings, partition, with_tables = task
    collector.spare()
    log = ledger_log(settings)
    try:
        started = monotonic()
        report = audit(log, partition, settings.generation)
        seconds = monotonic() - started
        wrong = None
        if with_tables and report.wrong is None:
            # Who checks the ledger alone needs no client of Postgres.
            from infra import postgres
            from projections import verify as tables

            with postgres.connect(settings, "owner") as connection:
                wrong = tables.check_fold(
                    connection, log, partition, generation=settings.generation
                )
        return Checked(report, seconds, None if wrong is None else str(wrong))
    finally:
        log.close()
