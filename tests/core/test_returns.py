"""What comes back takes back what it gave, gives back what it took, and no more of either."""

import pytest

from processors.core.decide import decide
from processors.core.message import Given
from processors.core.overlay import Overlay
from processors.core.packing import receipt_key, unpack_receipt
from schemas import events, ledger
from schemas.codec import encode_event
from schemas.events import Tender
from schemas.ledger import Effect, PointsReversed, Record
from tests.core.scene import PLAIN, Scene, line, of, points, scene_of

BONUS = PLAIN + "  - {id: fifty, kind: bonus, give: {points: 20}, basket: {at_least: 50.00}}\n"
"""A point per 1.00, and 20 more from 50.00 on."""


def consistent(scene: Scene) -> bool:
    """Whether the ledger alone gives the state back."""
    return scene.refolded().digest() == scene.state.digest()


def test_a_threshold_is_judged_again_on_what_is_left() -> None:
    """60.00 earned 60 + 20; of 45.00 that are left the bonus does not hold: 35 come back."""
    scene = scene_of(BONUS)
    sale = scene.sale("1", [line(1, 4500), line(2, 1500)])
    scene.when(sale)

    record = scene.when(scene.back("1", sale, {2: 0}))

    assert points(record, PointsReversed) == {"base": 15, "fifty": 20}
    assert scene.available() == 45
    assert consistent(scene)


def test_a_threshold_that_still_holds_takes_nothing() -> None:
    """80.00 earned 80 + 20; 50.00 are left, so only the 30 of the line come back; then all."""
    scene = scene_of(BONUS)
    sale = scene.sale("1", [line(1, 5000), line(2, 3000)])
    scene.when(sale)

    first = scene.when(scene.back("1", sale, {2: 0}))
    second = scene.when(scene.back("2", sale, {1: 0}))

    assert points(first, PointsReversed) == {"base": 30}
    assert points(second, PointsReversed) == {"base": 50, "fifty": 20}
    assert scene.wallet().lots == []


def test_a_return_is_judged_by_the_version_of_the_sale() -> None:
    """A later version without the bonus, or with a lower threshold, changes nothing about it."""
    scene = scene_of(BONUS)
    sale = scene.sale("1", [line(1, 4500), line(2, 1500)])
    scene.when(sale)
    later = BONUS.replace("version: 1", "version: 2").replace("50.00", "10.00")
    scene.activate(later, "2026-03-15")

    record = scene.when(scene.back("1", sale, {2: 0}, on="2026-03-20"))

    assert points(record, PointsReversed) == {"base": 15, "fifty": 20}


def test_whole_steps_are_counted_again() -> None:
    """Five points for each full 10.00: 25.00 gave 10; 16.00 are left, worth 5; 12.00 still 5."""
    scene = scene_of(
        PLAIN.replace("per: 1.00", "per_full: 10.00").replace("points: 1}", "points: 5}")
    )
    sale = scene.sale("1", [line(1, 1200), line(2, 400), line(3, 900)])
    scene.when(sale)

    backs = [scene.when(scene.back(f"{at}", sale, {at: 0})) for at in (3, 2, 1)]

    assert [points(record, PointsReversed) for record in backs] == [{"base": 5}, {}, {"base": 5}]
    assert scene.wallet().lots == []
    assert consistent(scene)


CAPPED = (
    PLAIN
    + """\
  - {id: drinks, kind: per_item, give: {points: 10}, items: {categories: [DRINKS]},
     limits: {per_member: {items: 4}}}
  - {id: deli, kind: per_amount, give: {points: 1}, per: 1.00, items: {categories: [DELI]},
     limits: {per_member: {units: 30, every: day}}}
"""
)


def test_a_limit_on_articles_is_free_again() -> None:
    """Six drinks, four of which count: two come back and nothing is lost; then one, and one counts.

    After it a new drink is counted again.
    """
    scene = scene_of(CAPPED)
    sale = scene.sale("1", [line(1, 600, category="DRINKS", quantity_milli=6000)])
    sold = scene.when(sale)

    first = scene.when(scene.back("1", sale, {1: 2000}))
    second = scene.when(scene.back("2", sale, {1: 1000}))
    more = scene.when(scene.sale("2", [line(1, 200, category="DRINKS", quantity_milli=2000)]))

    assert points(sold, ledger.PointsEarned)["drinks"] == 40
    assert points(first, PointsReversed) == {"base": 2}
    assert points(second, PointsReversed) == {"base": 1, "drinks": 10}
    assert points(more, ledger.PointsEarned)["drinks"] == 10
    assert consistent(scene)


