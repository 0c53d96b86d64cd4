"""Lots of sales that nothing can return any more become one, and nothing else changes."""

from collections import Counter

import pytest
from hypothesis import given, settings

from processors.core.account import Account
from processors.core.draft import EFFECTS_MAX
from processors.core.evolve import apply
from processors.core.lot import Lot
from processors.core.lots import CannotEvolve, wallet_of
from processors.core.merging import LOTS_MAX, MERGES_MAX
from processors.words.calendar import date_of
from producers.pos import iso
from schemas import buckets, events
from schemas.codec import encode_body
from schemas.ledger import NEVER, Effect, LotsMerged, Record, Taken
from tests.core.lifelong import ENDLESS, LIFELONG, lifelong, played, steps
from tests.core.scene import Scene, day, line


def bought(scene: Scene, number: int, on: str, net: int = 10_00) -> events.SaleRecorded:
    """A sale that happens."""
    sale = scene.sale(str(number), [line(1, net)], on=on)
    assert scene.when(sale).decision == "ACCEPTED"
    return sale


def january(scene: Scene, sales: int = 3) -> list[events.SaleRecorded]:
    """So many sales in January 2024, one a day."""
    return [bought(scene, at, f"2024-01-{at + 1:02}", 10_00 + at * 1_00) for at in range(sales)]


def merged(record: Record) -> list[LotsMerged]:
    """What a record merges."""
    return [effect for effect in record.effects if isinstance(effect, LotsMerged)]


def lots(scene: Scene, wallet: str = "points") -> list[tuple[str, int, str, str]]:
    """Promotion, points, day and sale of each open lot, in the order of spending."""
    return [
        (lot.promotion_id, lot.left, iso(lot.earned_on), lot.lot_id.partition("|sale")[0])
        for lot in scene.wallet(wallet).lots
    ]


def test_lots_of_a_month_behind_the_horizon_become_one_a_promotion() -> None:
    """The first one's id and terms, the sum of all; the order of spending and what is new stay."""
    scene = lifelong()
    january(scene)
    bought(scene, 9, "2024-02-01")
    scene.close("2025-03-07")

    record = scene.when(scene.sale("10", [line(1, 7_00)], on="2025-03-08"))

    assert lots(scene) == [
        ("base", 33, "2024-01-01", "0142|1|2024-01-01|0"),
        ("soup", 15, "2024-01-01", "0142|1|2024-01-01|0"),
        ("base", 10, "2024-02-01", "0142|1|2024-02-01|9"),
        ("soup", 5, "2024-02-01", "0142|1|2024-02-01|9"),
        ("base", 7, "2025-03-08", "0142|1|2025-03-08|10"),
        ("soup", 5, "2025-03-08", "0142|1|2025-03-08|10"),
    ]
    assert [(one.wallet, one.taken.points) for one in merged(record)] == [
        ("fresh", (10, 11, 12)),
        ("points", (10, 11, 12)),
        ("points", (5, 5, 5)),
        ("stars", (10, 11, 12)),
        ("tier:club", (1, 1, 1)),
    ]


@pytest.mark.parametrize(("closed", "merges"), [("2025-03-06", False), ("2025-03-07", True)])
def test_a_month_waits_until_its_last_day_is_forgotten(closed: str, merges: bool) -> None:
    """The sales of 31 January 2024 can be returned until 6 March 2025 has closed, not longer."""
    scene = lifelong()
    january(scene, 30)
    last = bought(scene, 31, "2024-01-31")
    scene.close(closed)

    record = scene.when(scene.sale("1", [line(1, 7_00)], on="2025-03-08"))
    back = scene.when(scene.back("1", last, {1: 0}, on="2025-03-08"))

    assert bool(merged(record)) is merges
    assert back.reason == ("SALE_UNKNOWN" if merges else "")


