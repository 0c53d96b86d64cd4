"""Each word of a segment finds whom the receipts say, counted apart in plain Python."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from infra import postgres
from infra.postgres import connect
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty.segmenting import find
from projections import generations
from projections.digests import digests
from projections.rebuild import rebuild
from projections.verify import check_sums
from schemas.events import Line, SaleRecorded, SaleReturned
from schemas.records import replace
from tests.loyalty.shop import Article, Shop
from tests.projections.checks import check_tables

FIRST, LAST = date(2026, 1, 1), date(2026, 4, 30)
MEMBERS = tuple(f"m{number}" for number in range(24))
GONE, UNKNOWN, LATER = "gone", "unknown", "later"
"""A member who left, one who never enrolled, and one who enrolled behind the day."""
ARTICLES = (
    Article(500, "DAIRY", "MILK/OAT", "Private", ("eco", "vegan")),
    Article(700, "DAIRY", "MILK", "National", ("eco",)),
    Article(900, "DAIRY", "MILKSHAKE", "National"),
    Article(1100, "BAKERY", "BREAD", "Private"),
    Article(1300, "BAKERY", "CAKES/FRUIT", "National", ("vegan",)),
)

Life = list[SaleRecorded | SaleReturned]
Word = Callable[["Bought"], bool]


class Bought:
    """What one member bought up to the last day, by the receipts, returns removed."""

    def __init__(self, life: Life) -> None:
        back = {
            (event.original_sale, line.line_no)
            for event in life
            if isinstance(event, SaleReturned)
            for line in event.lines
        }
        self.sales: list[tuple[date, str, list[Line]]] = []
        for event in life:
            if isinstance(event, SaleRecorded):
                kept = [x for x in event.lines if (event.header.event_id, x.line_no) not in back]
                on = date(1970, 1, 1) + timedelta(event.header.business_date)
                if kept:
                    self.sales.append((on, event.currency, kept))

    def days_ago(self) -> int | None:
        """Since the last sale."""
        return min(((LAST - on).days for on, _, _ in self.sales), default=None)

    def count(self, days: int = 999) -> int:
        """Sales of the last so many days."""
        return sum((LAST - on).days < days for on, _, _ in self.sales)

    def cents(self, days: int = 999, meant: Callable[[Line], bool] = lambda _: True) -> int:
        """Money on some lines in the last so many days."""
        return sum(
            line.net_minor
            for on, currency, lines in self.sales
            if (LAST - on).days < days and currency == "EUR"
            for line in lines
            if meant(line)
        )

    def share(self, days: int, meant: Callable[[Line], bool]) -> float:
        """Which part of the money went to some lines; below any share where there is none."""
        return self.cents(days, meant) / (self.cents(days) or -1)


WORDS: dict[str, tuple[str, Word]] = {
    "lapsed": (
        "last_sale: {more_than_days_ago: 20}",
        lambda b: b.days_ago() is not None and b.days_ago() > 20,  # type: ignore[operator]
    ),
    "recent": (
        "last_sale: {at_most_days_ago: 3}",
        lambda b: b.days_ago() is not None and b.days_ago() <= 3,  # type: ignore[operator]
    ),
    "often": ("sales: {at_least: 7}", lambda b: b.count() >= 7),
    "often-lately": ("sales: {at_least: 2, in_days: 30}", lambda b: b.count(30) >= 2),
    "seldom": ("sales: {at_most: 1, in_days: 30}", lambda b: b.count(30) <= 1),
    "ever": ("sales: {at_most: 6, in_days: 999999999999}", lambda b: b.count() <= 6),
    "much": ("spend: {at_least: 120.50}", lambda b: b.cents() >= 12050),
    "much-lately": ("spend: {at_least: 40, in_days: 30}", lambda b: b.cents(30) >= 4000),
    "little": ("spend: {at_most: 50.00, in_days: 60}", lambda b: b.cents(60) <= 5000),
    "dairy": (
        "share_of_spend: {departments: [DAIRY], at_least: 50%, in_days: 60}",
        lambda b: b.share(60, lambda x: x.department == "DAIRY") >= 0.5,
    ),
    "milk": (
        "share_of_spend: {categories: [MILK, CAKES/FRUIT], at_least: 40, in_days: 90}",
        lambda b: b.share(90, lambda x: x.category in {"MILK", "MILK/OAT", "CAKES/FRUIT"}) >= 0.4,
    ),
    "private": (
        "share_of_spend: {brands: [Private], at_least: 35%, in_days: 90}",
        lambda b: b.share(90, lambda x: x.brand == "Private") >= 0.35,
    ),
    "green": (
        "share_of_spend: {labels: [eco, vegan], at_least: 60%, in_days: 90}",
        lambda b: b.share(90, lambda x: bool({"eco", "vegan"} & {*x.labels})) >= 0.6,
    ),
    "green-dairy": (
        "share_of_spend: {departments: [DAIRY], labels: [vegan], at_least: 10%, in_days: 90}",
        lambda b: b.share(90, lambda x: x.department == "DAIRY" and "vegan" in x.labels) >= 0.1,
    ),
    "several": (
        "last_sale: {at_most_days_ago: 30}, sales: {at_least: 4}, spend: {at_least: 60}",
        lambda b: (b.days_ago() or 0) <= 30 and b.count() >= 4 and b.cents() >= 6000,
    ),
}


def lived(shop: Shop, random: Random) -> dict[str, Life]:
    """Each member's receipts, of which some come back; published by day, and days closed."""
    lives: dict[str, Life] = {name: [] for name in (*MEMBERS, GONE, UNKNOWN, "")}
    chances = {name: random.choice((0.01, 0.04, 0.1)) for name in lives} | {"m0": 0.0}
    ends = {name: random.choice((60, 95, 120)) for name in lives}
    for number in range((LAST - FIRST).days + 1):
        on = (FIRST + timedelta(number)).isoformat()
        for name, life in lives.items():
            if number < ends[name] and random.random() < chances[name]:
                some = random.choices(ARTICLES, k=random.randint(1, 4))
                sold = shop.sale(name, on, some, "USD" if random.random() < 0.1 else "EUR")
                life.append(sold)
                if random.random() < 0.2:
                    back = random.sample(range(1, len(some) + 1), random.randint(1, len(some)))
                    life.append(shop.returned(sold, on, *back))
        today = [e for life in lives.values() for e in life if _on(e) == on]
        shop.publish(*today)
        if on == "2026-04-15":
            shop.close_member(GONE, on)
        shop.close_day(on)
    # What comes behind the close does not count, whatever its date.
    shop.publish(shop.sale("m0", LAST.isoformat(), ARTICLES))
    shop.enrol("2026-05-01", LATER)
    return lives


