"""What was taken off prices is what the receipts say, counted apart in plain Python."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from infra import postgres
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty.verbs.report import known
from processors.core.document import check
from producers.programmes import activation
from projections import generations
from projections.digests import digests
from projections.every_row import compare
from projections.rebuild import rebuild
from schemas.events import Discount, SaleRecorded
from schemas.records import replace
from tests.loyalty.shop import ZONE, Article, Shop
from tests.projections.checks import check_tables

FIRST = date(2026, 1, 1)
MEMBERS = ("m0", "m1", "m2")
ARTICLES = (Article(500), Article(700), Article(900), Article(1100))
PROGRAMME = """
programme: shop
version: {version}
zone: Europe/Paris
currency: EUR
wallets: {{points: {{}}}}
vouchers:
  five-off: {{off: {{amount: 5.00}}, valid: {{days: 90}}}}
{asking}
promotions:
  - {{id: base, kind: per_amount, give: {{points: 1}}, per: 1.00}}
  - {{id: welcome, kind: bonus, trigger: enrolment, give: {{voucher: five-off}}}}
"""
ASKING = "reports: [discounts]"
ASKING_FOR_LINES_TOO = f"""{ASKING}
segments: {{soups: {{share_of_spend: {{categories: [SOUP], at_least: 50%, in_days: 30}}}}}}"""
OFF = (
    Discount("promotion", "milk-week", 30, "acme"),
    Discount("promotion", "milk-week", 20),
    Discount("promotion", "bread-week", 25),
    Discount("till", "loyalty_card", 10),
    Discount("till", "", 15),
    Discount("staff", "", 50),
)
Key = tuple[date, str, str, str | None, str | None, str]
"""Day, store, source, its id, who pays, currency."""
Row = tuple[int, int, Decimal]
SHOWN = """
    SELECT business_date, store_id, source, source_id, funded_by, currency, sale_count, line_count,
        amount
    FROM discounts_daily
