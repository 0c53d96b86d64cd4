"""What becomes of points: maturing, ending, being spent, taken back, owed and converted."""

import pytest

from processors.core import evolve
from processors.core.draft import spendable, taken_from
from processors.words.calendar import date_of, months_later
from schemas import events, ledger
from schemas.events import Tender
from schemas.ledger import PointsEarned, PointsReversed, PointsSpent, VoucherIssued
from schemas.refusals import Refusal
from tests.core.scene import GROCERY, PLAIN, Scene, day, folded, line, points

HELD = PLAIN.replace(
    "wallets:\n  points: {", "wallets:\n  points: {pending: {days: 14, round_to: day_end}, "
)
STEPPED = PLAIN.replace("pay: {min: 1, step: 1}", "pay: {min: 500, step: 100, max_share: 50%}")


def test_a_hold_ends_with_its_last_day() -> None:
    """A sale of 1 May held for 14 days to the end of the day is spendable from 16 May."""
    scene = Scene(HELD)
    record = scene.when(scene.sale("1", [line(1, 8000)], on="2026-05-01"))
    effect = record.effects[0]
    for date in ("2026-05-14", "2026-05-15"):
        before = (scene.pending(), scene.available())
        scene.close(date)

    assert isinstance(effect, PointsEarned)
    assert date_of(effect.spendable_on).isoformat() == "2026-05-16"
    assert date_of(effect.last_day).isoformat() == "2027-05-31"
    assert before == (80, 0)
    assert (scene.pending(), scene.available()) == (0, 80)


def test_a_return_inside_the_hold_takes_from_what_waits() -> None:
    """80 pending, a return of 30: 50 pending, and what is available is untouched."""
    scene = Scene(HELD)
    scene.when(scene.sale("0", [line(1, 1000)], on="2026-04-01"))
    scene.close("2026-04-30")
    sale = scene.sale("1", [line(1, 5000), line(2, 3000)], on="2026-05-01")
    scene.when(sale)
    before = (scene.pending(), scene.available())
    scene.when(scene.back("2", sale, {2: 0}, on="2026-05-05"))

    assert before == (80, 10)
    assert (scene.pending(), scene.available()) == (50, 10)


def test_months_end_where_the_month_does() -> None:
    """31 January and a month is 28 February; of a leap year 29."""
    assert date_of(months_later(day("2026-01-31"), 1)).isoformat() == "2026-02-28"
    assert date_of(months_later(day("2028-01-31"), 1)).isoformat() == "2028-02-29"


def test_what_ends_first_is_spent_first() -> None:
    """Of A 300 to January, B 200 to March and C 100 to June before: 350 take C 100 and A 250."""
    lots = {"A": (300, "2027-01-31"), "B": (200, "2027-03-31"), "C": (100, "2026-06-30")}
    account = folded(
        [
            PointsEarned(
                "points", name, left, left, (), (), "base", "", "", day("2026-01-01"), day(last)
            )
            for name, (left, last) in lots.items()
        ],
        day("2026-01-01"),
    )

    part = taken_from(spendable(account.wallets["points"], day("2026-06-20")), 350)

    assert dict(zip(part.lot_ids, part.points, strict=True)) == {"C": 100, "A": 250}


def test_points_end_when_their_last_day_closes() -> None:
    """Points of March end with 31 March of the next year, not a day before."""
    scene = Scene()
    scene.when(scene.sale("1", [line(1, 5000)], on="2026-03-14"))
    scene.close("2027-03-30")
    before = scene.available()
    (one, last) = scene.close("2027-03-31")

    assert before == 50
    assert scene.available() == 0
    assert isinstance(one.record.effects[0], ledger.PointsExpired)
    assert (one.part, one.final, last.part, last.final) == (0, False, 1, True)


@pytest.mark.parametrize(
    ("number", "points_asked", "amount", "expected"),
    [
        ("1", 2300, 2300, ""),
        ("2", 2340, 2340, "NOT_A_STEP"),
        ("3", 400, 400, "BELOW_MINIMUM"),
        ("4", 2700, 2700, "ABOVE_SHARE"),
        ("5", 2300, 2299, "AMOUNT_DIFFERS"),
        ("6", 2400, 2400, "INSUFFICIENT_POINTS"),
    ],
)
def test_payment_keeps_to_the_terms(
    number: str, points_asked: int, amount: int, expected: str
) -> None:
    """2,340 points, at least 500, in hundreds, up to half of 53.25: 2,300 pay 23.00."""
    scene = Scene(STEPPED)
    scene.enrolled()
    scene.when(scene.adjustment("1", 2340))

    record = scene.when(scene.redemption(number, points_asked, amount, eligible=5325))

    assert record.reason == expected
    assert scene.available() == (40 if not expected else 2340)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("", "NOT_ENROLLED"), ("blocked", "MEMBER_BLOCKED"), ("closed", "MEMBER_CLOSED")],
)
def test_who_may_not_spend(status: str, expected: str) -> None:
    """Spending needs somebody who has joined, and is neither blocked nor gone."""
    scene = Scene()
    scene.when(scene.sale("1", [line(1, 5000)]))
    if status:
        scene.enrolled(on="2026-03-14")
        header = scene.header("change|1", "A", "2026-03-14")
        scene.when(events.MemberChanged(header=header, status=status))

    record = scene.when(scene.redemption("1", 10, 10))

    assert (record.decision, record.reason) == ("REFUSED", expected)
    assert record.effects == ()


