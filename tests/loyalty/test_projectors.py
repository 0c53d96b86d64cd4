"""Projectors side by side: how they end, and what the first process makes of it."""

from collections.abc import Callable, Collection
from pathlib import Path
from time import sleep

import pytest

from infra.settings import Settings
from loyalty.outcome import Code, Trouble
from loyalty.projecting import Halts, Telling
from loyalty.projectors import Work, count, side_by_side
from schemas.chain import Halt

SHARES = ((0, 2), (1,))


def never() -> bool:
    """Nobody asks to stop."""
    return False


def halting_or_ending(
    _settings: Settings,
    share: Collection[int],
    stop: Callable[[], bool],
    until: Callable[[], bool],
    tell: Telling,
) -> None:
    """Partition 0 stands still; the projector of partition 1 goes on to the end."""
    if 0 in share:
        raise Trouble("Partition 0 stands still.", Code.HALTED)
    while not until():
        assert not stop(), "one that stands still stops no other"
        sleep(0.01)
    tell.progress(7)


def failing_or_waiting(
    _settings: Settings,
    share: Collection[int],
    stop: Callable[[], bool],
    _until: Callable[[], bool],
    _tell: Telling,
) -> None:
    """One cannot reach its database; the other works until it is told to stop."""
    if 0 in share:
        raise Trouble("Postgres is gone.", Code.OUT_OF_REACH)
    while not stop():
        sleep(0.01)


@pytest.mark.parametrize(
    ("work", "sentence", "code"),
    [
        (halting_or_ending, "Partition 0 stands still.", Code.HALTED),
        (failing_or_waiting, "Postgres is gone.", Code.OUT_OF_REACH),
    ],
)
def test_the_trouble_of_one_is_the_trouble_of_all(
    tmp_path: Path, work: Work, sentence: str, code: Code
) -> None:
    """All have ended when it is told; its sentence and its code are the command's."""
    told: list[int] = []
    looks = iter(range(1_000_000))

    with pytest.raises(Trouble, match=sentence) as trouble:
        side_by_side(
            Settings(home=tmp_path),
            SHARES,
            work,
            never,
            lambda: next(looks) > 5,
            Telling(told.append),
        )

    assert trouble.value.code is code
    assert told[-1] == (7 if work is halting_or_ending else 0)


def halted_and_waiting(
    _settings: Settings,
    share: Collection[int],
    stop: Callable[[], bool],
    _until: Callable[[], bool],
    tell: Telling,
) -> None:
    """The first partition of each share stands still, and the projector waits to be stopped."""
    while not stop():
        tell.halted({min(share): (Halt.DEFECT, "record 7")})
        sleep(0.01)


def test_the_first_process_hears_of_a_halt_while_the_others_run(tmp_path: Path) -> None:
    """It has the port and writes the log; who stands still goes on waiting for its end."""
    heard: dict[int, tuple[Halt, str]] = {}

    def hear(halts: Halts) -> None:
        heard.update(halts)

    side_by_side(
        Settings(home=tmp_path),
        SHARES,
        halted_and_waiting,
        lambda: len(heard) == len(SHARES),
        never,
        Telling(halted=hear),
    )

    assert heard == dict.fromkeys((0, 1), (Halt.DEFECT, "record 7"))


@pytest.mark.parametrize(
    ("set_to", "partitions", "projectors"), [(1, 4, 1), (3, 4, 3), (9, 4, 4), (0, 1, 1)]
)
def test_there_are_no_more_projectors_than_partitions(
    set_to: int, partitions: int, projectors: int
) -> None:
    """As many as are set, or one a core."""
    assert count(Settings(projectors=set_to), partitions) == projectors
