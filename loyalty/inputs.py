"""Types of arguments and options that several verbs take, each with its help."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

EPOCH = date(1970, 1, 1)


def day(text: str) -> date:
    """A date written as 2017-03-14.

    Raises:
        typer.BadParameter: if it is written in any other way.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no date; write it as 2017-03-14.") from None


def days_since_epoch(when: date) -> int:
    """A date as events and ledger hold it: days since 1970-01-01."""
    return (when - EPOCH).days


AsCsv = Annotated[bool, typer.Option("--csv", help="Print the rows as CSV, for other programs.")]

Members = Annotated[int, typer.Option(min=1, max=100_000_000, help="How many members to simulate.")]
Stores = Annotated[int, typer.Option(min=1, max=100_000, help="How many stores they shop in.")]
Years = Annotated[int, typer.Option(min=1, max=50, help="How many years of sales.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")]
Journey = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="A folder with The Complete Journey (parquet files), the real year, "
        "in place of a simulated one.",
    ),
]
