"""`loyalty card block`: a card counts no more."""

from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import At

Card = Annotated[str, typer.Argument(help="Its number.")]
Because = Annotated[
    str,
    typer.Option("--because", metavar="TEXT", help="Why, as lost or stolen, without the name."),
]


def block(card: Card, *, because: Because = "", at: At = "") -> None:
    """Block a card: what is bought with it from now on is nobody's.  The account stays open."""
    from infra import settings
    from loyalty.one_by_one import now, publish_rows
    from loyalty.people import is_blocked, register

    row = {
        "type": "CardBlocked",
        "occurred_at": at or now(),
        "card": card,
        "reason": because,
        "actor": "agent",
    }
    current = settings.load()
    # One `with` for both, so that an embedded database is started once.
    with register(current) as known:
        # Told a second time, it would be a conflict with the first in the ledger.
        if not is_blocked(current, known, card):
            publish_rows(current, [row])
    err().print("The card counts no more.")