def _on(event: SaleRecorded | SaleReturned) -> str:
    return (date(1970, 1, 1) + timedelta(event.header.business_date)).isoformat()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, dict[str, Life]]]:
    """A shop after four months, in tables of its own."""
    with postgres.server(settings := Settings(home=tmp_path_factory.mktemp("shop"))):
        shop = Shop(settings)
        shop.activate(", ".join(f"{name}: {{{said}}}" for name, (said, _) in WORDS.items()),
                      "2026-01-01")  # fmt: skip
        shop.enrol("2026-01-01", *MEMBERS, GONE)
        lives = lived(shop, Random(11))
        shop.settle()
        yield shop, lives


def test_a_word_finds_whom_the_receipts_say(scene: tuple[Shop, dict[str, Life]]) -> None:
    """All words, each against the same receipts counted apart; and none finds all or nobody."""
    shop, lives = scene
    with postgres.connect(shop.settings, "analyst") as connection:
        found = find(connection)

    assert found is not None
    assert found.closed.day == LAST
    bought = {name: Bought(lives[name]) for name in MEMBERS}
    expected = {
        name: {member for member in MEMBERS if holds(bought[member])}
        for name, (_, holds) in WORDS.items()
    }
    assert {one.segment: set(one.entered) for one in found.moves} == expected
    assert [name for name, some in expected.items() if len(some) in {0, len(MEMBERS)}] == []


def test_lines_are_those_of_the_receipts(scene: tuple[Shop, dict[str, Life]]) -> None:
    """Each member's line once, what came back once more with its sign turned, nobody else's."""
    shop, lives = scene
    events = [event for name, life in lives.items() if name for event in life]
    sales = sum(len(event.lines) for event in events)
    cents = sum(
        line.net_minor if isinstance(event, SaleRecorded) else -line.net_minor
        for event in events
        for line in event.lines
    )
    late = sum(one.net_minor for one in ARTICLES)

    [(count, net)] = shop.ask("SELECT count(*), sum(net) * 100 FROM sale_lines")

    assert (count, net) == (sales + len(ARTICLES), cents + late)


def test_lines_are_made_anew_as_they_were(scene: tuple[Shop, dict[str, Life]]) -> None:
    """Any batches give the same rows, and every check holds."""
    shop, _ = scene
    log = ledger_log(shop.settings)
    with postgres.connect(shop.settings, "owner") as owner:
        first = digests(owner)
        made = [rebuild(owner, log, batch) and digests(owner) for batch in (7, 100_000)]
        wrong = check_tables(owner, log)
    log.close()

    assert made == [first, first]
    assert wrong is None


def test_a_lost_line_is_found(scene: tuple[Shop, dict[str, Life]]) -> None:
    """The sums of lines are compared with the receipts."""
    shop, _ = scene
    log = ledger_log(shop.settings)
    with postgres.connect(shop.settings, "owner") as owner:
        generations.use(owner, generations.fit(owner, "live").schema)
        owner.execute("DELETE FROM sale_lines WHERE line_no = 2")
        wrong = check_tables(owner, log)
    log.close()

    assert wrong is not None
    assert "lines of a sale" in wrong.law


def test_a_refund_in_another_currency_takes_nothing_off_the_lines(postgres: Settings) -> None:
    """Dollars were spent and euros given back: the euros are taken off no line, nor off a share."""
    shop = Shop(postgres)
    shop.activate(f"dairy: {{{WORDS['dairy'][0]}}}", "2026-01-01")
    shop.enrol("2026-01-01", "m0")
    in_dollars = shop.sale("m0", "2026-01-02", ARTICLES[:1], "USD")
    in_euros = shop.sale("m0", "2026-01-02", ARTICLES)
    back = replace(shop.returned(in_dollars, "2026-01-02", 1), currency="EUR")
    shop.publish(in_dollars, in_euros, back)
    shop.close_day("2026-01-02")
    shop.settle()

    assert shop.ask(
        "SELECT currency, count(*), sum(net) FROM sale_lines GROUP BY 1 ORDER BY 1"
    ) == [
        ("EUR", 5, Decimal("45.00")),
        ("USD", 1, Decimal("5.00")),
    ]
    with connect(postgres, "owner") as owner:
        assert check_sums(owner) is None
