"""A quote beside what is expected of it, and the sale that follows it.

The answers are written by hand here: what is tested is how they are read, not how they are found.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert, structs

from loyalty.scenarios import receipts, words
from loyalty.scenarios.checking import failures
from loyalty.scenarios.converting import Wrong
from loyalty.scenarios.expected import expectation
from loyalty.scenarios.rules import Library
from loyalty.scenarios.world import Defaults, Quoted, Stage, World
from processors.core.quote import Earns, Gives, Quote, VoucherAnswer
from processors.core.till import Cut
from processors.core.yaml_tree import read_tree
from schemas.events import Discount, Tender
from schemas.records import replace
from schemas.refusals import Refusal
from tests.loyalty.scenario_files import written

ASKED = words.Quote(
    lines=(words.Line("ICED", gross=Decimal("4.00")), words.Line("CAKE", net=Decimal(2))),
    member="A",
    vouchers=("drink", "old"),
    coupons=("C1",),
    order="W-7",
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world in which Q1 was answered: 6.00, less 4.00 by a voucher and 0.40 by a promotion."""
    library = Library()
    rules = library.rules(written(tmp_path, "").with_name("club.yaml"))
    world = World(Stage(tmp_path, rules, library, False, Defaults(store="L3")), 20_000)
    where = read_where('{id: Q1, at: "2026-01-16T10:00:00", channel: app, till: "4"}')
    basket = receipts.basket(world, where, ASKED)
    iced, cake = basket.lines
    answer = Quote(
        160,
        (
            Cut("voucher", "drink", "S0#1", 400, (400, 0)),
            Cut("promotion", "happy", "", 40, (0, 40)),
        ),
        (VoucherAnswer("drink", None), VoucherAnswer("old", Refusal.VOUCHER_EXPIRED)),
        (Earns("base", "points", 1),),
        (Gives("cookie", "gift", "COOKIE", 1),),
        ("4.20 more for a cake",),
        (
            replace(iced, net_minor=0, discounts=(Discount("voucher", "drink", 400),)),
            replace(cake, net_minor=160, discounts=(Discount("promotion", "happy", 40),)),
        ),
    )
    world.note(Quoted(basket, answer), "Q1")
    return world


def read_where(text: str) -> words.Where:
    """When and where, as a file says it."""
    return convert(read_tree(text).tree, words.Where, strict=False)