def test_two_units_come_back_one_by_one() -> None:
    """Of 51 points on two units the first takes 25 back and the second 26."""
    scene = Scene()
    sale = scene.sale("1", [line(1, 5100, quantity_milli=2000)])
    scene.when(sale)

    first = scene.when(scene.back("2", sale, {1: 1000}))
    second = scene.when(scene.back("3", sale, {1: 1000}))
    third = scene.when(scene.back("4", sale, {1: 1000}))

    assert points(first, PointsReversed) == {"base": 25}
    assert points(second, PointsReversed) == {"base": 26}
    assert third.reason == Refusal.RETURN_EXCEEDS_SALE


def test_lines_take_back_what_they_were_given_in_any_order() -> None:
    """Of 53 points the milk takes 3 and the machine 50, whichever comes back first."""
    for order in ((1, 2), (2, 1)):
        scene = Scene()
        sale = scene.sale("1", [line(1, 5050), line(2, 275)])
        scene.when(sale)
        taken = {
            at: points(scene.when(scene.back(f"r{at}", sale, {at: 0})), PointsReversed)["base"]
            for at in order
        }

        assert taken == {1: 50, 2: 3}
        assert scene.account().wallets == {}


def test_what_was_spent_is_owed_and_paid_by_the_next_sale() -> None:
    """80 earned, 60 spent, all returned: 20 taken, 60 owed; the next 100 leave 40."""
    scene = Scene()
    scene.enrolled()
    sale = scene.sale("1", [line(1, 8000)])
    scene.when(sale)
    scene.when(scene.redemption("1", 60, 60, on="2026-03-14"))

    back = scene.when(scene.back("2", sale, {1: 0}))
    owed = scene.wallet().owed
    scene.when(scene.sale("3", [line(1, 10000)], on="2026-03-20"))

    assert points(back, PointsReversed) == {"base": 20}
    assert owed == 60
    assert scene.wallet().owed == 0
    assert scene.available() == 40


def test_points_become_vouchers_by_themselves() -> None:
    """On reaching 730, two vouchers of 10.00 are issued and 130 stay."""
    scene = Scene(GROCERY)
    scene.enrolled()

    record = scene.when(scene.sale("1", [line(1, 73000)], on="2026-03-25", currency="USD"))
    spent = [effect for effect in record.effects if isinstance(effect, PointsSpent)]
    issued = [effect for effect in record.effects if isinstance(effect, VoucherIssued)]

    assert [(one.points, one.amount_minor) for one in spent] == [(600, 2000)]
    assert [date_of(one.last_day).isoformat() for one in issued] == ["2026-05-24"] * 2
    assert scene.available() == 130


def test_pending_points_convert_when_they_mature() -> None:
    """Points that wait do not become a voucher; the day they are spendable they do."""
    waiting = GROCERY.replace("pending: {days: 0}", "pending: {days: 3}")
    scene = Scene(waiting)
    scene.when(scene.sale("1", [line(1, 30000)], on="2026-03-25", currency="USD"))
    scene.close("2026-03-26")
    before = len(scene.account().vouchers)
    scene.close("2026-03-27")

    assert before == 0
    assert [one.voucher for one in scene.account().vouchers] == ["ten-off"]


def test_a_voucher_is_used_once_and_its_part_earns_nothing() -> None:
    """42.00 with a voucher of 10.00 earns 32; a second use is refused, the sale itself stands."""
    scene = Scene(GROCERY)
    scene.enrolled()
    scene.when(scene.sale("1", [line(1, 30000)], on="2026-03-25", currency="USD"))
    tenders = [Tender("voucher", 1000, "ten-off"), Tender("card", 3200)]

    used, again = (
        scene.when(
            scene.sale(
                number,
                [line(1, 4200)],
                on="2026-03-28",
                currency="USD",
                tenders=tenders,
                vouchers=["ten-off"],
            )
        )
        for number in ("2", "3")
    )

    assert points(used, PointsEarned) == {"base": 32}
    assert isinstance(used.effects[0], ledger.VoucherRedeemed)
    assert again.decision == "ACCEPTED"
    assert again.effects[0] == ledger.VoucherRefused("ten-off", "VOUCHER_USED")


