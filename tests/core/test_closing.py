"""What the close of a day gives belongs to the next day, and what it exchanges does not end.

Worked number: 300 points wait for the end of March; when the 31st closes they become a voucher that
holds to the end of April.
"""

from itertools import islice

import pytest

from processors.core.decide import decide
from processors.core.message import Decided, Given
from processors.core.overlay import Overlay
from schemas import events, ledger
from schemas.codec import encode_body, encode_event
from tests.core.scene import PLAIN, Scene, day, line, of

MARCH = """
programme: march
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  stamps: {pending: {round_to: month_end}}
  points: {value: {units: 100, amount: 1.00}, expiry: {calendar: {dates: ["12-31"]}}}
vouchers: {ten: {off: {amount: 10.00}, valid: {through: month}}}
promotions:
  - {id: base, kind: per_amount, give: {stamps: 1}, per: 1.00}
  - {id: swap, kind: convert, take: {stamps: 300}, give: GIVES}
"""


def swapped(gives: str, on: str, closes: str) -> Scene:
    """300 stamps of a month, exchanged when its last day has closed."""
    scene = Scene(MARCH.replace("GIVES", gives))
    scene.enrolled(on=on)
    scene.when(scene.sale("1", [line(1, 30000)], on=on))
    scene.close(closes)
    return scene


def test_a_voucher_of_the_last_day_of_a_month_holds_in_the_next_one() -> None:
    """It did not even hold on the day on which it was made."""
    scene = swapped("{voucher: ten}", "2026-03-14", "2026-03-31")

    (voucher,) = scene.account().vouchers
    header = scene.header("presented|1", "A", "2026-04-01")
    used = scene.when(events.VoucherPresented(header, "ten", amount_minor=1000, currency="EUR"))

    assert (voucher.first_day, voucher.last_day) == (day("2026-04-01"), day("2026-04-30"))
    assert used.reason == ""
    assert scene.refolded().digest() == scene.state.digest()


def test_points_of_an_exchange_at_the_end_of_a_year_end_with_the_next_one() -> None:
    """What ends with the year are the points of the year, not those that the close makes."""
    scene = swapped("{points: 500}", "2026-12-14", "2026-12-31")

    (lot,) = scene.wallet().lots

    assert (lot.left, lot.last_day) == (500, day("2027-12-31"))
    assert scene.available() == 500
    assert scene.refolded().digest() == scene.state.digest()


def test_points_for_a_birthday_on_new_year_s_day_end_with_the_year_that_begins() -> None:
    """They are given when the old year closes, and are spendable on the birthday."""
    gift = "  - {id: birthday, trigger: birthday, kind: bonus, give: {points: 200}}\n"
    scene = Scene(MARCH.replace("GIVES", "{points: 500}") + gift)
    joined = scene.header("member|A", "A", "2026-12-01")
    scene.when(events.MemberEnrolled(joined, birthday_month=1, birthday_day=1))

    (given, _) = (one.record for one in scene.close("2026-12-31"))
    (lot,) = scene.wallet().lots

    assert not of(given, ledger.PointsExpired)
    assert (lot.left, lot.last_day, lot.pending) == (200, day("2027-12-31"), False)


def test_points_given_at_the_close_wait_from_the_next_day_on() -> None:
    """Three days behind the birthday, and not behind the close of the day before."""
    waiting = MARCH.replace("round_to: month_end", "days: 3").replace("GIVES", "{points: 500}")
    gift = "  - {id: birthday, trigger: birthday, kind: bonus, give: {stamps: 20}}\n"
    scene = Scene(waiting + gift)
    joined = scene.header("member|A", "A", "2026-03-01")
    scene.when(events.MemberEnrolled(joined, birthday_month=3, birthday_day=15))

    scene.close("2026-03-14")
    (lot,) = scene.wallet("stamps").lots

    assert (lot.left, lot.spendable_on, lot.pending) == (20, day("2026-03-18"), True)


def test_the_day_of_a_birthday_promotion_is_the_birthday() -> None:
    """Whoever was born on the first of its days gets the gift, and nobody born behind its last."""
    gift = (
        "  - {id: birthday, trigger: birthday, kind: bonus, give: {points: 200},"
        " when: {first_day: 2026-04-01, last_day: 2026-04-30}}\n"
    )
    scene = Scene(MARCH.replace("GIVES", "{points: 500}") + gift)
    for name, (month, date) in {"first": (4, 1), "last": (4, 30), "after": (5, 1)}.items():
        joined = scene.header(f"member|{name}", name, "2026-03-31")
        scene.when(events.MemberEnrolled(joined, birthday_month=month, birthday_day=date))

    scene.close("2026-03-31")
    scene.close_through("2026-05-02")

    assert [scene.available(account=one) for one in ("first", "last", "after")] == [200, 200, 0]


