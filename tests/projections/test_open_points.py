"""`open_points` has the last days that the processor's account has, whatever happened to it."""

import json
from collections import Counter
from collections.abc import Callable

import pytest

from processors.core.account import Account
from projections.fold import Batch
from projections.tables.balances import expected
from projections.tables.place import place
from schemas import events
from schemas.ledger import PointsRestored
from tests.core.scene import Scene, line
from tests.oracle.generated import MEMBERS, Story, activation
from tests.oracle.wider import idle_story, wide_story

STORIES = range(60)
IDLE = """
programme: idle
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  points:
    value: {units: 100, amount: 1.00}
    pay: {min: 1}
    expiry: {inactivity: {days: 10, kept_alive_by: [sale]}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
"""

Days = dict[tuple[str, int], int]
"""Wallet and last day → points."""


def in_table(scene: Scene, account: str) -> Days:
    """The rows of an account, projected in one batch."""
    batch = Batch()
    for prefix, record in scene.taken:
        at = place(prefix, record, 0)
        assert expected(batch.balances, at, {}) == ""
        batch.add(at)
    return {
        (wallet, last_day): points
        for (owner, wallet), days in batch.open_points.changes.items()
        for last_day, points in days.items()
        if owner == account and points
    }


def in_state(account: Account) -> Days:
    """What is there, held or not, by the day that it ends with."""
    found: Counter[tuple[str, int]] = Counter()
    for name, wallet in account.wallets.items():
        for lot in wallet.lots:
            found[name, lot.last_day] += lot.left
    for hold in account.holds.values():
        for lot in hold.lots:
            found[hold.wallet, lot.last_day] += lot.left
    return dict(found)


def played(told: Story) -> Scene:
    """A story happens."""
    scene = Scene("")
    for event in (activation(json.dumps(told.document)), *told.events):
        scene.when(event)
    return scene


@pytest.mark.parametrize("seed", STORIES)
@pytest.mark.parametrize("story", [wide_story, idle_story])
def test_what_is_open_ends_when_the_account_says(story: Callable[[int], Story], seed: int) -> None:
    """By wallet and last day, at the end of any story."""
    scene = played(story(seed))

    for member in MEMBERS:
        assert in_table(scene, member) == in_state(scene.account(member))


def test_points_that_come_back_end_with_their_lot() -> None:
    """30 of 14 March, of which 5 are spent; a sale of the 20th moves the end to the 30th.

    Undone on the 21st, the 5 end with the 25 that are left, and with the 20 of the second sale.
    """
    scene = Scene(IDLE)
    scene.enrolled()
    scene.when(scene.sale("1", [line(1, 30_00)], on="2026-03-14"))
    scene.when(scene.redemption("1", 5, 5, on="2026-03-15"))
    scene.when(scene.sale("2", [line(1, 20_00)], on="2026-03-20"))
    header = scene.header("redemption|1|reversed", "A", "2026-03-21")
    undone = scene.when(events.RedemptionReversed(header, "redemption|1"))

    last_day = scene.wallet().lots[0].last_day
    (effect,) = undone.effects
    assert isinstance(effect, PointsRestored)
    assert effect.taken.last_days == (last_day,)
    assert in_table(scene, "A") == in_state(scene.account()) == {("points", last_day): 50}
