"""The whole line as real processes: publisher, processors, projector; and what they leave."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from msgspec import Struct
from psycopg import sql

from infra import postgres
from infra.log import LedgerLog
from infra.settings import Settings
from infra.wiring import ledger_log
from processors.stream.fold import Fold, read_to_end

ROOT = Path(__file__).parents[2]
YEAR = ("--simulate", "--members", "60", "--stores", "10", "--seed", "7")
PROGRAMME = ("programmes/grocery.yaml", "--from", "2017-01-01")
WITHIN_S = 180.0
NOT_COMPARED = {"positions", "refusals"}
OF_THE_LOG = {"recorded_at", "ledger_partition", "ledger_seq"}

Tables = dict[str, list[tuple[object, ...]]]


class Child(Struct):
    """One process of ours, and where it writes."""

    verb: tuple[str, ...]
    process: "subprocess.Popen[bytes]"
    output: Path

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """As an operator would: SIGTERM, and it must end in order."""
        # A process that has hardly begun does not listen to signals yet.
        until(lambda: "started" in self.output.read_text("utf-8"), self.tail)
        self.process.terminate()
        self.expect_success()

    def expect_success(self, within_s: float = WITHIN_S) -> None:
        """It ends by itself, with 0."""
        code = self.process.wait(within_s)
        assert code == 0, f"{self.verb} ended with {code}: {self.tail()}"

    def expect_running(self) -> None:
        """It has not ended."""
        assert self.process.poll() is None, f"{self.verb} ended: {self.tail()}"

    def pause(self) -> None:
        """Freeze it, as a virtual machine is that moves."""
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on as if nothing had happened."""
        self.process.send_signal(signal.SIGCONT)

    def tail(self) -> str:
        """The end of what it wrote."""
        return self.output.read_text("utf-8", errors="replace")[-3000:]


class Line:
    """One log and one database, and the processes on them."""

    def __init__(self, settings: Settings, reader: LedgerLog) -> None:
        self.settings = settings
        self.reader = reader
        self.partitions = range(reader.identity.partitions)
        self.folds = [Fold(settings.generation, p, reader.identity) for p in self.partitions]
        self._children: list[Child] = []

    def start(self, *verb: str, module: str = "loyalty") -> Child:
        """A process that runs beside the test."""
        output = self.settings.home / f"child-{len(self._children)}.log"
        with output.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *verb],
                cwd=ROOT, env=environment(self.settings), stdout=stream, stderr=stream,
            )  # fmt: skip
        child = Child(verb, process, output)
        self._children.append(child)
        return child

    def run(self, *verb: str, within_s: float = WITHIN_S) -> None:
        """A process that the test waits for."""
        self.start(*verb).expect_success(within_s)

    def input_count(self) -> int:
        """How many messages the input holds."""
        return sum(self.reader.input_end(p) for p in self.partitions)

    def decided_count(self) -> int:
        """How many of them have an accepted decision; the chain is checked on the way."""
        for fold in self.folds:
            read_to_end(fold, self.reader)
        return sum(fold.next_source[0] for fold in self.folds)

    def epochs(self) -> list[int]:
        """How often each partition was claimed."""
        self.decided_count()
        return [fold.chain.epoch for fold in self.folds]

    def wait_for_input(self, count: int) -> None:
        """Until the input holds that many messages."""
        until(lambda: self.input_count() >= count, self._tails)

    def wait_for_decided(self, count: int) -> None:
        """Until that many messages are decided."""
        until(lambda: self.decided_count() >= count, self._tails)

    def wait_for_epochs_above(self, before: Sequence[int]) -> None:
        """Until every partition was claimed anew."""
        until(
            lambda: all(now > then for now, then in zip(self.epochs(), before, strict=True)),
            self._tails,
        )

    def wait_for_tables(self) -> None:
        """Until a projector is at work: the programme is in its table."""
        until(self._has_programme, self._tails)

    def _has_programme(self) -> bool:
        try:
            with postgres.connect(self.settings, "analyst") as connection:
                return bool(connection.execute("SELECT FROM reporting.programmes").fetchall())
        except (postgres.DatabaseUnavailable, psycopg.Error):  # before they are made
            return False

    def finish(self, *services: Child) -> None:
        """Until all input is decided; then the services end in order, and the tables are filled."""
        self.wait_for_decided(self.input_count())
        assert all(fold.chain.final for fold in self.folds)
        for service in services:
            service.stop()
        self.run("project", "--until-end")

    def tables(self) -> Tables:
        """Every table analysts see, sorted: what must not depend on how the line was disturbed."""
        with postgres.connect(self.settings, "analyst") as connection:
            found = connection.execute(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'reporting' ORDER BY table_name, ordinal_position"
            ).fetchall()
            columns: dict[str, list[str]] = {}
            for table, column in found:
                if table not in NOT_COMPARED and column not in OF_THE_LOG:
                    columns.setdefault(table, []).append(column)
            return {
                table: connection.execute(
                    sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
                        sql.SQL(", ").join(map(sql.Identifier, names)),
                        sql.Identifier("reporting", table),
                        sql.SQL(", ").join(sql.Literal(n) for n in range(1, len(names) + 1)),
                    )
                ).fetchall()
                for table, names in columns.items()
            }

    def close(self) -> None:
        """Nothing of it runs on, whatever happened."""
        for child in self._children:
            if child.process.poll() is None:
                child.kill()

    def _tails(self) -> str:
        return "\n".join(f"{child.verb}: {child.tail()}" for child in self._children[-4:])


@contextmanager
def line(settings: Settings) -> Iterator[Line]:
    """A line with its database; its processes end with the block."""
    with postgres.server(settings):
        reader = ledger_log(settings)
        running = Line(settings, reader)
        try:
            yield running
        finally:
            running.close()
            reader.close()


def environment(settings: Settings) -> dict[str, str]:
    """The variables a child needs to read the same settings, and nobody else's."""
    ours = {
        f"LOYALTY_{name.upper()}": str(getattr(settings, name))
        for name in settings.model_fields_set
    }
    theirs = {name: v for name, v in os.environ.items() if not name.startswith("LOYALTY_")}
    return {**theirs, **ours}


def until(done: Callable[[], bool], told: Callable[[], str]) -> None:
    """Ask again until it is so; a wait in vain fails with what the processes said."""
    deadline = time.monotonic() + WITHIN_S
    while not done():
        assert time.monotonic() < deadline, told()
        time.sleep(0.05)


def moments(chance: random.Random, count: int, first: int, last: int) -> list[int]:
    """That many places between two counts, in order."""
    return sorted(chance.randrange(first, last) for _ in range(count))
