"""A reward of points of another wallet is points there: paid for, and treated like all others."""

import pytest

from schemas import events, ledger
from tests.core.scene import Scene, line, points, scene_of

SWAP = """
programme: swap
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  points: {}
  stars: {pending: {days: WAIT}, expiry: {rolling: {days: 30}}}
vouchers: {drink: {off: {percent: 100, units: 1}, valid: {days: 30}}}
rewards: {five-stars: {costs: {points: 10}, give: {stars: 5}}}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: rye, kind: per_item, give: {stars: 6}, items: {brands: [Rye]}}
  - {id: to-drink, kind: convert, take: {stars: 10}, give: {voucher: drink}}
"""


def swapped(scene: Scene, quantity: int = 1) -> ledger.Record:
    """Stars for points, so many times, on 15 March."""
    header = scene.header("claim|1", "A", "2026-03-15")
    return scene.when(events.RewardClaimed(header, "five-stars", quantity))


@pytest.mark.parametrize(("wait", "available", "pending"), [("0", 5, 0), ("3", 0, 5)])
def test_points_of_the_catalogue_have_the_terms_of_their_wallet(
    wait: str, available: int, pending: int
) -> None:
    """Ten points become five stars, which wait and end as earned ones do."""
    scene = scene_of(SWAP.replace("WAIT", wait))
    scene.when(scene.sale("1", [line(1, 10_00)]))

    record = swapped(scene)

    assert points(record, ledger.PointsEarned) == {"five-stars": 5}
    assert (scene.available(), scene.available("stars")) == (0, available)
    assert scene.pending("stars") == pending
    assert scene.wallet("stars").lots[0].last_day == record.business_date + 30


def test_points_of_the_catalogue_pay_what_is_owed_and_are_exchanged() -> None:
    """Of fifteen stars one pays the debt that a return left, and ten become a drink: four stay."""
    scene = scene_of(SWAP.replace("WAIT", "0"))
    scene.when(scene.sale("1", [line(1, 30_00)]))
    rye = scene.sale("2", [line(1, 1_00, brand="Rye")])
    scene.when(rye)
    scene.when(scene.adjustment("1", -1, wallet="stars"))
    scene.when(scene.back("3", rye, {1: 0}))
    assert scene.wallet("stars").owed == 1

    swapped(scene, 3)

    assert (scene.available("stars"), scene.wallet("stars").owed) == (4, 0)
    assert [one.voucher for one in scene.account().vouchers] == ["drink"]
