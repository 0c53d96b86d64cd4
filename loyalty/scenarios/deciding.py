"""One event on an in-memory partition: the real decision, without a log and its wire format.

What a decision sees of the bytes is their hash, for duplicates, and that the bounds were checked.
Both are kept, by MessagePack in place of Avro, which takes a third of the time.
"""

from functools import cache

from msgspec import DecodeError, msgpack

from processors.core.decide import decide
from processors.core.message import Given
from processors.core.original import original_of
from processors.core.overlay import Overlay
from schemas.codec import FRAME_BYTES, EventRefused
from schemas.events import Event
from schemas.ledger import Record
from schemas.refusals import Refusal

_FRAME = bytes(FRAME_BYTES)
_ENCODER = msgpack.Encoder()


def decided(overlay: Overlay, log: list[Event], event: Event) -> tuple[Record, ...]:
    """The records of an event, taken into the overlay; an event out of bounds is refused.

    The event goes to the end of the log, and its place there is its offset.
    """
    offset = len(log)
    log.append(event)
    datum = _datum(event)
    met: Event | EventRefused
    try:
        met = _decoder(type(event)).decode(datum)
    except DecodeError as problem:
        met = EventRefused(Refusal.INVALID, str(problem))
    wanted = original_of(overlay, met)
    original = None if wanted is None else log[wanted.offset]
    given = Given(offset, _FRAME + datum, met, original)
    return tuple(one.record for one in decide(overlay, given))


def _datum(event: Event) -> bytes:
    """The event in bytes; in such as are no event, if a number in it is larger than any may be."""
    try:
        return _ENCODER.encode(event)
    except OverflowError:
        return repr(event).encode()


@cache
def _decoder(kind: type[Event]) -> msgpack.Decoder[Event]:
    return msgpack.Decoder(kind)
