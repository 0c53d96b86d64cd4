"""What is not as expected is told: what was expected, what is there, and what made it so."""

from pathlib import Path

import pytest

from loyalty.scenarios.because import SENTENCES_MAX
from loyalty.scenarios.telling import failed, headline
from tests.loyalty.scenario_files import played, told

EVENTS = """
  - name: one of everything
    events:
      - enrol: {member: A, at: "2026-03-02T10:00:00"}
      - sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: BEANS, net: 60.00}, {sku: COFFEE, net: 3.00}]}
      - redeem: {id: P1, member: A, points: 10}
      - return: {id: R1, sale: S1, lines: [{line: 1}]}
    expect:
"""  # noqa: E501
"""63 + 60 = 123 points: a voucher and 23 left; 5 stars pending; the return takes 120: 97 owed."""

BASE = (
    "base (club v3) gave 63 points on 63.00 (line 1: 60, line 2: 3); "
    "spendable from 14 March 2026, last day 31 March 2027"
)
SHORT = "it was refused, INSUFFICIENT_POINTS: The account has fewer spendable points than that."

FAILING = {
    "{member: A, points: {available: 1, owed: 97}}": (
        "A points: {available: 1, owed: 97}",
        "{available: 0, owed: 97}",
        f"S1, sale on 14 March 2026 at store 0142: {BASE}",
    ),
    "{member: A, stars: {available: 5, pending: 0}}": (
        "A stars: {available: 5, pending: 0}",
        "{available: 0, pending: 5}",
        f"P1, points redeemed on 14 March 2026 at store 0142: {SHORT}",
    ),
    "{member: A, points: {held: 3}}": ("A points: {held: 3}", "{held: 0}", BASE),
    "{member: A, vouchers: []}": (
        "A vouchers: []",
        "[{voucher: five-off, status: active, first_day: 2026-03-14, last_day: 2026-05-13}]",
        "hundred (club v3) gave voucher five-off, worth 5.00 EUR",
    ),
    "{member: A, vouchers: [{status: redeemed}]}": (
        "A vouchers: [{status: redeemed}]",
        "[{voucher: five-off, status: active, first_day: 2026-03-14, last_day: 2026-05-13}]",
        "hundred (club v3) gave voucher five-off",
    ),
    "{member: A, vouchers: [{voucher: five-off, last_day: 2026-05-14}]}": (
        "A vouchers: [{voucher: five-off, last_day: 2026-05-14}]",
        "[{voucher: five-off, status: active, first_day: 2026-03-14, last_day: 2026-05-13}]",
        "hundred (club v3) gave voucher five-off",
    ),
    "{member: A, labels: [vip]}": ("A labels: [vip]", "[]", SHORT),
    "{member: A, segments: [lapsed]}": ("A segments: [lapsed]", "[]", SHORT),
    "{event: S1, effects: [{kind: PointsEarned, promotion: base, points: 64}]}": (
        "S1 effects: {kind: PointsEarned, promotion: base, points: 64}",
        "{kind: PointsEarned, promotion: base, points: 63}",
        BASE,
    ),
    "{event: S1, effects: [{kind: VoucherIssued, amount: 5.01}]}": (
        "S1 effects: {kind: VoucherIssued, amount: 5.01}",
        "{kind: VoucherIssued, amount: 5.00}",
        "hundred (club v3) gave voucher five-off",
    ),
    "{event: S1, effects: [{promotion: base}, {promotion: base}]}": (
        "S1 effects: {promotion: base}",
        "{kind: PointsEarned, promotion: base}, which is another one's",
        BASE,
    ),
    "{event: S1, effects: [{promotion: hundred, points: 100}, {promotion: nobody}]}": (
        "S1 effects: {promotion: nobody}",
        "no such effect",
        BASE,
    ),
    "{event: S1, effects: []}": (
        "S1 effects: []",
        "[PointsEarned, PointsEarned, PointsEarned, PointsSpent, VoucherIssued]",
        BASE,
    ),
    "{event: P1, effects: [{kind: PointsSpent, points: 10}]}": (
        "P1 effects: {kind: PointsSpent, points: 10}",
        "refused, INSUFFICIENT_POINTS",
        SHORT,
    ),
    "{event: P1, refused: BELOW_MINIMUM}": (
        "P1 refused: BELOW_MINIMUM",
        "INSUFFICIENT_POINTS",
        SHORT,
    ),
    "{event: P1, refused: none}": ("P1 refused: none", "INSUFFICIENT_POINTS", SHORT),
    "{event: S1, refused: CONFLICT}": ("S1 refused: CONFLICT", "none", BASE),
    "{event: R1, points_reversed: 24}": (
        "R1 points_reversed: 24",
        "23",
        "the return took back 23 points that base gave",
    ),
    "{event: R1, points_owed: 96}": (
        "R1 points_owed: 96",
        "97",
        "should have come back and were not there; they are owed",
    ),
    "{event: R1, points_restored: 1}": ("R1 points_restored: 1", "0", "they are owed"),
    "{event: R1, written_off: 97}": ("R1 written_off: 97", "0", "they are owed"),
}


