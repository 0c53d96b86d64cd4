"""Numbers without measure stop no partition: the check refuses them, and so does the decision.

Worked number: 10^15 points for each cent are 10^19 of 100.00, more than 64 bits hold.
"""

from hashlib import sha256

import pytest

from processors.core.document import check
from processors.core.draft import POINTS_MAX
from schemas import events, ledger
from schemas.codec import encode_body
from schemas.records import replace
from tests.core.scene import PLAIN, Scene, line, of, scene_of

WITHOUT_MEASURE = PLAIN.replace("{points: 1}, per: 1.00", "{points: 999999999999999}, per: 0.01")
LARGEST = f"""
{PLAIN.replace("{points: 1}, per: 1.00", "{points: 10000}, per: 0.01").lstrip()}\
  - {{id: thousandfold, kind: multiplier, multiply: {{points: 1000}}}}
  - {{id: item, kind: per_item, give: {{points: 1000000000}}, items: {{brands: [National]}}}}
  - {{id: gift, kind: bonus, give: {{points: 1000000000, gift_card: 10000000000}}}}
"""
"""As large as a new programme may be."""


def test_a_sale_that_would_earn_without_measure_is_refused_and_the_next_is_not() -> None:
    """By a programme that was in force before it was checked for such rates."""
    scene = scene_of(WITHOUT_MEASURE)

    large = scene.when(scene.sale("1", [line(1, 10000)]))
    small = scene.when(scene.sale("2", [line(1, 1)]))

    assert (large.decision, large.reason, large.effects) == ("REFUSED", "TOO_MANY_POINTS", ())
    assert encode_body(large)
    assert small.decision == "ACCEPTED"
    assert scene.refolded().digest() == scene.state.digest()


def test_points_that_a_limit_cuts_to_few_are_still_too_many_to_be_told() -> None:
    """The ledger says what a promotion desired, too."""
    limited = WITHOUT_MEASURE.replace("per: 0.01", "per: 0.01, limits: {per_sale: {units: 5}}")
    scene = scene_of(limited)

    assert scene.when(scene.sale("1", [line(1, 10000)])).reason == "TOO_MANY_POINTS"


def test_what_many_events_add_up_to_is_bounded_and_can_be_spent_all_the_same() -> None:
    """The correction that goes beyond is refused; paying, returns and other wallets go on."""
    scene = scene_of(WITHOUT_MEASURE)
    sale = scene.sale("1", [line(1, 1)])
    scene.when(sale)
    assert scene.available() == POINTS_MAX - 1

    whole = scene.when(scene.adjustment("1", 1))
    beyond = scene.when(scene.adjustment("2", 1))
    paid = scene.when(scene.redemption("1", 100, 100))
    back = scene.when(scene.back("2", sale, {1: 0}))

    assert (whole.reason, beyond.reason) == ("", "TOO_MANY_POINTS")
    assert (paid.reason, back.reason) == ("", "")
    assert scene.wallet().owed == 99


def test_the_largest_sale_under_the_largest_new_programme_has_a_record() -> None:
    """Every line costs what an event may say; what it would come to is refused, not written."""
    check(LARGEST, zones=("Europe/Paris",))
    scene = scene_of(LARGEST)
    usual = scene.when(scene.sale("1", [line(1, 100_000_00)]))
    most = line(1, 10**12, quantity_milli=10**13)
    lines = [replace(most, line_no=at) for at in range(1, 501)]

    largest = scene.when(scene.sale("2", lines, tenders=[events.Tender("card", 10**12)]))

    assert usual.reason == ""
    assert sum(one.granted for one in of(usual, ledger.PointsEarned)) > 10**14  # type: ignore[union-attr]  # of one kind
    assert largest.reason == "TOO_MANY_POINTS"


def test_a_refund_is_charged_no_more_than_a_receipt_may_come_to() -> None:
    """A point that is worth ten billion does not make a number that no ledger holds."""
    dear = PLAIN.replace("units: 100, amount: 1.00", "units: 1, amount: 999999999999999.00")
    scene = scene_of(dear.replace("points: {value", "points: {when_short: charge_refund, value"))
    sale = scene.sale("1", [line(1, 100_000_00)])
    scene.when(sale)
    scene.when(scene.adjustment("1", -100_000))

    record = scene.when(scene.back("2", sale, {1: 0}))

    assert record.reason == ""
    assert encode_body(record)


def test_a_donation_of_more_than_the_ledger_counts_is_refused() -> None:
    """By a programme that was in force before: a thousand times 10^15 in one claim."""
    gift = "give: {donation: {to: zoo, amount: 999999999999999}}"
    scene = scene_of(
        PLAIN.replace(
            "promotions:", f"rewards: {{zoo: {{costs: {{points: 1}}, {gift}}}}}\npromotions:"
        )
    )
    scene.when(scene.adjustment("1", 1000))

    record = scene.when(
        events.RewardClaimed(scene.header("claim|1", "A", "2026-03-15"), "zoo", 1000)
    )

    assert record.reason == "TOO_MANY_POINTS"
    assert scene.available() == 1000


BIRTHDAY = """  - {id: cake, kind: bonus, trigger: birthday, give: {GIVES}}
vouchers: {castle: {off: {amount: 999999999999999}, valid: {days: 30}}}
"""


@pytest.mark.parametrize("gives", ["voucher: castle", "gift_card: 999999999999999"])
def test_a_close_gives_nothing_that_comes_to_more_than_the_ledger_counts(gives: str) -> None:
    """By a programme that was in force before: the birthday brings nothing, points end as ever."""
    scene = Scene(PLAIN + BIRTHDAY.replace("GIVES", gives))
    header = scene.header("member|A", "A", "2026-01-02")
    scene.when(events.MemberEnrolled(header, birthday_month=4, birthday_day=1))
    scene.when(scene.sale("1", [line(1, 10_00)], on="2025-03-14"))

    records = [one.record for one in scene.close("2026-03-31")]

    assert [type(one) for record in records for one in record.effects] == [
        ledger.PointsExpired,
        ledger.DayClosed,
    ]
    assert all(encode_body(one) for one in records)


def test_a_close_leaves_points_that_would_become_more_than_the_ledger_counts() -> None:
    """By a programme that was in force before: thirty castles in dinars are no 64 bits."""
    swap = "  - {id: swap, kind: convert, take: {points: 10}, give: {voucher: castle}}\n"
    waiting = PLAIN.replace("points: {value", "points: {pending: {days: 5}, value")
    dinars = (waiting + swap + BIRTHDAY.partition("\n")[2]).replace("EUR", "KWD")
    scene = scene_of(dinars)
    scene.when(scene.sale("1", [line(1, 300_000)], on="2026-03-14", currency="KWD"))
    scene.close("2026-03-17")

    records = [one.record for one in scene.close("2026-03-18")]

    assert all(encode_body(one) for one in records)
    assert (scene.available(), scene.account().vouchers) == (300, [])
    assert scene.refolded().digest() == scene.state.digest()


def test_a_version_that_no_record_could_name_does_not_come_into_force() -> None:
    """Whoever publishes it unchecked: every record says by which version it was decided."""
    scene = scene_of(PLAIN)
    document = check(PLAIN).document.replace('"version":"1"', '"version":"202603141200"')
    event = replace(
        scene.activation(PLAIN, "2026-03-01"),
        header=scene.header("programme|large|2026-03-01", "", "2026-03-01"),
        document=document,
        document_hash=sha256(document.encode()).hexdigest(),
    )

    record = scene.when(event)

    assert (record.decision, record.reason) == ("REFUSED", "INVALID_PROGRAMME")
