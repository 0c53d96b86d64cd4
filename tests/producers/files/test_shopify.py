"""Orders of Shopify: what arrives, what is passed over, and what is refused."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from producers.files.source import FileUnusable
from schemas.events import Discount, SaleRecorded, SaleReturned, Tender
from tests.producers.files.conftest import Brought
from tests.producers.files.mutants import survive, written
from tests.producers.files.reading import growth, publish

ORDER: dict[str, Any] = {
    "id": 501,
    "name": "#17",
    "order_number": 17,
    "processed_at": "2026-03-14T10:00:00+01:00",
    "currency": "EUR",
    "financial_status": "paid",
    "line_items": [{"id": 91, "sku": "TEA", "price": "3.50", "quantity": 2}],
    "refunds": [],
}


def order(number: int, **changed: Any) -> dict[str, Any]:
    return {**deepcopy(ORDER), "id": number, "order_number": number, **changed}


def with_line(**changed: Any) -> dict[str, Any]:
    return order(501, line_items=[{**ORDER["line_items"][0], **changed}])


def refund(**changed: Any) -> dict[str, Any]:
    item = {"line_item_id": 91, "quantity": 1, "subtotal": "3.50"}
    one = {"id": 88, "created_at": "2026-03-15T10:00:00+01:00", "refund_line_items": [item]}
    return {**one, **changed}


def test_an_order_is_a_sale_and_its_refunds_are_returns(orders: bytes, bring: Brought) -> None:
    """Under Shopify's own ids, in this order."""
    outcome = bring(orders)

    assert outcome.bad == []
    assert [event.header.event_id for event in outcome.events] == [
        "shopify|5550001|sale",
        "shopify|88001|return",
        "shopify|5550003|sale",
    ]


def test_money_is_exact_and_at_the_line(orders: bytes, bring: Brought) -> None:
    """Price times quantity less all discounts, those of the whole order with their share."""
    first = bring(orders).events[0]

    assert isinstance(first, SaleRecorded)
    tea, card = first.lines
    assert (tea.gross_minor, tea.net_minor, tea.quantity_milli) == (1050, 901, 3000)
    assert tea.discounts == (Discount("till", "", 100), Discount("till", "", 49))
    assert (tea.tax_rate_ppm, tea.brand) == (48_750, "Private")
    assert (card.sku, card.flags) == ("variant-808950810", ("gift_card",))
    assert first.tenders == (Tender("card", 2401), Tender("gift_card", 1000))
    assert (first.receipt_no, first.order_id, first.currency) == ("1001", "5550001", "USD")
    assert (first.header.store_id, first.header.channel, first.header.actor) == (
        "web",
        "web",
        "customer",
    )
    assert first.header.utc_offset_min == 60  # of the store's zone


def test_a_refund_names_the_line_of_the_order(orders: bytes, bring: Brought) -> None:
    """What went back is its subtotal; a number of JSON keeps its decimals."""
    sale, back, _ = bring(orders).events

    assert isinstance(back, SaleReturned)
    assert back.original_sale == sale.header.event_id
    [line] = back.lines
    assert (line.line_no, line.sku, line.quantity_milli, line.net_minor) == (1, "TEA", 1000, 300)
    assert back.refunds == (Tender("card", 300),)
    assert back.header.account_id == sale.header.account_id


def test_the_ids_of_refunds_are_no_receipts_that_are_missing(bring: Brought) -> None:
    """They do not count on from the numbers of orders."""
    ordered = [order(501, name="#17", refunds=[refund()]), order(502, name="#19")]
    days = bring(json.dumps(ordered).encode()).files.completeness.days()

    assert [(day.receipt_count, day.missing_count, day.gaps) for day in days] == [
        (2, 1, "/18"),
        (1, 0, ""),
    ]


def test_the_customer_is_a_member_whose_name_goes_nowhere(orders: bytes, bring: Brought) -> None:
    """Known by id as by a card; an order of a shop's till without customer is the store's."""
    outcome = bring(orders)
    first, _, third = outcome.events

    assert first.header.account_id.startswith("card-")
    assert third.header.account_id == "store:655441491"
    assert (third.header.channel, third.header.actor) == ("pos", "cashier")
    assert isinstance(third, SaleRecorded)
    assert third.tenders == (Tender("cash", 240),)
    for secret in (b"Lovelace", b"ada@", b"794600", b"7946 00", b"7001"):
        assert all(secret not in value for value in outcome.sent)


