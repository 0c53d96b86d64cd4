"""One projector at work on its partitions, in this process or in one of its own.

Such a process begins anew each time, so this module imports what it cannot do without and no more.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack

from msgspec import Struct

from infra import collector, postgres
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty.beside import Flag
from loyalty.oncall.advice import sentences
from loyalty.outcome import Code, Trouble
from projections.apply import Projector
from schemas.chain import Halt

Progress = Callable[[int], None]
"""Is told how many events or records are done so far."""
Halts = Mapping[int, tuple[Halt, str]]
"""Partition → why it stands still, and where."""


def unheard(_: object) -> None:
    """Nobody listens."""


class Telling(Struct, frozen=True):
    """What a projector tells while it works.

    Attributes:
        progress: how far it is.
        halted: what stands still, each time it came round; nothing while nothing does.
    """

    progress: Progress = unheard
    halted: Callable[[Halts], None] = unheard


def project_some(
    settings: Settings, partitions: Collection[int], stop: Flag, until: Flag, tell: Telling
) -> None:
    """Fill the tables from some partitions, in this process; the tables are installed.

    Raises:
        what `loyalty.services.project` raises.
    """
    done = 0
    with ExitStack() as held:
        log = ledger_log(settings)
        held.callback(log.close)
        connection = held.enter_context(postgres.connect(settings, "projector"))
        projector = Projector(
            connection,
            log,
            settings.projection_batch_records,
            generation=settings.generation,
            partitions=partitions,
        )
        collector.spare()
        while not stop():
            last = until()
            done += projector.step()
            tell.progress(done)
            if projector.halted:
                tell.halted(projector.halted)
            if last and projector.caught_up():
                break
        raise_if_halted(projector.halted, in_tables=True)


def raise_if_halted(halted: Halts, *, in_tables: bool = False) -> None:
    """Say at the end which partitions stand still, of a worker or in the tables.

    Raises:
        Trouble: one does; its code is HALTED.
    """
    if halted:
        said = [
            line
            for partition, (reason, detail) in sorted(halted.items())
            for line in sentences(partition, reason, detail, in_tables=in_tables)
        ]
        raise Trouble("\n".join(said), Code.HALTED)
