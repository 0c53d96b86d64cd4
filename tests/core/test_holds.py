"""Holds keep to the wallet's terms of payment, as points do that are spent at once.

Worked number: a point is a cent, at least 500 are spent at once, in hundreds.  600 are held, and of
these 300 are captured for 3.00.
"""

import pytest

from schemas import events, ledger
from schemas.codec import encode_body
from tests.core.scene import PLAIN, Scene, line, of, scene_of

STEPPED = PLAIN.replace("pay: {min: 1, step: 1}", "pay: {min: 500, step: 100}")
EXPIRES = "expiry: {rolling: {days: 1}}"


def rich(programme: str = STEPPED) -> Scene:
    """A member with 2,000 points."""
    scene = scene_of(programme)
    scene.when(scene.adjustment("1", 2_000, on="2026-03-14"))
    return scene


def placed(scene: Scene, points: int, hold_id: str = "h", event_id: str = "") -> str:
    """Points are set aside for half an hour; why not, if they are not."""
    header = scene.header(event_id or f"hold|{hold_id}|placed", "A", "2026-03-15")
    ends = header.occurred_at + 1_800_000
    return scene.when(events.HoldPlaced(header, hold_id, "points", points, ends)).reason


def captured(scene: Scene, points: int, amount: int, currency: str = "EUR") -> str:
    """Points of the hold are spent; why not, if they are not."""
    header = scene.header("hold|h|captured", "A", "2026-03-15")
    return scene.when(events.HoldCaptured(header, "h", points, amount, currency)).reason


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (400, "BELOW_MINIMUM"),
        (450, "BELOW_MINIMUM"),
        (550, "NOT_A_STEP"),
        (2_050, "NOT_A_STEP"),
        (2_100, "INSUFFICIENT_POINTS"),
        (600, ""),
    ],
)
def test_what_is_set_aside_is_what_could_be_spent_at_once(points: int, expected: str) -> None:
    """At least 500 and in hundreds; a hold that is refused sets nothing aside."""
    scene = rich()

    assert placed(scene, points) == expected
    assert scene.wallet().held == (0 if expected else points)


@pytest.mark.parametrize(
    ("points", "amount", "currency", "expected"),
    [
        (300, 300, "EUR", ""),
        (600, 600, "EUR", ""),
        (250, 250, "EUR", "NOT_A_STEP"),
        (300, 300, "USD", "OTHER_CURRENCY"),
        (250, 250, "USD", "OTHER_CURRENCY"),
        (300, 299, "EUR", "AMOUNT_DIFFERS"),
        (300, 30_000, "EUR", "AMOUNT_DIFFERS"),
        (700, 699, "EUR", "AMOUNT_DIFFERS"),
        (650, 650, "EUR", "NOT_A_STEP"),
        (700, 700, "EUR", "CAPTURE_EXCEEDS_HOLD"),
    ],
)
def test_a_capture_pays_what_its_points_are_worth(
    points: int, amount: int, currency: str, expected: str
) -> None:
    """Whole steps at the wallet's value; the minimum was asked when 600 were set aside.

    A capture that is refused leaves the hold as it was, and its first reason is the one given.
    """
    scene = rich()
    placed(scene, 600)

    assert captured(scene, points, amount, currency) == expected
    assert scene.wallet().held == (600 if expected else 0)
    assert scene.available() == (1_400 if expected else 2_000 - points)


@pytest.mark.parametrize(
    "version",
    [STEPPED.replace(", pay: {min: 500, step: 100}", ""), STEPPED.replace("points:", "stars:")],
)
def test_what_was_set_aside_may_be_spent_when_its_terms_are_gone(version: str) -> None:
    """A version in which the wallet is not, or does not pay, has no terms to break."""
    scene = rich()
    placed(scene, 600)
    scene.activate(version.replace("version: 1", "version: 2"), "2026-03-15")

    assert placed(scene, 600, "g") in {"UNKNOWN_WALLET", "WALLET_CANNOT_PAY"}
    assert captured(scene, 601, 1) == "CAPTURE_EXCEEDS_HOLD"
    assert captured(scene, 250, 250) == ""
    assert scene.available() == 1_750


