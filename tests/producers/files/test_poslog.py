"""POSLog as tills write it: what arrives, what is passed over, and what is refused."""

import gzip
import re
from pathlib import Path

import pytest

from producers.files.opened import Opened
from producers.files.source import FileUnusable
from schemas.events import Discount, SaleRecorded, SaleReturned, Tender
from tests.producers.files.conftest import Brought
from tests.producers.files.mutants import survive, written
from tests.producers.files.reading import growth, publish

SALE = b"""<Transaction><RetailStoreID>S1</RetailStoreID><WorkstationID>1</WorkstationID>
<SequenceNumber>7</SequenceNumber><EndDateTime>2026-03-14T10:00:00</EndDateTime>
<RetailTransaction><LineItem><SequenceNumber>1</SequenceNumber><Sale><ItemID>TEA</ItemID>
<ExtendedAmount>3.50</ExtendedAmount><Quantity>1</Quantity></Sale></LineItem></RetailTransaction>
</Transaction>
"""


def log(*transactions: bytes) -> bytes:
    return b"<POSLog>\n" + b"".join(transactions) + b"</POSLog>\n"


def numbered(number: int) -> bytes:
    return SALE.replace(b"<SequenceNumber>7<", b"<SequenceNumber>%d<" % number, 1)


def test_each_retail_transaction_is_a_receipt(till: bytes, bring: Brought) -> None:
    """Sale lines are a sale and Return lines a return; an exchange is both, under one number."""
    outcome = bring(till)

    assert outcome.bad == []
    assert [event.header.event_id for event in outcome.events] == [
        "S1|2|2026-03-14|18|sale",
        "S1|2|2026-03-14|19|sale",
        "S1|2|2026-03-14|20|return",
        "S1|2|2026-03-14|23|return",
        "S1|2|2026-03-14|23|sale",
    ]


def test_money_is_what_was_charged_whichever_way_the_till_says_it(
    till: bytes, bring: Brought
) -> None:
    """An amount that is the regular price although something was taken off is one before that."""
    first = bring(till).events[0]

    assert isinstance(first, SaleRecorded)
    tea, other = first.lines
    assert (tea.gross_minor, tea.discounts, tea.net_minor) == (
        700,
        (Discount("till", "", 100),),
        600,
    )
    assert (other.gross_minor, other.net_minor, other.line_no) == (240, 200, 3)
    assert (tea.department, tea.brand, tea.quantity_milli) == ("FOOD", "Private", 2000)
    assert (tea.tax_rate_ppm, other.sku) == (55_000, "4006381333931")
    assert first.tenders == (Tender("cash", 800),)
    assert (first.cashier_id, first.currency) == ("104", "EUR")
    assert first.header.occurred_at % 60_000 == 29_500


def test_the_member_is_known_by_the_loyalty_account(till: bytes, bring: Brought) -> None:
    """Its number is a card's; a line that was voided is not there, nor the customer's name."""
    outcome = bring(till)
    second = outcome.events[1]

    assert isinstance(second, SaleRecorded)
    assert second.header.account_id.startswith("card-")
    assert [(line.sku, line.quantity_milli) for line in second.lines] == [("MILK", 750)]
    assert second.tenders == (Tender("card", 120),)
    assert all(b"Hopper" not in value and b"Lovelace" not in value for value in outcome.sent)


def test_a_return_names_the_line_of_its_sale(till: bytes, bring: Brought) -> None:
    """By the TransactionLink, with either sign; without one the return is of no known sale."""
    _, _, linked, unlinked, _ = bring(till).events

    assert isinstance(linked, SaleReturned)
    assert isinstance(unlinked, SaleReturned)
    assert linked.original_sale == "S1|2|2026-03-14|18|sale"
    [line] = linked.lines
    assert (line.line_no, line.quantity_milli, line.net_minor) == (1, 1000, 300)
    assert linked.refunds == (Tender("cash", 300),)
    assert (unlinked.original_sale, unlinked.lines[0].net_minor) == ("", 120)


