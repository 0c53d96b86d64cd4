"""Scenario files to play with: a small programme, and what comes of scenarios about it."""

from pathlib import Path

from loyalty.scenarios.running import Report, run

CLUB = """
programme: club
version: 3
zone: Europe/Paris
currency: EUR
earns_on: {not_paid_with: [points, voucher], never: {categories: [TOBACCO]}}
wallets:
  points:
    value: {units: 100, amount: 1.00}
    expiry: {rolling: {months: 12, round_to: month_end}}
  stars:
    value: {units: 10, amount: 2.00}
    pending: {days: 2}
    expiry: {rolling: {months: 3}}
    pay: {min: 10, step: 10, max_share: 50%}
vouchers:
  five-off: {off: {amount: 5.00}, valid: {days: 60}}
  next-visit: {off: {amount: 3.00}, valid: {starts: next_day, days: 30}}
groups:
  boosts: {combine: best, on: line}
promotions:
  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}
  - {id: own-brand, kind: multiplier, multiply: {points: 2}, items: {brands: [Private]}, group: boosts}
  - {id: coffee-stars, kind: per_item, give: {stars: 5}, items: {categories: [COFFEE]}}
  - {id: hundred, kind: convert, take: {points: 100}, give: {voucher: five-off}}
"""  # noqa: E501  # a promotion is written in one line
"""1 point for 1.00, 2 on own brands, 100 are 5.00; 5 stars for a coffee, which wait two days."""

HEAD = """
programme: club.yaml
products:
  SOUP:   {department: GROCERY, category: SOUP, brand: National}
  BEANS:  {department: GROCERY, category: BEANS, brand: Private}
  COFFEE: {department: CAFE, category: COFFEE/HOT, brand: National}
  SMOKES: {department: MISC, category: TOBACCO, brand: National}
defaults: {store: "0142"}
scenarios:
"""


def written(folder: Path, scenarios: str, head: str = HEAD, programme: str = CLUB) -> Path:
    """The scenarios as a file beside the programme."""
    (folder / "club.yaml").write_text(programme, "utf-8")
    file = folder / "club.test.yaml"
    file.write_text(head + scenarios, "utf-8")
    return file


def played(folder: Path, scenarios: str, head: str = HEAD, programme: str = CLUB) -> Report:
    """What comes of the scenarios."""
    (report,) = run([written(folder, scenarios, head, programme)])
    return report


def told(report: Report) -> list[tuple[str, str, tuple[str, ...]]]:
    """Every failure: expected, got, because.  A file that cannot be read has none, and fails."""
    assert report.mistakes == ""
    return [
        (failure.expected, failure.got, failure.because)
        for one in report.tried
        for _, failure in one.failures
    ]
