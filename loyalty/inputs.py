"""Types of arguments and options that several verbs take, each with its help."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from loyalty.outcome import Trouble
from producers.files.values import YEARS
from producers.people.identifiers import tells_a_person


def day(text: str) -> date:
    """A date as an argument.

    Raises:
        typer.BadParameter: it is not written as 2017-03-14, or of no year that files may have.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no date; write it as 2017-03-14.") from None
    if found.year not in YEARS:
        raise typer.BadParameter(f"{text} lies outside {YEARS[0]} to {YEARS[-1]}.")
    return found


def must_be_a_reason(because: str) -> None:
    """What is kept for ever says why in one line, and leads to no person.

    Raises:
        Trouble: it does not.
    """
    if not because.strip() or not because.isprintable():
        raise Trouble("--because wants a sentence on one line.")
    must_lead_to_nobody("--because", because)


def must_lead_to_nobody(option: str, text: str) -> None:
    """What is kept for ever may hold a name that somebody answers with, and no way to reach them.

    Raises:
        Trouble: it does.
    """
    if tells_a_person(text):
        raise Trouble(
            f"{option} holds an e-mail address or a phone number, and is kept for ever: "
            "write it without."
        )


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
At = Annotated[
    str,
    typer.Option(
        "--at", metavar="TIME", help="When, as 2026-03-14T10:00:00+01:00; now unless said."
    ),
]
Member = Annotated[
    str, typer.Argument(metavar="MEMBER", help="A member by id, card, phone or e-mail.")
]