def test_what_differs_in_a_last_day_a_promotion_or_a_month_stays_apart() -> None:
    """Redemption is counted by month of issue and promotion, and points end by their last day."""
    scene = lifelong()
    for number, on in enumerate(("2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02")):
        bought(scene, number, on)
    scene.when(scene.adjustment("1", 5, on="2024-02-03"))
    scene.close("2025-06-30")

    scene.when(scene.sale("10", [line(1, 7_00)], on="2025-07-01"))

    assert [lot[:3] for lot in lots(scene)[:-2]] == [
        ("base", 20, "2024-01-30"),
        ("soup", 10, "2024-01-30"),
        ("base", 20, "2024-02-01"),
        ("soup", 10, "2024-02-01"),
        ("", 5, "2024-02-03"),
    ]
    assert [(lot.left, iso(lot.last_day)) for lot in scene.wallet("fresh").lots[:2]] == [
        (20, "2026-01-31"),
        (20, "2026-02-28"),
    ]


def test_what_waits_is_not_merged() -> None:
    """Points of an order that has not arrived are told apart by their sale."""
    scene = lifelong(LIFELONG.replace("{days: 3}", "{until: order_fulfilled}"))
    first, *_ = january(scene)
    scene.close("2025-03-07")

    record = scene.when(scene.sale("10", [line(1, 7_00)], on="2025-03-08"))
    arrived = events.OrderFulfilled(
        scene.header("order|1|fulfilled", "A", "2025-03-08"), first.header.event_id
    )
    scene.when(arrived)

    assert "fresh" not in [one.wallet for one in merged(record)]
    assert scene.available("fresh") == 10


def test_points_already_held_stay_in_their_hold() -> None:
    """What comes back into lots that are gone opens them, and is merged: there was more to do."""
    scene = lifelong()
    january(scene)
    scene.close("2025-03-07")
    placed = events.HoldPlaced(
        scene.header("hold|1", "A", "2025-03-08"), "h", "points", 20,
        day("2025-03-09") * 86_400_000,
    )  # fmt: skip
    record = scene.when(placed)
    held = scene.account().holds["h"].lots
    after = lots(scene)

    voided = scene.when(events.HoldVoided(scene.header("hold|1|void", "A", "2025-03-08"), "h"))

    assert [(lot.promotion_id, lot.left) for lot in held] == [
        ("base", 10),
        ("soup", 5),
        ("base", 5),
    ]
    assert [one.taken.points for one in merged(record) if one.wallet == "points"] == [
        (6, 12),
        (5, 5),
    ]
    assert [lot[:3] for lot in after] == [("base", 18, "2024-01-02"), ("soup", 10, "2024-01-02")]
    assert [one.taken.points for one in merged(voided) if one.wallet == "points"] == [
        (10, 23),
        (5, 10),
    ]
    assert [lot[:3] for lot in lots(scene)] == [
        ("base", 33, "2024-01-01"),
        ("soup", 15, "2024-01-01"),
    ]


def test_a_payment_that_is_undone_opens_a_lot_that_is_gone() -> None:
    """Its points are back with the terms they had, can be spent, and are merged in their turn."""
    scene = lifelong()
    january(scene)
    scene.close("2025-03-07")
    paid = scene.when(scene.redemption("1", 22, 22, on="2025-03-08"))
    assert [one.taken.points for one in merged(paid) if one.wallet == "points"] == [(4, 12), (5, 5)]
    assert [lot[:2] for lot in lots(scene)] == [("base", 16), ("soup", 10)]
    bought(scene, 9, "2025-03-09")

    undone = scene.when(
        events.RedemptionReversed(
            scene.header("redemption|1|reversed", "A", "2025-03-10"), "redemption|1"
        )
    )
    opened = [lot[:3] for lot in lots(scene)]
    spent = scene.when(scene.redemption("2", 40, 40, on="2025-03-11"))
    later = scene.when(scene.sale("11", [line(1, 7_00)], on="2025-04-01"))

    assert undone.decision == spent.decision == later.decision == "ACCEPTED"
    assert opened == [
        ("soup", 5, "2024-01-01"),
        ("base", 10, "2024-01-01"),
        ("base", 23, "2024-01-02"),
        ("soup", 10, "2024-01-02"),
        ("base", 10, "2025-03-09"),
        ("soup", 5, "2025-03-09"),
    ]
    assert scene.available() == 48 + 15 - 40 + 12