def test_a_tip_is_no_article(tmp_path: Path) -> None:
    """Neither sold nor brought back; the numbers of the other lines stay their places."""
    tip = {"id": 90, "price": "1.50", "quantity": 1, "sku": None, "tip_payment_gateway": None}
    item = {"line_item_id": 90, "quantity": 1, "subtotal": "1.50"}
    tea = refund()["refund_line_items"][0]
    refunds = [refund(refund_line_items=[item]), refund(id=89, refund_line_items=[item, tea])]
    one = order(501, line_items=[tip, *ORDER["line_items"]], refunds=refunds)
    outcome = publish(tmp_path / "orders.json", json.dumps(one).encode())

    sale, back = outcome.events
    assert isinstance(sale, SaleRecorded)
    assert isinstance(back, SaleReturned)
    assert [(line.line_no, line.sku) for line in sale.lines] == [(2, "TEA")]
    assert [(line.line_no, line.sku) for line in back.lines] == [(2, "TEA")]
    assert outcome.files.totals.passed_over == {"refund of money alone": 1}


def test_change_is_no_part_of_what_paid(tmp_path: Path) -> None:
    """What was handed over, less what was handed back."""
    cash = [
        {"kind": "sale", "status": "success", "gateway": "cash", "amount": "10.00"},
        {"kind": "change", "status": "success", "gateway": "cash", "amount": "3.00"},
    ]
    [sale] = publish(
        tmp_path / "orders.json", json.dumps(order(501, transactions=cash)).encode()
    ).events

    assert isinstance(sale, SaleRecorded)
    assert sale.tenders == (Tender("cash", 700),)


def test_money_in_the_buyers_currency_is_not_taken_for_the_shops(tmp_path: Path) -> None:
    """All of it was paid by the one gateway, if there is one; what a refund paid out is unknown."""
    one = {"status": "success", "gateway": "shopify_payments", "currency": "USD"}
    bought = order(
        501,
        payment_gateway_names=["shopify_payments"],
        transactions=[{**one, "kind": "sale", "amount": "7.61"}],
        refunds=[refund(transactions=[{**one, "kind": "refund", "amount": "3.80"}])],
    )
    sale, back = publish(tmp_path / "orders.json", json.dumps(bought).encode()).events

    assert isinstance(sale, SaleRecorded)
    assert isinstance(back, SaleReturned)
    assert (sale.tenders, back.refunds) == ((Tender("card", 700),), ())


def test_what_is_no_sale_is_passed_over_and_counted(orders: bytes, bring: Brought) -> None:
    """Test orders, those that are not paid, and refunds that bring no article back."""
    totals = bring(orders).files.totals

    assert totals.passed_over == {
        "cancelled": 1,
        "not paid yet": 1,
        "refund of money alone": 1,
        "test": 1,
    }
    assert totals.counts == {"SaleRecorded": 2, "SaleReturned": 1}
    assert totals.amount() == "33.41 USD"


def as_lines(document: list[Any], indent: int | None = None) -> bytes:
    return "\n".join(json.dumps(one, indent=indent) for one in document).encode()


WRITTEN = {
    "one order": (lambda many: json.dumps(many[0]).encode(), 1),
    "one order, indented": (lambda many: json.dumps(many[0], indent=2).encode(), 1),
    "one order as its webhook has it": (lambda many: json.dumps({"order": many[0]}).encode(), 1),
    "an array": (lambda many: json.dumps(many).encode(), 3),
    "an array, indented": (lambda many: json.dumps(many, indent="\t").encode(), 3),
    "orders": (lambda many: json.dumps({"orders": many}).encode(), 3),
    "an order a line": (as_lines, 3),
    "a webhook a line": (lambda many: as_lines([{"order": one} for one in many]), 3),
    "one behind another": (lambda many: as_lines(many, indent=1), 3),
    "with a byte-order mark": (lambda many: b"\xef\xbb\xbf" + json.dumps(many).encode(), 3),
}  # fmt: skip


@pytest.mark.parametrize(("write", "count"), WRITTEN.values(), ids=WRITTEN)
def test_orders_are_the_same_events_however_they_are_written(
    write: Any, count: int, tmp_path: Path
) -> None:
    """One, many in a list, or one a line."""
    many = [order(1), order(2, note='a "}]{" in a text \\'), order(3)]
    outcome = publish(tmp_path / "orders.json", write(many))
    alone = publish(tmp_path / "one.json", as_lines(many[:count]))

    assert (outcome.bad, len(outcome.sent)) == ([], count)
    assert outcome.sent == alone.sent