def checked(world: World, text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """What differs from an expectation."""
    found: list[Any] = []
    expected = expectation(read_tree(text).tree, (), found)
    assert expected is not None, found
    return [(one.expected, one.got, one.because) for one in failures(world, expected)]


@pytest.mark.parametrize(
    "text",
    [
        "{event: Q1, to_pay: 1.6}",
        "{event: Q1, discounts: [{promotion: happy, amount: 0.40}, {voucher: drink}]}",
        "{event: Q1, discounts: [{lines: [1]}, {lines: [2], amount: 0.4}]}",
        "{event: Q1, vouchers: [{voucher: old, refused: VOUCHER_EXPIRED}]}",
        "{event: Q1, vouchers: [{voucher: drink, refused: none}, {voucher: old}]}",
        "{event: Q1, gives: [{item: COOKIE}]}",
        "{event: Q1, earns: [{promotion: base, points: 1}], prompts: [4.20 more for a cake]}",
    ],
)
def test_an_answer_is_as_expected(world: World, text: str) -> None:
    """Discounts are the whole list in whatever order; the rest is a subset."""
    assert checked(world, text) == []


DISCOUNTS = (
    "[{voucher: drink, amount: 4.00, lines: [1]}, {promotion: happy, amount: 0.40, lines: [2]}]"
)
ANSWERS = "[{voucher: drink, refused: none}, {voucher: old, refused: VOUCHER_EXPIRED}]"
GIVES = "[{promotion: cookie, kind: gift, item: COOKIE, quantity: 1}]"
EARNS = "[{promotion: base, wallet: points, points: 1}]"
DIFFERENT = {
    "to_pay: 1.61": ("to_pay: 1.61", "1.60"),
    "discounts: []": ("discounts: []", DISCOUNTS),
    "discounts: [{promotion: happy}]": ("discounts: [{promotion: happy}]", DISCOUNTS),
    "discounts: [{promotion: happy}, {promotion: happy}]": (
        "discounts: [{promotion: happy}, {promotion: happy}]",
        DISCOUNTS,
    ),
    "discounts: [{voucher: drink, lines: [2]}, {promotion: happy}]": (
        "discounts: [{voucher: drink, lines: [2]}, {promotion: happy}]",
        DISCOUNTS,
    ),
    "vouchers: [{voucher: drink, refused: VOUCHER_USED}]": (
        "vouchers: [{voucher: drink, refused: VOUCHER_USED}]",
        ANSWERS,
    ),
    "vouchers: [{voucher: other}]": ("vouchers: [{voucher: other}]", ANSWERS),
    "earns: [{promotion: base, points: 2}]": ("earns: [{promotion: base, points: 2}]", EARNS),
    "gives: [{item: MUG}]": ("gives: [{item: MUG}]", GIVES),
    "earns: []": ("earns: []", EARNS),
    "gives: []": ("gives: []", GIVES),
    "vouchers: []": ("vouchers: []", ANSWERS),
    "prompts: []": ("prompts: []", "[4.20 more for a cake]"),
    "vouchers: [{voucher: drink}, {voucher: drink}]": (
        "vouchers: [{voucher: drink}, {voucher: drink}]",
        ANSWERS,
    ),
    "earns: [{wallet: points}, {points: 1}]": ("earns: [{wallet: points}, {points: 1}]", EARNS),
    "gives: [{kind: gift}, {kind: gift}]": ("gives: [{kind: gift}, {kind: gift}]", GIVES),
    "prompts: [4.20 more for a cake, 4.20 more for a cake]": (
        "prompts: [4.20 more for a cake, 4.20 more for a cake]",
        "[4.20 more for a cake]",
    ),
    "prompts: [nothing]": ("prompts: [nothing]", "[4.20 more for a cake]"),
}


@pytest.mark.parametrize("words", DIFFERENT)
def test_another_answer_is_told(world: World, words: str) -> None:
    """Both sides, and what the answer is made of."""
    expected, got = DIFFERENT[words]
    ((one, other, because),) = checked(world, f"{{event: Q1, {words}}}")

    assert (one, other) == (f"Q1 {expected}", got)
    assert because == (
        "voucher drink takes 4.00 off (line 1)",
        "promotion happy takes 0.40 off (line 2)",
        "voucher old does not hold: The voucher's last day is over.",
        "base will give 1 points",
    )


def test_a_quote_has_no_effects(world: World) -> None:
    """What is asked of an event cannot be asked of a quote."""
    with pytest.raises(Wrong, match="Q1 is a quote, and has no `effects`"):
        checked(world, "{event: Q1, effects: []}")


def test_a_sale_follows_its_quote(world: World) -> None:
    """The lines of the answer, at the till of the basket, for its order, with what was presented.

    It is paid by card, and names the vouchers that held.
    """
    where = read_where('{id: S1, at: "2026-01-16T10:01:00"}')
    sale = receipts.sale(world, where, words.Sale(quote="Q1"))
    asked = world.named["Q1"][0]

    assert isinstance(asked, Quoted)
    assert sale.header.event_id == "L3|4|2026-01-16|S1|sale"
    assert (sale.header.member_id, sale.header.channel) == ("A", "app")
    assert (sale.quote_id, sale.lines, sale.vouchers) == ("Q1", asked.answer.lines, ("drink",))
    assert (sale.order_id, sale.coupons) == ("W-7", ("C1",))
    assert sale.tenders == (Tender("card", 160),)


def test_a_basket_says_prices_only(world: World) -> None:
    """A price may be said as gross or as net, and nothing is paid yet."""
    basket = receipts.basket(world, words.Where(id="Q2"), structs.replace(ASKED, member=""))

    assert [(line.gross_minor, line.net_minor) for line in basket.lines] == [(400, 400), (200, 200)]
    assert (basket.header.account_id, basket.tenders) == ("store:L3", ())
    assert (basket.header.event_id, basket.quote_id) == ("L3|1|2026-01-16|Q2|quote", "Q2")