def test_points_that_come_back_are_merged_with_the_next_month() -> None:
    """An account is looked through once a month, whatever opened again meanwhile."""
    scene = lifelong()
    january(scene)
    scene.close("2025-03-07")
    scene.when(scene.redemption("1", 22, 22, on="2025-03-08"))
    bought(scene, 9, "2025-03-09")
    scene.when(
        events.RedemptionReversed(
            scene.header("redemption|1|reversed", "A", "2025-03-10"), "redemption|1"
        )
    )

    same_month = scene.when(scene.sale("11", [line(1, 7_00)], on="2025-03-31"))
    next_month = scene.when(scene.sale("12", [line(1, 7_00)], on="2025-04-01"))

    assert merged(same_month) == []
    assert [one.taken.points for one in merged(next_month)] == [(5, 10), (10, 23)]


def test_a_return_behind_the_horizon_is_refused_as_before() -> None:
    """Its sale is not remembered, whether or not its lot is another's now."""
    scene = lifelong()
    first, *_ = january(scene)
    scene.close("2025-03-07")
    before = scene.when(scene.back("1", first, {1: 0}, on="2025-03-08"))
    bought(scene, 9, "2025-03-08")

    after = scene.when(scene.back("2", first, {1: 0}, on="2025-03-08"))

    assert before.reason == after.reason == "SALE_UNKNOWN"
    assert scene.available() == 48 + 15


def test_a_return_within_the_horizon_takes_from_its_own_lot_first() -> None:
    """The merged lots stand before it in the order of spending, and stay whole."""
    scene = lifelong()
    january(scene)
    scene.close("2025-03-07")
    sale = bought(scene, 9, "2025-03-08")

    scene.when(scene.back("1", sale, {1: 0}, on="2025-03-09"))

    assert [lot[:2] for lot in lots(scene)] == [("base", 33), ("soup", 15)]


def test_one_record_merges_so_much_and_the_next_ones_the_rest() -> None:
    """Years of lots are merged within a few events, in effects of so many lots each."""
    scene = lifelong()
    for month in range(1, 13):
        for at in range(60 if month == 1 else 2):
            bought(scene, at, f"2020-{month:02}-{at // 3 + 1:02}")
    scene.close("2024-01-01")
    before = scene.available()

    records = [
        scene.when(scene.sale(f"n{at}", [line(1, 1_00)], on="2024-01-02")) for at in range(10)
    ]

    sizes = [[len(one.taken.lot_ids) for one in merged(record)] for record in records]
    assert [len(one) for one in sizes[:3]] == [MERGES_MAX] * 3
    assert max(number for one in sizes for number in one) == LOTS_MAX
    assert sizes[-1] == []
    old = [lot for lot in scene.wallet().lots if lot.earned_on < day("2021-01-01")]
    assert len(old) == 12 * 2
    assert scene.available() == before + 10 * 6
    assert max(len(record.effects) for record in scene.records) <= EFFECTS_MAX


def test_an_account_of_years_keeps_a_lot_a_month_and_promotion() -> None:
    """Of four years of two sales a week: what lies behind the horizon, and fourteen months."""
    scene = lifelong()
    start = day("2020-01-01")
    scene.close(iso(start - 1))
    for at in range(4 * 365):
        if at % 7 in (1, 4):
            bought(scene, at, iso(start + at))
        scene.close(iso(start + at))

    today = start + 4 * 365
    old = [lot for lot in scene.wallet().lots if lot.earned_on < today - 400 - 62]
    months = {date_of(lot.earned_on).replace(day=1) for lot in old}

    assert len(months) >= 32
    assert len(old) == 2 * len(months)
    assert len(scene.wallet("tier:club").lots) <= 48 + 3 * 62
    assert scene.refolded().digest() == scene.state.digest()


