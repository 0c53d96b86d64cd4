"""The page of `loyalty status`."""

from collections.abc import Iterator, Sequence
from datetime import date

from loyalty.amounts import day
from loyalty.console import err, out
from loyalty.console import show as show_table
from loyalty.oncall.advice import sentences
from loyalty.oncall.partitions import Standing
from loyalty.oncall.tables import Tables
from loyalty.rulebook.activations import today

COLUMNS = (
    "partition", "owner", "epoch", "events behind", "seconds", "not in tables", "stands still",
)  # fmt: skip


def show(partitions: Sequence[Standing], tables: Tables, *, as_csv: bool = False) -> None:
    """Print how each partition stands, then what is true of all.

    As CSV the rows alone are printed, and the sentences go where people read beside them.
    """
    show_table(COLUMNS, [_row(one, tables) for one in partitions], as_csv=as_csv)
    page = err() if as_csv else out()
    for line in (*_days(partitions, tables), *_programmes(partitions), *_refused(tables)):
        page.print(line, markup=False)
    for line in halts(partitions, tables):
        page.print(line, style="red", markup=False)


def halts(partitions: Sequence[Standing], tables: Tables) -> list[str]:
    """What is said of all that stands still, of the processors first."""
    said = []
    for one in partitions:
        if one.halted is not None and one.seat is not None:
            said += sentences(one.partition, one.halted, one.seat.detail)
    for partition, (reason, detail) in sorted(tables.halted.items()):
        said += sentences(partition, reason, detail, in_tables=True)
    return said


def _row(one: Standing, tables: Tables) -> tuple[object, ...]:
    seat = one.seat
    return (
        one.partition,
        "nobody yet" if seat is None else seat.owner,
        None if seat is None else seat.epoch,
        one.behind,
        round(one.behind_s),
        tables.behind.get(one.partition),
        ", ".join(_halted(one, tables)),
    )


def _halted(one: Standing, tables: Tables) -> Iterator[str]:
    if one.halted is not None:
        yield one.halted.value
    if one.partition in tables.halted:
        yield f"tables: {tables.halted[one.partition][0]}"


def _days(partitions: Sequence[Standing], tables: Tables) -> Iterator[str]:
    closed = {
        one.partition: one.seat.closed_through
        for one in partitions
        if one.seat is not None and one.seat.closed_through is not None
    }
    unknown = [str(one.partition) for one in partitions if one.partition not in closed]
    if closed:
        but = f"; of partition {', '.join(unknown)} none is known" if unknown else ""
        yield f"Last closed day: {day(min(closed.values()))}{but}."
    else:
        yield "No business day is closed yet."
    if tables.trouble:
        yield f"The tables cannot be asked: {tables.trouble}"
    elif isinstance(tables.closed, date):
        yield f"In the tables everything is final up to {tables.closed}."


def _programmes(partitions: Sequence[Standing]) -> Iterator[str]:
    """What decides a sale of today, and what comes next, as the first partition that knows it."""
    seats = [one.seat for one in partitions if one.seat is not None]
    known = next((seat.programmes for seat in seats if seat.programmes), ())
    now = today()
    live = [one for one in known if one[2] <= now]
    if live:
        name, version, since = live[-1]
        yield f"In force: {name} v{version} since {day(since)}."
    else:
        yield "No programme is in force."
    for name, version, since in known:
        if since > now:
            yield f"Next: {name} v{version} from {day(since)}."


def _refused(tables: Tables) -> Iterator[str]:
    if tables.refused:
        said = ", ".join(f"{reason} {count:,}" for reason, count in tables.refused)
        yield f"Refused in the last hour: {said}."
    elif not tables.trouble:
        yield "Nothing was refused in the last hour."
