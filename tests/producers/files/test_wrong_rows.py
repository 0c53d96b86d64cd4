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