def test_a_limit_on_points_is_free_again() -> None:
    """40.00 of 30 a day: 5.00 back leave 35.00 and the 30; 10.00 more leave 25, and 5 are free."""
    scene = scene_of(CAPPED)
    sale = scene.sale("1", [line(number, 500, category="DELI") for number in range(1, 9)])
    sold = scene.when(sale)

    first = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-14"))
    second = scene.when(scene.back("2", sale, {2: 0, 3: 0}, on="2026-03-14"))
    more = scene.when(scene.sale("2", [line(1, 900, category="DELI")]))

    assert points(sold, ledger.PointsEarned)["deli"] == 30
    assert points(first, PointsReversed) == {"base": 5}
    assert points(second, PointsReversed) == {"base": 10, "deli": 5}
    assert points(more, ledger.PointsEarned)["deli"] == 5
    assert consistent(scene)


def test_what_another_promotion_would_give_instead_is_set_off() -> None:
    """60.00 at the best of 3x from 50.00 on and 2x always is 60 + 120; 45.00 at 2x is 90.

    So 90 come back: 15 of the base, and of the 120 what the other does not make up.
    """
    scene = scene_of(
        PLAIN
        + """\
  - {id: big, kind: multiplier, multiply: {points: 3}, basket: {at_least: 50.00}, group: up}
  - {id: always, kind: multiplier, multiply: {points: 2}, group: up}
groups: {up: {combine: best}}
"""
    )
    sale = scene.sale("1", [line(1, 4500), line(2, 1500)])
    scene.when(sale)

    record = scene.when(scene.back("1", sale, {2: 0}))
    rest = scene.when(scene.back("2", sale, {1: 0}))

    assert points(record, PointsReversed) == {"base": 15, "big": 75}
    assert points(rest, PointsReversed) == {"base": 45, "big": 45}
    assert scene.wallet().lots == []


@pytest.mark.parametrize(
    ("policy", "owed", "written_off", "charged", "after_next"),
    [("owe", 60, 0, 0, 40), ("write_off", 0, 60, 0, 100), ("charge_refund", 0, 60, 60, 100)],
)
def test_what_was_spent_meanwhile_goes_as_the_wallet_says(
    policy: str, owed: int, written_off: int, charged: int, after_next: int
) -> None:
    """80 earned, 60 spent, all back: 20 are taken, and 60 are owed, written off or 0.60 charged.

    The next 100 points pay what is owed first.
    """
    scene = scene_of(PLAIN.replace("points: {value", f"points: {{when_short: {policy}, value"))
    sale = scene.sale("1", [line(1, 8000)])
    scene.when(sale)
    scene.when(scene.redemption("1", 60, 60))

    record = scene.when(scene.back("1", sale, {1: 0}))
    found = [effect for effect in record.effects if isinstance(effect, ledger.PointsWrittenOff)]

    assert points(record, PointsReversed) == {"base": 20}
    assert scene.wallet().owed == owed
    assert [(one.points, one.policy, one.charge_minor) for one in found] == (
        [(written_off, policy, charged)] if written_off else []
    )
    scene.when(scene.sale("2", [line(1, 10000)], on="2026-03-16"))
    assert scene.available() == after_next
    assert consistent(scene)


def test_a_charge_is_rounded_once_a_return() -> None:
    """Three points are a cent: 2 and 1 missing points of two promotions are a cent, not nothing."""
    scene = scene_of(
        PLAIN.replace("points: {value: {units: 100", "points: {value: {units: 300").replace(
            "pay: {min", "when_short: charge_refund, pay: {min"
        )
        + "  - {id: soup, kind: per_item, give: {points: 1}, items: {categories: [SOUP]}}\n"
    )  # fmt: skip
    sale = scene.sale("1", [line(1, 200)])
    scene.when(sale)
    scene.when(scene.redemption("1", 3, 1))

    record = scene.when(scene.back("1", sale, {1: 0}))
    charged = [e.charge_minor for e in record.effects if isinstance(e, ledger.PointsWrittenOff)]

    assert charged == [0, 1]


