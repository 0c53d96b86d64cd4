"""CSV as tills and spreadsheets write it: what arrives, what is refused, and what it sums up to."""

import csv
import gzip
import io
import os
import random
from hashlib import sha256
from pathlib import Path

import pytest

from producers.files import tabular
from producers.files.drafting import draft, finished
from producers.files.opened import Opened
from producers.files.shop import Product, Shop, Store
from producers.files.source import FileUnusable, Source
from producers.files.values import Wrong
from schemas.events import Discount, MemberEnrolled, SaleRecorded, SaleReturned, Tender
from tests.producers.files.reading import SHOP, Outcome, growth, publish

SALES = """store_id,till_id,receipt_no,occurred_at,member_id,sku,quantity,gross,net,tender
S1,1,17,2026-03-14T10:00:00,m-1,TEA,1,3.50,3.50,card
S1,1,17,2026-03-14T10:00:00,m-1,CAKE,2,5.00,4.50,
S1,1,18,2026-03-14T10:05:00,,TEA,1,3.50,3.50,cash
S1,2,7,2026-03-14T10:06:00,m-2,MILK,0.750,1.20,1.20,cash
"""
RETURNS = """store_id,receipt_no,occurred_at,member_id,original_receipt_no,original_till_id,\
original_business_date,line_no,quantity,net
S1,90,2026-03-15T10:00:00,m-1,17,1,2026-03-14,2,1,2.25
"""
MEMBERS = """member_id,occurred_at,store_id,birthday,consents,language
m-1,2026-03-01T09:00:00,S1,1980-02-29,marketing/email|service/sms,en
"""


