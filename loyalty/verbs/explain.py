"""`loyalty explain`: why the balance is what it is."""

from datetime import date
from typing import Annotated

import typer

from loyalty.inputs import day
from loyalty.outcome import Trouble

What = Annotated[
    str,
    typer.Argument(
        metavar="MEMBER|SALE",
        help="A member by id, card, phone or e-mail; or a sale by its event id "
        "(store|till|date|receipt|sale) or receipt number.",
    ),
]
At = Annotated[
    date | None,
    typer.Option(parser=day, metavar="DATE", help="As it stood at the end of this business date."),
]
Last = Annotated[
    int | None, typer.Option(min=0, help="Of a member's events, tell only so many of the last.")
]


def explain(what: What, *, at: At = None, last: Last = None) -> None:
    """Tell in sentences where each point came from and where it went, out of the ledger itself.

    Of a member: the balance with its lots, then everything that happened, newest last.  Of a sale:
    what each promotion gave on which line, and what became of those points.

    The register is asked only for what is neither a member's id nor a sale of the tables, so an
    account is explained without it.  A card that nobody has enrolled with has an account too.
    """
    from infra import settings
    from infra.wiring import ledger_log
    from loyalty import explaining

    if not what.strip():
        raise Trouble("Say which member or which sale.")
    current = settings.load()
    log = ledger_log(current)
    try:
        last_day = None if at is None else explaining.number(at)
        story = explaining.story(current, log, what, last_day, last)
    finally:
        log.close()
    if not story:
        raise Trouble(
            f"The ledger knows no member and no sale {what}, and nobody is registered with such a "
            "card, phone or e-mail."
        )
    for line in story:
        typer.echo(line)