def test_what_is_no_sale_is_passed_over_and_counted(till: bytes, bring: Brought) -> None:
    """Voided and training transactions make no event, and no refusal either."""
    totals = bring(till).files.totals

    assert totals.passed_over == {"no sale": 2, "training": 1, "voided": 1}
    assert totals.counts == {"SaleRecorded": 3, "SaleReturned": 2}
    assert totals.amount() == "10.00 EUR"


def test_a_number_that_is_passed_over_is_not_missing(till: bytes, bring: Brought) -> None:
    """It is in the file, where the till put it on purpose; without it there is a gap."""
    [day] = bring(till).files.completeness.days()
    training = re.search(rb"<Transaction TrainingModeFlag.*?</Transaction>", till, re.DOTALL)
    assert training is not None
    [lacking] = bring(till.replace(training[0], b"")).files.completeness.days()

    assert (day.missing_count, day.gaps) == (0, "")
    assert (lacking.missing_count, lacking.gaps) == (1, "2/22")


def passed_over(number: bytes) -> bytes:
    return numbered(7).replace(b"<SequenceNumber>7<", b"<SequenceNumber>%s<" % number, 1).replace(
        b"<RetailTransaction>", b"<RetailTransaction TransactionStatus='Voided'>"
    )  # fmt: skip


@pytest.mark.parametrize("number", [b"1", b"900001", b"Z-1", b"", b"\xc2\xb2"])
def test_a_number_that_is_passed_over_makes_no_gap(number: bytes, tmp_path: Path) -> None:
    """Of what is no receipt the numbers may count for themselves, or not at all."""
    outcome = publish(tmp_path / "till.xml", log(numbered(7), passed_over(number), numbered(8)))

    [day] = outcome.files.completeness.days()
    assert (day.receipt_count, day.missing_count) == (2, 0)


def test_a_number_without_a_day_fills_no_gap(tmp_path: Path) -> None:
    """What is passed over is never refused for what only receipts have to say."""
    time = b"<EndDateTime>2026-03-14T10:00:00</EndDateTime>"
    timeless = passed_over(b"8").replace(time, b"")
    outcome = publish(tmp_path / "till.xml", log(numbered(7), timeless, numbered(9)))

    [day] = outcome.files.completeness.days()
    assert (outcome.bad, day.gaps) == ([], "1/8")
    assert outcome.files.totals.passed_over == {"voided": 1}


def test_the_count_that_a_document_brings_is_compared(till: bytes, bring: Brought) -> None:
    """With all transactions in it, sales or not."""
    [right] = bring(till).trailers
    wrong = bring(till.replace(b"<TransactionCount>8<", b"<TransactionCount>9<"))

    assert wrong.files.totals.differences(right) == []
    [difference] = wrong.files.totals.differences(wrong.trailers[0])
    assert difference.startswith("count")


def test_a_document_published_twice_is_the_same_bytes(till: bytes, bring: Brought) -> None:
    """However it is packed and indented."""
    once = bring(till)
    again = bring(gzip.compress(re.sub(rb">\s+<", b"><", till)))

    assert once.sent == again.sent


def line(old: bytes, new: bytes) -> bytes:
    assert old in SALE
    return SALE.replace(old, new, 1)


