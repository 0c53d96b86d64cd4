"""Whether a service lives and whether it does its work, for whoever restarts or alarms."""

from collections.abc import Callable
from time import monotonic

ALIVE_WITHIN_S = 60.0
"""A service whose loop did not come round for so long hangs."""


class Health:
    """What one service says of itself; written by its loop, read by the thread that serves it."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._beat = now()
        self._why_not = "it has not begun"

    def beat(self) -> None:
        """The loop came round."""
        self._beat = self._now()

    def ready(self, why_not: str = "") -> None:
        """The service does its work; or why not, in words without personal data."""
        self._why_not = why_not

    def hangs(self) -> str:
        """Why it should be restarted; empty if it lives."""
        silent_s = self._now() - self._beat
        return f"nothing moved for {silent_s:.0f} s" if silent_s > ALIVE_WITHIN_S else ""

    def idle(self) -> str:
        """Why it does not do its work; empty if it does."""
        return self.hangs() or self._why_not
