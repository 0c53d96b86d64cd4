"""Scenarios about what a member is and holds: levels, marks, holds, rewards, dates."""

from pathlib import Path

import pytest

from tests.loyalty.scenario_files import played, told

CIRCLE = """
programme: club
version: 1
zone: Europe/Paris
currency: EUR
wallets:
  points:
    value: {units: 100, amount: 1.00}
    pay: {min: 10, step: 10}
    expiry: {rolling: {months: 24}}
    when_short: write_off
tiers:
  circle:
    measure: spend
    window: calendar_year
    kept_until: end_of_next_year
    levels: [{id: one, from: 0}, {id: two, from: 100.00}, {id: three, from: 500.00}]
vouchers:
  gift: {off: {amount: 5.00}, valid: {days: 30}}
rewards:
  mug: {costs: {points: 40}, give: {gift: MUG}}
segments:
  lapsed: {last_sale: {more_than_days_ago: 60}, sales: {at_least: 3}}
campaigns:
  spring: {first_day: 2026-03-01, last_day: 2026-03-31, control: 10%}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: staff, kind: bonus, give: {points: 7}, who: {labels: [staff]}}
  - {id: back, kind: bonus, give: {points: 9}, who: {segments: [lapsed]}}
  - {id: in-spring, kind: bonus, give: {points: 3}, campaign: spring}
  - {id: review, trigger: activity, activity: review, kind: bonus, give: {points: 10}}
  - {id: born, trigger: birthday, window: day, kind: bonus, give: {voucher: gift}}
  - {id: joined, trigger: anniversary, kind: bonus, give: {points: 100}}
"""
"""1 point for 1.00, and something for everything that a member can be or do."""

