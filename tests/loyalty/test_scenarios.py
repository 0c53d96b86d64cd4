"""Scenarios are played on the real decisions: each of these says what it is about by its name."""

from pathlib import Path

import pytest

from tests.loyalty.scenario_files import CLUB, HEAD, played, told

PASSING = {
    "earning": """
  - name: a line of an own brand counts twice, tobacco not at all
    # 12.50 + 8.40 = 20.90, own brand +12.50: 33.40 -> 33 = 21 + 12
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: BEANS, net: 12.50}, {sku: SOUP, net: 8.40}, {sku: SMOKES, net: 11.50}]}
    expect:
      - {event: S1, effects: [{kind: PointsEarned, promotion: base, points: 21}, {kind: PointsEarned, promotion: own-brand, points: 12, points_by_line: [12, 0, 0], last_day: 2027-03-31}]}
      - {member: A, points: {available: 33, pending: 0, owed: 0, held: 0}, stars: {available: 0}, vouchers: [], labels: []}
""",  # noqa: E501
    "a quantity and what waits": """
  - name: three coffees are fifteen stars, spendable after the second day has closed
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: COFFEE, quantity: 3, net: 9.00}]}
      - check: {member: A, stars: {available: 0, pending: 15}}
      - close_day: 2026-03-15
    expect:
      - {event: S1, effects: [{kind: PointsEarned, wallet: stars, points: 15, spendable_on: 2026-03-16, last_day: 2026-06-14}]}
      - {event: "2026-03-15", effects: [{kind: PointsMatured, points: 15}, {kind: DayClosed, closed_date: 2026-03-15}]}
      - {member: A, stars: {available: 15, pending: 0}}
""",  # noqa: E501
    "expiry": """
  - name: stars of 14 March end when 14 June closes, and the voucher when its sixtieth day does
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, net: 97.00}, {sku: COFFEE, net: 3.00}]}
      - close_day: 2026-05-12
      - check: {member: A, vouchers: [{voucher: five-off, status: active, first_day: 2026-03-14, last_day: 2026-05-13}]}
      - close_day: 2026-05-13
      - check: {member: A, vouchers: [{voucher: five-off, status: expired}]}
      - close_day: 2026-06-13
      - check: {member: A, stars: {available: 5}}
      - close_day: 2026-06-14
    expect:
      - {member: A, stars: {available: 0}}
      - {event: "2026-06-14", effects: [{kind: PointsExpired, wallet: stars, points: 5}]}
""",  # noqa: E501
    "converting and using": """
  - name: a hundred points become a voucher, and what it pays earns nothing
    # 150 -> 100 convert, 50 left; 30.00 - 5.00 = 25.00
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, net: 150.00}]}
      - sale: {id: S2, member: A, at: "2026-03-15T10:00:00", vouchers: [five-off], lines: [{sku: SOUP, net: 30.00}], tenders: [{kind: voucher, amount: 5.00, reference: five-off}, {kind: cash, amount: 25}]}
      - sale: {id: S3, member: A, vouchers: [five-off], lines: [{sku: SOUP, gross: 7.00, discounts: [{source: staff, amount: 1.50}]}]}
    expect:
      - {event: S1, effects: [{kind: PointsSpent, promotion: hundred, points: 100}, {kind: VoucherIssued, promotion: hundred, amount: 5.00}]}
      - {event: S2, effects: [{kind: VoucherRedeemed, voucher: five-off, amount: 5, used_up: true, sale: S2}, {promotion: base, points: 25}]}
      - {event: S3, effects: [{kind: VoucherRefused, voucher: five-off, refused: VOUCHER_USED}, {promotion: base, points: 5}]}
      - {member: A, points: {available: 80}, vouchers: [{voucher: five-off, status: redeemed}]}
""",  # noqa: E501
    "returns": """
  - name: half of a line comes back, then all that is left, and what is missing is owed
    # 151 on two units: 75 for the first; 100 became a voucher, 51 are left: none after the rest, 25 + ... owed
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, quantity: 2, net: 151.00}]}
      - return: {id: R1, sale: S1, at: "2026-03-15T10:00:00", lines: [{line: 1, quantity: 1}]}
      - check: {event: R1, points_reversed: 51, points_owed: 24, effects: [{kind: PointsReversed, sale: S1}, {kind: PointsOwed, points: 24}]}
      - return: {id: R2, sale: S1}
      - return: {id: R3, sale: S1, lines: [{line: 1}]}
      - return: {id: R4, member: A, lines: [{sku: SOUP, net: 10.00}]}
    expect:
      - {event: R2, points_reversed: 0, points_owed: 76}
      - {event: R3, refused: RETURN_EXCEEDS_SALE}
      - {event: R4, refused: none, effects: []}
      - {member: A, points: {available: 0, owed: 100}}
""",  # noqa: E501
    "paying": """
  - name: ten stars pay two euros from the only wallet that pays, up to half of the basket
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - adjust: {id: C1, member: A, wallet: stars, points: 25, reason: goodwill, approved_by: supervisor}
      - redeem: {id: P1, member: A, at: "2026-03-03T10:00:00", points: 10, eligible: 4.00}
      - redeem: {id: P2, member: A, points: 10, eligible: 3.99}
      - redeem: {id: P3, member: A, points: 10, amount: 2.50}
      - redeem: {id: P4, member: A, points: 5}
      - redeem: {id: P5, member: A, points: 20}
      - redeem: {id: P6, member: A, wallet: points, points: 20}
      - redeem: {id: P7, member: B, points: 20}
      - sale: {id: S1, member: A, lines: [{sku: SOUP, net: 9.00}], tenders: [{kind: points, amount: 2.00, reference: P1}, {kind: card, amount: 7.00}]}
    expect:
      - {event: P1, effects: [{kind: PointsSpent, wallet: stars, points: 10, amount: 2.00, purpose: payment}]}
      - {event: P2, refused: ABOVE_SHARE}
      - {event: P3, refused: AMOUNT_DIFFERS}
      - {event: P4, refused: BELOW_MINIMUM}
      - {event: P5, refused: INSUFFICIENT_POINTS}
      - {event: P6, refused: WALLET_CANNOT_PAY}
      - {event: P7, refused: NOT_ENROLLED}
      - {event: S1, effects: [{promotion: base, points: 7}]}
      - {member: A, stars: {available: 15}, points: {available: 7}}
""",  # noqa: E501
    "coming twice": """
  - name: a receipt that comes twice counts once, and one that was changed is a conflict
    events:
      - enrol: {id: E1, member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - same_as: S1
      - same_as: {event: S1, id: D1}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, net: 11.00}]}
      - same_as: E1
    expect:
      - {event: S1, effects: [{promotion: base, points: 10}]}
      - {event: S1, refused: DUPLICATE}
      - {event: D1, refused: DUPLICATE}
      - {event: S1, refused: CONFLICT}
      - {event: E1, refused: DUPLICATE}
      - {member: A, points: {available: 10}}
""",
    "members": """
  - name: an offer gives a voucher for its days, held out it gives none, and a coupon is used by number
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00", birthday: "02-29", language: fr}
      - offer: {id: O1, member: A, campaign: spring, voucher: five-off, first_day: 2026-03-10, last_day: 2026-03-20}
      - offer: {id: O2, member: A, campaign: summer, voucher: five-off, first_day: 2026-03-10, last_day: 2026-03-20, held_out: true}
      - offer: {member: A, campaign: mail, first_day: 2026-03-01, last_day: 2026-03-20}
      - present: {id: V1, member: A, voucher: five-off}
      - present: {id: V2, member: A, voucher: five-off, at: "2026-03-10T09:00:00", amount: 4.00}
      - present: {id: V3, member: A, coupon: "10203", campaign: mail}
      - change: {member: A, status: blocked}
      - present: {id: V4, member: A, coupon: "10204", campaign: mail}
    expect:
      - {event: O1, effects: [{kind: OfferMade, campaign: spring, held_out: false}, {kind: VoucherIssued, last_day: 2026-03-20}]}
      - {event: O2, effects: [{held_out: true}]}
      - {event: V1, refused: VOUCHER_NOT_YET_VALID}
      - {event: V2, effects: [{kind: VoucherRedeemed, voucher: five-off, amount: 4.00}]}
      - {event: V3, effects: [{kind: VoucherRedeemed, campaign: mail, voucher_id: "10203"}]}
      - {event: V4, refused: MEMBER_BLOCKED}
      - {member: A, vouchers: [{voucher: five-off, status: redeemed, first_day: 2026-03-10}]}
""",  # noqa: E501
    "other people": """
  - name: members of one scenario do not touch, and a sale without a card earns nothing
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - enrol: {member: B}
      - sale: {id: S1, member: B, lines: [{sku: SOUP, net: 10.00}]}
      - sale: {id: S2, lines: [{sku: SOUP, net: 10.00}]}
      - return: {id: R1, member: A, sale: S1}
      - return: {id: R2, sale: S2}
    expect:
      - {event: S2, effects: []}
      - {event: R1, refused: SALE_UNKNOWN}
      - {event: R2, refused: none}
      - {member: A, points: {available: 0}}
      - {member: B, points: {available: 10}}
""",
    "late": """
  - name: a day closes once, and what is too late or too early is refused
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - close_day: 2026-03-05
      - close_day: 2026-03-05
      - sale: {id: S1, member: A, at: "2026-03-04T10:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - sale: {id: S2, member: A, at: "2026-04-10T10:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - sale: {id: S3, member: A, at: "2026-03-06T01:00:00", business_date: 2026-03-05, lines: [{sku: SOUP, net: 10.00}]}
    expect:
      - {event: "2026-03-05", refused: DAY_CLOSED}
      - {event: S1, effects: [{promotion: base, spendable_on: 2026-03-04}]}
      - {event: S2, refused: AHEAD}
      - {event: S3, effects: [{promotion: base, spendable_on: 2026-03-05}]}
      - {member: A, points: {available: 20}}
""",  # noqa: E501
    "money": """
  - name: 0.1 kg at a price with a tax rate is exact, and other currencies have other coins
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, lines: [{sku: BEANS, quantity: 0.125, net: 1.10, tax_rate: 5.5%, labels: [eco], flags: [weighed]}]}
      - sale: {id: S2, member: A, currency: JPY, lines: [{sku: SOUP, net: 110}]}
      - redeem: {id: P1, member: A, wallet: stars, points: 10, currency: USD}
    expect:
      - {event: P1, refused: OTHER_CURRENCY}
""",  # noqa: E501
}
"""Scenarios are written as people write them, an event in a line."""