def test_a_voucher_ends_with_its_last_day() -> None:
    """Unused, it ends when the close of its last day comes, and is unknown from then on."""
    scene = Scene(GROCERY)
    scene.enrolled()
    scene.when(scene.sale("1", [line(1, 30000)], on="2026-03-25", currency="USD"))
    voucher_id = scene.account().vouchers[0].voucher_id
    scene.close("2026-05-23")
    (ended, _) = scene.close("2026-05-24")
    header = scene.header("p|1", "A", "2026-05-25")
    late = scene.when(events.VoucherPresented(header=header, voucher_id=voucher_id))

    assert isinstance(ended.record.effects[0], ledger.VoucherExpired)
    assert late.reason == Refusal.VOUCHER_UNKNOWN


def test_coupons_of_no_programme_need_their_offer_and_its_dates() -> None:
    """A coupon counts for an addressed member inside the campaign's dates, and nobody else."""
    scene = Scene("")
    scene.enrolled(on="2026-03-01")
    offer = events.OfferMade(
        header=scene.header("offer|13|A", "A", "2026-03-01"), campaign_id="13", voucher="",
        first_day=day("2026-03-05"), last_day=day("2026-03-20"), uses=0,
    )  # fmt: skip
    scene.when(offer)
    reasons = []
    for number, (campaign, on) in enumerate(
        [("13", "2026-03-04"), ("13", "2026-03-05"), ("13", "2026-03-06"), ("13", "2026-03-21"),
         ("14", "2026-03-06")]
    ):  # fmt: skip
        header = scene.header(f"coupon|{number}", "A", on)
        record = scene.when(events.VoucherPresented(header, "5100", campaign_id=campaign))
        reasons.append(record.reason)

    assert reasons == ["VOUCHER_NOT_YET_VALID", "", "", "VOUCHER_EXPIRED", "VOUCHER_UNKNOWN"]


def test_an_offer_of_the_programme_gives_its_voucher() -> None:
    """An offer that names a voucher issues it, with the offer's own dates."""
    scene = Scene(GROCERY)
    scene.enrolled(on="2026-03-01")
    offer = events.OfferMade(
        header=scene.header("offer|spring|A", "A", "2026-03-01"), campaign_id="spring",
        voucher="five-off", first_day=day("2026-03-05"), last_day=day("2026-03-20"),
    )  # fmt: skip

    record = scene.when(offer)
    issued = record.effects[1]

    assert isinstance(issued, VoucherIssued)
    assert (issued.voucher_id, issued.amount_minor) == ("offer|spring|A#1", 500)
    assert (issued.first_day, issued.last_day) == (day("2026-03-05"), day("2026-03-20"))


def test_what_is_held_is_kept_alive_with_the_rest() -> None:
    """Points that were set aside and come back end on the day that all of the wallet got."""
    earned = PointsEarned(
        "points", "a#1", 50, 50, (), (), "base", "", "", day("2026-01-01"), day("2026-12-31")
    )
    part = ledger.Taken(("a#1",), (50,), (day("2026-12-31"),), (day("2026-01-01"),), ("base",))
    nothing = ledger.Taken((), (), (), (), ())
    account = folded(
        [
            earned,
            ledger.HoldPlaced("h", "points", 50, part, 0),
            ledger.PointsExtended("points", day("2027-06-30")),
            ledger.HoldEnded("h", "points", "voided", 0, 50, nothing, 0, ""),
        ],
        day("2026-01-01"),
    )

    assert [(lot.left, lot.last_day) for lot in account.wallets["points"].lots] == [
        (50, day("2027-06-30"))
    ]


def test_every_effect_has_its_fold() -> None:
    """An effect nobody folds would be lost in silence."""
    assert set(evolve._FOLDS) == set(ledger.EFFECT_TYPES)


def test_a_correction_needs_a_second_person_and_enough_points() -> None:
    """Nobody corrects alone, and nothing is taken that is not there."""
    scene = Scene()
    scene.enrolled()

    alone = scene.when(scene.adjustment("1", 50, approved_by=""))
    given = scene.when(scene.adjustment("2", 50))
    too_much = scene.when(scene.adjustment("3", -51))
    taken = scene.when(scene.adjustment("4", -20))

    reasons = [record.reason for record in (alone, given, too_much, taken)]
    assert reasons == ["NO_APPROVER", "", "INSUFFICIENT_POINTS", ""]
    assert scene.available() == 30


def test_a_closed_account_is_given_nothing_and_may_be_taken_from() -> None:
    """Nobody could spend what is given; what was wrong can still be put right."""
    scene = Scene()
    scene.enrolled()
    scene.when(scene.adjustment("1", 50))
    header = scene.header("member|A|closed", "A", "2026-03-14")
    scene.when(events.MemberChanged(header, status="closed"))

    given = scene.when(scene.adjustment("2", 20))
    taken = scene.when(scene.adjustment("3", -20))

    assert [record.reason for record in (given, taken)] == ["MEMBER_CLOSED", ""]
    assert scene.available() == 30