def test_only_pending_points_are_taken_where_the_wallet_says_so() -> None:
    """In the hold all 80 come back; when 30 of it came back and the rest is spendable, none do."""
    scene = scene_of(
        PLAIN.replace("pay: {min", "when_short: only_pending, pending: {days: 14}, pay: {min")
    )
    sale = scene.sale("1", [line(1, 3000), line(2, 5000)])
    scene.when(sale)
    inside = scene.when(scene.back("1", sale, {1: 0}, on="2026-03-20"))
    later = scene.when(scene.back("2", sale, {2: 0}, on="2026-03-29"))

    assert points(inside, PointsReversed) == {"base": 30}
    assert points(later, PointsReversed) == {"base": 0}
    assert points(later, ledger.PointsWrittenOff) == {"base": 50}
    assert scene.available() == 50


def paid_with_points(scene: Scene) -> events.SaleRecorded:
    """50.00 on 30.00 and 20.00: 45.00 by card, 5.00 by 500 points."""
    lots = scene.sale("0", [line(1, 60000)], on="2026-03-01")
    scene.when(lots)
    scene.when(scene.redemption("1", 500, 500, on="2026-03-14"))
    sale = scene.sale(
        "1", [line(1, 3000), line(2, 2000)],
        tenders=[Tender("card", 4500), Tender("points", 500, "redemption|1")],
    )  # fmt: skip
    scene.when(sale)
    return sale


def test_points_that_paid_come_back_in_proportion() -> None:
    """20.00 of 50.00 come back, and 200 of the 500 points; with the rest the other 300."""
    scene = scene_of(PLAIN)
    sale = paid_with_points(scene)
    assert scene.available() == 600 - 500 + 45

    first = scene.when(scene.back("1", sale, {2: 0}))
    assert points_of(first, ledger.PointsRestored) == [200]
    second = scene.when(scene.back("2", sale, {1: 0}))

    assert points_of(second, ledger.PointsRestored) == [300]
    assert scene.available() == 600
    assert [lot.left for lot in scene.wallet().lots] == [600]
    assert consistent(scene)


def points_of(record: Record, kind: type[Effect]) -> list[int]:
    """The points of each effect of one kind."""
    return [effect.points for effect in record.effects if isinstance(effect, kind)]  # type: ignore[attr-defined]  # asked of effects that have them


def test_nothing_is_restored_twice() -> None:
    """A payment that a return gave back, in part or whole, cannot be reversed as well."""
    scene = scene_of(PLAIN)
    sale = paid_with_points(scene)
    undo = events.RedemptionReversed(
        scene.header("redemption|1|reversed", "A", "2026-03-16"), "redemption|1"
    )

    scene.when(scene.back("1", sale, {2: 0}))
    refused = scene.when(undo)
    scene.when(scene.back("2", sale, {1: 0}))

    assert refused.reason == "REDEMPTION_UNKNOWN"
    assert scene.available() == 600
    again = scene.when(undo)
    assert again.reason == "REDEMPTION_UNKNOWN"


def test_a_payment_that_was_reversed_comes_back_with_no_return() -> None:
    """The reversal gave back all 500; the return of a sale that still names it gives nothing."""
    scene = scene_of(PLAIN)
    sale = paid_with_points(scene)
    undo = events.RedemptionReversed(
        scene.header("redemption|1|reversed", "A", "2026-03-16"), "redemption|1"
    )

    scene.when(undo)
    record = scene.when(scene.back("1", sale, {1: 0, 2: 0}, on="2026-03-17"))

    assert of(record, ledger.PointsRestored) == []
    assert scene.available() == 600


def test_a_reversed_payment_goes_to_the_lots_it_came_from() -> None:
    """350 spent were 100 of a lot that ends in June and 250 of one that ends in January.

    Reversed on 5 July, the 250 are whole again; the 100 end with the next close.
    """
    scene = scene_of(PLAIN)
    for number, amount, on in (("c", 100, "2025-06-10"), ("a", 300, "2026-01-10"),
                               ("b", 200, "2026-03-10")):  # fmt: skip
        scene.when(scene.sale(number, [line(1, amount * 100)], on=on))
    scene.close("2026-06-19")
    scene.when(scene.redemption("1", 350, 350, on="2026-06-20"))
    assert [lot.left for lot in scene.wallet().lots] == [50, 200]
    for number in range(20, 31):
        scene.close(f"2026-06-{number}")
    for number in range(1, 5):
        scene.close(f"2026-07-{number:02}")

    record = scene.when(
        events.RedemptionReversed(
            scene.header("redemption|1|reversed", "A", "2026-07-05"), "redemption|1"
        )
    )
    back = [(lot.earned_on, lot.left) for lot in scene.wallet().lots]
    ended = scene.close("2026-07-05")[0].record

    assert points_of(record, ledger.PointsRestored) == [350]
    assert [left for _, left in back] == [100, 300, 200]
    assert points_of(ended, ledger.PointsExpired) == [100]
    assert [lot.left for lot in scene.wallet().lots] == [300, 200]
    assert consistent(scene)


