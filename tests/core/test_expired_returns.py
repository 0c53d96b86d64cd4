"""Points that ended unused are gone once: a return of their sale asks nobody for them again."""

import pytest

from schemas import events, ledger
from tests.core.scene import PLAIN, Scene, line, of, points, scene_of
from tests.core.test_returns import consistent

TEN_DAYS = PLAIN.replace("{months: 12, round_to: month_end}", "{days: 10}")
SHORT = ("owe", "write_off", "only_pending", "charge_refund")


def lived(when_short: str = "owe", spent: int = 0) -> tuple[Scene, events.SaleRecorded]:
    """A sale of 20.00 whose points, but those spent, ended on 25 March; 50 more came after it."""
    scene = scene_of(TEN_DAYS.replace("{days: 10}}", f"{{days: 10}}}}, when_short: {when_short}"))
    sale = scene.sale("1", [line(1, 1000), line(2, 1000)], on="2026-03-15")
    scene.when(sale)
    if spent:
        scene.when(scene.redemption("1", spent, spent, on="2026-03-15"))
    for number in range(15, 26):
        scene.close(f"2026-03-{number}")
    scene.when(scene.sale("2", [line(1, 5000)], on="2026-03-26"))
    return scene, sale


@pytest.mark.parametrize("when_short", SHORT)
def test_what_expired_is_not_taken_from_later_points(when_short: str) -> None:
    """Whatever the wallet does where points lack: these lack nowhere, they had ended."""
    scene, sale = lived(when_short)

    record = scene.when(scene.back("1", sale, {1: 0, 2: 0}, on="2026-03-26"))

    assert points(record, ledger.PointsReversed) == {"base": 0}
    [gone] = of(record, ledger.PointsWrittenOff)
    assert (gone.points, gone.policy, gone.charge_minor) == (20, "expired", 0)
    assert (scene.available(), scene.wallet().owed) == (50, 0)
    assert consistent(scene)


def test_what_was_spent_of_it_is_still_asked_for() -> None:
    """Of 20, 8 were spent and 12 ended: the first line's 10 ended, of the second's 2 did."""
    scene, sale = lived(spent=8)

    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-26"))
    assert (scene.available(), scene.wallet().owed) == (50, 0)
    scene.when(scene.back("2", sale, {2: 0}, on="2026-03-26"))

    assert (scene.available(), scene.wallet().owed) == (42, 0)
    assert consistent(scene)


def test_what_came_back_first_cannot_expire() -> None:
    """One line comes back while its points live; of the other line's they end."""
    scene = scene_of(TEN_DAYS)
    sale = scene.sale("1", [line(1, 1000), line(2, 1000)], on="2026-03-15")
    scene.when(sale)
    scene.when(scene.back("1", sale, {1: 0}, on="2026-03-16"))
    for number in range(15, 26):
        scene.close(f"2026-03-{number}")

    record = scene.when(scene.back("2", sale, {2: 0}, on="2026-03-26"))

    assert [one.points for one in record.effects if isinstance(one, ledger.PointsWrittenOff)] == [
        10
    ]
    assert scene.account().wallets == {}
    assert consistent(scene)


def test_who_was_erased_is_asked_for_nothing() -> None:
    """Neither for what ended with the account nor for what was spent before."""
    scene = scene_of(PLAIN)
    sale = scene.sale("1", [line(1, 2000)])
    scene.when(sale)
    scene.when(scene.redemption("1", 8, 8))
    scene.when(events.MemberErased(scene.header("erased|A", "A", "2026-03-16"), "on request"))

    record = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-17"))

    gone = of(record, ledger.PointsWrittenOff)
    assert [(one.points, one.policy) for one in gone] == [(12, "expired"), (8, "write_off")]
    assert scene.account().wallets == {}
    assert consistent(scene)