def moved(record: Record) -> list[tuple[str, str, int]]:
    """What a record does with points, but for which lots they are in."""
    return [
        (type(effect).__name__, effect.wallet, getattr(effect, "points", 0))  # type: ignore[union-attr]  # asked of effects on wallets
        for effect in record.effects
        if hasattr(effect, "wallet") and not isinstance(effect, LotsMerged)
    ]


def worth(account: Account) -> dict[str, tuple[int, int, Counter[tuple[int, bool]]]]:
    """What wallets have: owed, held, and by last day what is there."""
    found = {}
    for name, wallet in account.wallets.items():
        by_day: Counter[tuple[int, bool]] = Counter()
        for lot in wallet.lots:
            by_day[lot.last_day, lot.pending] += lot.left
        found[name] = (wallet.owed, wallet.held, by_day)
    return found


@settings(max_examples=60, deadline=None)
@given(steps)
def test_merging_changes_no_balance_and_no_decision(script: list[tuple[str, int, int]]) -> None:
    """Where lots are merged, every event does to points what it does where each is kept."""
    for kept, ours, merging, theirs in played(ENDLESS, script):
        assert (ours.decision, ours.reason) == (theirs.decision, theirs.reason)
        assert moved(ours) == moved(theirs)
        assert worth(kept.account()) == worth(merging.account())

    assert merging.refolded().digest() == merging.state.digest()
    sums: list[buckets.Sums] = [{}, {}]
    for row, scene in zip(sums, (kept, merging), strict=True):
        for record in scene.records:
            buckets.add_effects(row, record.effects, record.business_date)
    assert sums[0] == sums[1]


def three() -> Account:
    """An account of three lots."""
    account = Account()
    account.wallets["points"] = wallet_of(
        [Lot(f"e{at}#1", 10 + at, 19_724, NEVER, 19_724 + at, "base", False) for at in range(3)]
    )
    return account


def merging_of(*parts: tuple[str, int]) -> Effect:
    """The merging of so much of some lots."""
    ids, points = tuple(lot_id for lot_id, _ in parts), tuple(number for _, number in parts)
    nothing = (0,) * len(parts)
    return LotsMerged("points", Taken(ids, points, nothing, nothing, ("base",) * len(parts)))


def test_a_fold_keeps_the_first_lot_and_the_places_of_the_others() -> None:
    """Under the first one's id and terms is all that was in them."""
    account = three()

    apply(account, merging_of(("e0#1", 10), ("e2#1", 12)), 20_000)

    assert [(lot.lot_id, lot.left, lot.earned_on) for lot in account.wallets["points"].lots] == [
        ("e0#1", 22, 19_724),
        ("e1#1", 11, 19_725),
    ]


@pytest.mark.parametrize(
    "parts",
    [
        (("e0#1", 10), ("e9#1", 12)),
        (("e0#1", 10), ("e1#1", 10)),
        (("e0#1", 10), ("e0#1", 10)),
    ],
    ids=["unknown", "in part", "twice"],
)
def test_a_merging_that_does_not_fit_the_account_is_no_record_of_it(
    parts: tuple[tuple[str, int], ...],
) -> None:
    """Whole lots that are there, each once; anything else would make points of nothing."""
    with pytest.raises(CannotEvolve):
        apply(three(), merging_of(*parts), 20_000)


def test_a_record_without_lots_to_merge_is_as_it_was() -> None:
    """An account without old lots has the same records, byte for byte, with days closed."""
    ours, theirs = lifelong(), lifelong()
    theirs.close("2024-01-01")
    for scene in (ours, theirs):
        january(scene, 20)

    assert [encode_body(one) for one in ours.records] == [
        encode_body(one) for one in theirs.records if one.event_type != "BusinessDayClosed"
    ]
