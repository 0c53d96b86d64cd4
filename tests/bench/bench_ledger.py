"""Reading the ledger: into Postgres with all tables, and checking it on all cores.

It is the demo's whole year: what begins and ends such a command, as the start of processes and the
last look at every table, takes a second however many records there are.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from infra import postgres
from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log, worker_log
from loyalty.console import phases
from loyalty.services import never, project
from loyalty.verifying import verify
from processors.stream.worker import Worker
from producers.publish import publish
from projections.install import install
from tests.bench.figures import Figure
from tests.bench.workload import year


def figures(home: Path) -> Iterator[Figure]:
    """Records a second of both, on the embedded log and the embedded Postgres."""
    settings = Settings(home=home)
    log = publisher_log(settings)
    publish(year(), log)
    log.close()
    worker = Worker(worker_log(settings), owner="bench", code_version="bench")
    started = time.perf_counter()
    done = 0
    while not worker.caught_up():
        done += worker.step()
    seconds = time.perf_counter() - started
    worker.close()
    yield Figure("events/s decided on the embedded log", done / seconds, "events/s")
    yield _verify(settings, with_tables=False)
    yield _project(settings)
    yield _verify(settings, with_tables=True)


def _verify(settings: Settings, *, with_tables: bool) -> Figure:
    started = time.perf_counter()
    with phases() as shown:
        verified = verify(settings, shown, with_tables=with_tables)
    seconds = time.perf_counter() - started
    if verified.wrong:
        raise AssertionError(verified.wrong)
    records = sum(checked.report.records for checked in verified.partitions)
    what = f"ledger records/s verified on {len(os.sched_getaffinity(0))} cores"
    said = ", tables too" if with_tables else ""
    return Figure(what + said, records / seconds, "records/s", "" if with_tables else "≥ 50,000")


def _project(settings: Settings) -> Figure:
    """As `loyalty project --until-end` does it, but for the start of Postgres."""
    records = 0

    def tell(done: int) -> None:
        nonlocal records
        records = done

    log = ledger_log(settings)
    total = sum(log.ledger_end(partition) for partition in range(log.identity.partitions))
    log.close()
    with postgres.server(settings):
        install(settings)
        started = time.perf_counter()
        project(settings, never, until=lambda: True, progress=tell)
        seconds = time.perf_counter() - started
    if records != total:
        raise AssertionError(f"{records} of {total}")
    what = f"ledger records/s into Postgres, all tables, processes' start included ({records:,})"
    return Figure(what, records / seconds, "records/s", "≥ 30,000")