def with_delimiter(text: str, delimiter: str, comma: bool = False) -> str:
    """The same table as another program saves it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text)):
        writer.writerow([cell.replace(".", ",") if comma else cell for cell in row])
    return out.getvalue()


SAVED = {
    "plain": SALES.encode(),
    "with a byte-order mark": b"\xef\xbb\xbf" + SALES.encode(),
    "semicolons": with_delimiter(SALES, ";").encode(),
    "semicolons, decimal commas and a mark": b"\xef\xbb\xbf"
    + with_delimiter(SALES, ";", comma=True).encode(),
    "tabs": with_delimiter(SALES, "\t").encode(),
    "gzip": gzip.compress(SALES.encode()),
    "empty columns and rows": SALES.replace("\n", ",,\n").encode() + b",,,,,,,,,,,\n\n",
    "larger letters": SALES.replace("store_id,till_id", "Store ID,TILL-ID").encode(),
    "no end of the last line": SALES.rstrip().encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", SAVED.values(), ids=SAVED)
def test_a_sale_is_one_row_a_line_however_it_was_saved(content: bytes, tmp_path: Path) -> None:
    """Delimiter, byte-order mark, compression and line ends make no other events."""
    outcome = publish(tmp_path / "sales.csv", content)

    assert outcome.bad == []
    first, second, third = (event for event in outcome.events if isinstance(event, SaleRecorded))
    assert first.header.event_id == "S1|1|2026-03-14|17|sale"
    assert [(line.line_no, line.sku, line.net_minor) for line in first.lines] == [
        (1, "TEA", 350),
        (2, "CAKE", 450),
    ]
    assert first.lines[1].discounts == (Discount("till", "", 50),)
    assert first.tenders == (Tender("card", 800),)
    assert (second.header.account_id, second.header.member_id) == ("store:S1", "")
    assert third.lines[0].quantity_milli == 750
    assert first.header.utc_offset_min == 60
    assert outcome.files.totals.amount() == "12.70 EUR"


def test_returns_name_their_sale_by_its_receipt(tmp_path: Path) -> None:
    """The columns of the original sale say that a file tells of returns."""
    [event] = publish(tmp_path / "returns.csv", RETURNS.encode()).events

    assert isinstance(event, SaleReturned)
    assert event.header.event_id == "S1||2026-03-15|90|return"
    assert event.original_sale == "S1|1|2026-03-14|17|sale"
    assert [(one.line_no, one.quantity_milli, one.net_minor) for one in event.lines] == [
        (2, 1000, 225)
    ]


def test_what_the_till_did_not_send_is_filled_in(tmp_path: Path) -> None:
    """Products say where an article belongs, stores what time it is there and in which money."""
    tea = Product("FOOD", "FOOD/TEA", "Own", "ACME", ("eco",))
    shop = Shop({"S1": Store("Asia/Tokyo", "JPY")}, {"TEA": tea})
    sale = "store_id,receipt_no,occurred_at,sku,net,brand\nS1,1,2026-03-14T00:30,TEA,350,Other\n"
    [event] = publish(tmp_path / "sales.csv", sale.encode(), shop=shop).events

    assert isinstance(event, SaleRecorded)
    [line] = event.lines
    assert (line.department, line.category, line.brand) == ("FOOD", "FOOD/TEA", "Other")
    assert (line.labels, line.net_minor, event.currency) == (("eco",), 350, "JPY")
    assert (event.header.utc_offset_min, event.header.event_id) == (540, "S1||2026-03-14|1|sale")


SPOILT = [
    ("S1,1,17,2026-03-14T10:00:00,m-1,CAKE,2,5.00,4.50", "", "the row ends after 9 of 10 cells"),
    ("S1,1,17,2026-03-14T10:00:00,m-1,CAKE,2,5.00,4.50,,x", "", "it has 11 cells"),
    ("S1,1,17,2026-03-14T10:00:00,m-1,CAKE,2,5.00,4.5o,", "net", "it is no amount"),
    ("S1,1,17,2026-03-14T10:00:00,m-2,CAKE,2,5.00,4.50,", "member_id", "it differs"),
    ("S1,1,17,2026-03-14T10:00:00,m-1,,2,5.00,4.50,", "sku", "it is missing"),
    ('S1,1,17,2026-03-14T10:00:00,m-1,"CA"KE,2,5.00,4.50,', "", "its quotes"),
    ("S1,1,17,2026-03-14T10:00:00,m-1,C\0AKE,2,5.00,4.50,", "", "null bytes"),
    ("S1,1,17,2026-03-14T10:00:00,m-1,CAKE,-2,5.00,4.50,", "quantity", "it is negative"),
]


@pytest.mark.parametrize(("row", "field", "reason"), SPOILT, ids=[one[2] for one in SPOILT])
def test_a_spoilt_row_spoils_its_receipt_and_no_other(
    row: str, field: str, reason: str, tmp_path: Path
) -> None:
    """What is left of a receipt would be another sale; the receipts beside it arrive."""
    lines = SALES.splitlines(keepends=True)
    lines[2] = f"{row}\n"
    outcome = publish(tmp_path / "sales.csv", "".join(lines).encode())

    [bad] = outcome.bad
    assert (bad.line, bad.field) == (3, field)
    assert reason in bad.reason
    assert b"".join(bad.raws) == "".join(lines[1:3]).encode()
    assert [event.header.event_id[:7] for event in outcome.events] == ["S1|1|20", "S1|2|20"]


def test_a_row_in_another_encoding_is_told_and_kept(tmp_path: Path) -> None:
    """A word that is not UTF-8 refuses its receipt, and the sentence says what to do."""
    content = SALES.encode().replace(b"CAKE", "G\u00c2TEAU".encode("latin-1"))
    outcome = publish(tmp_path / "sales.csv", content)

    [bad] = outcome.bad
    assert "save the file as" in bad.reason
    assert "G\u00c2TEAU".encode("latin-1") in b"".join(bad.raws)
    assert len(outcome.events) == 2


def test_a_quote_that_never_closes_ends_somewhere(tmp_path: Path) -> None:
    """It takes at most a hundred lines along, and not the whole file."""
    good = "".join(f"S1,1,{n},2026-03-14T10:00:00,,TEA,1,1.00,1.00,\n" for n in range(100, 400))
    open_one = 'S1,1,99,2026-03-14T10:00:00,,"TEA,1,1.00,1.00,\n'
    outcome = publish(tmp_path / "sales.csv", (SALES + open_one + good).encode())

    assert [bad.reason for bad in outcome.bad] == ["a quoted cell has no closing quote"]
    assert len(outcome.events) == 3 + 300 - 100


def test_a_receipt_of_too_many_rows_is_refused_whole(tmp_path: Path) -> None:
    """None of its rows becomes a sale of its own."""
    rows = "S1,1,17,2026-03-14T10:00:00,m-1,TEA,1,1.00,1.00,\n" * 1_200
    outcome = publish(tmp_path / "sales.csv", (SALES.splitlines(keepends=True)[0] + rows).encode())

    assert outcome.events == []
    assert sum(len(bad.raws) for bad in outcome.bad) == 1_200


UNUSABLE = {
    "empty": (b"", "is empty"),
    "UTF-16": (SALES.encode("utf-16"), "UTF-16; save it in UTF-8"),
    "XML in UTF-16": ("<POSLog/>".encode("utf-16-le"), "UTF-16; save it in UTF-8"),
    "lines of an old Mac": (SALES.replace("\n", "\r").encode(), "its lines end as on an old Mac"),
    "a spreadsheet": (b"PK\x03\x04rest", "spreadsheet"),
    "another encoding in the header": ("st\u00e9,sku\n".encode("latin-1"), "UTF-8"),
    "an unknown column": (
        b"store_id,reciept_no,sku,net\n",
        "column 2 is none of a file of sales; did you mean receipt_no?",
    ),
    "a column like none": (
        b"store_id,receipt_no,sku,net,weather\n",
        "column 5 is none of a file of sales; the first line names the columns",
    ),
    "a column twice": (b"store_id,sku,net,sku\n", "columns 2 and 4 have one name"),
    "a column without a name": (b"store_id,,sku\n", "no name"),
}


@pytest.mark.parametrize(("content", "said"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_read_is_one_sentence(
    content: bytes, said: str, tmp_path: Path
) -> None:
    """Before anything of it is published."""
    with pytest.raises(FileUnusable, match=said.replace("?", r"\?")):
        publish(tmp_path / "sales.csv", content)


@pytest.mark.parametrize(
    "first", ["Ada Lovelace;+442079460018", "+442079460018;Lovelace;Lovelace", "Lovelace;sku"]
)
def test_no_complaint_repeats_a_list_that_begins_without_names(first: str, tmp_path: Path) -> None:
    """Its first line is a person's, and stands where columns are named."""
    with pytest.raises(FileUnusable) as refused:
        publish(tmp_path / "list.csv", f"{first}\nGrace Hopper;+442079460019\n".encode())

    said = str(refused.value).removeprefix(str(tmp_path)).lower()
    assert not [word for word in ("lovelace", "ada", "0018") if word in said]


