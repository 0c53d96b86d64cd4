"""Which rows of a CSV are one receipt: by its number, its place and its day, and never a part."""

import gzip
from pathlib import Path

import pytest

from schemas.events import Event, SaleRecorded, SaleReturned
from tests.producers.files.reading import Outcome, publish

COLUMNS = "store_id,till_id,receipt_no,order_id,business_date,occurred_at,member_id,sku,net\n"
OTHER = "S1,2,900,,,2026-03-14T09:00:00,,MUG,9.00\n"
RETURNED = (
    "store_id,receipt_no,occurred_at,member_id,original_receipt_no,original_till_id,"
    "original_business_date,{}quantity,net\n"
    "S1,90,2026-03-15T10:00:00,m-1,17,1,2026-03-14,{}1,2.25\n"
)


def read(rows: str, tmp_path: Path) -> Outcome:
    return publish(tmp_path / "sales.csv", (COLUMNS + rows).encode())


def receipts(events: list[Event]) -> list[tuple[str, list[str]]]:
    return [
        (event.header.event_id, [line.sku for line in event.lines])
        for event in events
        if isinstance(event, SaleRecorded)
    ]


@pytest.mark.parametrize(
    "second",
    [
        "S1,1,17,,2026-03-14,2026-03-14T10:00:00,m-1,CAKE,2.00",
        "S1,1,17,O-4,,2026-03-14T10:00:00,m-1,CAKE,2.00",
        "S1,1,17,O-4,,,,CAKE,2.00",
        "S1,,17,,,2026-03-14T10:00:00,,CAKE,2.00",
        ",,17,,,,,CAKE,2.00",
    ],
)
def test_what_stands_in_the_first_row_of_a_receipt_holds_for_the_next(
    second: str, tmp_path: Path
) -> None:
    """A row that has the number and says nothing else of the receipt is no receipt of its own."""
    first = "S1,1,17,O-4,2026-03-14,2026-03-14T10:00:00,m-1,TEA,1.00\n"
    outcome = read(f"{first}{second}\n{OTHER}", tmp_path)

    assert outcome.bad == []
    assert receipts(outcome.events) == [
        ("S1|1|2026-03-14|17|sale", ["TEA", "CAKE"]),
        ("S1|2|2026-03-14|900|sale", ["MUG"]),
    ]


def test_a_key_of_its_own_holds_for_all_rows_of_a_receipt(tmp_path: Path) -> None:
    """It stands in the first row, or in all, and two keys are two receipts."""
    columns = "event_id,store_id,receipt_no,occurred_at,sku,net\n"
    rows = (
        "a-1,S1,17,2026-03-14T10:00:00,TEA,1.00\n"
        ",S1,17,2026-03-14T10:00:00,CAKE,2.00\n"
        "a-1,,,,MUG,3.00\n"
        "a-2,S1,17,2026-03-14T10:00:00,TEA,1.00\n"
    )
    outcome = publish(tmp_path / "sales.csv", (columns + rows).encode())

    assert outcome.bad == []
    assert receipts(outcome.events) == [("a-1", ["TEA", "CAKE", "MUG"]), ("a-2", ["TEA"])]


def test_a_number_that_begins_anew_every_day_is_another_receipt(tmp_path: Path) -> None:
    """Also where a store sold once a day, and no column tells the business date."""
    outcome = read(
        "S1,1,1,,,2026-03-14T10:00:00,,TEA,1.00\nS1,1,1,,,2026-03-15T09:30:00,,CAKE,2.00\n",
        tmp_path,
    )

    assert outcome.bad == []
    assert receipts(outcome.events) == [
        ("S1|1|2026-03-14|1|sale", ["TEA"]),
        ("S1|1|2026-03-15|1|sale", ["CAKE"]),
    ]


def test_a_business_date_keeps_a_receipt_together_over_midnight(tmp_path: Path) -> None:
    """Then two times of one receipt are a mistake, and no two receipts."""
    outcome = read(
        "S1,1,1,,2026-03-14,2026-03-14T23:59:00,,TEA,1.00\n"
        "S1,1,1,,2026-03-14,2026-03-15T00:01:00,,CAKE,2.00\n",
        tmp_path,
    )

    assert [(bad.line, bad.field) for bad in outcome.bad] == [(3, "occurred_at")]
    assert outcome.events == []


def test_two_orders_under_one_number_are_told(tmp_path: Path) -> None:
    """The ledger would know the second one for a conflict, and its lines would be lost."""
    outcome = read(
        "S1,1,1,O-1,,2026-03-14T10:00:00,,TEA,1.00\nS1,1,1,O-2,,2026-03-14T10:00:00,,CAKE,2.00\n",
        tmp_path,
    )

    assert [(bad.line, bad.field) for bad in outcome.bad] == [(3, "order_id")]
    assert outcome.events == []


