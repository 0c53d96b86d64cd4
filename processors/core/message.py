"""What goes into a decision and what comes out of it."""

from msgspec import Struct

from schemas.codec import EventRefused
from schemas.events import Event
from schemas.ledger import Record


class Given(Struct, frozen=True, gc=False):
    """One input message: its offset, its framed bytes, and the event or refusal in them.

    `original` is the earlier event that deciding this one needs; `original_of` says which.
    """

    offset: int
    value: bytes
    event: Event | EventRefused
    original: Event | None = None


class Decided(Struct, frozen=True, gc=False):
    """One record of an event: its number among them, and whether it is the last."""

    record: Record
    part: int
    final: bool