def test_a_pipe_is_no_file() -> None:
    """A file is read more than once; what comes through a pipe is gone after the first time."""
    reading, writing = os.pipe()
    os.write(writing, SALES.encode())
    os.close(writing)
    try:
        with pytest.raises(FileUnusable, match="save it first"):
            Opened(Path(f"/dev/fd/{reading}"))
    finally:
        os.close(reading)


def test_a_file_that_was_cut_off_says_so(tmp_path: Path) -> None:
    """What came before the cut is published."""
    whole = gzip.compress(SALES.encode() + b"".join(
        f"S1,1,{n},2026-03-14T10:00:00,,TEA,1,1.00,1.00,\n".encode() for n in range(5_000, 9_000)
    ))  # fmt: skip
    path = tmp_path / "sales.csv.gz"
    path.write_bytes(whole[:-2_000])
    source = Source(path)
    table = tabular.Table(source)
    found = list(tabular.told(table, tabular.kind_of(table, source)))

    assert len(found) > 100
    assert "cut off" in source.cut


def trailer(outcome: Outcome) -> list[str]:
    """What the file says of itself and is not so."""
    [one] = outcome.trailers
    return outcome.files.totals.differences(one)


def test_the_totals_of_a_file_are_compared(tmp_path: Path) -> None:
    """Count, money and hash that the file brings are those that were found, or it is said."""
    digest = sha256(SALES.encode()).hexdigest()
    right = f"#totals count=3 amount=12.70 sha256={digest}\n"
    wrong = "#totals count=4 amount=12.71 sha256=00\n"

    assert trailer(publish(tmp_path / "a.csv", (SALES + right).encode())) == []
    differences = trailer(publish(tmp_path / "b.csv", (SALES + wrong).encode()))
    assert [one.split(",")[0] for one in differences] == ["count", "amount", "sha256"]


