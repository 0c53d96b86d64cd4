"""Several projectors side by side, each a process with partitions of its own.

Folding records is work for Python, which uses one core a process.  Partitions need nothing of each
other, and Postgres keeps two projectors of one partition apart, so nothing else is shared.
"""

import multiprocessing
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event

from msgspec import Struct

from infra.settings import Settings
from loyalty.children import complaining, follow_the_first, started_in_peace
from loyalty.outcome import Code, Trouble
from loyalty.projecting import Halts, Telling
from schemas.chain import Halt

_CONTEXT = multiprocessing.get_context("spawn")
LOOK_EVERY_S = 0.1
"""How often the first process looks whether it is asked to stop."""

Work = Callable[[Settings, Collection[int], Callable[[], bool], Callable[[], bool], Telling], None]
"""Projects some partitions until told to stop, or to the end of the ledger, telling how far."""


class Orders(Struct, frozen=True):
    """What one projector shares with the first process.

    Attributes:
        stop, until: it is to stop; everything is written, so it is to stop at the end.
        records: how many records it has put into the tables.
        halts: where it says of each partition once that it stands still, and why.
        complaint: where it says what kept it from its work.
    """

    stop: Event
    until: Event
    records: "Synchronized[int]"
    halts: Connection
    complaint: Connection


class Projecting(Struct, frozen=True):
    """One projector as the first process sees it."""

    orders: Orders
    halted: Connection
    failed: Connection
    process: BaseProcess


def count(settings: Settings, partitions: int) -> int:
    """How many projectors: as many as are set, or one a core; never more than partitions."""
    return min(settings.projectors or len(os.sched_getaffinity(0)), partitions)


def side_by_side(
    settings: Settings,
    shares: Collection[Collection[int]],
    work: Work,
    stop: Callable[[], bool],
    until: Callable[[], bool],
    tell: Telling,
) -> None:
    """Let each share of the partitions be projected by a process of its own, until all have ended.

    If one of them fails the others are told to stop.

    Raises:
        Trouble: one could not do its work, or a partition of its stands still.
    """
    with _started(settings, shares, work) as running:
        alive = list(running)
        halted: dict[int, tuple[Halt, str]] = {}
        while alive:
            wait([one.process.sentinel for one in alive], LOOK_EVERY_S)
            alive = [one for one in alive if one.process.exitcode is None]
            if until():
                for one in alive:
                    one.orders.until.set()
            # A halted projector has ended in order: what it stands still for stops no other.
            broken = any(one.process.exitcode not in (None, 0, Code.HALTED) for one in running)
            if broken or stop():
                for one in alive:
                    one.orders.stop.set()
            tell.progress(sum(one.orders.records.value for one in running))
            halted.update(said for one in running for said in _heard(one))
            if halted:
                tell.halted(halted)
        problems = [_problem(one) for one in running if one.process.exitcode]
    if problems:
        worst = min(problems, key=lambda problem: problem.code)
        raise Trouble("\n".join(str(problem) for problem in problems), worst.code)


@contextmanager
def _started(
    settings: Settings, shares: Collection[Collection[int]], work: Work
) -> Iterator[list[Projecting]]:
    """The processes, which are gone when the block is left, however it is."""
    with ExitStack() as held:
        running = []
        for share in shares:
            halted, halts = _CONTEXT.Pipe(duplex=False)
            failed, complaint = _CONTEXT.Pipe(duplex=False)
            stop, until, records = _CONTEXT.Event(), _CONTEXT.Event(), _CONTEXT.Value("q", 0)
            orders = Orders(stop, until, records, halts, complaint)
            process = _CONTEXT.Process(target=_project, args=(settings, share, work, orders))
            with started_in_peace():
                process.start()
            halts.close()
            complaint.close()
            held.callback(process.join)
            held.callback(process.kill)  # a process that has ended does not mind
            running.append(Projecting(orders, halted, failed, process))
        yield running


def _heard(one: Projecting) -> Iterator[tuple[int, tuple[Halt, str]]]:
    """What stands still there and was not heard of before."""
    with suppress(EOFError):  # it has ended
        while one.halted.poll():
            yield one.halted.recv()


def _problem(one: Projecting) -> Trouble:
    try:
        sentence, code = one.failed.recv()
    except EOFError:
        return Trouble("A projector ended early; start again to go on.", Code.OUT_OF_REACH)
    return Trouble(sentence, Code(code))


def _project(settings: Settings, share: Collection[int], work: Work, orders: Orders) -> None:
    """What such a process does."""
    # Whoever stops the whole group means the first process, which passes it on in order.
    follow_the_first()

    said: set[int] = set()

    def progress(records: int) -> None:
        orders.records.value = records

    def halted(halts: Halts) -> None:
        for partition in halts.keys() - said:
            orders.halts.send((partition, halts[partition]))
            said.add(partition)

    with complaining(orders.complaint):
        tell = Telling(progress, halted)
        work(settings, share, orders.stop.is_set, orders.until.is_set, tell)
