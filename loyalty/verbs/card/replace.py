"""`loyalty card replace`: another card in place of one."""

from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import At

Old = Annotated[str, typer.Argument(help="The number of the card that counts no more.")]
New = Annotated[str, typer.Argument(help="The number of the card in its place, never used before.")]


def replace(old: Old, new: New, *, at: At = "") -> None:
    """Give a member another card; the old one is blocked, and all points stay where they are."""
    from infra import settings
    from loyalty.one_by_one import now, publish_rows
    from loyalty.people import is_blocked, is_given, register

    current = settings.load()
    moment = at or now()
    given = {"type": "CardAssigned", "occurred_at": moment, "card": new, "replaces": old}
    gone = {"type": "CardBlocked", "occurred_at": moment, "card": old, "reason": "replaced"}
    # One `with` for both, so that an embedded database is started once.
    with register(current) as known:
        # Told a second time, either would be a conflict with the first in the ledger.
        left = [] if is_given(current, known, new, old) else [given]
        left += [] if is_blocked(current, known, old) else [gone]
        publish_rows(current, [{**row, "actor": "agent"} for row in left])
    err().print("The new card counts, and the old one no more.")