PASSING = {
    "levels": """
  - name: 150.00 in a year are the second level, and the rest of the way is told
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - check: {member: A, tiers: {circle: {level: one, last_day: never, next: two, missing: 100.00}}}
      - sale: {id: S1, member: A, at: "2026-02-14T10:00:00", lines: [{sku: SOUP, net: 150.00}]}
      - check: {member: A, tiers: {circle: {level: two, last_day: 2027-12-31, next: three, missing: 350}}}
      - assign: {id: T1, member: A, ladder: circle, level: three, last_day: 2026-06-30, reason: press}
      - assign: {id: T2, member: A, ladder: circle, level: nine}
    expect:
      - {event: S1, effects: [{kind: TierChanged, ladder: circle, from: one, to: two, reason: reached, since: 2026-02-14}]}
      - {event: T1, effects: [{kind: TierChanged, from: two, to: three, reason: manual, locked: true}]}
      - {event: T2, refused: TIER_UNKNOWN}
      - {member: A, tiers: {circle: {level: three, last_day: 2026-06-30, next: none, missing: 0}}}
""",  # noqa: E501
    "marks": """
  - name: a label and a segment count while they are on
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - label: {member: A, label: staff, by: personnel}
      - enter: {id: I1, member: A, segment: lapsed}
      - sale: {id: S1, member: A, lines: [{sku: SOUP, net: 1.00}]}
      - check: {member: A, labels: [staff], segments: [lapsed]}
      - label: {id: L2, member: A, label: staff, on: false}
      - leave: {id: I2, member: A, segment: lapsed}
      - sale: {id: S2, member: A, lines: [{sku: SOUP, net: 1.00}]}
    expect:
      - {event: I1, effects: [{kind: SegmentMoved, segment: lapsed, entered: true}]}
      - {event: S1, effects: [{promotion: staff, points: 7}, {promotion: back, points: 9}]}
      - {event: L2, effects: [{kind: MemberLabelled, label: staff, on: false}]}
      - {event: I2, effects: [{kind: SegmentMoved, entered: false}]}
      - {member: A, labels: [], segments: [], points: {available: 18}}
""",
    "holds": """
  - name: held points are not there for others, and what is not captured is free again
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - adjust: {member: A, points: 100, reason: goodwill, approved_by: supervisor}
      - hold: {id: H1, member: A, points: 60, at: "2026-01-02T11:00:00", for_minutes: 10}
      - check: {member: A, points: {available: 40, held: 60}}
      - redeem: {id: P1, member: A, points: 50}
      - capture: {id: K1, hold: H1, points: 50}
      - check: {member: A, points: {available: 50, held: 0}}
      - hold: {id: H2, member: A, points: 50}
      - void: {id: K2, hold: H2}
      - hold: {id: H3, member: A, points: 50}
      - sale: {member: A, at: "2026-01-02T12:00:00", lines: [{sku: SOUP, net: 1.00}]}
      - capture: {id: K3, hold: H3}
      - void: {id: K4, hold: H9, member: A}
    expect:
      - {event: P1, refused: INSUFFICIENT_POINTS}
      - {event: K1, effects: [{kind: HoldEnded, hold: H1, outcome: captured, points: 50, released: 10, amount: 0.50}]}
      - {event: K2, effects: [{kind: HoldEnded, outcome: voided, released: 50}]}
      - {event: K3, refused: HOLD_UNKNOWN}
      - {event: K4, refused: HOLD_UNKNOWN}
      - {member: A, points: {available: 51, held: 0}}
""",  # noqa: E501
    "rewards": """
  - name: an activity gives points, and points give a mug
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - activity: {id: R1, member: A, activity: review}
      - adjust: {id: C1, member: A, points: 75}
      - adjust: {member: A, points: 75, approved_by: supervisor}
      - redeem: {id: M1, member: A, reward: mug, quantity: 2}
      - redeem: {id: M2, member: A, reward: mug}
    expect:
      - {event: R1, effects: [{promotion: review, points: 10}]}
      - {event: C1, refused: NO_APPROVER}
      - {event: M1, effects: [{kind: PointsSpent, points: 80}, {kind: RewardGiven, reward: mug, reward_kind: gift, item: MUG, quantity: 2}]}
      - {event: M2, refused: INSUFFICIENT_POINTS}
      - {member: A, points: {available: 5}}
""",  # noqa: E501
    "dates": """
  - name: a birthday and the day of joining are kept, however many days close at once
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00", birthday: "02-28"}
      - enrol: {member: B, birthday: "02-29"}
      - enrol: {member: C}
      - change: {member: C, birthday: "07-01"}
      - close_day: 2026-02-27
      - check: {member: A, vouchers: [{voucher: gift, status: active, first_day: 2026-02-28}]}
      - check: {member: B, vouchers: [{voucher: gift, status: active}]}
      - close_day: 2026-12-31
      - check: {member: A, points: {available: 0}, vouchers: [{status: expired}]}
      - check: {member: C, points: {available: 0}, vouchers: [{status: expired}]}
      - close_day: 2027-01-01
    expect:
      - {member: A, points: {available: 100}}
      - {member: C, points: {available: 100}}
""",
    "stopped": """
  - name: a promotion that was stopped gives nothing more
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - label: {member: A, label: staff}
      - sale: {id: S1, member: A, lines: [{sku: SOUP, net: 1.00}]}
      - stop: {id: X1, promotion: staff, because: it was too much}
      - sale: {id: S2, member: A, lines: [{sku: SOUP, net: 1.00}]}
    expect:
      - {event: S1, effects: [{promotion: staff}]}
      - {event: X1, effects: [{kind: PromotionStopped, promotion: staff, because: it was too much}]}
      - {member: A, points: {available: 9}}
""",
    "undone": """
  - name: a redemption is undone, a voucher is taken back, an order arrives, a return is written off
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - adjust: {member: A, points: 100, approved_by: supervisor}
      - redeem: {id: P1, member: A, points: 60}
      - unredeem: {id: U1, redemption: P1, reason: not bought}
      - check: {member: A, points: {available: 100}}
      - offer: {member: A, campaign: spring, voucher: gift, first_day: 2026-01-01, last_day: 2026-01-31}
      - cancel: {id: V1, member: A, voucher: gift, reason: sent twice}
      - cancel: {id: V2, member: A, voucher: gift}
      - sale: {id: S1, member: A, order: W1, lines: [{sku: SOUP, net: 1.00}]}
      - fulfil: {id: F1, sale: S1}
      - sale: {id: S2, member: A, lines: [{sku: SOUP, net: 20.00}]}
      - redeem: {member: A, points: 110}
      - return: {id: R1, sale: S2}
    expect:
      - {event: U1, points_restored: 60, effects: [{kind: PointsRestored, redemption: P1}]}
      - {event: V1, effects: [{kind: VoucherCancelled, voucher: gift, reason: sent twice}]}
      - {event: V2, refused: VOUCHER_UNKNOWN}
      - {event: F1, refused: SALE_UNKNOWN}
      - {event: R1, points_reversed: 11, points_owed: 0, written_off: 9}
      - {member: A, points: {available: 0, owed: 0}, vouchers: [{voucher: gift, status: cancelled}]}
""",  # noqa: E501
    "nobody is control": "".join(
        f"""
  - name: member {member} is in no control group
    events:
      - enrol: {{member: "{member}", at: "2026-03-02T10:00:00"}}
      - sale: {{id: S1, member: "{member}", lines: [{{sku: SOUP, net: 1.00}}]}}
    expect:
      - {{event: S1, effects: [{{promotion: in-spring, points: 3}}]}}
"""
        for member in range(30)
    ),
    "everybody is control": "".join(
        f"""
  - name: member {member} is in the control group
    control: true
    events:
      - enrol: {{member: "{member}", at: "2026-03-02T10:00:00"}}
      - sale: {{id: S1, member: "{member}", lines: [{{sku: SOUP, net: 1.00}}]}}
    expect:
      - {{event: S1, effects: [{{kind: WithheldFromControl, promotion: in-spring, points: 3}}]}}
      - {{member: "{member}", points: {{available: 1}}}}
"""
        for member in range(5)
    ),
}