@pytest.mark.parametrize("about", PASSING)
def test_a_scenario_passes(about: str, tmp_path: Path) -> None:
    """What the decisions do is what the scenario says."""
    report = played(tmp_path, PASSING[about])

    assert told(report) == []
    assert len(report.tried) == 1


def test_times_are_those_of_the_programme_s_zone(tmp_path: Path) -> None:
    """Happy hours are local: in New York 12:00 of the Paris programme is 18:00 in Paris."""
    hour = 'when: {hours: {from: "12:00", to: "13:00"}}, '
    programme = CLUB.replace("{id: own-brand, ", "{id: own-brand, " + hour)
    scenarios = """
  - name: noon in two towns
    events:
      - sale: {id: S1, member: A, at: "2026-03-14T12:00:00", lines: [{sku: BEANS, net: 10.00}]}
      - sale: {id: S2, member: A, at: "2026-03-14T11:59:59", lines: [{sku: BEANS, net: 10.00}]}
      - sale: {id: S3, member: A, at: "2026-03-14T12:59:59", zone: America/New_York, lines: [{sku: BEANS, net: 10.00}]}
    expect:
      - {event: S1, effects: [{promotion: own-brand, points: 10}]}
      - {event: S2, effects: [{promotion: base, points: 10}]}
      - {event: S3, effects: [{promotion: own-brand, points: 10}]}
      - {member: A, points: {available: 50}}
"""  # noqa: E501

    assert told(played(tmp_path, scenarios, programme=programme)) == []


