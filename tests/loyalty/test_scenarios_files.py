"""`loyalty test` as people call it: its exit codes, JUnit, and what it says of wrong files."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.programmes import GROCERY
from loyalty.scenarios.tree import Unusual, quick_tree
from processors.core.yaml_tree import CONTROL, read_tree
from tests.loyalty.command import ROOT, here, loyalty
from tests.loyalty.scenario_files import CLUB, HEAD, written

README = (ROOT / "README.md").read_text("utf-8")
SALE = 'sale: {id: S1, member: A, at: "2026-03-14T10:00:00", lines: [{sku: SOUP, net: 10.00}]}'
PASSES = f"""
  - name: ten points for ten euros
    events: [{{{SALE}}}]
    expect: [{{member: A, points: {{available: 10}}}}]
"""
FAILS = PASSES.replace("available: 10", "available: 11").replace("ten points", "eleven points")
EARNED = (
    "base (club v3) gave 10 points on 10.00 (line 1: 10); "
    "spendable from 14 March 2026, last day 31 March 2027"
)
MISTAKE = PASSES.replace("available", "aavailable")


def test_all_pass_is_well(tmp_path: Path) -> None:
    """One line for each file, and nothing else; neither a log nor a database is made."""
    file = written(tmp_path, PASSES + PASSES)
    ended = loyalty(tmp_path / "home", "test", str(file), str(file))

    assert ended.stdout == f"{file}: 2 scenarios pass\n" * 2
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not (tmp_path / "home").exists()


def test_a_failure_is_found(tmp_path: Path) -> None:
    """Exit code 1, and the failure with its place, both sides and the explanation."""
    file = written(tmp_path, PASSES + FAILS)
    ended = here(tmp_path, "test", str(file))

    assert ended.returncode == 1
    assert ended.stdout.splitlines() == [
        f"{file}: 1 of 2 scenarios fails",
        "",
        "  eleven points for ten euros",
        f"    {file}:17",
        "    expected  A points: {available: 11}",
        "    got       {available: 10}",
        f"      S1, sale on 14 March 2026 at store 0142: {EARNED}",
    ]


def test_a_file_that_cannot_be_read_is_wrong_use_and_the_others_are_played(tmp_path: Path) -> None:
    """Exit code 2, whatever the others come to."""
    wrong = written(tmp_path, MISTAKE).rename(tmp_path / "wrong.test.yaml")
    file = written(tmp_path, FAILS)
    ended = here(tmp_path, "test", str(tmp_path / "no.test.yaml"), str(wrong), str(file))

    assert ended.returncode == 2
    assert ended.stdout.startswith(
        f"{tmp_path}/no.test.yaml: cannot be read\n{wrong}: cannot be read\n"
        f"{file}: 1 of 1 scenario fails\n"
    )
    missing, mistake, text, caret = ended.stderr.splitlines()
    assert missing.startswith(f"{tmp_path}/no.test.yaml cannot be read: ")
    assert mistake == f"{wrong}:13: there is no word `aavailable` here; did you mean `available`?"
    assert text == "    expect: [{member: A, points: {aavailable: 10}}]"
    assert caret.index("^") == text.index("aavailable")


def test_junit_tells_the_same(tmp_path: Path) -> None:
    """A suite for each file; failures and files that cannot be read are in it."""
    wrong = written(tmp_path, MISTAKE).rename(tmp_path / "wrong.test.yaml")
    odd = FAILS.replace("eleven points for ten euros", '"an odd \\uFFFE <name>"')
    file = written(tmp_path, PASSES + odd)
    ended = here(tmp_path, "test", str(file), str(wrong), "--junit", str(tmp_path / "junit.xml"))
    suite, unread = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314  # written by ourselves

    assert ended.returncode == 2
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    passed, failed = suite
    assert (passed.get("name"), len(passed)) == ("ten points for ten euros", 0)
    assert failed[0].get("message") == "expected A points: {available: 11}, got {available: 10}"
    assert f"{file}:17" in (failed[0].text or "")
    assert (unread.get("tests"), unread.get("failures"), unread.get("errors")) == ("1", "0", "1")
    assert "did you mean `available`?" in (unread[0][0].text or "")


def test_a_junit_file_that_cannot_be_written_is_wrong_use(tmp_path: Path) -> None:
    """Said in a sentence."""
    ended = here(tmp_path, "test", str(written(tmp_path, PASSES)), "--junit", str(tmp_path))

    assert ended.returncode == 2
    assert f"{tmp_path} cannot be written" in ended.stderr


def test_the_mistakes_of_the_programme_are_those_of_the_file(tmp_path: Path) -> None:
    """A programme that cannot come into force cannot be tested."""
    file = written(tmp_path, PASSES, programme=CLUB.replace("multiplier", "multiplierr"))
    ended = here(tmp_path, "test", str(file))

    assert ended.returncode == 2
    assert (
        "club.yaml:23: there is no kind `multiplierr`; did you mean `multiplier`?" in ended.stderr
    )


def test_a_missing_programme_is_named(tmp_path: Path) -> None:
    """With the line that names it."""
    file = written(tmp_path, PASSES, head=HEAD.replace("club.yaml", "clubs.yaml"))
    ended = here(tmp_path, "test", str(file))

    assert ended.returncode == 2
    assert f"{file}:2: {tmp_path}/clubs.yaml cannot be read: " in ended.stderr


WRONG = {
    "sael: {member: A}": "there is no event `sael`; did you mean `sale`?",
    "sale: {membr: A}": "there is no word `membr` here; did you mean `member`?",
    "sale: {member: A, storee: x}": "there is no word `storee` here; did you mean `store`?",
    "sale: {lines: [{sku: SOUP, nett: 1}]}": "there is no word `nett` here; did you mean `net`?",
    "sale: {lines: [{net: 1}]}": "`sku` is missing",
    "sale: {lines: [{sku: SOUP, net: 1x}]}": "`net`: '1x' is not an amount such as 12.50",
    "sale: {lines: {sku: SOUP}}": "`lines`: a set of words is not a list",
    "sale: {lines: [{sku: SOUP}], at: ~, till: x}": "`at`: '~' is not a local time",
    "sale: {at: 2026-03-14T10:00:00Z}": "is not a local time such as 2026-03-14T10:00:00, without",
    "sale: 12": "`sale` is a set of words with values",
    "close_day: 14.3.2026": "`day`: '14.3.2026' is not a date such as 2026-03-14",
    "label: {member: A, label: vip, on: yes}": "`on`: 'yes' is not true or false",
    "adjust: {member: A, points: some}": "`points`: 'some' is not a whole number",
    "enrol: {member: A, birthday: 29 February}": "`birthday`: '29 February' is not of the form",
    "check: {event: S1, effects: [{kind: PointsEarnt}]}": "there is no effect `PointsEarnt`; did",
    "check: {event: S1, effects: [{kind: VoucherIssued, points: 1}]}": "VoucherIssued has no `poi",
    "check: {event: S1, effects: [{promotoin: base}]}": "no effect has a word `promotoin`; did you",
    "check: {event: S1, refused: DUPLICATED}": "there is no reason `DUPLICATED`; did you mean `DUP",
    "check: {event: S1, points_reverted: 1}": "there is no word `points_reverted` here; did you",
    "check: {member: A, voucher: []}": "there is no word `voucher` here; did you mean `vouchers`?",
    "check: {member: A, vouchers: [{status: used}]}": "`status`: 'used' is not active, redeemed",
    "check: {member: A, tiers: []}": "`tiers` is a set of ladders",
    "check: {event: S1}": "nothing is expected beside the name",
    "check: {member: A, points: {}}": "nothing is expected behind `points`",
    "check: {member: A, tiers: {circle: {}}}": "nothing is expected behind `circle`",
    "check: {event: S1, refused: , effects: []}": "nothing is expected behind `refused`",
    "check: {points: {available: 1}}": "an expectation is of a `member` or of an `event`",
    # These are seen when the scenario is played.
    "check: {event: S2, refused: none}": "there is no event `S2` so far; there is: S1",
    "check: {member: AB, labels: []}": "nothing has happened to a member `AB`; did you mean `A`?",
    "check: {member: A, point: {owed: 1}}": "there is no word `point` here; did you mean `points`?",
    "check: {member: A, tiers: {circle: {level: x}}}": "the programme has no ladder `circle`",
    "check: {event: S1, to_pay: 3.00}": "S1 is no quote, and has no `to_pay`",
    "same_as: S3": "there is no event `S3` so far; there is: S1",
    "sale: {quote: Q1}": "there is no quote `Q1` so far; there is: S1",
    "return: {sale: S3}": "there is no sale `S3` so far; there is: S1",
    "unredeem: {redemption: P1}": "there is no redemption `P1` so far; there is: S1",
    "void: {hold: H1}": "there is no hold `H1` so far; there is: S1",
    "fulfil: {sale: S3}": "there is no sale `S3` so far; there is: S1",
    "adjust: {member: A, points: 1}": "say which `wallet`: points, stars",
    "redeem: {member: A}": "what is redeemed is either `points` or a `reward`",
    "present: {member: A, voucher: x, campaign: y}": "a `coupon` names its `campaign`, and a `vou",
    "present: {member: A}": "what is presented is either a `voucher` or a `coupon`",
    "enter: {member: A, segment: lapsed}": "the programme has no segment `lapsed`",
    "sale: {lines: [{sku: SOUP, net: 1.005}]}": "1.005 is no amount of EUR: it has 2 decimals",
    "sale: {lines: [{sku: SOUP, net: NaN}]}": "NaN is no amount of EUR",
    "sale: {lines: [{sku: SOUP}]}": "line 1 says neither `net` nor `gross`",
    "sale: {lines: [{sku: SOUP, net: 1, quantity: 0.0001}]}": "0.0001 has more than 3 decimals",
    "sale: {lines: [{sku: SOUP, net: 1, discounts: [{amount: 1}]}]}": "a discount is of one `promo",
    "sale: {zone: Europe/Pari, at: 2026-03-14T10:00:00}": "there is no time zone `Europe/Pari`",
    "close_day: 9999-12-31": "9999-12-31 lies outside 1900 to 2199",
    "sale: {at: 1850-03-14T10:00:00}": "1850-03-14 lies outside 1900 to 2199",
    "activate: nowhere.yaml": "nowhere.yaml cannot be read: ",
}


def test_a_scenario_that_expects_nothing_is_a_mistake(tmp_path: Path) -> None:
    """It would pass whatever the programme does; one `check` on the way is enough."""
    events = f"    events:\n      - {SALE}\n"
    check = "      - check: {event: S1, refused: none}\n"
    idle = written(tmp_path, f"  - name: asks\n{events}{check}  - name: idle\n{events}")
    ended = here(tmp_path, "test", str(idle))

    assert ended.returncode == 2
    assert ended.stderr.startswith(
        f"{idle}:14: nothing is expected in this scenario, by `expect` or `check`\n"
    )


@pytest.mark.parametrize("event", WRONG)
def test_a_mistake_is_told_with_its_line(event: str, tmp_path: Path) -> None:
    """File and line, what is wrong, the nearest known word, and the line itself with a caret."""
    scenarios = f"\n  - name: wrong\n    events:\n      - {SALE}\n      - {event}\n"
    expect = "    expect: [{event: S1, refused: none}]\n"
    file = written(tmp_path, scenarios + expect)
    ended = here(tmp_path, "test", str(file))
    told, line, caret = ended.stderr.splitlines()

    assert ended.returncode == 2
    assert told.startswith(f"{file}:14: ")
    assert WRONG[event] in told
    assert line == f"    - {event}"
    assert caret.strip() == "^"


def test_a_number_that_no_event_may_hold_is_refused_as_at_the_till(tmp_path: Path) -> None:
    """It is a decision like any other, however large the number is."""
    huge = SALE.replace("net: 10.00", "net: 99999999999999999999")
    expect = "expect: [{event: S1, refused: INVALID}]"
    file = written(tmp_path, f"  - name: too much\n    events: [{{{huge}}}]\n    {expect}\n")

    assert here(tmp_path, "test", str(file)).returncode == 0


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """In the head, the products, the defaults and every scenario."""
    head = HEAD.replace("brand: Private", "brnd: Private").replace("{store:", "{stor: x, store:")
    scenarios = """
  - name: no events
    events: []
  - nme: x
    events: [{sale: {a: 1, b: 2}}]
