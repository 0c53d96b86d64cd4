"""A wrong row is told in one clear line, and stops nothing else."""

import json
from collections import Counter
from pathlib import Path

import pytest

from producers.files.drafting import draft
from producers.files.shapes import KINDS
from producers.people.identifiers import KINDS as KINDS_OF_IDENTIFIERS
from tests.producers.files.reading import SHOP, publish
from tests.producers.files.wrong_rows import GOOD, WrongRow, every, good

ROWS = every()


def test_there_are_500_kinds() -> None:
    """They are many, and no two have one name."""
    assert len(ROWS) >= 500
    assert [name for name, count in Counter(row.name for row in ROWS).items() if count > 1] == []


@pytest.mark.parametrize("name", sorted(GOOD))
def test_without_the_one_thing_the_row_is_good(name: str) -> None:
    """What is wrong with each row is the one thing that was put into it."""
    row = {key: value for key, value in good(name).items() if key != "type"}

    assert draft(KINDS[name], row, SHOP).kind is KINDS[name]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_wrong_row_is_one_line_and_its_neighbours_arrive(row: WrongRow, tmp_path: Path) -> None:
    """File, line, field and reason; the row is kept as it was; the rows beside it are published."""
    before, after = json.dumps(good("PointsAdjusted", 1)), json.dumps(good("PointsAdjusted", 2))
    raw = row.line.encode("utf-8", "surrogatepass")
    outcome = publish(tmp_path / "events.jsonl", b"\n".join([before.encode(), raw, after.encode()]))

    [bad] = outcome.bad
    assert (bad.line, bad.field) == (2, row.field)
    assert bad.raws == (raw + b"\n",)
    assert [event.header.member_id for event in outcome.events] == ["m-1", "m-2"]
    sentence = bad.sentence("events.jsonl")
    assert sentence.startswith("events.jsonl:2, ")
    assert sentence.isprintable()
    assert len(sentence) < 160


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_complaint_repeats_what_was_written(row: WrongRow, tmp_path: Path) -> None:
    """A name in the wrong column would be told to whoever reads the log."""
    if not isinstance(row.row, dict) or row.field not in {*row.row} - {*KINDS_OF_IDENTIFIERS}:
        return
    canary = "Ada Lovelace-0018"
    changed = json.dumps({**row.row, row.field: canary})
    outcome = publish(tmp_path / "events.jsonl", changed.encode())

    assert [bad for bad in outcome.bad if "Lovelace" in bad.sentence("f")] == []


LINE = {"net": "1", "sku": "A"}
MISSPELT = {
    "a field": ({"reciept_no": "1"}, "field 8", "receipt_no"),
    "of a line": ({"lines": [LINE, {**LINE, "quantitty": "1"}]}, "lines[1].field 3", "quantity"),
    "of a tender": ({"tenders": [{"knd": "cash", "amount": "1"}]}, "tenders.field 1", "kind"),
}


@pytest.mark.parametrize(("change", "field", "meant"), MISSPELT.values(), ids=MISSPELT)
def test_a_misspelt_field_is_told_by_its_place_and_the_nearest(
    change: dict[str, object], field: str, meant: str, tmp_path: Path
) -> None:
    """So it is found without being repeated."""
    row = json.dumps({**good("SaleRecorded"), **change})
    [bad] = publish(tmp_path / "events.jsonl", row.encode()).bad

    assert (bad.field, bad.reason) == (field, f"there is no such field; did you mean {meant}?")


def test_the_place_of_a_returned_lines_field_is_that_in_the_file(tmp_path: Path) -> None:
    """Also where the return gives its lines their numbers itself."""
    row = good("SaleReturned")
    del row["original_sale"]
    row["lines"] = [{"sku": "A", "nett": "1"}]
    [bad] = publish(tmp_path / "events.jsonl", json.dumps(row).encode()).bad

    assert bad.field == "lines[0].field 2"


NAMES = (
    {"Ada Lovelace": "x"},
    {"Lovelace": "+442079460018"},
    {"lines": [{**LINE, "Lovelace": "x"}]},
    {"tenders": [{"Lovelace": "1"}]},
    {"type": "Lovelace"},
)


@pytest.mark.parametrize("change", NAMES, ids=str)
def test_no_complaint_repeats_a_name_that_was_written(
    change: dict[str, object], tmp_path: Path
) -> None:
    """Where names and values were exchanged, what names a field is a person."""
    row = json.dumps({**good("SaleRecorded"), **change})
    [bad] = publish(tmp_path / "events.jsonl", row.encode()).bad

    assert "Lovelace" not in bad.sentence("f")
