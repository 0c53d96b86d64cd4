"""`loyalty quote` answers for one file what a till will show, or says what is wrong with it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loyalty.outcome import Code
from tests.loyalty.command import ROOT, here

COFFEE = f"""
programme: {ROOT / "programmes" / "coffee.yaml"}
at: 2026-01-14T09:00:00
store: L3
member:
  id: M1
  birthday: 02-29
  points: {{stamps: 4}}
  vouchers: [free-drink, {{voucher: free-pastry, last_day: 2026-01-13}}]
vouchers: [free-drink, free-pastry]
lines:
  - {{sku: LATTE, gross: 3.60, category: DRINKS/HOT}}
  - {{sku: FLAT, gross: 6.80, quantity: 2, category: DRINKS/HOT, labels: [own-cup]}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that asks for a quote."""
    path = tmp_path / "basket.yaml"
    path.write_text(COFFEE, "utf-8")
    return path


def answer(file: Path, tmp_path: Path) -> dict[str, Any]:
    """The contract.  Any: it is what was printed."""
    ended = here(tmp_path, "quote", str(file), "--json")
    assert ended.returncode == Code.WELL, ended.stderr
    return dict(json.loads(ended.stdout))


def test_a_till_is_told_what_to_show(file: Path, tmp_path: Path) -> None:
    """Lines with discounts, the voucher refused in two wordings, what is to pay, the points."""
    ended = here(tmp_path, "quote", str(file))

    assert ended.returncode == Code.WELL
    for told in (
        "free-drink -3.60",
        "own-cup -0.50",
        "VOUCHER_EXPIRED",
        "The voucher's last day is over.",
        "This voucher is no longer valid.",
        "To pay: 6.30 GBP",
        "Will earn 2 stamps by stamp-per-drink",
    ):
        assert told in ended.stdout
    assert list(tmp_path.iterdir()) == [file], "neither a log nor a database is opened"


def test_the_contract_says_the_same_in_minor_units(file: Path, tmp_path: Path) -> None:
    """3.60 off the latte by the voucher, 0.50 off two drinks in one's own cup: 6.30."""
    told = answer(file, tmp_path)

    assert (told["to_pay_minor"], told["currency"]) == (630, "GBP")
    assert [(one["source_id"], one["by_line"]) for one in told["discounts"]] == [
        ("own-cup", [0, 50]),
        ("free-drink", [360, 0]),
    ]
    assert [(one["reference"], one["refusal"]) for one in told["vouchers"]] == [
        ("free-drink", ""),
        ("free-pastry", "VOUCHER_EXPIRED"),
    ]
    assert told["earns"] == [{"promotion_id": "stamp-per-drink", "wallet": "stamps", "points": 2}]


def test_json_is_read_as_well(file: Path, tmp_path: Path) -> None:
    """A till writes JSON; levels, labels and earlier sales count as they would in an account."""
    asked = {
        "programme": str(ROOT / "programmes" / "beauty.yaml"),
        "at": "2026-04-14T10:00:00",
        "member": {"id": "M7", "tiers": {"circle": "vib"}, "vouchers": ["welcome-10"]},
        "vouchers": ["welcome-10"],
        "lines": [{"sku": "LIPSTICK", "gross": "20.00", "discount": 2, "brand": "Belle"}],
    }
    file.write_text(json.dumps(asked), "utf-8")
    first = answer(file, tmp_path)
    asked["member"] |= {"sales": {"pos": 1}}  # type: ignore[operator]  # a dictionary, as above
    file.write_text(json.dumps(asked), "utf-8")
    later = answer(file, tmp_path)

    # 20.00 less 2.00 by the till; 15 % of 18.00 for a VIB is 2.70; 10 % of 15.30 is 1.53.
    assert first["to_pay_minor"] == 1800 - 270 - 153
    assert [one["refusal"] for one in later["vouchers"]] == ["VOUCHER_NOT_FOR_MEMBER"]


def test_without_a_member_nothing_is_earned(file: Path, tmp_path: Path) -> None:
    """Nobody showed a card."""
    text = re.sub(r"member:\n(  .*\n)+", "", COFFEE)
    file.write_text(text, "utf-8")
    told = answer(file, tmp_path)

    assert told["earns"] == []
    assert {one["refusal"] for one in told["vouchers"]} == {"NOT_ENROLLED"}
    assert told["to_pay_minor"] == 1040 - 50


@pytest.mark.parametrize(
    ("right", "wrong", "line", "told"),
    [
        ("store: L3", "stor: L3", 4, "did you mean `store`?"),
        ("09:00:00", "9 o'clock", 3, "is not a time"),
        ("2026-01-14T", "0206-01-14T", 3, "the year is between 1970 and 2199"),
        ("vouchers: [free-drink, free-pastry]", f"vouchers: [{33 * 'x, '}]", 10, "more than 32"),
        ("02-29", "02-30", 7, "is not a month and day"),
        ("{stamps: 4}", "{stamp: 4}", 8, "did you mean `stamps`?"),
        ("[free-drink, {", "[fre-drink, {", 9, "did you mean `free-drink`?"),
        ("gross: 3.60", "gross: 3.605", 12, "no such small coin"),
        ("gross: 3.60, ", "", 12, "`gross` is missing"),
        ("quantity: 2", "quantity: 0.0005", 13, "at most three decimals"),
        ("quantity: 2", "discount: 7.00", 13, "more is taken off"),
        ("lines:", "lines: [", 12, "not YAML"),
        ("id: M1", "tiers: {gold: top}", 6, "no ladder `gold`"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    file: Path, tmp_path: Path, right: str, wrong: str, line: int, told: str
) -> None:
    """As an editor would jump to it; the exit code is that of wrong use."""
    assert right in COFFEE
    file.write_text(COFFEE.replace(right, wrong), "utf-8")
    ended = here(tmp_path, "quote", str(file))

    assert ended.returncode == Code.WRONG_USE
    assert f"{file}:{line}: " in ended.stderr
    assert told in ended.stderr


def test_all_mistakes_are_told_at_once(file: Path, tmp_path: Path) -> None:
    """Nobody mends a file one word at a time."""
    file.write_text(COFFEE.replace("stamps: 4", "stamp: 4").replace("6.80", "6.805"), "utf-8")
    ended = here(tmp_path, "quote", str(file))

    assert "stamp" in ended.stderr
    assert "small coin" in ended.stderr


def test_files_that_are_not_there_are_told(file: Path, tmp_path: Path) -> None:
    """The file itself, and the programme that it names."""
    nowhere = here(tmp_path, "quote", str(tmp_path / "nowhere.yaml"))
    file.write_text(COFFEE.replace("coffee.yaml", "tea.yaml"), "utf-8")
    no_programme = here(tmp_path, "quote", str(file))

    assert (nowhere.returncode, no_programme.returncode) == (Code.WRONG_USE, Code.WRONG_USE)
    assert "nowhere.yaml cannot be read" in nowhere.stderr
    assert f"{file}:2: " in no_programme.stderr
    assert "tea.yaml cannot be read" in no_programme.stderr


def test_every_field_of_the_contract_is_in_the_readme(file: Path, tmp_path: Path) -> None:
    """Makers of tills start from there."""
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.partition("## Quotes for tills")[2].partition("\n## ")[0]

    missing = {name for name in names(answer(file, tmp_path)) if f"`{name}`" not in section}
    assert missing == set()


def names(told: Any) -> Iterator[str]:
    """All field names of a JSON value, which is Any."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield name
            yield from names(value)
    elif isinstance(told, list):
        for value in told:
            yield from names(value)