@pytest.mark.parametrize(("month", "date"), [(0, 15), (4, 0)])
def test_half_a_birthday_is_kept_on_no_day(month: int, date: int) -> None:
    """A day without its month, or a month alone, stops no sale and no close, and brings nothing."""
    gifts = (
        "  - {id: birthday, trigger: birthday, kind: bonus, give: {points: 200}}\n"
        "  - {id: near, kind: bonus, give: {points: 7}, who: {birthday: {days: 3}}}\n"
    )
    scene = Scene(MARCH.replace("GIVES", "{points: 500}") + gifts)
    joined = scene.header("member|A", "A", "2026-03-01")
    scene.when(events.MemberEnrolled(joined, birthday_month=month, birthday_day=date))
    sold = scene.when(scene.sale("1", [line(1, 1000)], on="2026-03-30"))
    scene.close("2026-03-30")
    scene.close("2026-03-31")

    assert sold.decision == "ACCEPTED"
    assert (scene.available("points"), scene.available("stamps")) == (0, 10)


def test_nothing_ends_at_a_close_that_can_still_be_exchanged() -> None:
    """50 vouchers and not 30: what one record has no room for follows in the next, and then ends.

    The exchange comes with the version of the last day, so that no event was there to make it.
    """
    ends = MARCH.replace('expiry: {calendar: {dates: ["12-31"]}}', "expiry: {rolling: {days: 5}}")
    plain = ends.replace("give: {stamps: 1}", "give: {points: 1}")
    second = plain.replace("version: 1", "version: 2").replace("stamps: 300", "points: 100")
    scene = Scene(plain.replace("GIVES", "{voucher: ten}"))
    scene.enrolled(on="2026-03-01")
    scene.when(scene.sale("1", [line(1, 505000)]))
    scene.activate(second.replace("GIVES", "{voucher: ten}"), "2026-03-19")

    records = [one.record for one in scene.close("2026-03-19")]
    ended = [effect for record in records for effect in of(record, ledger.PointsExpired)]

    assert [len(of(record, ledger.VoucherIssued)) for record in records] == [30, 20, 0]
    assert [effect.points for effect in ended if isinstance(effect, ledger.PointsExpired)] == [50]
    assert len(scene.account().vouchers) == 50
    assert scene.refolded().digest() == scene.state.digest()


@pytest.mark.parametrize("status", ["blocked", "closed"])
def test_who_does_not_spend_exchanges_nothing(status: str) -> None:
    """300 stamps stay stamps; when the member is let in again, the next purchase exchanges them."""
    scene = Scene(MARCH.replace("GIVES", "{voucher: ten}"))
    scene.enrolled(on="2026-03-14")
    scene.when(scene.sale("1", [line(1, 30000)]))
    scene.when(changed(scene, status, "2026-03-15"))

    scene.close("2026-03-31")
    assert (scene.available("stamps"), scene.account().vouchers) == (300, [])

    scene.when(changed(scene, "active", "2026-04-01"))
    scene.when(scene.sale("2", [line(1, 100)], on="2026-04-02"))
    assert len(scene.account().vouchers) == (1 if status == "blocked" else 0)


def changed(scene: Scene, status: str, on: str) -> events.MemberChanged:
    """The member gets another status."""
    return events.MemberChanged(scene.header(f"member|A|{on}", "A", on), status=status)


CHAINED = (
    PLAIN.replace("wallets:", "wallets:\n  stars: {}")
    + """
  - {id: last, kind: convert, take: {points: 10}, give: {voucher: five}}
  - {id: first, kind: convert, take: {stars: 5}, give: {points: 10}}
  - {id: cake, kind: bonus, trigger: birthday, give: {stars: 5}}
vouchers: {five: {off: {amount: 5.00}, valid: {days: 30}}}
"""
)


def test_a_close_that_is_cut_off_gives_a_birthday_what_a_whole_one_gives() -> None:
    """Five stars become ten points; what those become waits for a purchase, cut off or not."""
    whole = closed_by(born(CHAINED, 3, 15), "2026-03-14", records=9)

    assert len(whole) == 2
    assert closed_by(born(CHAINED, 3, 15), "2026-03-14", records=1) == whole


def closed_by(scene: Scene, on: str, records: int) -> list[bytes]:
    """A day closes by runs that end behind so many records, each going on where one ended."""
    event = scene.closing(on)
    given = Given(9, encode_event(event), event, None)
    decided: list[Decided] = []
    while not decided or not decided[-1].final:
        overlay = Overlay(scene.state)
        decided += islice(decide(overlay, given, len(decided)), records)
        overlay.commit()
    return [encode_body(one.record) for one in decided]


def born(programme: str, month: int, date: int) -> Scene:
    """A member of January 2026 with a birthday."""
    scene = Scene(programme)
    joined = scene.header("member|A", "A", "2026-01-20")
    scene.when(events.MemberEnrolled(joined, birthday_month=month, birthday_day=date))
    return scene


