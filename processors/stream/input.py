"""The input at a place that was decided before, held against what was decided there."""

from collections.abc import Callable, Sequence

from infra.log import Message
from processors.core.original import original_of
from processors.core.overlay import Overlay
from processors.stream.fold import digest_of
from processors.stream.halts import PartitionHalted
from schemas.chain import Halt
from schemas.codec import EventRefused, decode_event, decoded, is_framed_as
from schemas.events import Event, SaleReturned

ReadInput = Callable[[int], Message | None]
"""The message at an input offset of one partition; None if the log does not have it."""


def as_decided(read_input: ReadInput, offset: int, digest: bytes) -> Message:
    """The message whose event, with this digest, was decided.

    Raises:
        PartitionHalted: it is gone, or another one lies there.
        LogUnavailable: the log cannot be read.
    """
    message = read_input(offset)
    if message is None:
        raise PartitionHalted(Halt.INPUT_CHANGED, f"input offset {offset} is gone")
    if digest_of(message.value) != digest:
        raise PartitionHalted(Halt.INPUT_CHANGED, f"input offset {offset} holds another event")
    return message


def next_original(
    messages: Sequence[Message], start: int, overlay: Overlay
) -> tuple[int, int | None]:
    """Which of the messages from `start` on is the next that needs an earlier event.

    Returns its place and the input offset of that event; the number of messages and None if no
    other is known to need one.  Then it may still do: the earlier event can be one of them.
    """
    for at in range(start, len(messages)):
        value = messages[at].value
        if is_framed_as(value, SaleReturned):
            wanted = original_of(overlay, decoded(value))
            if wanted is not None:
                return at, wanted.offset
    return len(messages), None


def read_original(
    read_input: ReadInput, overlay: Overlay, event: Event | EventRefused
) -> Event | None:
    """The earlier event that deciding this one needs; None if it needs none.

    Raises:
        PartitionHalted, LogUnavailable: as `as_decided`.
    """
    wanted = original_of(overlay, event)
    if wanted is None:
        return None
    return decode_event(as_decided(read_input, wanted.offset, wanted.digest).value)
