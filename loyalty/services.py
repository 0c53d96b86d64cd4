"""The two services: the worker that decides, and the projector that fills the tables."""

import os
import socket
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event, Thread
from time import monotonic

from infra import postgres
from infra.health import Health
from infra.log import WorkerLog
from infra.metrics import Metrics
from infra.settings import Settings
from infra.wiring import ledger_log, worker_log
from loyalty import projectors
from loyalty.closing import Closing
from loyalty.journal import Journal
from loyalty.meter import Meter
from loyalty.oncall.tables_behind import measured
from loyalty.projecting import Flag, Progress, project_some, raise_if_halted
from loyalty.serving import CODE_VERSION
from processors.stream.watch import Watch
from processors.stream.worker import Limits, Worker
from projections.install import install, prepare
from projections.rebuild import rebuild as rebuild_tables

LAG_MEASURED_EVERY_S = 1.0


def owner_name() -> str:
    """Who this process is, unlike every other run: host, process and a random part."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def never() -> bool:
    """The flag of what does not come about."""
    return False


def process(
    settings: Settings,
    journal: Journal,
    stop: Flag,
    *,
    until: Flag = never,
    progress: Progress | None = None,
    metrics: Metrics | None = None,
    health: Health | None = None,
    closing: Closing | None = None,
) -> None:
    """Decide events until told to stop; once `until` holds, only to the end of the log.

    Raises:
        LogUnavailable: the log cannot be reached, or is held by another process.
        Trouble: at the end, if a partition stands still; its code is HALTED.
    """
    log = worker_log(settings)
    meter = None if metrics is None else Meter(metrics, journal)
    worker = _worker(settings, log, journal if meter is None else meter)
    with ExitStack() as held:
        held.callback(journal.stopped)
        held.callback(worker.close)
        lag = None if meter is None else _lag(log, worker, meter)
        last = False

        def over() -> bool:
            nonlocal last
            caught_up = worker.caught_up()
            journal.stepped(caught_up=caught_up)
            if progress is not None:
                progress(journal.decided_count)
            if lag is not None:
                lag()
            if closing is not None:
                closing.look(worker.states())
            if health is not None:
                health.ready(_why_not(worker))
            # Only a poll that began after `until` held has seen the end.
            ended, last = last and caught_up, until()
            return ended or stop()

        journal.started()
        worker.run(over)
    raise_if_halted(worker.halted)


def _why_not(worker: Worker) -> str:
    """Why a worker does not decide all that it holds; empty if it does."""
    said = [f"partition {p} stands still, {reason}" for p, (reason, _) in worker.halted.items()]
    said += [f"partition {partition} is being opened" for partition in worker.opening()]
    return "; ".join(said)


def _worker(settings: Settings, log: WorkerLog, watch: Watch) -> Worker:
    return Worker(
        log,
        owner=owner_name(),
        code_version=CODE_VERSION,
        generation=settings.generation,
        limits=Limits(
            batch=settings.batch_events,
            refused_in_a_row_max=settings.refused_in_a_row_max,
            refused_of_10000_max=settings.refused_of_10000_max,
        ),
        watch=watch,
    )


def _lag(log: WorkerLog, worker: Worker, meter: Meter) -> Callable[[], None]:
    """A function that measures, every now and then, how much is not decided yet."""
    next_at = monotonic()

    def measure() -> None:
        nonlocal next_at
        positions = worker.positions()
        if positions and monotonic() >= next_at:
            next_at = monotonic() + LAG_MEASURED_EVERY_S
            meter.behind({p: log.input_end(p) for p in positions}, positions)
            meter.standing(worker.states())

    return measure


def project(
    settings: Settings,
    stop: Flag,
    *,
    until: Flag = never,
    progress: Progress | None = None,
    metrics: Metrics | None = None,
) -> None:
    """Fill the tables until told to stop; once `until` holds, only to the end of the ledger.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
        TablesUnfit: the tables are those of other code.
        Trouble: at the end, if a partition stands still; its code is HALTED.
    """
    with ExitStack() as held:
        log = ledger_log(settings)
        partitions = range(log.identity.partitions)
        log.close()
        held.enter_context(postgres.server(settings))
        install(settings)
        held.enter_context(measured(settings, metrics))
        told = progress or (lambda _: None)
        several = projectors.count(settings, len(partitions))
        if several == 1:
            project_some(settings, partitions, stop, until, told)
        else:
            shares = [partitions[first::several] for first in range(several)]
            projectors.side_by_side(settings, shares, project_some, stop, until, told)


def rebuild(settings: Settings, progress: Progress) -> None:
    """Fill a new set of tables from the ledger beside the live one, and swap.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
        RebuildUnderWay, RebuildHalted: another one runs, or the ledger does not let it end.
    """
    with ExitStack() as held:
        log = ledger_log(settings)
        held.callback(log.close)
        held.enter_context(postgres.server(settings))
        connection = held.enter_context(postgres.connect(settings, "owner"))
        prepare(connection, settings)
        rebuild_tables(
            connection,
            log,
            settings.projection_batch_records,
            generation=settings.generation,
            progress=progress,
        )


def both(
    settings: Settings,
    journal: Journal,
    stop: Flag,
    *,
    until: Flag = never,
    metrics: Metrics | None = None,
    health: Health | None = None,
    closing: Closing | None = None,
) -> None:
    """Decide and project in one process, the projector in a thread of its own.

    Raises:
        what `process` and `project` raise; when one of them fails the other stops as well.
    """
    decided, broken = Event(), Event()
    failed: list[BaseException] = []

    def broken_or_stopped() -> bool:
        return broken.is_set() or stop()

    def fill() -> None:
        try:
            project(settings, broken_or_stopped, until=decided.is_set, metrics=metrics)
        except BaseException as problem:  # noqa: BLE001  raised again in the main thread
            failed.append(problem)
            broken.set()

    filler = Thread(target=fill, name="projector")
    filler.start()
    try:
        process(
            settings,
            journal,
            broken_or_stopped,
            until=until,
            metrics=metrics,
            health=health,
            closing=closing,
        )
    finally:
        decided.set()
        filler.join()
    if failed:
        raise failed[0]
