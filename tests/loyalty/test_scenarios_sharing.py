"""A long file is played by several processes, which nobody can tell from the result."""

import os

import pytest

from loyalty.scenarios.failing import Failure
from loyalty.scenarios.playing import Played
from loyalty.scenarios.reading import Scenario
from loyalty.scenarios.sharing import SHARE_MIN, Timed, play_all, shares_of

SCENARIOS = [Scenario(f"{number}", ("scenarios", number), False, (), ()) for number in range(20)]
HERE = os.getpid()


def told(scenario: Scenario) -> Timed:
    """Says which scenario was played, and in which process."""
    failure = Failure((*scenario.path, "expect"), scenario.name, str(os.getpid()), ("because",))
    return Timed(Played((failure,), [(scenario.path, "a mistake")]), 0.5)


def only_here(scenario: Scenario) -> Timed:
    """Ends every other process at the first scenario that it meets."""
    if os.getpid() != HERE:
        os._exit(3)
    return told(scenario)


@pytest.mark.parametrize("shares", [1, 2, 3, 7])
def test_what_comes_of_scenarios_is_in_their_order(shares: int) -> None:
    """Every scenario is played once, by as many processes as there are shares."""
    results = play_all(SCENARIOS, told, shares)
    failures = [result.played.failures[0] for result in results]

    assert [failure.expected for failure in failures] == [one.name for one in SCENARIOS]
    assert [failure.path for failure in failures] == [(*one.path, "expect") for one in SCENARIOS]
    assert [result.played.mistakes[0] for result in results] == [
        (one.path, "a mistake") for one in SCENARIOS
    ]
    assert len({failure.got for failure in failures}) == shares


def test_what_another_process_did_not_bring_is_played_here() -> None:
    """A process that died costs time and nothing else."""
    results = play_all(SCENARIOS, only_here, 3)

    assert [result.played.failures[0].expected for result in results] == [
        one.name for one in SCENARIOS
    ]


def test_a_few_scenarios_are_not_worth_a_process() -> None:
    """Starting one takes longer."""
    assert shares_of(0) == shares_of(1) == shares_of(2 * SHARE_MIN - 1) == 1