def test_another_programme_decides_from_its_day_on(tmp_path: Path) -> None:
    """A late sale is decided by the rules of its own day, whenever they were replaced."""
    (tmp_path / "next.yaml").write_text(
        CLUB.replace("version: 3", "version: 4").replace("per: 1.00", "per: 2.00"), "utf-8"
    )
    (tmp_path / "other.yaml").write_text(CLUB.replace("per: 1.00", "per: 2.00"), "utf-8")
    scenarios = """
  - name: half the points from the tenth
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - activate: {file: next.yaml, from: 2026-03-10}
      - sale: {id: S1, member: A, at: "2026-03-10T10:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - sale: {id: S2, member: A, at: "2026-03-09T10:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - activate: {id: V1, file: other.yaml}
      - activate: {id: V2, file: next.yaml, from: 2026-03-10}
    expect:
      - {event: S1, effects: [{promotion: base, points: 5}]}
      - {event: S2, effects: [{promotion: base, points: 10}]}
      - {event: V1, refused: VERSION_CONFLICT}
      - {event: V2, refused: DUPLICATE}
  - name: the next scenario begins with the first programme again
    events:
      - sale: {id: S1, member: A, at: "2026-03-10T10:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - activate: next.yaml
      - sale: {id: S2, member: A, lines: [{sku: SOUP, net: 10.00}]}
    expect:
      - {event: S1, effects: [{points: 10}]}
      - {event: S2, effects: [{points: 5}]}
"""

    assert told(played(tmp_path, scenarios)) == []