def test_an_order_that_is_sent_again_with_a_refund_is_the_same_sale(tmp_path: Path) -> None:
    """What was refunded since changes nothing of what was sold."""
    paid = {"kind": "sale", "status": "success", "gateway": "cash", "amount": "7.00"}
    back = {**paid, "kind": "refund", "amount": "3.50"}
    before = order(1, financial_status="paid", transactions=[paid])
    after = order(
        1,
        financial_status="partially_refunded",
        cancelled_at="2026-03-15T10:00:00+01:00",
        transactions=[paid, back],
        refunds=[refund(transactions=[back])],
    )
    [sale] = publish(tmp_path / "a.json", as_lines([before])).sent
    outcome = publish(tmp_path / "b.json", as_lines([after]))

    assert len(outcome.sent) == 2
    assert outcome.sent[0] == sale


def test_a_document_published_twice_is_the_same_bytes(orders: bytes, bring: Brought) -> None:
    """Indented or not."""
    again = bring(json.dumps(json.loads(orders, parse_float=str)).encode())

    assert bring(orders).sent == again.sent


WRONG = {
    "no amount": (with_line(price="3,5o"), "line_items[0].price", "it is no amount"),
    "too many decimals": (with_line(price="3.5051"), "line_items[0].price", "more than 2"),
    "an amount as a list": (with_line(price=[1]), "line_items[0].price", "it is no amount"),
    "no quantity": (with_line(quantity=None), "line_items[0].quantity", "missing"),
    "a negative quantity": (with_line(quantity=-1), "line_items[0].quantity", "less than 1"),
    "a strange sku": (with_line(sku={"a": 1}), "line_items[0].sku", "it must be text"),
    "too much off": (
        with_line(discount_allocations=[{"amount": "x"}]),
        "line_items[0].discount_allocations.amount",
        "it is no amount",
    ),
    "lines that are none": (order(501, line_items=[7]), "line_items", "list of objects"),
    "no lines": (order(501, line_items=[]), "line_items", "at least one line"),
    "no id": (order(501, id=None), "id", "missing"),
    "no time": (order(501, processed_at="today"), "processed_at", "it is no time"),
    "no currency": (order(501, currency="euro"), "currency", "longer than 3"),
    "a customer that is none": (order(501, customer="Ada"), "customer", "an object"),
    "an e-mail that is none": (
        order(501, customer={"id": 7, "email": "Ada"}),
        "customer.email",
        "no e-mail",
    ),
    "a draft": (order(501, financial_status=None), "financial_status", "was paid"),
    "a state that is unknown": (
        order(501, financial_status="due"),
        "financial_status",
        "was paid",
    ),
    "a refund of another order": (
        order(501, refunds=[refund(refund_line_items=[{"line_item_id": 9, "quantity": 1}])]),
        "refunds[0].refund_line_items[0].line_item_id",
        "no line of the order",
    ),
    "a refund at no time": (
        order(501, refunds=[refund(created_at=None)]),
        "refunds[0].processed_at",
        "missing",
    ),
}


