"""Is the simulation any good?  Bugs planted into the worker must be caught by its invariants."""

import pytest

from schemas import chain as chains
from tests.stream.planted import UNDER_FAULTS, UNDER_LOSS, Plant
from tests.stream.simulation import Run, check

SEEDS_TO_CATCH = 1_000
"""Some bugs need a rare meeting: one in a hundred seeds has it."""


def caught(topic: str = "") -> str | None:
    """What the first seed that sees something wrong says; None if no seed does."""
    for seed in range(SEEDS_TO_CATCH):
        run = Run(seed, topic)
        try:
            run.play()
            check(run)
        except Exception as seen:  # noqa: BLE001  a bug may show in any way but silence
            return f"seed {seed}: {seen}"
    return None


@pytest.fixture(autouse=True)
def frequent_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the simulation itself."""
    monkeypatch.setattr(chains, "CHECKPOINT_EVERY", 7)


@pytest.mark.parametrize("plant", [*UNDER_FAULTS, *(plant for plant, _ in UNDER_LOSS)])
def test_a_planted_bug_is_a_plausible_one(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a world without faults nobody would notice it."""
    plant(monkeypatch)
    for seed in range(5):
        run = Run(seed, quiet=True)
        run.play()
        check(run)


@pytest.mark.parametrize("plant", UNDER_FAULTS, ids=lambda plant: plant.__name__)
def test_a_bug_is_caught_under_faults(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """At least one seed fails with the bug in place."""
    plant(monkeypatch)
    assert caught()


@pytest.mark.parametrize(
    ("plant", "topic"), UNDER_LOSS, ids=[plant.__name__ for plant, _ in UNDER_LOSS]
)
def test_a_bug_is_caught_when_a_tail_is_lost(
    plant: Plant, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least one seed fails with the bug in place."""
    plant(monkeypatch)
    assert caught(topic)