def test_who_owes_pays_with_what_comes_back() -> None:
    """Points of a reversed payment pay what a return left owed, first."""
    scene = scene_of(PLAIN)
    sale = scene.sale("1", [line(1, 10000)])
    scene.when(sale)
    scene.when(scene.redemption("1", 100, 100))
    scene.when(scene.back("1", sale, {1: 0}))
    assert scene.wallet().owed == 100

    scene.when(
        events.RedemptionReversed(
            scene.header("redemption|1|reversed", "A", "2026-03-16"), "redemption|1"
        )
    )

    assert (scene.wallet().owed, scene.available()) == (0, 0)


def test_an_unknown_payment_is_not_reversed() -> None:
    """Nor one of another account, nor an event that was no payment."""
    scene = scene_of(PLAIN)
    paid_with_points(scene)
    reasons = [
        scene.when(
            events.RedemptionReversed(scene.header(f"r|{number}", account, "2026-03-16"), name)
        ).reason
        for number, (account, name) in enumerate(
            [("A", "redemption|2"), ("B", "redemption|1"), ("A", "member|A")]
        )
    ]

    assert reasons == ["REDEMPTION_UNKNOWN"] * 3


def test_a_captured_hold_is_a_payment_like_any() -> None:
    """A sale paid by a captured hold gives its points back when it comes back."""
    scene = scene_of(PLAIN)
    scene.when(scene.sale("0", [line(1, 60000)], on="2026-03-01"))
    placed = scene.header("hold|h|placed", "A", "2026-03-14")
    scene.when(events.HoldPlaced(placed, "h", "points", 300, placed.occurred_at + 1_800_000))
    captured = scene.header("hold|h|captured", "A", "2026-03-14")
    scene.when(events.HoldCaptured(captured, "h", 250, 250, "EUR"))
    sale = scene.sale("1", [line(1, 250)], tenders=[Tender("points", 250, "hold|h|captured")])
    scene.when(sale)
    assert scene.available() == 350

    record = scene.when(scene.back("1", sale, {1: 0}))

    assert points_of(record, ledger.PointsRestored) == [250]
    assert scene.available() == 600
    assert consistent(scene)


def test_the_number_of_points_as_payment() -> None:
    """2,340 points, at least 500, in hundreds, half of 53.25: 2,300 are 23.00, and not one more.

    All of it back gives the 2,300 back.
    """
    scene = scene_of(
        PLAIN.replace("pay: {min: 1, step: 1}", "pay: {min: 500, step: 100, max_share: 50%}")
    )
    scene.when(scene.sale("0", [line(1, 234000)], on="2026-03-01"))
    asked = [(400, 400), (2350, 2350), (2400, 2400), (2300, 2300)]
    reasons = [
        scene.when(
            scene.redemption(f"{number}", one, amount, on="2026-03-14", eligible=5325)
        ).reason
        for number, (one, amount) in enumerate(asked)
    ]
    above = scene.when(scene.redemption("9", 2700, 2700, on="2026-03-14", eligible=5325)).reason
    sale = scene.sale(
        "1", [line(1, 5325)], tenders=[Tender("card", 3025), Tender("points", 2300, "redemption|3")]
    )
    scene.when(sale)
    record = scene.when(scene.back("1", sale, {1: 0}))

    assert reasons == ["BELOW_MINIMUM", "NOT_A_STEP", "INSUFFICIENT_POINTS", ""]
    assert above == "ABOVE_SHARE"
    assert points_of(record, ledger.PointsRestored) == [2300]
    assert scene.available() == 2340


