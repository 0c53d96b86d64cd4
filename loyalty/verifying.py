"""Everything checked: the chain and the sums of every partition, then the tables.

A partition needs nothing of the others, so they are checked side by side, each by a process.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from time import monotonic

from msgspec import Struct

from infra import postgres
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty.checking import Checked, check
from loyalty.children import side_by_side
from loyalty.console import Phases, show
from projections import verify as tables
from projections.digests import digests as digests_of
from projections.every_row import compare


class Verified(Struct, frozen=True):
    """Everything checked.

    Attributes:
        partitions: one a partition, in order.
        wrong: the first wrong thing, in a sentence; None if all is right.
    """

    partitions: tuple[Checked, ...]
    wrong: str | None


def verify(
    settings: Settings, shown: Phases, *, with_tables: bool = True, every_row: bool = False
) -> Verified:
    """Check the ledger, and the tables if they are asked for.

    Every row of them means that they are held against others that are filled beside them, and not
    against what each partition's ledger folds to.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
        RebuildUnderWay: new tables are being filled by somebody else.
        Trouble: a process could not do its work: it says why, or was killed.
    """
    log = ledger_log(settings)
    ends = {p: log.ledger_end(p) for p in range(log.identity.partitions)}
    log.close()
    total = sum(ends.values())
    started = monotonic()
    running = shown.begin("verify", total)
    processes = min(len(os.sched_getaffinity(0)), len(ends))
    tasks = [(settings, partition, with_tables and not every_row) for partition in ends]
    found = []
    with ExitStack() as held:
        sums_wrong = None
        if with_tables:
            held.enter_context(postgres.server(settings))
        results = held.enter_context(side_by_side(check, tasks, processes))
        if with_tables:
            sums_wrong = _check_sums(settings)
        for checked in results:
            found.append(checked)
            running.at(running.done + checked.report.records)
        speed = total / max(monotonic() - started, 0.001)
        running.over(f"{total:,} ledger records, {speed:,.0f} a second")
        found.sort(key=lambda checked: checked.report.partition)
        wrong = next(_wrongs(found), sums_wrong)
        if every_row and wrong is None:
            wrong = _check_rows(settings, shown, ends)
    return Verified(tuple(found), wrong)


def show_partitions(verified: Verified, *, as_csv: bool = False) -> None:
    """One row a partition: what was read, what counted, what did not and why, how quickly."""
    show(_COLUMNS, [_row(checked) for checked in verified.partitions], as_csv=as_csv)


def digests(settings: Settings) -> dict[str, str]:
    """Each table's name and the hash of its rows.

    Raises:
        DatabaseUnavailable: Postgres is out of reach.
    """
    with postgres.server(settings), postgres.connect(settings, "owner") as connection:
        return digests_of(connection)


def _check_sums(settings: Settings) -> str | None:
    with postgres.connect(settings, "owner") as connection:
        wrong = tables.check_sums(connection, generation=settings.generation)
    return None if wrong is None else str(wrong)


def _check_rows(settings: Settings, shown: Phases, ends: Mapping[int, int]) -> str | None:
    """Every row of the tables, as far as they are projected; how far that is, is said."""
    running = shown.begin("every row", sum(ends.values()))
    with ExitStack() as held:
        log = ledger_log(settings)
        held.callback(log.close)
        connection = held.enter_context(postgres.connect(settings, "owner"))
        compared = compare(
            connection,
            log,
            settings.projection_batch_records,
            generation=settings.generation,
            progress=running.at,
        )
    behind = sum(max(end - compared.upto.get(p, 0), 0) for p, end in ends.items())
    lag = f"; {behind:,} more are not in them yet" if behind else ""
    running.over(f"{compared.tables} tables of {running.done:,} ledger records{lag}")
    return compared.wrong


def _wrongs(found: list[Checked]) -> Iterator[str]:
    """What is wrong, the ledger before the tables: those can be made anew."""
    for checked in found:
        if checked.report.wrong:
            yield f"Partition {checked.report.partition}: {checked.report.wrong}"
    for checked in found:
        if checked.tables_wrong:
            yield checked.tables_wrong


_COLUMNS = (
    "partition",
    "records",
    "accepted",
    "refused",
    "claims",
    "checkpoints",
    "ignored",
    "to decide",
    "records/s",
)


def _row(checked: Checked) -> tuple[object, ...]:
    report = checked.report
    ignored = ", ".join(f"{n} {kind.lower()}" for kind, n in report.ignored.items() if n)
    return (
        report.partition,
        report.records,
        report.accepted.get("ACCEPTED", 0),
        report.accepted.get("REFUSED", 0),
        report.accepted.get("CLAIM", 0),
        report.accepted.get("CHECKPOINT", 0),
        ignored or "none",
        report.input_events - report.decided_events,
        round(report.records / max(checked.seconds, 0.001)),
    )
