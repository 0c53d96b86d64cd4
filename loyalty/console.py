"""What people see on the terminal: tables, CSV, and progress with phases and times.

Results go to standard output, all else to standard error, so that a result can be piped.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import wrap
from time import monotonic
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 200
_ANY_WIDTH = 100_000
_BETWEEN_COLUMNS = 3
_HEADING_LEAST = 6
"""Of a word in a heading at least so much stays on one line."""


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
    """Print rows as a table, or as CSV with a header line; None is empty in both.

    Where a terminal is too narrow for the table's words, each row is shown line by line.
    """
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        return
    kept = [tuple(row) for row in rows]
    cells = [[_shown(value) for value in row] for row in kept]
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for at, name in enumerate(columns):
        numbers = all(_is_number(row[at]) for row in kept)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for texts in cells:
        table.add_row(*map(Text, texts))
    console = Console(highlight=False)
    span = console.measure(table, options=console.options.update(width=_ANY_WIDTH))
    if not sys.stdout.isatty():
        # A pipe has no width: there the table takes what it needs.
        console.width = max(PIPE_WIDTH, span.minimum)
    elif cells and span.maximum > console.width and not _narrowed(table, cells, console.width):
        _show_upright(console, columns, cells, title)
        return
    console.print(table)


def _narrowed(table: Table, rows: Sequence[Sequence[str]], width: int) -> bool:
    """Make a table so narrow, if all words of its rows stay whole: half an id cannot be copied.

    Sentences wrap, then headings, which end a line behind a word or `_` as long as they can.
    """
    names = [str(column.header) for column in table.columns]
    words = [max(cell_len(word) for row in rows for word in [*row[at].split(), ""])
             for at in range(len(names))]  # fmt: skip
    parts = [max(map(cell_len, name.replace("_", "_ ").split()), default=0) for name in names]
    room = width - _BETWEEN_COLUMNS * (len(names) - 1)
    for most in range(max(_HEADING_LEAST, *parts), _HEADING_LEAST - 1, -1):
        widths = [max(word, min(part, most)) for word, part in zip(words, parts, strict=True)]
        if sum(widths) <= room:
            break
    else:
        return False
    table.show_edge = table.pad_edge = False
    for at, column in enumerate(table.columns):
        if not any(" " in row[at] for row in rows):
            column.width = widths[at]
            lines = wrap(names[at].replace("_", "_ "), widths[at], break_long_words=False)
            column.header = "\n".join(line.replace("_ ", "_") for line in lines)
    return True


def _show_upright(
    console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], title: str | None
) -> None:
    """A line for each value, behind the name of its column."""
    if title:
        console.print(title, style="bold", markup=False)
    for row in rows:
        record = Table.grid(padding=(0, 2))
        for name, text in zip(columns, row, strict=True):
            record.add_row(Text(name), Text(text))
        console.print(record)
        console.print()


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
        self.done = 0
        self.summary = ""
        self._title = title
        self._progress = progress
        self._task = progress.add_task(title, total=total, now="")
        self._started = monotonic()
        self._over = False

    def at(self, done: int, now: str = "") -> None:
        """So far `done`, of the total if there is one."""
        self.done = done
        if not self._over:
            self._progress.update(self._task, completed=done, now=now or f"{done:,}")

    def over(self, summary: str) -> None:
        """It is over: one line with its time stays.  Said again, it changes nothing."""
        if self._over:
            return
        self._over = True
        self._progress.remove_task(self._task)
        seconds = monotonic() - self._started
        self._progress.console.print(f"{self._title:<10}{seconds:7.1f} s   {summary}", markup=False)


class Phases:
    """Phases that may run side by side."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def begin(self, title: str, total: int | None = None) -> Phase:
        """One more."""
        return Phase(title, self._progress, total)

    def say(self, line: str) -> None:
        """A line that stays, above what goes on."""
        self._progress.console.print(line, markup=False)


@contextmanager
def phases() -> Iterator[Phases]:
    """Show phases while the block runs."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[now]}"),
        TimeElapsedColumn(),
    )
    console = err()
    hidden = not console.is_terminal  # in a file only the line at the end of a phase is of use
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        yield Phases(progress)


@contextmanager
def phase(title: str, total: int | None = None) -> Iterator[Phase]:
    """Show one phase while the block runs; its summary is what the block set."""
    with phases() as shown:
        running = shown.begin(title, total)
        yield running
        running.over(running.summary)
