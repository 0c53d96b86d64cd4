"""What a second process of ours keeps to: it does not outlive the first, and complains to it.

A signal that is meant for the first one often reaches all, by ctrl-c or from a service manager.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any, TypeVar

from loyalty.outcome import Code, Trouble, told

Task = TypeVar("Task")
Result = TypeVar("Result")
# A fresh interpreter in each: clients of the log do not survive a fork.
_CONTEXT = multiprocessing.get_context("spawn")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def started_in_peace() -> Iterator[None]:
    """What is started inside hears no signal until it says how it takes them."""
    # Started with the first process of all, its helper would let the signals in again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow_the_first() -> None:
    """From now on a signal is the first process's to answer, and this one ends when that does.

    Whatever is written is whole, so it may end anywhere, also because the first one was killed.
    """
    for kind in _SIGNALS:
        signal.signal(kind, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
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


@contextmanager
def side_by_side(
    work: Callable[[Task], Result], tasks: Sequence[Task], processes: int
) -> Iterator[Iterator[Result]]:
    """What `work` makes of each task, as it comes, while the block runs.

    Every process has a share of the tasks; they are gone when the block is left, however it is.

    Raises:
        Trouble: a process could not do its work, or was killed.
    """
    with ExitStack() as held:
        left: dict[Any, int] = {}
        with started_in_peace():
            for share in (tasks[first::processes] for first in range(processes)):
                answer, end = _CONTEXT.Pipe(duplex=False)
                process = _CONTEXT.Process(target=_answer, args=(work, share, end))
                process.start()
                held.callback(process.join)
                held.callback(process.kill)  # a process that has ended does not mind
                end.close()
                left[answer] = len(share)
        yield _all_of(left)


def _all_of(left: dict[Any, int]) -> Iterator[Any]:
    """What processes say, as it comes.  Any: as in `_heard`.  left: how much each has to say."""
    while waiting := [answer for answer, count in left.items() if count]:
        for said in wait(waiting):
            left[said] -= 1
            yield _heard(said)


def _answer(work: Callable[[Task], Result], tasks: Sequence[Task], end: Connection) -> None:
    """What such a process does."""
    follow_the_first()
    with complaining(end):
        for task in tasks:
            end.send([work(task)])


def _heard(answer: Any) -> Any:
    """What a process says: its result in a list, or its complaint.

    Any: a connection, as `wait` has it; and whatever the work makes.
    """
    try:
        said = answer.recv()
    except EOFError:
        raise Trouble("A process ended early; start again.", Code.OUT_OF_REACH) from None
    if isinstance(said, list):
        return said[0]
    sentence, code = said
    raise Trouble(sentence, Code(code))
