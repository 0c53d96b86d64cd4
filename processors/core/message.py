"""What goes into a decision and what comes out of it."""

from typing import Final, final

from mypy_extensions import mypyc_attr

from schemas.codec import EventRefused
from schemas.events import Event
from schemas.ledger import Record


@mypyc_attr(acyclic=True)
@final
class Given:
    """One input message: its offset, its framed bytes, and the event or refusal in them.

    `original` is the earlier event that deciding this one needs; `original_of` says which.
    """

    __slots__ = ("event", "offset", "original", "value")

    def __init__(
        self,
        offset: int,
        value: bytes,
        event: Event | EventRefused,
        original: Event | None = None,
    ) -> None:
        self.offset: Final = offset
        self.value: Final = value
        self.event: Final = event
        self.original: Final = original


@mypyc_attr(acyclic=True)
@final
class Decided:
    """One record of an event: its number among them, and whether it is the last."""

    __slots__ = ("final", "part", "record")

    def __init__(self, record: Record, part: int, final: bool) -> None:
        self.record: Final = record
        self.part: Final = part
        self.final: Final = final