def test_other_rules_are_there_when_days_are_passed_over(tmp_path: Path) -> None:
    """A level that asks less from the tenth on is told by the close of the tenth."""
    ladder = """
tiers:
  circle: {measure: spend, window: {months: 12}, kept_until: {months: 12},
    levels: [{id: guest, from: 0}, {id: friend, from: 100.00}]}
"""
    after = (CLUB + ladder).replace("version: 3", "version: 4").replace("100.00", "10.00")
    (tmp_path / "next.yaml").write_text(after, "utf-8")
    scenarios = """
  - name: a friend from the tenth on
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-02T11:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - activate: {file: next.yaml, from: 2026-03-10}
      - close_day: 2026-03-09
      - check: {member: A, tiers: {circle: {level: guest}}}
      - close_day: 2026-04-20
    expect:
      - {member: A, tiers: {circle: {level: friend, last_day: 2027-03-11}}}
"""

    assert told(played(tmp_path, scenarios, programme=CLUB + ladder)) == []


def test_defaults_are_what_events_do_not_say(tmp_path: Path) -> None:
    """Store, till, channel, currency and zone of a file, unless an event says its own."""
    where = 'where: {stores: ["9"], channels: [app]}, '
    programme = CLUB.replace("{id: own-brand, ", "{id: own-brand, " + where)
    head = HEAD.replace('{store: "0142"}', '{store: "9", till: "7", channel: app}')
    scenarios = """
  - name: at nine by app
    events:
      - sale: {id: S1, member: A, at: "2026-03-14T12:00:00", lines: [{sku: BEANS, net: 10.00}]}
      - sale: {id: S2, member: A, channel: pos, lines: [{sku: BEANS, net: 10.00}]}
    expect:
      - {event: S1, effects: [{promotion: own-brand, lot_id: "9|7|2026-03-14|S1|sale#2"}]}
      - {event: S2, effects: [{promotion: base, points: 10}]}
      - {member: A, points: {available: 30}}
"""

    assert told(played(tmp_path, scenarios, head, programme)) == []


def test_days_that_change_nothing_are_passed_over_without_a_difference(tmp_path: Path) -> None:
    """Closing day by day and closing many days at once end the same."""
    middle = "".join(
        f"      - close_day: 2026-{month:02}-{day:02}\n"
        for month in (3, 4, 5, 6)
        for day in range(1, 31)
        if (month, day) >= (3, 2)
    )
    body = """
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-02T10:00:00", lines: [{sku: COFFEE, net: 120.00}]}
"""
    end = "    expect: [{member: A, stars: {available: 1}, vouchers: []}]\n"
    step_by_step = f"  - name: by day\n    events:{body}{middle}{end}"
    at_once = f"  - name: at once\n    events:{body}      - close_day: 2026-06-30\n{end}"

    (one, *ones), (other, *others) = (
        told(played(tmp_path, scenarios)) for scenarios in (step_by_step, at_once)
    )

    assert one == other
    assert ones == others
    assert "{available: 0}" in one
