"""`loyalty adjust`: a person corrects an account."""

from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import At, Member
from loyalty.outcome import Trouble

Points = Annotated[str, typer.Argument(metavar="POINTS", help="Signed; behind -- if negative.")]
Because = Annotated[
    str,
    typer.Option(
        "--because", metavar="TEXT", help="Why, for the member to read, without the name."
    ),
]
ApprovedBy = Annotated[
    str, typer.Option("--approved-by", metavar="NAME", help="The second person who approved it.")
]
Wallet = Annotated[str, typer.Option("--wallet", help="Of which wallet.")]


def adjust(
    member: Member,
    points: Points,
    *,
    because: Because,
    approved_by: ApprovedBy,
    wallet: Wallet = "points",
    at: At = "",
) -> None:
    """Give a member points, or take some, with a reason and a second person behind it.

    Nothing that was decided is changed: the correction is an event of its own.
    """
    from infra import settings
    from loyalty.one_by_one import member_of, now, publish_rows

    if not points.strip("+-0 "):
        raise Trouble("A correction gives points or takes some; this one does neither.")
    current = settings.load()
    row = {
        "type": "PointsAdjusted",
        "occurred_at": at or now(),
        "member_id": member_of(current, member),
        "wallet": wallet,
        "points": points,
        "reason": because,
        "approved_by": approved_by,
        "actor": "agent",
    }
    publish_rows(current, [row])
    err().print("The correction is made, as the processor comes to it.")
