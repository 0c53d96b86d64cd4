"""What goes into a decision and what comes out of it."""

from msgspec import Struct

from schemas.codec import EventRefused
from schemas.events import Event
from schemas.ledger import Record


class Given(Struct, frozen=True, gc=False):
    """One input message: its offset, its framed bytes, and the event or refusal in them."""

    offset: int
    value: bytes
    event: Event | EventRefused


class Decided(Struct, frozen=True, gc=False):
    """One record of an event: its number among them, and whether it is the last."""

    record: Record
    part: int
    final: bool
