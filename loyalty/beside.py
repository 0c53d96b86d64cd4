"""A second piece of work in a thread, beside the one at hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

Flag = Callable[[], bool]
"""Something that may have come about."""


@contextmanager
def beside(name: str, work: Callable[[Flag], None]) -> Iterator[Flag]:
    """Let `work` go on in a thread while the block runs, and wait for its end.

    Args:
        name: of the thread.
        work: is given a flag that says whether the block has ended.

    Yields:
        A flag that says whether the work has failed.

    Raises:
        what the work raised, once the block has ended well.
    """
    ended = Event()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work(ended.is_set)
        except BaseException as problem:  # noqa: BLE001  raised again in the thread that waits
            failed.append(problem)

    thread = Thread(target=run, name=name)
    thread.start()
    try:
        yield lambda: bool(failed)
    finally:
        ended.set()
        thread.join()
    if failed:
        raise failed[0]