WRONG = {
    "no amount": (line(b">3.50<", b">3,5o<"), "LineItem 1 ExtendedAmount", "it is no amount"),
    "no decimals": (line(b">3.50<", b">3.505<"), "LineItem 1 ExtendedAmount", "more than 2"),
    "a float": (line(b">3.50<", b">3.5e0<"), "LineItem 1 ExtendedAmount", "it is no amount"),
    "no article": (line(b">TEA<", b"><"), "LineItem 1 ItemID", "missing"),
    "a quantity": (line(b"<Quantity>1", b"<Quantity>-1"), "LineItem 1 Quantity", "negative"),
    "no time": (line(b"2026-03-14T10", b"today at 10"), "ReceiptDateTime", "it is no time"),
    "no store": (line(b">S1<", b"><"), "BusinessUnit", "missing"),
    "no day": (
        line(b"<EndDateTime>", b"<BusinessDayDate>14.3.2026</BusinessDayDate><EndDateTime>"),
        "BusinessDayDate",
        "it is no date",
    ),
    "a discount of the whole": (
        line(b"</RetailT", b"<LineItem><Discount/></LineItem></RetailT"),
        "LineItem 2",
        "of a kind that is not read",
    ),
    "two currencies": (
        line(b"<ExtendedAmount>", b"<CurrencyCode/><ExtendedAmount Currency='USD'>").replace(
            b"<RetailTr", b"<CurrencyCode>EUR</CurrencyCode><RetailTr"
        ),
        "CurrencyCode",
        "more than one",
    ),
    "another total": (
        line(b"</RetailT", b"<Total TotalType='TransactionGrandAmount'>3.49</Total></RetailT"),
        "Total",
        "not the sum",
    ),
    "a post void": (
        line(b"<LineItem>", b"<TransactionLink ReasonCode='Void'/><LineItem>"),
        "TransactionLink",
        "voids another",
    ),
    "a return without its line": (
        SALE.replace(b"Sale>", b"Return>").replace(b"</Return>", b"<TransactionLink/></Return>"),
        "LineItem 1 TransactionLink",
        "LineItemSequenceNumber",
    ),
    "no tender": (
        line(b"</RetailT", b"<LineItem><Tender><Amount>much</Amount></Tender></LineItem></RetailT"),
        "Tender",
        "its Amount is none",
    ),
}


