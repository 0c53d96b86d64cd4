"""What people see on the terminal: tables, CSV, and progress with phases and times.

Results go to standard output, all else to standard error, so that a result can be piped.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text


def out() -> Console:
    """The console of results."""
    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    """The console of everything that is not a result."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def show(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    as_csv: bool = False,
    title: str | None = None,
) -> None:
    """Print rows as a table, or as CSV with a header line; None is empty in both."""
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        return
    kept = [tuple(row) for row in rows]
    table = Table(title=title, title_justify="left", title_style="bold")
    for at, name in enumerate(columns):
        numbers = all(_is_number(row[at]) for row in kept)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in kept:
        table.add_row(*(Text(_shown(value)) for value in row))
    Console(highlight=False).print(table)


def _is_number(value: Any) -> bool:
    return value is None or (hasattr(value, "__int__") and not isinstance(value, str))


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


class Phase:
    """One phase as it goes on.

    Attributes:
        done: how far it is.
        summary: what to say about it at the end.
    """

    def __init__(self, title: str, progress: Progress, total: int | None) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=total, now="")
        self.done = 0
        self.summary = ""

    def at(self, done: int, now: str = "") -> None:
        """So far `done`, of the total if there is one."""
        self.done = done
        self._progress.update(self._task, completed=done, now=now or f"{done:,}")


@contextmanager
def phase(title: str, total: int | None = None) -> Iterator[Phase]:
    """Show a phase while it runs, and one line with its time when it is over."""
    console = err()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<12}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[now]}"),
        TimeElapsedColumn(),
    )
    started = monotonic()
    with Progress(*columns, console=console, transient=True) as progress:
        running = Phase(title, progress, total)
        yield running
    console.print(f"{title:<12}{monotonic() - started:7.1f} s   {running.summary}", markup=False)
