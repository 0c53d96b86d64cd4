"""`loyalty forget`: a person is erased."""

from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import At, Member

Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, without the name.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")]


def forget(member: Member, *, because: Because = "", yes: Yes = False, at: At = "") -> None:
    """Erase a person: contacts and identifiers are deleted, points are forfeited.

    The ledger keeps what was decided under the member's id, which leads to nobody any more, so that
    all sums stay; the account is closed.  It cannot be undone.
    """
    from infra import settings
    from loyalty.one_by_one import member_of, now, publish_rows

    current = settings.load()
    member_id = member_of(current, member)
    if not yes:
        typer.confirm(f"Erase member {member_id} for good?", abort=True, err=True)
    row = {
        "type": "MemberErased",
        "occurred_at": at or now(),
        "member_id": member_id,
        "reason": because,
        "actor": "agent",
    }
    publish_rows(current, [row])
    err().print("The person is erased; the account closes as the processor comes to it.")