@pytest.mark.parametrize(("spoilt", "field", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_transaction_is_one_line_and_its_neighbours_arrive(
    spoilt: bytes, field: str, reason: str, tmp_path: Path
) -> None:
    """File, line, transaction, field and reason; it is kept as it stands."""
    outcome = publish(tmp_path / "till.xml", log(numbered(1), spoilt, numbered(9)))

    [bad] = outcome.bad
    assert (bad.line, bad.field) == (7, f"transaction 7 {field}")
    assert reason in bad.reason
    assert bad.raws == (spoilt.rstrip(),)
    assert [event.header.event_id[16:17] for event in outcome.events] == ["1", "9"]


def test_a_number_that_may_be_a_phones_names_no_transaction(tmp_path: Path) -> None:
    """The line says which it is."""
    spoilt = line(b">3.50<", b">much<").replace(b">7<", b">442079460018<", 1)
    [bad] = publish(tmp_path / "till.xml", log(spoilt)).bad

    assert (bad.line, bad.field) == (2, "transaction LineItem 1 ExtendedAmount")


def test_what_was_refused_is_a_document_again(tmp_path: Path) -> None:
    """Its header and footer stand around it, so that it can be mended and published."""
    spoilt = line(b">3.50<", b">much<")
    path = tmp_path / "till.xml"
    outcome = publish(path, b"<p:POSLog xmlns:p='urn:a'><p:Batch>" + spoilt.replace(
        b"</", b"</p:").replace(b"<", b"<p:").replace(b"<p:/p:", b"</p:") + b"</p:Batch></p:POSLog>"
    )  # fmt: skip
    opened = Opened(path)
    kept = opened.header + b"".join(outcome.bad[0].raws) + opened.footer

    assert publish(path, kept.replace(b"much", b"3.50")).events


def test_a_document_of_what_was_refused_brings_no_count(till: bytes, tmp_path: Path) -> None:
    """That of the whole file would be wrong, and everything else of its beginning stays."""
    path = tmp_path / "till.xml"
    for tag in (b"<TransactionCount>", b"<TransactionCount TypeCode='All'\n >"):
        path.write_bytes(till.replace(b"<TransactionCount>", tag))
        header = Opened(path).header

        assert b"Count" not in header
        assert header.split() == till.split(b"<Transaction>")[0].split()[:-1]


BOMB = b'<!DOCTYPE POSLog [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
UNUSABLE = {
    "a bomb of entities": (BOMB + log(SALE.replace(b"TEA", b"&b;")), "DTD"),
    "a document type from elsewhere": (b'<!DOCTYPE POSLog SYSTEM "other.dtd">' + log(SALE), "DTD"),
    "an entity from a file": (
        b'<!DOCTYPE POSLog [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + log(SALE),
        "DTD",
    ),
    "another document": (b"<html><body/></html>", "no POSLog"),
    "nothing but a beginning": (b"<POSLog>", "ends before its end"),
    "an unknown encoding": (
        b'<?xml version="1.0" encoding="klingon"?>' + log(SALE),
        "encoding is unknown",
    ),
}


@pytest.mark.parametrize(("content", "said"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_document_that_is_refused_whole_is_one_sentence(
    content: bytes, said: str, tmp_path: Path
) -> None:
    """Before anything of it is published; no entity is expanded and nothing is fetched."""
    with pytest.raises(FileUnusable, match=said):
        publish(tmp_path / "till.xml", content)


def test_an_entity_that_nobody_defined_ends_the_document(tmp_path: Path) -> None:
    """What came before it is published, and the line is told."""
    outcome = publish(tmp_path / "till.xml", log(SALE, numbered(8).replace(b"TEA", b"&tea;")))

    [bad] = outcome.bad
    assert (bad.line, bad.field) == (9, "document")
    assert "undefined entity" in bad.reason
    assert len(outcome.events) == 1


def test_a_document_that_was_cut_off_says_so(tmp_path: Path) -> None:
    """The transaction that is not whole is kept, and those before it are published."""
    outcome = publish(tmp_path / "till.xml", log(SALE, numbered(8))[:-200])

    [bad] = outcome.bad
    assert "ends before its end" in bad.reason
    assert b"<SequenceNumber>8" in bad.raws[0]
    assert len(outcome.events) == 1


def test_a_transaction_that_is_too_large_stops_no_other(tmp_path: Path) -> None:
    """Of it only a beginning is held."""
    large = SALE.replace(b"<ItemID>", b"<Description>%s</Description><ItemID>" % (b"x" * 5_000_000))
    outcome = publish(tmp_path / "till.xml", log(large, numbered(8)))

    [bad] = outcome.bad
    assert "larger than" in bad.reason
    assert len(bad.raws[0]) < 100_000
    assert len(outcome.events) == 1


def test_a_tag_that_never_ends_takes_no_memory(tmp_path: Path) -> None:
    """Nor do elements without bottom."""
    endless = log(SALE)[:-10] + b"<Transaction a='" + b"x" * 12_000_000
    deep = b"<POSLog><Transaction>" + b"<a>" * 200_000
    for content, said in ((endless, "no end"), (deep, "deeper")):
        [bad] = publish(tmp_path / "till.xml", content).bad
        assert said in bad.reason


def test_a_document_in_latin_letters_is_read(tmp_path: Path) -> None:
    """As its first line says."""
    head = b'<?xml version="1.0" encoding="windows-1252"?>'
    [event] = publish(tmp_path / "a.xml", head + log(SALE.replace(b"TEA", b"TH\xc9"))).events

    assert isinstance(event, SaleRecorded)
    assert event.lines[0].sku == "TH\u00c9"


def test_no_mutant_of_a_document_ends_in_a_traceback(till: bytes, bring: Brought) -> None:
    """Each is read to an end, or refused in one sentence."""
    assert survive(till, bring, 400, seed=11) > 200


def test_no_mutant_of_a_value_ends_in_a_traceback(till: bytes, bring: Brought) -> None:
    """What stands between the tags is changed, so that the document stays whole."""
    values = sorted(set(re.findall(rb">([^<>\s][^<>]*)<", till)))
    for nth, old in enumerate(values):
        for new in (
            b"",
            b"-",
            b"1" * 40,
            b"9" * 5_000,
            b"\xc2\xa0",
            b"null",
            b"0",
            b"\xef\xbc\x97",
        ):
            outcome = bring(till.replace(b">" + old + b"<", b">" + new + b"<", 1 + nth % 2))
            assert all(bad.sentence("f").isprintable() for bad in outcome.bad)


def test_memory_does_not_grow_with_the_document(tmp_path: Path) -> None:
    """Ten times the transactions take no more memory than a batch does."""
    path = tmp_path / "large.xml"

    def write(count: int) -> None:
        written(path, b"<POSLog>\n", numbered, count, b"</POSLog>\n")

    assert growth(path, write, 2_000) < 1.2
