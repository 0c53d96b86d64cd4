"""A CHECKPOINT states sums over all accounts; most of the work is done before it comes."""

from processors.core.partition import LEFT_TO_CHECKPOINT, SUMMED_AT_ONCE
from tests.core.scene import Scene, line

ACCOUNTS = LEFT_TO_CHECKPOINT + 3 * SUMMED_AT_ONCE


def test_what_is_summed_ahead_changes_no_checkpoint() -> None:
    """Given many changed accounts, when some are summed up between changes, all sums are alike."""
    scene = Scene()
    given = [f"A{number}" for number in range(ACCOUNTS)]
    for account in given:
        scene.enrolled(account)
        scene.when(scene.sale(f"1{account}", [line(1, 500)], account=account))
    state = scene.state
    assert len(state.unsummed) == ACCOUNTS

    for _ in range(2):
        state.sum_ahead()
    for account in given[::40]:
        scene.when(scene.sale(f"2{account}", [line(1, 700)], account=account))
    for _ in range(6):
        state.sum_ahead()

    assert len(state.unsummed) == LEFT_TO_CHECKPOINT
    assert state.totals() == scene.refolded().totals()
    assert not state.unsummed


def test_few_changed_accounts_are_left_alone() -> None:
    """A CHECKPOINT sums them up in no time, and they may change again before it."""
    scene = Scene()
    scene.enrolled("A")
    scene.state.sum_ahead()

    assert scene.state.unsummed == {"A"}
