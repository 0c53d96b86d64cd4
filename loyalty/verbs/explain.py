"""`loyalty explain`: why the balance is what it is."""

from datetime import date
from typing import Annotated

import typer

from loyalty.inputs import day
from loyalty.outcome import Trouble

What = Annotated[
    str,
    typer.Argument(
        metavar="MEMBER|RECEIPT",
        help="A member by id, card, phone or e-mail; or a sale or return by its receipt number or "
        "event id (store|till|date|receipt|sale).",
    ),
]
At = Annotated[
    date | None,
    typer.Option(parser=day, metavar="DATE", help="As it stood at the end of this business date."),
]
Store = Annotated[str, typer.Option(metavar="ID", help="Of a receipt number, the one of a store.")]
Day = Annotated[
    date | None,
    typer.Option(
        "--day", parser=day, metavar="DATE", help="Of a receipt number, the one of a business date."
    ),
]
Last = Annotated[
    int | None, typer.Option(min=0, help="Of a member's events, tell only so many of the last.")
]


def explain(
    what: What, *, store: Store = "", on: Day = None, at: At = None, last: Last = None
) -> None:
    """Tell in sentences where each point came from and where it went, out of the ledger itself.

    Of a member: the balance with its lots, then everything that happened, newest last.  Of a sale:
    what each promotion gave on which line, what became of those points, and its returns.  Of a
    return: what came back, and what was taken back for it.

    The register is asked only for what is neither a member's id nor a receipt of the tables, so an
    account is explained without it.  A card that nobody has enrolled with has an account too.
    """
    from infra import settings
    from infra.wiring import ledger_log
    from loyalty import explaining
    from loyalty.reading import Wanted

    if not what.strip():
        raise Trouble("Say which member or which receipt.")
    current = settings.load()
    log = ledger_log(current)
    try:
        last_day = None if at is None else explaining.number(at)
        wanted = Wanted(what, store, None if on is None else explaining.number(on))
        story = explaining.story(current, log, wanted, last_day, last)
    finally:
        log.close()
    if not story and wanted.is_narrowed:
        raise Trouble(f"The ledger knows no receipt {what} of this store or day.")
    if not story:
        raise Trouble(
            f"The ledger knows no member and no receipt {what}, and nobody is registered with such "
            "a card, phone or e-mail."
        )
    for line in story:
        typer.echo(line)