def test_a_capture_is_by_the_terms_of_its_own_day() -> None:
    """A point is worth two cents when 600 are set aside, and one cent when they are captured."""
    scene = rich(STEPPED.replace("amount: 1.00", "amount: 2.00"))
    placed(scene, 600)
    scene.activate(STEPPED.replace("version: 1", "version: 2"), "2026-03-15")

    assert [captured(scene, 600, amount) for amount in (1_200, 600)] == ["AMOUNT_DIFFERS", ""]


@pytest.mark.parametrize(
    ("points", "expected"),
    [(400, "BELOW_MINIMUM"), (1_500, "INSUFFICIENT_POINTS"), (500, "HOLD_EXISTS")],
)
def test_of_several_reasons_the_first_of_the_list_is_given(points: int, expected: str) -> None:
    """1,400 are left beside the 600 of a hold, and another one of its name is asked for."""
    scene = rich()
    placed(scene, 600)

    assert placed(scene, points, "h", "hold|h|again") == expected


def many_over(programme: str = PLAIN) -> Scene:
    """65 holds of one point each, all over since half past twelve."""
    scene = rich(programme)
    for number in range(65):
        placed(scene, 1, f"h{number}")
    return scene


def test_many_holds_that_are_over_refuse_no_event() -> None:
    """A sale ends 20 of them and has room for its own effects; the close ends all others."""
    scene = many_over()

    sale = scene.when(scene.sale("1", [line(1, 5000)], on="2026-03-15", hour=13))
    assert (sale.decision, len(of(sale, ledger.HoldEnded))) == ("ACCEPTED", 20)
    assert scene.wallet().held == 45

    closed = [one.record for one in scene.close("2026-03-15")]
    assert [len(of(record, ledger.HoldEnded)) for record in closed] == [20, 20, 5, 0]
    assert (scene.available(), scene.account().holds) == (2_050, {})
    assert scene.refolded().digest() == scene.state.digest()


def test_a_basket_of_the_next_day_outlives_a_close_in_the_small_hours() -> None:
    """The 14th closes at three in the morning of the 15th; the web shop's basket stays open."""
    scene = rich()
    header = scene.header("hold|old|placed", "A", "2026-03-14")
    ends = header.occurred_at + 3 * 86_400_000
    scene.when(events.HoldPlaced(header, "old", "points", 500, ends))
    placed(scene, 600)

    scene.close("2026-03-14")
    assert list(scene.account().holds) == ["h"]
    assert captured(scene, 600, 600) == ""

    later = scene.header("hold|new|placed", "A", "2026-03-16")
    scene.when(events.HoldPlaced(later, "new", "points", 500, later.occurred_at + 86_400_000))
    scene.close("2026-03-15")
    scene.close("2026-03-16")
    assert scene.account().holds == {}
    assert scene.refolded().digest() == scene.state.digest()


def test_what_the_last_hold_gives_back_is_exchanged_before_anything_ends() -> None:
    """2,000 points of one day make a voucher, though 65 of them come back in four records."""
    text = PLAIN.replace("expiry: {rolling: {months: 12, round_to: month_end}}", EXPIRES)
    scene = many_over(text)
    swap = "  - {id: swap, kind: convert, take: {points: 2000}, give: {gift: MUG}}\n"
    scene.activate(text.replace("version: 1", "version: 2") + swap, "2026-03-15")

    closed = [one.record for one in scene.close("2026-03-15")]

    assert [len(of(record, ledger.RewardGiven)) for record in closed] == [0, 0, 0, 1, 0]
    assert not any(of(record, ledger.PointsExpired) for record in closed)


def test_a_hold_that_is_over_and_waits_for_its_end_is_captured_no_more() -> None:
    """The last of 65 has no room in the capture's record, and is over all the same."""
    scene = many_over()
    late = scene.header("hold|h64|captured", "A", "2026-03-15", 13)
    gone = scene.header("hold|h64|voided", "A", "2026-03-15", 13)

    captured = scene.when(events.HoldCaptured(late, "h64", 1, 1, "EUR"))
    voided = scene.when(events.HoldVoided(gone, "h64"))

    assert (captured.reason, voided.reason) == ("HOLD_UNKNOWN", "HOLD_UNKNOWN")


