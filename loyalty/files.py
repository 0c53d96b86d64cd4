"""Files into the log: what is refused is told and kept, and the sums are shown at the end."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from infra import collector
from infra.settings import Settings
from infra.wiring import publisher_log
from loyalty.console import err, phases, show
from loyalty.outcome import Code, Trouble
from loyalty.people import new_member, register_when_needed
from producers.files.opened import Opened
from producers.files.publishing import Files, Outside
from producers.files.shop import Shop
from producers.files.told import Bad
from producers.files.totals import Totals

DAYS_SHOWN = 40


def publish_files(
    settings: Settings, files: Sequence[Path], shop: Shop, rejects: Path | None
) -> None:
    """Publish what the files tell.

    Raises:
        Trouble: something was refused, or a file is not what it says of itself.
        FileUnusable: a file cannot be read at all.
        LogUnavailable: the log cannot be reached.
    """
    opened = [Opened(path) for path in files]
    if rejects is not None:
        _can_keep(rejects, opened)
    problems: list[str] = []
    passed_over: list[str] = []
    with ExitStack() as held:
        first = opened[0]
        kept = _Rejects(rejects, first.header, first.footer)
        held.callback(kept.close)
        shown = held.enter_context(phases())
        log = publisher_log(settings)
        held.callback(log.close)
        register = held.enter_context(register_when_needed(settings))
        running = shown.begin("publish")
        at = _At()
        collector.spare()

        def bad(one: Bad) -> None:
            kept.write(one)
            shown.say(one.sentence(str(at.file)))

        progress = lambda count: running.at(count, f"{count:,} events")  # noqa: E731
        publishing = Files(Outside(log, register, new_member, bad, progress), shop)
        rows = []
        for one in opened:
            at.file = one.path
            trailers = publishing.publish(one.rows())
            totals = publishing.totals
            if one.source.cut:
                problems.append(f"{one.path}, {one.source.cut}")
            for trailer in trailers:
                differences = totals.differences(trailer)
                problems += [f"{one.path}:{trailer.line}, {what}" for what in differences]
            if totals.refused:
                problems.append(f"{one.path}, {totals.refused:,} refused")
            told = [f"{count:,} {why}" for why, count in sorted(totals.passed_over.items())]
            if told:
                passed_over.append(f"{one.path}, passed over: {', '.join(told)}.")
            rows.append(_row(one, totals))
        running.over(f"{publishing.written:,} events")
    show(("file", "events", "refused", "amount", "sha256"), rows, title="What the files held")
    for line in passed_over:
        err().print(line)
    _show_days(publishing)
    if problems:
        raise Trouble("\n".join(problems), Code.FOUND)


def _can_keep(rejects: Path, opened: Sequence[Opened]) -> None:
    """Raises: Trouble: what is refused of these files cannot be kept in that one."""
    if len({one.header for one in opened}) > 1:
        raise Trouble("--rejects takes files that begin alike; publish these one by one.")
    if rejects.exists() and any(rejects.samefile(one.path) for one in opened):
        raise Trouble(f"{rejects} is read here; name another file for --rejects.")


class _At:
    """Which file is being read."""

    file: Path = Path()


class _Rejects:
    """Where refused rows go, unchanged, between the header and the footer of their file."""

    def __init__(self, path: Path | None, header: bytes, footer: bytes) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._footer = footer
        if path is not None:
            with self._told():
                self._file = path.open("wb")
                self._file.write(header)

    def write(self, bad: Bad) -> None:
        """Keep the rows."""
        if self._file is not None:
            with self._told():
                for raw in bad.raws:
                    self._file.write(raw if raw.endswith(b"\n") else raw + b"\n")

    def close(self) -> None:
        """All is on the disk."""
        if self._file is not None:
            with self._told():
                self._file.write(self._footer)
                self._file.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the disk does not take is a sentence."""
        try:
            yield
        except OSError as problem:
            raise Trouble(f"{self._path} cannot be written: {problem.strerror}.") from None


def _row(one: Opened, totals: Totals) -> tuple[str, int, int, str, str]:
    events = sum(totals.counts.values())
    return str(one.path), events, totals.refused, totals.amount(), one.source.digest()


def _show_days(publishing: Files) -> None:
    """The days on which receipts are missing, and how many days are whole."""
    days = list(publishing.completeness.days())
    lacking = [day for day in days if day.missing_count]
    if not days:
        return
    uncounted = sum(day.missing_count is None for day in days)
    whole = len(days) - len(lacking) - uncounted
    err().print(f"Receipts by store and day: {whole:,} days whole, {len(lacking):,} with gaps.")
    if uncounted:
        err().print(f"Of {uncounted:,} days the receipt numbers do not count up.")
    if lacking:
        show(
            ("store", "day", "receipts", "missing", "till/numbers"),
            [
                (d.store_id, d.day, d.receipt_count, d.missing_count, d.gaps)
                for d in lacking[:DAYS_SHOWN]
            ],
            title="Receipts that are missing",
        )
