"""POSLog as tills of several makers write it: what was never sold, and what was really charged."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from schemas.events import Line, SaleRecorded, Tender
from tests.producers.files.reading import Outcome, publish


def article(number: int, sku: str, amount: str, more: str = "", said: str = "") -> str:
    """A line of a sale."""
    return (
        f"<LineItem {said}><SequenceNumber>{number}</SequenceNumber><Sale><ItemID>{sku}</ItemID>"
        f"<ExtendedAmount>{amount}</ExtendedAmount>{more}</Sale></LineItem>"
    )


def grand(amount: str) -> str:
    """What was to pay."""
    return f"<Total TotalType='TransactionGrandAmount'>{amount}</Total>"


def tender(amount: str) -> str:
    """What was handed over."""
    return f"<LineItem><Tender TenderType='Cash'>{amount}</Tender></LineItem>"


def transaction(number: int, inside: str, said: str = "", state: str = "") -> str:
    """One transaction, of one till on one day."""
    return (
        f"<Transaction {said}><RetailStoreID>S1</RetailStoreID><WorkstationID>1</WorkstationID>"
        f"<SequenceNumber>{number}</SequenceNumber><CurrencyCode>EUR</CurrencyCode>"
        "<EndDateTime>2026-03-14T10:00:00</EndDateTime>"
        f"<RetailTransaction {state}>{inside}</RetailTransaction></Transaction>"
    )


def read(folder: Path, *transactions: str) -> Outcome:
    """What comes of a log of these."""
    return publish(folder / "till.xml", f"<POSLog>{''.join(transactions)}</POSLog>".encode())


def lines_of(outcome: Outcome) -> Sequence[Line]:
    """Those of the one sale that came of it."""
    [sale] = outcome.events
    assert isinstance(sale, SaleRecorded)
    assert outcome.bad == []
    return sale.lines


@pytest.mark.parametrize(
    ("said", "state", "why"),
    [
        ("SuspendFlag='true'", "", "suspended"),
        ("SuspendedFlag='1'", "", "suspended"),
        ("VoidedFlag='true'", "", "voided"),
        ("", "TransactionStatus='SuspendedRetrieved'", "suspended"),
        ("", "TransactionStatus='SuspendedCancelled'", "suspended"),
        ("", "TransactionStatus='InProcess'", "not finished"),
    ],
)
def test_what_was_suspended_and_goes_on_is_sold_once(
    said: str, state: str, why: str, tmp_path: Path
) -> None:
    """Under the number that it was paid with; that of the first part is not missing."""
    tea = article(1, "TEA", "3.50")
    outcome = read(
        tmp_path,
        transaction(7, tea, said, state),
        transaction(8, tea, state="TransactionStatus='Totaled'"),
    )

    assert [event.header.event_id for event in outcome.events] == ["S1|1|2026-03-14|8|sale"]
    assert outcome.files.totals.passed_over == {why: 1}


def test_a_line_that_voids_another_takes_it_along(tmp_path: Path) -> None:
    """Where it is marked, and names by ItemLink a line of the same article that is not."""
    link = "<ItemLink>1</ItemLink>"
    inside = (
        article(1, "TEA", "3.50")
        + article(2, "TEA", "3.50")
        + article(3, "DEPOSIT", "0.25", link, "VoidFlag='true'")
        + article(4, "TEA", "-3.50", link, "VoidFlag='true'")
        + article(5, "JAM", "9.00", said="DeleteFlag='true'")
        + grand("3.50")
    )

    [kept] = lines_of(read(tmp_path, transaction(7, inside)))
    assert (kept.line_no, kept.sku, kept.net_minor) == (2, "TEA", 350)


def test_what_was_voided_is_no_part_of_the_total(tmp_path: Path) -> None:
    """Neither are its taxes, where those are added to the prices."""
    tax = "<Tax><Amount>0.70</Amount></Tax>"
    inside = article(1, "TEA", "3.50", tax) + article(2, "JAM", "9.00", tax, "VoidFlag='true'")

    [line] = lines_of(read(tmp_path, transaction(7, inside + grand("4.20"))))
    assert line.net_minor == 350


def test_a_weighed_article_is_charged_less_its_discount(tmp_path: Path) -> None:
    """Its amount is that of the regular price, rounded to cents, and so one before discounts."""
    apples = (
        "<RegularSalesUnitPrice>1.99</RegularSalesUnitPrice><Quantity>0.755</Quantity>"
        "<RetailPriceModifier><Amount Action='Subtract'>0.20</Amount></RetailPriceModifier>"
        "<RetailPriceModifier VoidFlag='1'><Amount>0.50</Amount></RetailPriceModifier>"
    )
    weighed = lines_of(read(tmp_path, transaction(7, article(1, "APPLES", "1.50", apples))))
    lowered = lines_of(read(tmp_path, transaction(7, article(1, "APPLES", "1.30", apples))))

    assert [(one.gross_minor, one.net_minor) for one in (*weighed, *lowered)] == [(150, 130)] * 2


def test_a_line_of_another_kind_is_left_out_where_the_total_is_that_of_the_others(
    tmp_path: Path,
) -> None:
    """Some tills list again what they have taken off; one that took more off is refused."""
    listed = article(1, "TEA", "3.50") + "<LineItem><Discount><Amount>0.20</Amount></Discount>"
    listed += "</LineItem>"

    [line] = lines_of(read(tmp_path, transaction(7, listed + grand("3.5"))))
    assert line.net_minor == 350
    [bad] = read(tmp_path, transaction(7, listed + grand("3.30"))).bad
    assert (bad.field, bad.reason[:12]) == ("transaction 7 LineItem 2", "it is of a k")


def test_the_store_is_the_unit_that_says_it_is_one(tmp_path: Path) -> None:
    """A country or a company may stand before it, typed at the unit or at its number."""
    country = "<BusinessUnit><UnitID TypeCode='X:Country'>DE</UnitID></BusinessUnit>"
    inside = country + "<BusinessUnit><UnitID TypeCode='RetailStore'>S9</UnitID></BusinessUnit>"
    outside = country + "<BusinessUnit TypeCode='RetailStore'><UnitID>S9</UnitID></BusinessUnit>"
    one = transaction(7, article(1, "TEA", "3.50"))
    made = [
        read(tmp_path, one.replace("<RetailStoreID>", f"{units}<RetailStoreID>")).events[0]
        for units in (inside, outside, country)
    ]

    assert [event.header.store_id for event in made] == ["S9", "S9", "DE"]


def test_deposits_and_gift_cards_are_marked_for_the_rules(tmp_path: Path) -> None:
    """By the type of the article, so that a programme can leave them out."""
    inside = "".join(
        article(number, "X", "1.00").replace("<Sale>", f"<Sale ItemType='{kind}'>")
        for number, kind in enumerate(("Stock", "Deposit", "GiftCertificate"), 1)
    )

    flags = [line.flags for line in lines_of(read(tmp_path, transaction(7, inside)))]
    assert flags == [(), ("deposit",), ("gift_card",)]


def test_a_return_whose_transaction_alone_names_the_sale_is_refused(tmp_path: Path) -> None:
    """As one whose line names the sale and not the line: it would take back nothing."""
    back = article(1, "TEA", "3.50").replace("Sale>", "Return>")
    link = "<TransactionLink ReasonCode='Return'><SequenceNumber>3</SequenceNumber>"
    outcome = read(
        tmp_path, transaction(7, f"{link}</TransactionLink>{back}"), transaction(8, back)
    )

    assert [event.header.event_id for event in outcome.events] == ["S1|1|2026-03-14|8|return"]
    [bad] = outcome.bad
    assert bad.field == "transaction 7 TransactionLink"


def test_money_of_another_currency_is_not_taken_for_the_sales_own(tmp_path: Path) -> None:
    """A tender says its amount in the currency of the sale; else nobody knows how much that is."""
    own = "<Amount Currency='EUR'>3.50</Amount><ForeignCurrency><OriginalFaceAmount>4.10"
    own += "</OriginalFaceAmount></ForeignCurrency>"
    foreign = "<Amount Currency='USD'>4.10</Amount>"
    tea = article(1, "TEA", "3.50")
    outcome = read(
        tmp_path, transaction(7, tea + tender(own)), transaction(8, tea + tender(foreign))
    )

    [sale], [bad] = outcome.events, outcome.bad
    assert isinstance(sale, SaleRecorded)
    assert sale.tenders == (Tender("cash", 350),)
    assert (bad.field, bad.reason) == (
        "transaction 8 Tender",
        "its Amount is in another currency than EUR",
    )