@pytest.mark.parametrize("status", ["blocked", "closed"])
def test_what_was_set_aside_before_a_block_is_captured_all_the_same(status: str) -> None:
    """The till has granted the 600; only the next ones are refused."""
    scene = rich()
    placed(scene, 600)
    header = scene.header("change|1", "A", "2026-03-15")
    scene.when(events.MemberChanged(header=header, status=status))

    assert captured(scene, 600, 600) == ""
    assert placed(scene, 600, "next") == f"MEMBER_{status.upper()}"


def test_a_member_with_many_holds_can_be_erased() -> None:
    """All 65 are given back at once, so that none of their points stays with nobody."""
    scene = many_over()

    erased = scene.when(
        events.MemberErased(scene.header("erase|A", "A", "2026-03-15", 13), "asked")
    )

    assert (erased.decision, len(of(erased, ledger.HoldEnded))) == ("ACCEPTED", 65)
    assert encode_body(erased)
    assert (scene.account().wallets, scene.account().holds) == ({}, {})
    assert len(scene.close("2026-03-15")) == 1


def test_nothing_that_a_member_has_refuses_an_erasure() -> None:
    """Beside twenty holds, labels, segments and vouchers it goes as far as a record has room.

    What is worth money comes first: no point is left.
    """
    text = PLAIN.replace("wallets:\n", "wallets:\n  stars: {}\n  stamps: {}\n")
    scene = rich(text + "vouchers: {mug: {off: {amount: 1.00}, valid: {days: 30}}}\n")
    for wallet in ("stars", "stamps"):
        scene.when(scene.adjustment(wallet, 5, on="2026-03-14", wallet=wallet))
    for number in range(20):
        labels, segments, offers = (
            scene.header(f"{what}|{number}", "A", "2026-03-15")
            for what in ("label", "segment", "offer")
        )
        first = offers.business_date
        scene.when(events.MemberLabelled(labels, f"label-{number}", on=True))
        scene.when(events.SegmentEntered(segments, f"segment-{number}", "hash"))
        scene.when(events.OfferMade(offers, "spring", "mug", first, first + 30))
        placed(scene, 1, f"h{number}")

    header = scene.header("erase|A", "A", "2026-03-15")
    erased = scene.when(events.MemberErased(header, "asked"))

    assert (erased.decision, len(erased.effects)) == ("ACCEPTED", 64)
    assert (scene.account().wallets, scene.account().holds) == ({}, {})


@pytest.mark.parametrize(
    ("policy", "written_off"), [("owe", 0), ("write_off", 20), ("charge_refund", 20)]
)
def test_a_hold_hides_no_points_from_a_return(policy: str, written_off: int) -> None:
    """80 earned, 20 spent, 60 held, all back: 60 are owed whatever the wallet says of the 20.

    When the hold ends unused it pays them, so that nothing is left of what came back.
    """
    scene = scene_of(PLAIN.replace("pay: {min", f"when_short: {policy}, pay: {{min"))
    sale = scene.sale("1", [line(1, 8000)])
    scene.when(sale)
    scene.when(scene.redemption("1", 20, 20))
    assert placed(scene, 60) == ""

    record = scene.when(scene.back("1", sale, {1: 0}))
    owed = scene.wallet().owed
    scene.when(events.HoldVoided(scene.header("hold|h|voided", "A", "2026-03-15"), "h"))

    lacks = sum(e.points for e in record.effects if isinstance(e, ledger.PointsWrittenOff))
    assert (owed, lacks) == (80 - written_off, written_off)
    assert scene.available() == 0
    assert scene.wallet().owed == 20 - written_off
    assert scene.refolded().digest() == scene.state.digest()


def test_what_is_owed_behind_a_hold_is_owed_once() -> None:
    """Two promotions lack 80 and 20, and 60 are held: 60 are owed in all."""
    soup = "  - {id: soup, kind: per_item, give: {points: 20}, items: {categories: [SOUP]}}\n"
    scene = scene_of(PLAIN.replace("pay: {min", "when_short: write_off, pay: {min") + soup)
    sale = scene.sale("1", [line(1, 8000)])
    scene.when(sale)
    scene.when(scene.redemption("1", 40, 40))
    assert placed(scene, 60) == ""

    scene.when(scene.back("1", sale, {1: 0}))

    assert scene.wallet().owed == 60