@pytest.mark.parametrize("expectation", FAILING)
def test_a_difference_is_told(expectation: str, tmp_path: Path) -> None:
    """Both sides in the words of the file, and the sentence that explains what is there."""
    expected, got, because = FAILING[expectation]

    ((one, other, why),) = told(played(tmp_path, f"{EVENTS}      - {expectation}\n"))

    assert (one, other) == (expected, got)
    assert any(because in sentence for sentence in why), why


def test_an_order_of_which_nothing_waits_is_not_told_as_a_return(tmp_path: Path) -> None:
    """One reason has one sentence, for what comes back and for what arrives."""
    fulfilled = EVENTS.replace("    expect:", "      - fulfil: {id: F1, sale: S1}\n    expect:")

    ((_, _, why),) = told(
        played(tmp_path, f"{fulfilled}      - {{event: F1, refused: CONFLICT}}\n")
    )

    assert any(one.endswith("or none of its points wait for an order.") for one in why), why


def test_effects_are_found_in_whatever_order(tmp_path: Path) -> None:
    """Each expected one is another one, and the one that says less leaves room for the others."""
    effects = "{kind: VoucherIssued}, {points: 63}, {wallet: points}, {wallet: points, points: 60}"
    scenarios = f"{EVENTS}      - {{event: S1, effects: [{effects}]}}\n"

    assert told(played(tmp_path, scenarios)) == []


def test_what_is_told_is_what_it_is_about(tmp_path: Path) -> None:
    """The explanation of stars does not speak of points."""
    ((_, _, why),) = told(played(tmp_path, EVENTS + "      - {member: A, stars: {available: 1}}\n"))

    earned, refused = why
    assert "coffee-stars (club v3) gave 5 stars on 3.00 (line 2: 5)" in earned
    assert refused.endswith(SHORT)


def test_a_check_looks_at_its_own_point(tmp_path: Path) -> None:
    """What holds at the end may not have held before, and the line is that of the check."""
    scenarios = """
  - name: halfway
    events:
      - sale: {member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, net: 10.00}]}
      - check:
          member: A
          points: {available: 20}
      - sale: {member: A, lines: [{sku: SOUP, net: 10.00}]}
    expect:
      - {member: A, points: {available: 20}}
"""
    report = played(tmp_path, scenarios)

    ((line, failure),) = report.tried[0].failures
    assert (line, failure.got) == (16, "{available: 10}")


def test_a_long_history_is_told_from_its_end(tmp_path: Path) -> None:
    """The last sentences, and how many are left out."""
    sales = (
        '      - sale: {member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, net: 1.00}]}\n'
    )
    scenarios = (
        f"  - name: many\n    events:\n{sales * (SENTENCES_MAX + 2)}"
        "    expect: [{member: A, points: {available: 1}}]\n"
    )

    ((_, _, why),) = told(played(tmp_path, scenarios))

    assert why[0] == "… 2 earlier"
    assert len(why) == SENTENCES_MAX + 1


def test_a_report_says_where_and_how_many(tmp_path: Path) -> None:
    """One line for the file; under it each scenario that fails, with its place."""
    report = played(
        tmp_path,
        EVENTS
        + "      - {member: A, points: {owed: 96}}\n"
        + EVENTS.replace("one of everything", "the other").replace("\n  - name", "  - name", 1)
        + "      - {member: A, points: {owed: 97}}\n",
    )

    assert headline(report).endswith("club.test.yaml: 1 of 2 scenarios fails")
    lines = list(failed(report))
    assert lines[1] == "  one of everything"
    assert lines[2].endswith("club.test.yaml:18")
    assert lines[3:5] == [
        "    expected  A points: {owed: 96}",
        "    got       {owed: 97}",
    ]
    assert "the other" not in "".join(lines)
