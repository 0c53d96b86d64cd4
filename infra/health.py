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
        self._why_not = {"": "it has not begun"}

    def beat(self) -> None:
        """The loop came round."""
        self._beat = self._now()

    def ready(self, why_not: str = "", *, of: str = "") -> None:
        """The service does its work; or why not, in words without personal data.

        `of` names a part that speaks for itself: the service is ready if all that spoke are.
        """
        self._why_not[of] = why_not

    def hangs(self) -> str:
        """Why it should be restarted; empty if it lives."""
        silent_s = self._now() - self._beat
        return f"nothing moved for {silent_s:.0f} s" if silent_s > ALIVE_WITHIN_S else ""

    def idle(self) -> str:
        """Why it does not do its work; empty if it does."""
        return self.hangs() or "; ".join(filter(None, list(self._why_not.values())))
