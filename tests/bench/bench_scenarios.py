"""Scenarios a second, as `loyalty test` plays them in one call: reading the file included."""

import time
from collections.abc import Iterator
from pathlib import Path

from loyalty.scenarios.running import run
from tests.bench.figures import Figure

PROGRAMME = """
programme: bench
version: 1
zone: America/New_York
currency: USD
earns_on: {not_paid_with: [points, voucher], never: {categories: [CIGARETTES], flags: [gift_card]}}
wallets:
  points: {value: {units: 300, amount: 10.00}, expiry: {rolling: {months: 12, round_to: month_end}}}
  stars:
    value: {units: 100, amount: 2.00}
    pending: {days: 2}
    expiry: {rolling: {months: 3, round_to: month_end}}
    pay: {min: 100, step: 100}
vouchers:
  ten-off: {off: {amount: 10.00}, valid: {days: 60}}
groups:
  boosts: {combine: best, on: line}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: own-brand, kind: multiplier, multiply: {points: 2}, items: {brands: [Private]}, group: boosts}
  - {id: weekend-produce, kind: multiplier, multiply: {points: 3}, items: {departments: [PRODUCE]}, when: {weekdays: [sat, sun]}, group: boosts}
  - {id: deli-stars, kind: per_item, give: {stars: 10}, items: {departments: [DELI]}}
  - {id: points-to-voucher, kind: convert, take: {points: 300}, give: {voucher: ten-off}}
"""  # noqa: E501  # a promotion is written in one line
FILE = """
programme: bench.yaml
products:
  COFFEE: {department: GROCERY, category: COFFEE, brand: Private}
  BANANA: {department: PRODUCE, category: TROPICAL FRUIT, brand: National}
  SOUP:   {department: GROCERY, category: SOUP, brand: National}
  HAM:    {department: DELI, category: HAM, brand: National}
defaults: {store: "0142", channel: pos}

scenarios:
"""
SCENARIOS = (
    """
  - name: a Saturday basket, and a return that takes its line's points
    # 20.90 + 12.50 of own brand + 16.80 of produce = 50.20 -> 50; the return: 8 + 17
    events:
      - enrol: {member: M1, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: M1, at: "2026-03-14T10:00:00", lines: [{sku: COFFEE, net: 12.50}, {sku: BANANA, net: 8.40}]}
      - return: {id: R1, sale: S1, at: "2026-03-16T09:00:00", lines: [{line: 2}]}
    expect:
      - {event: S1, effects: [{kind: PointsEarned, promotion: base, points: 21}, {kind: PointsEarned, promotion: own-brand, points: 12}, {promotion: weekend-produce, points: 17}]}
      - {event: R1, points_reversed: 25}
      - {member: M1, points: {available: 25, owed: 0}}
""",  # noqa: E501  # a scenario is written as people write one
    """
  - name: the fourth shop makes 300 points, which become $10 for the next
    # 4 x 75 = 300, 0 left; 42.00 - 10.00 = 32.00
    events:
      - enrol: {member: M1, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: M1, at: "2026-03-16T10:00:00", lines: [{sku: SOUP, net: 150.00}]}
      - sale: {id: S2, member: M1, at: "2026-03-25T10:00:00", lines: [{sku: SOUP, net: 150.00}]}
      - check: {member: M1, points: {available: 0}, vouchers: [{voucher: ten-off, status: active, last_day: 2026-05-24}]}
      - sale: {id: S3, member: M1, at: "2026-03-28T10:00:00", vouchers: [ten-off], lines: [{sku: SOUP, net: 42.00}], tenders: [{kind: voucher, amount: 10.00}, {kind: card, amount: 32.00}]}
    expect:
      - {event: S2, effects: [{kind: PointsSpent, promotion: points-to-voucher, points: 300}, {kind: VoucherIssued, voucher: ten-off}]}
      - {member: M1, points: {available: 32}, vouchers: [{voucher: ten-off, status: redeemed}]}
""",  # noqa: E501
    """
  - name: stars wait two days, then pay
    events:
      - enrol: {member: M1, at: "2026-01-10T10:00:00"}
      - sale: {id: S1, member: M1, at: "2026-03-02T12:00:00", lines: [{sku: HAM, quantity: 12, net: 60.00}]}
      - check: {member: M1, stars: {available: 0, pending: 120}}
      - close_day: "2026-03-04"
      - redeem: {id: P1, member: M1, at: "2026-03-05T12:00:00", points: 100}
    expect:
      - {event: P1, effects: [{kind: PointsSpent, wallet: stars, points: 100, amount: 2.00}]}
      - {member: M1, stars: {available: 20, pending: 0}}
""",  # noqa: E501
)


def figures(home: Path, count: int = 6_000) -> Iterator[Figure]:
    """A file of so many scenarios, three kinds in turns; all of them pass."""
    (home / "bench.yaml").write_text(PROGRAMME, "utf-8")
    file = home / "many.test.yaml"
    file.write_text(FILE + "".join(SCENARIOS[at % 3] for at in range(count)), "utf-8")
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        (report,) = run([file])
        best = min(best, time.perf_counter() - started)
        if report.mistakes or report.failed or len(report.tried) != count:
            raise AssertionError(report.mistakes or report.failed)
    yield Figure("scenarios/s in one call", count / best, "scenarios/s", "≥ 1,500")
