"""One event on an in-memory partition: the real decision, without a log."""

from processors.core.decide import decide
from processors.core.message import Given
from processors.core.original import original_of
from processors.core.overlay import Overlay
from schemas.codec import FRAME_BYTES, EventRefused, decoded, encode_event
from schemas.events import Event
from schemas.ledger import Record
from schemas.refusals import Refusal


def decided(overlay: Overlay, log: list[Event], event: Event) -> tuple[Record, ...]:
    """The records of an event, taken into the overlay; an event out of bounds is refused.

    The event goes to the end of the log, and its place there is its offset.
    """
    offset = len(log)
    log.append(event)
    value, met = _met(event)
    wanted = original_of(overlay, met)
    original = None if wanted is None else log[wanted.offset]
    given = Given(offset, value, met, original)
    return tuple(one.record for one in decide(overlay, given))


def _met(event: Event) -> tuple[bytes, Event | EventRefused]:
    """The event's bytes and what is read from them; what no bytes can say is out of bounds."""
    try:
        value = encode_event(event)
    except (OverflowError, ValueError) as problem:
        shown = repr(event).encode()
        return bytes(FRAME_BYTES) + shown, EventRefused(Refusal.INVALID, str(problem))
    return value, decoded(value)