@pytest.mark.parametrize("about", PASSING)
def test_a_scenario_passes(about: str, tmp_path: Path) -> None:
    """What the decisions do is what the scenario says."""
    assert told(played(tmp_path, PASSING[about], programme=CIRCLE)) == []


def test_another_standing_is_told(tmp_path: Path) -> None:
    """A level with what the ladder counted, labels and segments with who put them there."""
    scenarios = """
  - name: one of everything
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - label: {member: A, label: staff, by: personnel}
      - enter: {member: A, segment: lapsed}
      - sale: {id: S1, member: A, lines: [{sku: SOUP, net: 150.00}]}
    expect:
      - {member: A, tiers: {circle: {level: three, missing: 340}}}
      - {member: A, labels: [], segments: []}
"""
    level, labels, segments = told(played(tmp_path, scenarios, programme=CIRCLE))

    assert level[:2] == (
        "A tiers: {circle: {level: three, missing: 340}}",
        "{circle: {level: two, missing: 350.00}}",
    )
    assert any("one to two" in sentence for sentence in level[2])
    assert labels[:2] == ("A labels: []", "[staff]")
    assert any("staff" in sentence for sentence in labels[2])
    assert segments[:2] == ("A segments: []", "[lapsed]")
    assert any("lapsed" in sentence for sentence in segments[2])


def test_what_points_pay_is_worth_it_to_the_member_s_level(tmp_path: Path) -> None:
    """Without an amount the scenario pays what the level says: 0.40 for 20 points, not 0.20."""
    by_level = "{by_tier: {one: 1.00, two: 2.00, three: 2.00}}"
    programme = CIRCLE.replace("amount: 1.00}\n    pay", f"amount: {by_level}}}\n    pay")
    scenarios = """
  - name: points of the second level
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - sale: {id: S1, member: A, lines: [{sku: SOUP, net: 150.00}]}
      - redeem: {id: P1, member: A, points: 20}
    expect:
      - {event: P1, effects: [{kind: PointsSpent, points: 20, amount: 0.40}]}
"""
    assert by_level in programme
    assert told(played(tmp_path, scenarios, programme=programme)) == []


def test_a_day_on_which_a_higher_level_has_something_to_keep_is_not_passed_over(
    tmp_path: Path,
) -> None:
    """100 points for the first year, which the lowest level does not get."""
    programme = CIRCLE.replace("give: {points: 100}", "give: {points: {by_tier: {two: 100}}}")
    scenarios = """
  - name: a year of the second level
    events:
      - enrol: {member: A, at: "2026-01-02T10:00:00"}
      - sale: {id: S1, member: A, lines: [{sku: SOUP, net: 150.00}]}
      - close_day: 2027-01-10
    expect:
      - {member: A, points: {available: 250}}
"""
    assert told(played(tmp_path, scenarios, programme=programme)) == []