"""


def activated(shop: Shop, version: int, asking: str = "") -> None:
    """This version comes into force, asking for discounts or not."""
    checked = check(PROGRAMME.format(version=version, asking=asking))
    shop.publish(activation(checked.document, checked.document_hash, FIRST, zone=ZONE))


def cheaper(sale: SaleRecorded, *off: Iterable[Discount]) -> SaleRecorded:
    """The sale with something taken off its lines, one after the other."""
    lines = tuple(
        replace(
            line,
            discounts=tuple(some),
            gross_minor=line.net_minor + sum(one.amount_minor for one in some),
        )
        for line, some in zip(sale.lines, map(tuple, off), strict=False)
    )
    return replace(sale, lines=lines + sale.lines[len(lines) :])


def in_store(sale: SaleRecorded, store: str) -> SaleRecorded:
    """The sale in another store."""
    return replace(sale, header=replace(sale.header, store_id=store))


def counted(sales: Iterable[SaleRecorded]) -> dict[Key, Row]:
    """What the receipts say, voucher by definition where the sale is the first to use it."""
    lines: dict[Key, list[tuple[str, int, int]]] = defaultdict(list)
    used: set[str] = set()
    for sale in sales:
        on = date(1970, 1, 1) + timedelta(sale.header.business_date)
        holds = set(sale.vouchers) - used
        used |= holds
        for line in sale.lines:
            for one in line.discounts:
                said: str | None = one.source_id or None
                if one.source == "voucher":
                    said = "five-off" if one.source_id in holds else None
                key = (on, sale.header.store_id, one.source, said, one.funded_by or None,
                       sale.currency)  # fmt: skip
                lines[key].append((sale.header.event_id, line.line_no, one.amount_minor))
    return {
        key: (
            len({sale for sale, _, _ in some}),
            len({(sale, line) for sale, line, _ in some}),
            Decimal(sum(minor for _, _, minor in some)) / 100,
        )
        for key, some in lines.items()
    }


def shown(shop: Shop) -> dict[Key, Row]:
    """What an analyst sees."""
    rows = shop.ask(SHOWN)
    assert len({row[:6] for row in rows}) == len(rows)
    return {row[:6]: row[6:] for row in rows}


def lived(shop: Shop, random: Random, vouchers: dict[str, str]) -> list[SaleRecorded]:
    """A fortnight of sales, of which some are told twice, some come back, and one is refused."""
    sales = []
    for number in range(14):
        on = (FIRST + timedelta(number)).isoformat()
        for name in (*MEMBERS, "", ""):
            some = random.choices(ARTICLES, k=random.randint(1, 4))
            off = [random.choices(OFF, k=random.choice((0, 1, 1, 2, 3))) for _ in some]
            sold = shop.sale(name, on, some, "USD" if random.random() < 0.1 else "EUR")
            if name and random.random() < 0.3:
                off[0].append(Discount("voucher", vouchers[name], 500, "acme"))
                sold = replace(sold, vouchers=(vouchers[name],), currency="EUR")
            sold = in_store(cheaper(sold, *off), random.choice(("S1", "S2")))
            sales.append(sold)
            shop.publish(sold)
            if random.random() < 0.2:
                shop.publish(sold, cheaper(sold, OFF), shop.returned(sold, on, 1))
        shop.close_day(on)
        shop.publish(cheaper(shop.sale("m0", "2024-01-01", ARTICLES), OFF))
    return sales


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, list[SaleRecorded]]]:
    """A shop after a fortnight, in tables of its own; its second version asks for all there is."""
    with postgres.server(settings := Settings(home=tmp_path_factory.mktemp("shop"))):
        shop = Shop(settings)
        activated(shop, 1)
        shop.enrol("2026-01-01", *MEMBERS)
        shop.publish(cheaper(shop.sale("m1", "2026-01-01", ARTICLES), OFF, OFF))
        activated(shop, 2, ASKING_FOR_LINES_TOO)
        shop.settle()
        vouchers = dict(shop.ask("SELECT member_id, voucher_id FROM vouchers"))
        sales = lived(shop, Random(3), vouchers)
        shop.settle()
        yield shop, sales


def test_discounts_are_those_of_the_receipts(scene: tuple[Shop, list[SaleRecorded]]) -> None:
    """Each sale once, from the activation on: not what was told twice, refused or told before."""
    shop, sales = scene
    expected = counted(sales)

    assert shown(shop) == expected
    vouchers = {key[3] for key in expected if key[2] == "voucher"}
    assert vouchers == {"five-off", None}


def test_lines_are_kept_beside_them(scene: tuple[Shop, list[SaleRecorded]]) -> None:
    """Where both are asked for, an event that is read once tells both."""
    shop, sales = scene
    bought = sum(len(sale.lines) for sale in sales if sale.header.member_id)

    assert shop.ask("SELECT count(*) FROM sale_lines WHERE net > 0") == [(bought,)]


def test_discounts_are_made_anew_as_they_were(scene: tuple[Shop, list[SaleRecorded]]) -> None:
    """Any batches give the same rows, and every check holds, row by row too."""
    shop, _ = scene
    log = ledger_log(shop.settings)
    with postgres.connect(shop.settings, "owner") as owner:
        first = digests(owner)
        made = [rebuild(owner, log, batch) and digests(owner) for batch in (7, 100_000)]
        wrong = check_tables(owner, log)
        every = compare(owner, log, 100)
    log.close()

    assert made == [first, first]
    assert (wrong, every.wrong) == (None, None)


def test_the_report_adds_up_the_months(scene: tuple[Shop, list[SaleRecorded]]) -> None:
    """By what took it off and who pays, over days and stores; nothing is lost."""
    shop, sales = scene
    added: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [set(), 0, 0, 0])
    for (_, store, source, source_id, funder, currency), row in counted(sales).items():
        sums = added[(FIRST, source, source_id, funder, currency)]
        sums[0].add(store)
        sums[1:] = (one + more for one, more in zip(sums[1:], row, strict=True))

    rows = shop.ask(known()["discounts"])

    assert {(*row[:4], row[8]): row[4:8] for row in rows} == {
        key: (len(stores), *sums) for key, (stores, *sums) in added.items()
    }
    assert len(rows) == len(added)


def test_a_changed_amount_is_found(scene: tuple[Shop, list[SaleRecorded]]) -> None:
    """It is held against what the events say, row by row."""
    shop, _ = scene
    log = ledger_log(shop.settings)
    with postgres.connect(shop.settings, "owner") as owner:
        generations.use(owner, generations.fit(owner, "live").schema)
        owner.execute("UPDATE discounts_daily SET amount_minor = amount_minor + 1 WHERE ctid = "
                      "(SELECT ctid FROM discounts_daily LIMIT 1)")  # fmt: skip
        found = compare(owner, log, 100).wrong
    log.close()

    assert found is not None
    assert "discounts_daily" in found
    assert "amount_minor" in found


def test_nothing_is_kept_unless_it_is_asked_for(postgres: Settings) -> None:
    """What is asked for once is kept on, also when a later version does not ask."""
    shop = Shop(postgres)
    activated(shop, 1)
    shop.publish(cheaper(shop.sale("", "2026-01-01", ARTICLES), OFF))
    shop.settle()
    assert shown(shop) == {}

    activated(shop, 2, ASKING)
    activated(shop, 3)
    kept = cheaper(shop.sale("", "2026-01-01", ARTICLES), OFF)
    shop.publish(kept)
    shop.settle()
    assert shown(shop) == counted([kept])


def test_tills_may_say_any_word(postgres: Settings) -> None:
    """The longest words fit, what ends a column ends none, an unknown source is the till's."""
    shop = Shop(postgres)
    activated(shop, 1, ASKING)
    shop.enrol("2026-01-01", "m0")
    random = Random(1)
    words = ["".join(chr(random.randint(0x20000, 0x2A6DF)) for _ in range(200)) for _ in range(4)]
    long = Discount(words[0], words[1], 30, words[2])
    odd = Discount("till", 'a\tb\0"\\', 5, "c\nd")
    sold = cheaper(shop.sale("m0", "2026-01-01", ARTICLES), [long, odd])
    shop.publish(in_store(sold, words[3]))
    shop.settle()

    on = (FIRST, words[3])
    assert shown(shop) == {
        (*on, "till", words[1], words[2], "EUR"): (1, 1, Decimal("0.30")),
        (*on, "till", 'a b "\\', "c d", "EUR"): (1, 1, Decimal("0.05")),
    }
