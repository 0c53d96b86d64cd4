"""What a second process of ours keeps to: it does not outlive the first, and complains to it."""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Thread

from loyalty.outcome import told


def end_with_the_first() -> None:
    """From now on this process ends when the first one does, even if that was killed.

    Whatever is written is whole, so it may end anywhere.
    """
    Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
    os._exit(1)


@contextmanager
def complaining(complaint: Connection) -> Iterator[None]:
    """Trouble inside goes to the first process, as its sentence and exit code.

    Raises:
        SystemExit: in place of the trouble; what is no expected trouble is raised as it is.
    """
    try:
        yield
    except Exception as problem:
        expected = told(problem)
        if expected is None:
            raise
        complaint.send((expected.sentence, int(expected.code)))
        raise SystemExit(int(expected.code)) from None