@pytest.mark.parametrize(("spoilt", "field", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_order_is_one_line_and_its_neighbours_arrive(
    spoilt: dict[str, Any], field: str, reason: str, tmp_path: Path
) -> None:
    """File, line, order, field and reason; the order is kept as it stands."""
    many = [order(1), spoilt, order(3)]
    content = "[\n" + ",\n".join(json.dumps(one) for one in many) + "\n]"
    outcome = publish(tmp_path / "orders.json", content.encode())

    [bad] = outcome.bad
    assert (bad.line, bad.field.partition(" ")[2].removeprefix("501 ")) == (3, field)
    assert reason in bad.reason
    assert len(bad.raws) == 1
    ids = [event.header.event_id for event in outcome.events]
    assert [ids[0], ids[-1]] == ["shopify|1|sale", "shopify|3|sale"]


def test_a_number_that_may_be_a_phones_names_no_order(tmp_path: Path) -> None:
    """The line says which it is."""
    spoilt = {**with_line(price="3.5051"), "order_number": 442079460018, "id": 442079460018}
    outcome = publish(tmp_path / "orders.json", as_lines([spoilt]))

    assert [bad.field for bad in outcome.bad] == ["order line_items[0].price"]


def test_an_order_that_is_passed_over_is_not_missing(tmp_path: Path) -> None:
    """Its number is in the file."""
    orders = [order(1), order(2, test=True), order(3)]
    named = [{**one, "name": f"#{n}"} for n, one in enumerate(orders, 1001)]

    [day] = publish(tmp_path / "a.json", as_lines(named)).files.completeness.days()
    [lacking] = publish(tmp_path / "b.json", as_lines(named[::2])).files.completeness.days()
    assert (day.missing_count, lacking.missing_count) == (0, 1)


def test_refunds_of_a_refused_order_wait_for_it(tmp_path: Path) -> None:
    """Without their sale they would be refused for ever; they are in the row that is kept."""
    spoilt = {**with_line(price="3.5051"), "refunds": [refund(), refund(id=89)]}
    outcome = publish(tmp_path / "orders.json", as_lines([spoilt, order(2)]))

    assert [bad.field for bad in outcome.bad] == ["order 501 line_items[0].price"]
    assert [event.header.event_id for event in outcome.events] == ["shopify|2|sale"]


def test_a_damaged_line_spoils_no_other(tmp_path: Path) -> None:
    """Where each line is an order of its own."""
    lines = as_lines([order(1), order(2), order(3)]).split(b"\n")
    lines[1] = lines[1][:-30]
    outcome = publish(tmp_path / "orders.json", b"\n".join(lines))

    assert [(bad.line, bad.reason) for bad in outcome.bad] == [(2, "it is no JSON")]
    assert len(outcome.events) == 2


@pytest.mark.parametrize("cut", [1, 40, 160])
def test_a_document_that_was_cut_off_says_so(cut: int, tmp_path: Path) -> None:
    """What came before is published."""
    content = json.dumps({"orders": [order(1), order(2)]}, indent=1).encode()
    outcome = publish(tmp_path / "orders.json", content[:-cut])

    [bad] = outcome.bad
    assert bad.field == "document"
    assert outcome.events[0].header.event_id == "shopify|1|sale"


def test_other_json_is_still_rows_of_events(tmp_path: Path) -> None:
    """By their type, as ever."""
    outcome = publish(tmp_path / "a.jsonl", b'{"member_id": "m-1"}\n')

    assert [bad.field for bad in outcome.bad] == ["type"]
    with pytest.raises(FileUnusable):
        publish(tmp_path / "a.jsonl", b"")


def test_an_array_of_events_is_told_to_be_lines(tmp_path: Path) -> None:
    """It begins as orders of Shopify do, and nobody asked for one of those."""
    event = b'{"type": "MemberLabelled", "member_id": "m-1", "label": "vip"}'

    with pytest.raises(FileUnusable, match="write each on a line of its own"):
        publish(tmp_path / "a.json", b"[\n  %b,\n  %b\n]\n" % (event, event))


def test_no_mutant_of_a_document_ends_in_a_traceback(orders: bytes, bring: Brought) -> None:
    """Each is read to an end, or refused in one sentence."""
    assert survive(orders, bring, 300, seed=5) > 150


STRANGE: list[Any] = [None, True, -1, 10**30, "", "x" * 300, [], [[]], {}, [{}], "\x07", "1e9"]


def places(one: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every value."""
    found = [path] if path else []
    inside = one.items() if isinstance(one, dict) else enumerate(one) if type(one) is list else ()
    for key, value in inside:
        found += places(value, (*path, key))
    return found


def test_no_strange_value_ends_in_a_traceback(orders: bytes, bring: Brought) -> None:
    """In whatever field: each order is taken, passed over, or refused in one line."""
    first = json.loads(orders)["orders"][0]
    many = []
    for path in places(first):
        for strange in STRANGE:
            changed = deepcopy(first)
            inside = changed
            for key in path[:-1]:
                inside = inside[key]
            inside[path[-1]] = strange
            many.append(changed)
    outcome = bring(as_lines(many))

    assert len(many) > 500
    assert len(outcome.bad) > 200
    for bad in outcome.bad:
        assert bad.sentence("f").isprintable()
        assert len(bad.sentence("f")) < 200


def numbered(number: int) -> bytes:
    return b",\n" * bool(number) + json.dumps(order(number), indent=1).encode()


def test_memory_does_not_grow_with_the_document(tmp_path: Path) -> None:
    """Ten times the orders take no more memory than a batch does."""
    path = tmp_path / "large.json"

    def write(count: int) -> None:
        written(path, b'{"orders": [', numbered, count, b"]}")

    assert growth(path, write, 2_000) < 1.2
