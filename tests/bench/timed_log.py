"""A worker's log that notes how long each call takes: what the stream's own work leaves over."""

import time
from collections.abc import Callable
from typing import Any

from infra.log import WorkerLog


class TimedLog:
    """Passes every call on.

    Attributes:
        seconds: call → time spent in it.
    """

    def __init__(self, log: WorkerLog) -> None:
        self.seconds: dict[str, float] = {}
        self._log = log

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._log, name)
        return self._timed(name, found) if callable(found) else found

    def _timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            started = time.perf_counter()
            try:
                return call(*given)
            finally:
                spent = time.perf_counter() - started
                self.seconds[name] = self.seconds.get(name, 0.0) + spent

        return timed