def test_an_exchange_is_a_return_and_a_sale() -> None:
    """What is given for the new article has nothing to do with what the old one takes along."""
    scene = scene_of(BONUS)
    sale = scene.sale("1", [line(1, 5000)])
    scene.when(sale)
    back = scene.back("1", sale, {1: 0})
    exchanged = events.SaleReturned(
        back.header, back.receipt_no, back.original_sale, back.currency, back.lines, (), "x-1"
    )

    taken = scene.when(exchanged)
    given = scene.when(scene.sale("2", [line(1, 6000)], on="2026-03-15"))

    assert points(taken, PointsReversed) == {"base": 50, "fifty": 20}
    assert points(given, ledger.PointsEarned) == {"base": 60, "fifty": 20}
    assert scene.available() == 80


def test_a_return_without_its_receipt_takes_nothing() -> None:
    """It is recorded, and the account stays as it is."""
    scene = scene_of(BONUS)
    sale = scene.sale("1", [line(1, 5000)])
    scene.when(sale)
    back = scene.back("1", sale, {1: 0})
    unlinked = events.SaleReturned(back.header, back.receipt_no, "", back.currency, back.lines)

    record = scene.when(unlinked)

    assert (record.decision, record.effects) == ("ACCEPTED", ())
    assert scene.available() == 70


def test_deciding_without_the_sale_is_a_defect() -> None:
    """Nobody guesses what was on a receipt that has to be judged again."""
    scene = scene_of(BONUS)
    sale = scene.sale("1", [line(1, 5000)])
    scene.when(sale)
    back = scene.back("1", sale, {1: 0})

    with pytest.raises(ValueError, match="needs the sale"):
        list(decide(Overlay(scene.state), Given(9, encode_event(back), back)))


def test_the_receipt_of_a_plain_sale_has_nothing_more() -> None:
    """What few sales need takes no byte of the others."""
    scene = scene_of(BONUS)
    sizes = []
    for number, net in (("1", 4900), ("2", 5000)):
        sale = scene.sale(number, [line(1, net)])
        scene.when(sale)
        packed = scene.state.receipts.get(receipt_key(sale.header.event_id)) or b""
        sizes.append((packed[0] & 0x0F, unpack_receipt(packed).again))

    assert sizes == [(9, False), (10, True)]


def multiplied(words: str, *lines: events.Line) -> tuple[Scene, events.SaleRecorded]:
    """A sale under the plain programme with these multipliers."""
    group = "groups: {boosts: {combine: first}, ones: {combine: best, on: sale}}\npromotions:"
    scene = scene_of(PLAIN.replace("promotions:", group) + words)
    sale = scene.sale("1", lines)
    scene.when(sale)
    return scene, sale


def test_a_base_keeps_what_a_multiplier_below_one_no_longer_takes_from_it() -> None:
    """60.00 at half from 50.00 on were 30.  The 45.00 that are left earn 45 alone: all 30 stay."""
    half = "  - {id: half, kind: multiplier, multiply: {points: 0.5}, basket: {at_least: 50.00}}\n"
    scene, sale = multiplied(half, line(1, 4500), line(2, 1500))

    scene.when(scene.back("1", sale, {2: 0}))
    most = scene.available()
    scene.when(scene.back("2", sale, {1: 0}))

    assert (most, scene.available()) == (30, 0)
    assert consistent(scene)


def test_what_another_multiplier_gives_is_set_off_against_the_base_too() -> None:
    """50.00 doubled are 100.  The 25.00 that are left are four times 25, so nothing is taken.

    The base loses 25 with its line and the double 50; the other gives 75 more than nothing.
    """
    words = """\
  - {id: double, kind: multiplier, multiply: {points: 2}, basket: {at_least: 30.00}, group: boosts}
  - {id: four, kind: multiplier, multiply: {points: 4}, items: {skus: [A1]}, group: boosts}
"""
    scene, sale = multiplied(words, line(1, 2500), line(2, 2500))

    scene.when(scene.back("1", sale, {2: 0}))

    assert scene.available() == 100


def test_which_multiplier_acts_on_a_sale_is_asked_of_what_is_left() -> None:
    """18.00 with milk three times were 34.  Without the milk coffee is doubled: 20 stay."""
    words = """\
  - {id: coffee, kind: multiplier, multiply: {points: 2}, items: {skus: [A1]}, group: ones}
  - {id: milk, kind: multiplier, multiply: {points: 3}, items: {skus: [A2]}, group: ones}
"""
    scene, sale = multiplied(words, line(1, 1000), line(2, 800))
    gave = scene.available()

    scene.when(scene.back("1", sale, {2: 0}))

    assert (gave, scene.available()) == (34, 20)
    assert consistent(scene)
