"""A clean end: the first SIGTERM or ctrl-c asks, and the service finishes what it has in hand."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def asked_to_stop() -> Iterator[Event]:
    """An event that is set by SIGTERM or SIGINT; a second signal ends the process at once."""
    asked = Event()
    before = {kind: signal.getsignal(kind) for kind in (signal.SIGTERM, signal.SIGINT)}

    def ask(_kind: int, _frame: FrameType | None) -> None:
        asked.set()
        for kind in before:
            signal.signal(kind, signal.SIG_DFL)

    for kind in before:
        signal.signal(kind, ask)
    try:
        yield asked
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