def test_a_row_without_a_number_spoils_the_receipt_that_it_may_be_of(tmp_path: Path) -> None:
    """What is left of the receipt would be another sale."""
    outcome = read(
        f"S1,1,17,,,2026-03-14T10:00:00,m-1,TEA,1.00\n,,,,,,,CAKE,2.00\n{OTHER}", tmp_path
    )

    assert [(bad.line, len(bad.raws)) for bad in outcome.bad] == [(3, 2)]
    assert receipts(outcome.events) == [("S1|2|2026-03-14|900|sale", ["MUG"])]


def test_a_row_without_a_number_that_is_of_another_time_spoils_no_receipt(tmp_path: Path) -> None:
    """It is refused alone."""
    outcome = read(
        f"{OTHER}S1,2,,,,2026-03-14T09:04:00,,CAKE,2.00\n",
        tmp_path,
    )

    assert [(bad.line, bad.field) for bad in outcome.bad] == [(3, "receipt_no")]
    assert receipts(outcome.events) == [("S1|2|2026-03-14|900|sale", ["MUG"])]


def test_the_receipt_in_which_a_file_is_cut_off_is_not_published(tmp_path: Path) -> None:
    """Half of it would be another sale, and the whole file, when it comes, a conflict."""
    rows = [
        f"S1,1,{number},,,2026-03-14T10:00:00,,SKU-{number * 7919 % 10_007}-{line},1.00\n"
        for number in range(1, 2_000)
        for line in range(5)
    ]
    packed = gzip.compress((COLUMNS + "".join(rows)).encode())
    for kept in range(len(packed) // 2, len(packed) // 2 + 200, 10):
        outcome = publish(tmp_path / "sales.csv.gz", packed[:kept])

        assert {len(lines) for _, lines in receipts(outcome.events)} == {5}
        [bad] = outcome.bad
        assert "cut off" in bad.reason
        assert len(outcome.events) * 5 + len(bad.raws) == bad.line - 1


def test_a_return_says_which_line_of_its_sale_comes_back(tmp_path: Path) -> None:
    """Its place in the return is no line of the sale: another article's points would be taken."""
    without = publish(tmp_path / "returns.csv", RETURNED.format("", "").encode())
    told = publish(tmp_path / "returns.csv", RETURNED.format("line_no,", "2,").encode())

    assert [(bad.field, bad.reason) for bad in without.bad] == [("line_no", "it is missing")]
    assert without.events == []
    assert [event.lines[0].line_no for event in told.events if isinstance(event, SaleReturned)] == [
        2
    ]


def test_the_lines_of_a_return_without_its_receipt_are_numbered(tmp_path: Path) -> None:
    """No sale has to be found, so the numbers only tell them apart."""
    row = (
        b'{"type": "SaleReturned", "store_id": "S1", "receipt_no": "9", "currency": "EUR", '
        b'"occurred_at": "2026-03-14T10:00:00", "lines": [{"sku": "A", "quantity": 1, "net": 3}, '
        b'{"sku": "B", "quantity": 1, "net": 4}]}\n'
    )
    [event] = publish(tmp_path / "returns.jsonl", row).events

    assert isinstance(event, SaleReturned)
    assert [line.line_no for line in event.lines] == [1, 2]


@pytest.mark.parametrize("told", ["+49 171 1234567", "+1 (212) 555-0100"])
def test_a_phone_number_is_no_members_id(told: str, tmp_path: Path) -> None:
    """It would lie in the log for ever."""
    outcome = read(f"S1,2,900,,,2026-03-14T09:00:00,{told},MUG,9.00\n", tmp_path)

    assert [(bad.line, bad.field) for bad in outcome.bad] == [(2, "member_id")]
    assert told not in outcome.bad[0].reason
    assert outcome.events == []


def test_a_receipt_whose_rows_stand_apart_is_refused(tmp_path: Path) -> None:
    """Its first rows would be the whole sale, and the others be lost; the same again is nothing."""
    outcome = read(
        "S1,1,1,,,2026-03-14T10:00:00,,TEA,1.00\n"
        f"{OTHER}"
        "S1,1,1,,,2026-03-14T10:00:00,,CAKE,2.00\n"
        f"{OTHER}",
        tmp_path,
    )

    assert [(bad.line, bad.field) for bad in outcome.bad] == [(2, "receipt_no"), (4, "receipt_no")]
    assert receipts(outcome.events) == [("S1|2|2026-03-14|900|sale", ["MUG"])] * 2
    assert outcome.sent[0] == outcome.sent[1]
