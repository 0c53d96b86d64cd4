"""The two services: the worker that decides, and the projector that fills the tables."""

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from time import monotonic

from projections.apply import Projector

from infra import postgres
from infra.metrics import Metrics
from infra.settings import Settings
from infra.wiring import ledger_log, worker_log
from loyalty.journal import Journal
from loyalty.meter import Meter
from loyalty.outcome import Code, Trouble
from loyalty.serving import CODE_VERSION
from processors.stream.watch import Watch
from processors.stream.worker import Limits, Worker

Progress = Callable[[int], None]
"""Is told how many events or records are done so far."""


LAG_MEASURED_EVERY_S = 5.0


def owner_name() -> str:
    """Who this process is, unlike every other run: host, process and a random part."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def process(
    settings: Settings,
    journal: Journal,
    stop: Event,
    *,
    until_end: bool,
    progress: Progress | None = None,
    metrics: Metrics | None = None,
) -> None:
    """Decide events until told to stop, or until everything in the log is decided.

    Raises:
        LogUnavailable: the log cannot be reached, or is held by another process.
        Trouble: at the end, if a partition stands still; its code is HALTED.
    """
    meter = None if metrics is None else Meter(metrics, journal)
    worker = _worker(settings, journal if meter is None else meter)
    with ExitStack() as held:
        held.callback(journal.stopped)
        held.callback(worker.close)
        lag = None if meter is None else held.enter_context(_lag(settings, worker, meter))

        def over() -> bool:
            caught_up = worker.caught_up()
            journal.stepped(caught_up=caught_up)
            if progress is not None:
                progress(journal.decided_count)
            if lag is not None:
                lag()
            return stop.is_set() or (until_end and caught_up)

        journal.started()
        worker.run(over)
    if worker.halted:
        said = [
            f"Partition {partition} stands still, {reason}: {reason.sentence} ({detail})"
            for partition, (reason, detail) in sorted(worker.halted.items())
        ]
        raise Trouble("\n".join(said), Code.HALTED)


def _worker(settings: Settings, watch: Watch) -> Worker:
    return Worker(
        worker_log(settings),
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


@contextmanager
def _lag(settings: Settings, worker: Worker, meter: Meter) -> Iterator[Callable[[], None]]:
    """A function that measures, every now and then, how much is not decided yet."""
    reader = ledger_log(settings)
    next_at = monotonic()

    def measure() -> None:
        nonlocal next_at
        if monotonic() >= next_at:
            next_at = monotonic() + LAG_MEASURED_EVERY_S
            positions = worker.positions()
            meter.behind({p: reader.input_end(p) for p in positions}, positions)

    try:
        yield measure
    finally:
        reader.close()


def project(
    settings: Settings, stop: Event, until: Event | None = None, progress: Progress | None = None
) -> None:
    """Fill the tables from the ledger until told to stop.

    With `until`: once it is set, only until the tables hold all that the ledger has.

    Raises:
        LogUnavailable, DatabaseUnavailable: one of the two is out of reach.
    """
    done = 0
    log = ledger_log(settings)
    try:
        with postgres.server(settings), postgres.connect(settings, "projector") as connection:
            projector = Projector(connection, log, settings.projection_batch_records)
            while not stop.is_set():
                last = until is not None and until.is_set()
                done += projector.step()
                if progress is not None:
                    progress(done)
                if last and projector.caught_up():
                    break
    finally:
        log.close()


def both(
    settings: Settings,
    journal: Journal,
    stop: Event,
    *,
    until_end: bool,
    metrics: Metrics | None = None,
) -> None:
    """Decide and project in one process, the projector in a thread of its own.

    Raises:
        what `process` and `project` raise; when one of them fails the other stops as well.
    """
    decided = Event()
    failed: list[BaseException] = []

    def fill() -> None:
        try:
            project(settings, stop, decided)
        except BaseException as problem:  # noqa: BLE001  raised again in the main thread
            failed.append(problem)
            stop.set()

    filler = Thread(target=fill, name="projector")
    filler.start()
    try:
        process(settings, journal, stop, until_end=until_end, metrics=metrics)
    finally:
        (decided if until_end else stop).set()
        filler.join()
    if failed:
        raise failed[0]
