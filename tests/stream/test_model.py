"""The model drives the real `accept`: no scenario breaks it, each breaks a simpler rule."""

import os

import pytest

from tests.stream.model import Scenario, Town, by_chain, by_offset

SEEDS = int(os.environ.get("LOYALTY_SEEDS", "300")) // 6
SCENARIOS = (
    Scenario("the same code everywhere"),
    Scenario("two versions of the code", two_versions=True),
    Scenario("decisions by something hidden", whim=0.01),
    Scenario("writes that time out", timeout=True),
    Scenario("an input that loses its tail", loses_input=True),
    Scenario("all of it", two_versions=True, whim=0.01, timeout=True),
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_chain_stands_in_every_scenario(scenario: Scenario) -> None:
    """No event lost or doubled, no balance or answer wrong, in any run that does not halt."""
    for seed in range(SEEDS):
        town = Town(seed, by_chain, scenario)
        town.live()
        assert town.wrong() == set(), f"seed {seed}"
        assert not town.halted or scenario.loses_input, f"seed {seed}"


@pytest.mark.parametrize("scenario", SCENARIOS[1:], ids=lambda scenario: scenario.name)
def test_a_filter_on_source_offsets_falls_in_the_same_scenarios(scenario: Scenario) -> None:
    """The faults are real: without the chain they lose events and break balances."""
    assert any(what_is_wrong(seed, scenario) for seed in range(SEEDS))


def what_is_wrong(seed: int, scenario: Scenario) -> set[str]:
    """What one run by the simpler rule comes to."""
    town = Town(seed, by_offset, scenario)
    town.live()
    return town.wrong()


def test_a_lost_input_does_halt_some_runs() -> None:
    """A halt is not an excuse that never happens, nor one that always does."""
    scenario = next(scenario for scenario in SCENARIOS if scenario.loses_input)
    towns = [Town(seed, by_chain, scenario) for seed in range(SEEDS)]
    for town in towns:
        town.live()
    assert 0 < sum(town.halted for town in towns) < SEEDS
