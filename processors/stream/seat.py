"""What a worker says of a partition that it holds, for people who ask from elsewhere.

It lies beside the committed input offset, in the consumer group itself, and is a hint as that is:
no decision looks at it.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from processors.core.overlay import InForce


class Seat(Struct, frozen=True):
    """Who holds a partition, and whether it stands still.

    Attributes:
        owner, code_version, epoch: of the last claim; epoch 0 if it never came to one.
        since_ms: when this was said.
        halted, detail: the reason (`schemas.chain.Halt`) and where; empty while it goes on.
        closed_through: the last closed business day; None before the first.
        programmes: the last that were activated, in that order: name, version, and the business
            date from which it decides.
    """

    owner: str
    code_version: str
    epoch: int
    since_ms: int
    halted: str = ""
    detail: str = ""
    closed_through: int | None = None
    programmes: tuple[tuple[str, int, int], ...] = ()


PROGRAMMES_MAX = 5
DETAIL_MAX = 500
"""Characters of a detail; the note of a consumer group has little room."""


def written(seat: Seat) -> str:
    """The seat as a note."""
    short = msgspec.structs.replace(seat, detail=seat.detail[:DETAIL_MAX])
    return msgspec.json.encode(short).decode()


def read(note: str) -> Seat | None:
    """The seat that a note says; None if it says none."""
    try:
        return msgspec.json.decode(note, type=Seat)
    except msgspec.DecodeError:
        return None


def last_programmes(activated: Sequence[InForce]) -> tuple[tuple[str, int, int], ...]:
    """The last activated programmes as a seat names them."""
    return tuple(
        (one.programme.name, one.programme.version, one.effective_from)
        for one in activated[-PROGRAMMES_MAX:]
    )