@pytest.mark.parametrize(
    "line", ["#totals count={} amount=12.70,,,,,,,,,", "#totals,count={},amount=12.70,,,,,,,",
             "#totals;count={};amount=12,70;;;", "#totals\tcount={}\t\tamount=12.70\t"],
)  # fmt: skip
def test_totals_that_a_spreadsheet_has_saved_are_compared(line: str, tmp_path: Path) -> None:
    """Its delimiters stand between the words and behind them."""
    right, wrong = (f"{SALES}{line.format(count)}\n".encode() for count in (3, 4))

    assert trailer(publish(tmp_path / "a.csv", right)) == []
    assert len(trailer(publish(tmp_path / "b.csv", wrong))) == 1


@pytest.mark.parametrize("line", ["#totals", "#totals 3 12.70", "#totals lines=3"])
def test_totals_that_say_nothing_are_told(line: str, tmp_path: Path) -> None:
    """Who brings them believes that they are compared."""
    assert trailer(publish(tmp_path / "a.csv", f"{SALES}{line}\n".encode())) == [
        "totals, it says none of count, amount and sha256"
    ]


def test_json_lines_bring_totals_too(tmp_path: Path) -> None:
    """A last line of the type Totals, after whatever other events."""
    lines = JSON.decode()
    digest = sha256(lines.encode()).hexdigest()
    said = f'{{"type": "Totals", "count": 3, "sha256": "{digest}"}}\n'

    differences = trailer(publish(tmp_path / "a.jsonl", (lines + said).encode()))
    assert [one.split(",")[0] for one in differences] == ["count"]


def test_receipts_that_are_missing_are_found_by_store_and_day(tmp_path: Path) -> None:
    """Numbers between the first and the last of a till that no receipt has, in whatever order."""
    numbers = [3, 9, 4, 7, 1, 8]
    rows = "".join(f"S1,1,{n},2026-03-14T10:00:00,,TEA,1,1.00,1.00,\n" for n in numbers)
    text = SALES.splitlines(keepends=True)[0] + rows
    text += "S2,1,A-17,2026-03-14T10:00:00,,TEA,1,1.00,1.00,\n"
    days = list(publish(tmp_path / "sales.csv", text.encode()).files.completeness.days())

    assert [(d.store_id, d.receipt_count, d.missing_count, d.gaps) for d in days] == [
        ("S1", 6, 3, "1/2, 1/5-6"),
        ("S2", 1, None, ""),
    ]


def test_a_file_published_twice_is_the_same_bytes(tmp_path: Path) -> None:
    """So that the ledger knows each event as a duplicate."""
    for content in (SALES, RETURNS):
        once = publish(tmp_path / "once.csv", content.encode())
        again = publish(tmp_path / "again.csv", with_delimiter(content, ";").encode())
        assert once.sent == again.sent


SIGNS = [b'"', b",", b"\n", b"\r", b";", b"\0", b"{", b"\xff"]


