"""Real workers in a world of faults: a number of seeds, and the invariants after each.

A failing seed is repeated by its number alone: `LOYALTY_SEEDS=1 LOYALTY_FIRST_SEED=<number>`.
"""

import os

import pytest

from schemas import chain as chains
from tests.stream.simulation import PARTITIONS, Run, check

SEEDS = int(os.environ.get("LOYALTY_SEEDS", "300"))
FIRST_SEED = int(os.environ.get("LOYALTY_FIRST_SEED", "0"))
FOUND_SOMETHING = (5759, 8553)
"""Seeds that failed once, and stay."""
EVERY_SEED = (*range(FIRST_SEED, FIRST_SEED + SEEDS), *FOUND_SOMETHING)
EVERY_THIRD = range(FIRST_SEED, FIRST_SEED + SEEDS, 3)


@pytest.fixture(autouse=True)
def frequent_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small history has checkpoints, too."""
    monkeypatch.setattr(chains, "CHECKPOINT_EVERY", 7)


@pytest.mark.parametrize("seed", EVERY_SEED)
def test_whatever_happens_to_processes_every_event_is_decided_once_and_rightly(seed: int) -> None:
    """Kills, pauses, zombies, lost acknowledgements, late and partial writes change nothing."""
    run = Run(seed)
    run.play()
    check(run)


@pytest.mark.parametrize("topic", ["input", "ledger"])
@pytest.mark.parametrize("seed", EVERY_THIRD)
def test_a_lost_tail_harms_nothing_or_halts_its_partition_for_its_reason(
    seed: int, topic: str
) -> None:
    """What was acknowledged and is gone is said, never guessed; other partitions go on."""
    run = Run(seed, topic)
    run.play()
    check(run)


def test_the_same_seed_gives_the_same_history() -> None:
    """A failure can be repeated: not a byte of either topic differs between two runs."""
    one, other = Run(7), Run(7)
    one.play()
    other.play()
    assert one.world.ledger == other.world.ledger
    assert one.world.events == other.world.events


def test_the_faults_do_happen() -> None:
    """The seeds reach takeovers, forks, orphans, duplicates and both versions of the code."""
    claims, versions, ignored = 0, set(), set()
    for seed in range(40):
        run = Run(seed)
        run.play()
        for walked in check(run):
            ignored |= {kind for kind, count in walked.ignored.items() if count}
            owners = [kept.record.claim for kept in walked.kept if kept.record.claim]
            claims += len(owners)
            versions |= {claim.code_version for claim in owners}
    assert claims > 2 * 40 * PARTITIONS
    assert versions == {"now", "newer", "moody"}
    assert ignored == {"DUPLICATE", "STALE_FORK", "ORPHAN"}
