"""The services: the worker that decides, the projector that fills the tables, and all in one."""

import os
import socket
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from time import monotonic, time

from msgspec import Struct

from infra import postgres
from infra.health import Health
from infra.log import WorkerLog
from infra.metrics import HALTED, Metrics
from infra.settings import Settings
from infra.wiring import ledger_log, worker_log
from loyalty import projectors, segmenting
from loyalty.beside import Flag, beside
from loyalty.closing import Closing
from loyalty.journal import Journal, Lines, Silence
from loyalty.meter import Meter
from loyalty.oncall.advice import fields
from loyalty.oncall.partitions import waiting
from loyalty.oncall.tables_behind import measured
from loyalty.projecting import Halts, Progress, Telling, project_some, raise_if_halted, unheard
from loyalty.serving import CODE_VERSION
from processors.stream.watch import Watch
from processors.stream.worker import Limits, Worker
from projections.install import install, prepare
from projections.rebuild import rebuild as rebuild_tables
from schemas.chain import Halt

LAG_MEASURED_EVERY_S = 1.0


class Around(Struct, frozen=True):
    """What goes on around a service that is left running; nothing of it if it is not.

    Attributes:
        metrics: what counts its work.
        health: what says whether it lives and works.
        closing: what closes business days that are over.
        lines: where it says what a worker's journal does not.
    """

    metrics: Metrics | None = None
    health: Health | None = None
    closing: Closing | None = None
    lines: Lines = Silence()


ALONE = Around()


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
    around: Around = ALONE,
    opened: WorkerLog | None = None,
) -> None:
    """Decide events until told to stop; once `until` holds, only to the end of the log.

    A worker's log that is open already is taken as it is, and closed at the end.

    Raises:
        LogUnavailable: the log cannot be reached, or is held by another process.
        Trouble: at the end, if a partition stands still; its code is HALTED.
    """
    log = worker_log(settings) if opened is None else opened
    meter = None if around.metrics is None else Meter(around.metrics, journal)
    worker = _worker(settings, log, journal if meter is None else meter, around.health)
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
            if around.closing is not None:
                around.closing.look(worker.states())
            if around.health is not None:
                around.health.ready(_why_not(worker))
            # Only a poll that began after `until` held has seen the end.
            ended, last = last and caught_up, until()
            return ended or stop()

        journal.started()
        worker.run(over)
    raise_if_halted(worker.halted)


def _why_not(worker: Worker) -> str:
    """Why a worker does not decide all that it holds; empty if it does."""
    said = [_stands_still(p, reason) for p, (reason, _) in worker.halted.items()]
    said += [f"partition {partition} is being opened" for partition in worker.opening()]
    return "; ".join(said)


def _stands_still(partition: int, reason: Halt, where: str = "") -> str:
    return f"partition {partition} stands still{where}, {reason}"


def _worker(settings: Settings, log: WorkerLog, watch: Watch, health: Health | None) -> Worker:
    beat = (lambda: None) if health is None else health.beat
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
        beat=beat,
    )


def _lag(log: WorkerLog, worker: Worker, meter: Meter) -> Callable[[], None]:
    """A function that measures, every now and then, how much waits and for how long."""
    next_at = monotonic()

    def measure() -> None:
        nonlocal next_at
        if monotonic() < next_at:
            return
        # What stands still falls further behind; how far it came is noted in the log.
        halted = {partition: log.committed(partition) or 0 for partition in worker.halted}
        positions = halted | worker.positions()
        if positions:
            next_at = monotonic() + LAG_MEASURED_EVERY_S
            for partition, position in positions.items():
                meter.behind(partition, *waiting(log, partition, position, time()))
            meter.standing(worker.states())

    return measure


def project(
    settings: Settings,
    stop: Flag,
    *,
    until: Flag = never,
    progress: Progress | None = None,
    around: Around = ALONE,
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
        broken = held.enter_context(measured(settings, around.metrics))

        def over() -> bool:
            return broken() or stop()

        tell = Telling(progress or unheard, _shown(around))
        several = projectors.count(settings, len(partitions))
        if several == 1:
            project_some(settings, partitions, over, until, tell)
        else:
            shares = [partitions[first::several] for first in range(several)]
            projectors.side_by_side(settings, shares, project_some, over, until, tell)


def _shown(around: Around) -> Callable[[Halts], None]:
    """A function that shows what stands still in the tables, as a worker's halt is shown."""
    told: set[int] = set()

    def show(halted: Halts) -> None:
        for partition, (reason, detail) in halted.items():
            if around.metrics is not None:
                # Each time: a worker beside it takes all from the page when it opens a partition.
                around.metrics.put(HALTED, 1, partition, reason)
            if partition not in told:
                told.add(partition)
                around.lines.error("halted", **fields(partition, reason, detail, in_tables=True))
        if around.health is not None:
            said = (_stands_still(p, reason, " in the tables") for p, (reason, _) in halted.items())
            around.health.ready("; ".join(said), of="tables")

    return show


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
    around: Around = ALONE,
) -> None:
    """Decide and project in one process, the projector in a thread of its own.

    Raises:
        what `process` and `project` raise; when one of them fails the other stops as well.
    """

    def fill(decided: Flag) -> None:
        project(settings, stop, until=decided, around=around)

    # Opened first: who is told that the embedded log is taken fills no tables in a race with the
    # process that has it, whose projector would end as the slower one.
    log = worker_log(settings)
    with beside("projector", fill) as broken:
        process(
            settings,
            journal,
            lambda: broken() or stop(),
            until=until,
            around=around,
            opened=log,
        )


def everything(
    settings: Settings,
    journal: Journal,
    stop: Flag,
    *,
    until_end: bool = False,
    around: Around = ALONE,
) -> None:
    """Decide, project, and find who is in which segment when a business day has closed.

    Until the end means that segments are looked up once, when all is decided and in the tables,
    and that what this changes is decided and in the tables as well.

    Raises:
        what `both` and `segmenting` raise.
    """
    # Held from here on, so that the embedded server is started once and by one thread.
    with postgres.server(settings):
        if not until_end:

            def look(ended: Flag) -> None:
                segmenting.follow(settings, around.lines, lambda: ended() or stop())

            with beside("segments", look) as broken:
                both(settings, journal, lambda: broken() or stop(), around=around)
            return
        both(settings, journal, stop, until=lambda: True, around=around)
        if not stop() and segmenting.look(settings, around.lines):
            both(settings, journal, stop, until=lambda: True, around=around)