"""
    ended = here(tmp_path, "test", str(written(tmp_path, scenarios, head)))

    assert [row.split(": ", 1)[1] for row in ended.stderr.splitlines()[::3]] == [
        "there is no word `brnd` here; did you mean `brand`?",
        "there is no word `stor` here; did you mean `store`?",
        "nothing happens in this scenario",
        "`name` is missing",
        "there is no word `nme` here; did you mean `name`?",
    ]


NOT_PLAIN = {
    "a: {b: 1\nc": "did not find expected ',' or '}'",
    "programme: x\nprogramme: y\n": "`programme` is said twice",
    "{[a]: b}": "a name is expected before the colon",
    "a: *b": "`*b` repeats another place: write it out",
    "a: 1\n---\nb: 2\n": "but found another document",
    "[" * 40 + "]" * 40: "nested too deeply",
    "a: \x07": "holds a control character",
    'a: "\\a"': "holds a control character",
    "": "`programme` is missing",
    "just words": "'just words' is not a set of words with values",
}


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_what_is_no_scenario_file_is_said(text: str, tmp_path: Path) -> None:
    """A file that is not YAML, or not of this kind, is one sentence with its line."""
    file = tmp_path / "odd.test.yaml"
    file.write_text(text, "utf-8")
    ended = here(tmp_path, "test", str(file))

    assert ended.returncode == 2
    assert NOT_PLAIN[text] in ended.stderr


def test_the_example_of_the_readme_passes(tmp_path: Path) -> None:
    """What the first page shows can be typed."""
    (example,) = re.findall(r"```yaml\n(programme:[^`]*scenarios:[^`]*)```", README)
    file = tmp_path / "example.test.yaml"
    file.write_text(example.replace("grocery.yaml", str(GROCERY)), "utf-8")
    ended = here(tmp_path, "test", str(file))

    assert (ended.returncode, ended.stdout) == (0, f"{file}: 1 scenario passes\n")


WORDS = st.text(max_size=6).filter(lambda text: CONTROL.search(text) is None)
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner), max_leaves=12
)


@settings(deadline=None)
@given(st.dictionaries(WORDS, TREES, max_size=4), st.booleans())
def test_the_quick_way_reads_the_same(tree: dict[str, object], flow: bool) -> None:
    """The quick tree is the careful one's, whatever the style."""
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True)

    assert quick_tree(text) == read_tree(text).tree == tree


@settings(deadline=None)
@given(st.text(alphabet="ab:{}[],&*-?!'\"\n #|>\\7\t", max_size=30))
def test_the_quick_way_takes_nothing_that_is_a_mistake(text: str) -> None:
    """What the careful way calls wrong, the quick way does not take."""
    try:
        tree = quick_tree(text)
    except Unusual:
        return

    careful = read_tree(text)
    assert (_unresolved(careful.tree), careful.mistakes) == (tree, ())


def _unresolved(tree: object) -> object:
    """The tree with nothing said as the empty text, as the quick way has it."""
    match tree:
        case dict():
            return {word: _unresolved(inner) for word, inner in tree.items()}
        case list():
            return [_unresolved(inner) for inner in tree]
        case _:
            return "" if tree is None else tree