def mutants(content: bytes, count: int, seed: int) -> list[bytes]:
    """Files with a few bytes changed, taken out, doubled or put in."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        mutant = bytearray(content)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(mutant))
            match chance.randrange(5):
                case 0:
                    mutant[at] = chance.randrange(256)
                case 1:
                    del mutant[at : at + chance.randint(1, 20)]
                case 2:
                    mutant[at:at] = mutant[at : at + 30]
                case 3:
                    mutant[at:at] = chance.choice(
                        [b'"', b",", b"\n", b"\r", b";", b"\0", b"{", b"\xff"]
                    )
                case _:
                    del mutant[at:]
            if not mutant:
                mutant = bytearray(b"x")
        made.append(bytes(mutant))
    return made


JSON = b"""{"type": "SaleRecorded", "store_id": "S1", "receipt_no": "1", "member_id": "m-1", \
"occurred_at": "2026-03-14T10:00:00", "lines": [{"sku": "A", "net": 3.5, "labels": ["x"]}]}
{"type": "PointsAdjusted", "member_id": "m-1", "wallet": "points", "points": 5, "reason": "r", \
"approved_by": "a", "occurred_at": "2026-03-14T10:00:00+01:00"}
"""


@pytest.mark.parametrize(
    "content",
    [SALES.encode(), RETURNS.encode(), JSON, gzip.compress(SALES.encode())],
    ids=["sales", "returns", "JSON Lines", "gzip"],
)
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_a_mutated_file_is_read_or_refused(content: bytes, seed: int, tmp_path: Path) -> None:
    """Whatever bytes a file holds, it is events and sentences: never a traceback, never a loss."""
    for mutant in mutants(content, 600 if seed == 1 else 10_000, seed):
        try:
            outcome = publish(tmp_path / "mutant", mutant)
        except FileUnusable:
            continue
        for bad in outcome.bad:
            assert bad.sentence("mutant").isprintable()
        for value, event in zip(outcome.sent, outcome.events, strict=True):
            assert value
            assert event.header.event_id


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A file of ten times the sales takes no more memory than a batch does."""
    path = tmp_path / "large.csv"

    def write(sales: int) -> None:
        with path.open("w") as file:
            file.write(SALES.splitlines(keepends=True)[0])
            for n in range(sales):
                row = f"S1,{n % 7},{n // 7},2026-03-14T10:00:00,m-{n},TEA,1,3.50,3.50,card\n"
                file.write(row)

    assert growth(path, write, 3_000) < 1.2


def test_enrolments_say_month_day_and_consents() -> None:
    """The year of birth is left out, and each consent is purpose and channel."""
    [columns, row] = csv.reader(io.StringIO(MEMBERS))
    event = finished(
        draft(MemberEnrolled, dict(zip(columns, row, strict=True)), SHOP), "m-1", "m-1"
    )

    assert isinstance(event, MemberEnrolled)
    assert (event.birthday_month, event.birthday_day, event.language) == (2, 29, "en")
    assert [(one.purpose, one.channel, one.given) for one in event.consents] == [
        ("marketing", "email", True),
        ("service", "sms", True),
    ]


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("marketing/mail", "consents.channel"),
        ("Bob/Builder", "consents.purpose"),
        ("marketing/", "consents.channel"),
        ("service/sms|/email", "consents.purpose"),
        ("yes please", "consents"),
    ],
)
def test_a_consent_has_one_of_three_purposes_and_channels(
    written: str, field: str, tmp_path: Path
) -> None:
    """Another word would never count, and may be a person's name from the next column."""
    outcome = publish(tmp_path / "a.csv", MEMBERS.replace("marketing/email", written).encode())

    [bad] = outcome.bad
    assert (outcome.events, bad.field) == ([], field)
    assert not any(word in bad.sentence("f") for word in ("Bob", "Builder", "yes"))


@pytest.mark.parametrize("field", ["store_id", "till_id", "original_store_id"])
@pytest.mark.parametrize("written", ["+33 1 71 55 51 99", "ada@example.org"])
def test_a_number_of_a_person_is_no_store(field: str, written: str, tmp_path: Path) -> None:
    """A shifted row would leave it in the log for ever, as the name of a store or till."""
    columns, cells = (line.split(",") for line in RETURNS.splitlines())
    told = {**dict(zip(columns, cells, strict=True)), "till_id": "1", "original_store_id": "S1"}
    row = {**told, field: written}
    content = "\n".join([",".join(row), ",".join(row.values())])

    outcome = publish(tmp_path / "a.csv", content.encode())

    [bad] = outcome.bad
    assert (outcome.events, bad.field) == ([], field)
    assert written not in bad.reason


@pytest.mark.parametrize("field", ["store_id", "home_store_id", "campaign_id", "referred_by"])
def test_a_number_in_an_enrolments_columns_of_ids_is_refused(field: str) -> None:
    """As it is in the column of the member's own id."""
    row = {"member_id": "m-1", "occurred_at": "2026-03-01T09:00:00", field: "+33171555199"}

    with pytest.raises(Wrong) as refused:
        draft(MemberEnrolled, row, SHOP)

    assert refused.value.field == field