def test_who_has_a_birthday_without_a_gift_exchanges_nothing_at_its_close() -> None:
    """Points that a new version would exchange wait for the next purchase, whoever they are of."""
    scene = born(PLAIN, 3, 15)
    scene.when(scene.sale("1", [line(1, 1000)], on="2026-03-01"))
    swap = CHAINED.replace("version: 1", "version: 2").replace(
        "trigger: birthday,", "trigger: birthday, who: {labels: [vip]},"
    )
    scene.activate(swap, "2026-03-10")

    records = scene.close("2026-03-14")

    assert len(records) == 1
    assert scene.available() == 10


def test_an_anniversary_of_the_month_is_kept_when_the_month_begins() -> None:
    """Who joined on 20 January 2026 gets it with January 2027, once, and not on the 20th."""
    gift = "  - {id: year, trigger: anniversary, window: month, kind: bonus, give: {points: 200}}\n"
    scene = born(PLAIN + gift, 0, 0)

    scene.close("2026-12-30")
    had = [scene.available()]
    for on in ("2026-12-31", "2027-01-31", "2027-12-31"):
        scene.close_through(on)
        had.append(scene.available())

    assert had == [0, 200, 200, 400]


@pytest.mark.parametrize(("month", "date", "eve"), [(4, 31, "2026-04-29"), (2, 30, "2026-02-27")])
def test_a_birthday_behind_the_end_of_its_month_is_kept_on_its_last_day(
    month: int, date: int, eve: str
) -> None:
    """Also if nothing else is due at the close: a sale of the day counts it as the birthday too."""
    scene = born(
        PLAIN + "  - {id: b, trigger: birthday, kind: bonus, give: {points: 7}}\n", month, date
    )

    scene.close(eve)

    assert scene.available() == 7


def test_the_gift_of_a_birthday_is_for_the_level_that_begins_the_day() -> None:
    """Hot until the 14th of March, the member has the birthday on the 15th without it."""
    ladder = """
tiers:
  oven: {measure: spend, window: {days: 5}, kept_until: {months: 1},
    levels: [{id: warm, from: 0}, {id: hot, from: 50.00}]}
"""
    gift = "  - {id: b, trigger: birthday, kind: bonus, give: {points: GIVES}}\n"
    scene = born(PLAIN + gift.replace("GIVES", "{by_tier: {warm: 1, hot: 9}}") + ladder, 3, 15)
    scene.when(scene.sale("1", [line(1, 5000)], on="2026-02-14"))

    scene.close("2026-03-14")

    assert scene.account().tiers["oven"].level == "warm"
    assert scene.available() == 51


WITHOUT_MEASURE = """
programme: crumbs
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  crumbs: {expiry: {rolling: {days: 5}}}
vouchers: {bun: {off: {amount: 1.00}, valid: {days: 5}}}
promotions:
  - {id: swap, kind: convert, take: {crumbs: 2}, give: {gift: BUN}}
  - {id: joined, kind: bonus, trigger: enrolment, give: {voucher: bun}}
"""


@pytest.mark.parametrize("cut", [1, 200])
def test_a_close_exchanges_no_balance_without_measure(cut: int) -> None:
    """Of 10^12 crumbs that end, 10,000 exchanges are made in 334 records behind the first one.

    A run that goes on where another one was cut off makes as many.
    """
    whole, broken = Scene(WITHOUT_MEASURE), Scene(WITHOUT_MEASURE)
    for scene in (whole, broken):
        scene.enrolled(on="2026-03-15")
        scene.when(scene.adjustment("1", 10**12, wallet="crumbs"))
        scene.close("2026-03-19")
    expected = [one.record for one in whole.close("2026-03-20")]
    value = encode_event(broken.closing("2026-03-20"))
    overlay = Overlay(broken.state)
    event = broken.closing("2026-03-20")
    parts = list(islice(decide(overlay, Given(99, value, event)), cut))
    overlay.commit()
    parts += decide(Overlay(broken.state), Given(99, value, event), first_part=cut)

    given = [one for record in expected for one in of(record, ledger.RewardGiven)]
    assert len(given) == 30 + 10_000
    assert whole.wallet("crumbs").lots == []
    assert [one.record for one in parts] == expected


def test_points_that_go_on_beyond_the_close_wait_for_the_next_event() -> None:
    """A voucher that ends brings the member to the close, where 30 exchanges are made."""
    scene = Scene(WITHOUT_MEASURE.replace("{rolling: {days: 5}}", "{rolling: {days: 50}}"))
    scene.enrolled(on="2026-03-15")
    scene.when(scene.adjustment("1", 10**12, wallet="crumbs"))
    scene.close("2026-03-19")

    (record, _) = (one.record for one in scene.close("2026-03-20"))

    assert len(of(record, ledger.RewardGiven)) == 30
    assert len(of(record, ledger.VoucherExpired)) == 1
    assert scene.available("crumbs") == 10**12 - 2 * 60
