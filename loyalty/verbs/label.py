"""`loyalty label`: a label on members, or off them."""

from pathlib import Path
from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import At
from loyalty.outcome import Trouble

Label = Annotated[str, typer.Argument(help="Such as vip or staff.")]
Whom = Annotated[
    str,
    typer.Argument(
        metavar="FILE|MEMBER",
        help="A member by id, card, phone or e-mail; or a file of one a line.",
    ),
]
Off = Annotated[bool, typer.Option("--off", help="Take the label off.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers for it.")]


def label(label: Label, whom: Whom, *, off: Off = False, by: By = "", at: At = "") -> None:
    """Put a label on a member, or on all members of a file: how a named person becomes a VIP."""
    from infra import settings
    from loyalty.one_by_one import members_of, now, publish_rows

    current = settings.load()
    moment = at or now()
    rows = [
        {
            "type": "MemberLabelled",
            "occurred_at": moment,
            "member_id": member,
            "label": label,
            "on": not off,
            "by": by,
            "actor": "agent",
        }
        for member in members_of(current, _words(whom))
    ]
    publish_rows(current, rows)
    done = "off" if off else "on"
    err().print(f"{label} is {done} for {len(rows):,}, as the processor comes to it.", markup=False)


def _words(whom: str) -> list[str]:
    """The members of a file, one a line; or the one that was named."""
    file = Path(whom)
    if not file.is_file():
        return [whom]
    try:
        words = [line.strip() for line in file.read_text("utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise Trouble(f"{file} cannot be read as text in UTF-8.") from None
    return [word for word in words if word]
