"""Given sales, when a business day closes, then members enter and leave, and promotions see it."""

import signal
from collections.abc import Iterator
from datetime import date
from socket import socket
from time import monotonic, sleep

import pytest

from infra import postgres
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty import segmenting
from loyalty.journal import Silence
from loyalty.outcome import Trouble
from schemas.codec import decode_event
from schemas.events import Event, SegmentEntered, SegmentLeft
from tests.infra.test_pages import page
from tests.loyalty.command import here, loyalty, start
from tests.loyalty.shop import Article, Shop

REGULAR = "regular: {sales: {at_least: 2, in_days: 10}}"
GREEN = "green: {share_of_spend: {labels: [eco], at_least: 40%, in_days: 30}}"
LAPSED = "lapsed: {last_sale: {more_than_days_ago: 3}}"
THANKS = "id: thanks, kind: bonus, give: {points: 50}, who: {segments: [regular]}"
BASKET = (Article(1000),)
INSIDE = """
    SELECT segment, account_id, entered_on, left_on FROM member_segments ORDER BY 1, 2, 3
"""
THANKED = """
    SELECT account_id, business_date FROM points_entries WHERE promotion_id = 'thanks' ORDER BY 2, 1
"""
WITHIN_S = 60


def opened(settings: Settings, *segments: str) -> Shop:
    """A shop on the first of March, with two members and a promotion for regulars."""
    shop = Shop(settings)
    shop.activate(", ".join(segments or (REGULAR,)), "2026-03-01", THANKS)
    shop.enrol("2026-03-01", "ann", "bob")
    return shop


def sell(shop: Shop, on: str, *members: str) -> None:
    """Each of them buys, and the day closes."""
    shop.publish(*(shop.sale(member, on, BASKET) for member in members))
    shop.close_day(on)


def look(shop: Shop) -> int:
    """What `run` does when a day has closed; how many entered or left."""
    shop.settle()
    told = segmenting.look(shop.settings, Silence())
    shop.settle()
    return told


def told(shop: Shop) -> list[Event]:
    """Everything the log was told about segments."""
    log = ledger_log(shop.settings)
    events = [
        decode_event(message.value)
        for partition in range(log.identity.partitions)
        for message in log.read_inputs(partition, 0, log.input_end(partition))
    ]
    log.close()
    return [event for event in events if isinstance(event, SegmentEntered | SegmentLeft)]


@pytest.fixture
def shop(postgres: Settings) -> Iterator[Shop]:
    """A shop on the embedded log."""
    return opened(postgres)


def test_a_promotion_sees_who_entered_from_the_next_day_on(shop: Shop) -> None:
    """Two sales make a regular when the day closes, not before; the third sale is thanked for."""
    sell(shop, "2026-03-01", "ann", "bob")
    first = look(shop)
    sell(shop, "2026-03-02", "ann")
    second = look(shop)
    sell(shop, "2026-03-03", "ann", "bob")
    shop.settle()

    assert (first, second) == (0, 1)
    assert shop.ask(INSIDE) == [("regular", "ann", date(2026, 3, 3), None)]
    assert shop.ask(THANKED) == [("ann", date(2026, 3, 3))]


def test_who_no_longer_fits_leaves(shop: Shop) -> None:
    """The sales fall out of the window, and what was given stays."""
    sell(shop, "2026-03-01", "ann")
    sell(shop, "2026-03-02", "ann")
    look(shop)
    for day in range(3, 12):
        sell(shop, f"2026-03-{day:02}")
        look(shop)
    sell(shop, "2026-03-12", "ann")
    shop.settle()

    assert shop.ask(INSIDE) == [("regular", "ann", date(2026, 3, 3), date(2026, 3, 12))]
    assert shop.ask(THANKED) == []


def test_looked_at_twice_the_day_is_told_once(shop: Shop) -> None:
    """Neither an event nor a record is added."""
    sell(shop, "2026-03-01", "ann", "bob")
    sell(shop, "2026-03-02", "ann", "bob")

    assert [look(shop) for _ in range(3)] == [2, 0, 0]
    assert len(told(shop)) == 2


@pytest.mark.parametrize("written", [0, 1, 2, 3])
def test_killed_before_all_is_told_nothing_is_lost_or_doubled(
    postgres: Settings, written: int
) -> None:
    """Whatever was in the log when it died: looked up again, each enters once."""
    shop = opened(postgres)
    shop.enrol("2026-03-01", "cid")
    sell(shop, "2026-03-01", "ann", "bob", "cid")
    sell(shop, "2026-03-02", "ann", "bob", "cid")
    shop.settle()
    with postgres_of(shop) as connection:
        found = segmenting.find(connection)
    assert found is not None
    shop.publish(*list(found.events())[:written])

    # Not even decided yet: the tables show nobody inside, and all three are told again.
    again = segmenting.look(shop.settings, Silence())
    shop.settle()

    assert again == 3
    assert [row[:2] for row in shop.ask(INSIDE)] == [("regular", m) for m in ("ann", "bob", "cid")]
    assert shop.ask("SELECT reason, count(*) FROM refusals GROUP BY 1") == (
        [("DUPLICATE", written)] if written else []
    )
    assert look(shop) == 0


def postgres_of(shop: Shop) -> "postgres.psycopg.Connection":
    """A connection of an analyst."""
    return postgres.connect(shop.settings, "analyst")


def test_nobody_is_looked_up_before_every_partition_has_closed_the_day(shop: Shop) -> None:
    """Sales of an open day are not asked."""
    shop.publish(*(shop.sale("ann", "2026-03-01", BASKET) for _ in range(3)))

    assert look(shop) == 0
    shop.close_day("2026-03-01")
    assert look(shop) == 1


def test_without_card_or_enrolment_nobody_takes_part(shop: Shop) -> None:
    """An account that nobody enrolled may be anybody's, and a store's account is everybody's."""
    sell(shop, "2026-03-01", "stranger", "")
    sell(shop, "2026-03-02", "stranger", "")

    assert look(shop) == 0


def test_a_closed_member_leaves(shop: Shop) -> None:
    """Whatever was bought."""
    sell(shop, "2026-03-01", "ann")
    sell(shop, "2026-03-02", "ann")
    look(shop)
    shop.close_member("ann", "2026-03-03")
    sell(shop, "2026-03-03")
    look(shop)

    assert shop.ask(INSIDE) == [("regular", "ann", date(2026, 3, 3), date(2026, 3, 4))]


def test_a_new_version_is_asked_by_its_own_words(shop: Shop) -> None:
    """Who is in a segment that it no longer has leaves; what it names anew is looked up."""
    sell(shop, "2026-03-01", "ann")
    sell(shop, "2026-03-02", "ann")
    look(shop)
    shop.activate("fan: {spend: {at_least: 20}}", "2026-03-04", version=2)
    sell(shop, "2026-03-03")
    look(shop)

    assert shop.ask(INSIDE) == [
        ("fan", "ann", date(2026, 3, 4), None),
        ("regular", "ann", date(2026, 3, 3), date(2026, 3, 4)),
    ]
    hashes = {event.segment: event.definition_hash for event in told(shop)}  # type: ignore[union-attr]
    assert len(set(hashes.values())) == len(hashes)


def test_an_earlier_day_can_be_looked_at_as_it_was(shop: Shop) -> None:
    """Who entered then, though others have since; a day that has not closed is refused."""
    sell(shop, "2026-03-01", "ann")
    sell(shop, "2026-03-02", "ann")
    sell(shop, "2026-03-03", "bob")
    sell(shop, "2026-03-04", "bob")
    look(shop)
    with postgres_of(shop) as connection:
        then = segmenting.find(connection, date(2026, 3, 2))
        with pytest.raises(Trouble, match="has not closed"):
            segmenting.find(connection, date(2026, 3, 5))

    assert then is not None
    assert [(one.entered, one.left) for one in then.moves] == [(("ann",), {})]


def test_the_command_shows_and_publishes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What it shows with --dry-run it publishes without, once; --day is for looking."""
    home = tmp_path_factory.mktemp("home")
    shop = opened(Settings(home=home), REGULAR, LAPSED)
    sell(shop, "2026-03-01", "ann", "bob")
    sell(shop, "2026-03-02", "ann")
    for day in range(3, 6):
        sell(shop, f"2026-03-{day:02}")
    with postgres.server(shop.settings):
        shop.settle()
        two = {"partitions": "2"}
        looked = here(home, "segments", "--dry-run", "--csv", **two)
        none = told(shop)
        done = here(home, "segments", "--csv", **two)
        early = here(home, "segments", "--day", "2026-03-02", **two)
        shop.settle()
        again = here(home, "segments", "--csv", **two)

    rows = ["segment,entered,left,inside", "lapsed,1,0,1", "regular,1,0,1"]
    assert looked.stdout.splitlines() == done.stdout.splitlines() == rows
    assert none == []
    assert again.stdout.splitlines() == [rows[0], "lapsed,0,0,1", "regular,0,0,1"]
    assert len(told(shop)) == 2
    assert (early.returncode, "--dry-run" in early.stderr) == (2, True)


def test_run_looks_when_a_day_has_closed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The service tells by itself, decides what it told, and the next sale is thanked for."""
    home = tmp_path_factory.mktemp("home")
    shop = opened(Settings(home=home))
    with postgres.server(shop.settings):
        service = start(home, "run", partitions="2", projectors="1")
        try:
            sell(shop, "2026-03-01", "ann")
            sell(shop, "2026-03-02", "ann")
            deadline = monotonic() + WITHIN_S
            while not told(shop):
                assert monotonic() < deadline
                assert service.poll() is None
                sleep(0.1)
            sell(shop, "2026-03-03", "ann")
        finally:
            service.send_signal(signal.SIGTERM)
            service.communicate()
        assert service.returncode == 0
        shop.settle()

        assert shop.ask(THANKED) == [("ann", date(2026, 3, 3))]


def test_the_service_of_segments_answers_on_its_port(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """It lives and does its work, and says so as the other services do."""
    home = tmp_path_factory.mktemp("home")
    opened(Settings(home=home))
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    service = start(home, "segments", "--follow", partitions="2", metrics_port=str(port))
    try:
        assert service.stderr is not None
        assert '"started"' in service.stderr.readline()
        answers = [page(port, path) for path in ("/readyz", "/healthz")]
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate()

    assert answers == [(200, "well\n"), (200, "well\n")]


def test_run_until_the_end_ends_with_the_segments(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What the last closed day changes is told, decided and in the tables, once."""
    home = tmp_path_factory.mktemp("home")
    shop = opened(Settings(home=home))
    sell(shop, "2026-03-01", "ann")
    sell(shop, "2026-03-02", "ann")
    with postgres.server(shop.settings):
        for _ in range(2):
            ran = loyalty(home, "run", "--until-end", partitions="2", projectors="1")
            assert ran.returncode == 0, ran.stderr

        assert shop.ask(INSIDE) == [("regular", "ann", date(2026, 3, 3), None)]
        assert len(told(shop)) == 1


def test_on_kafka_it_is_the_same(kafka_settings: Settings, postgres: Settings) -> None:
    """A real broker, the real services: entered once, thanked for from the next day on."""
    both = {"database_url": postgres.database_url, "partitions": kafka_settings.partitions}
    shop = opened(kafka_settings.model_copy(update=both), f"{REGULAR}, {GREEN}")
    for day in (1, 2):
        on = f"2026-03-{day:02}"
        shop.publish(shop.sale("ann", on, (Article(1000, labels=("eco",)), Article(1500))))
        sell(shop, on, "bob")
    assert [look(shop), look(shop)] == [3, 0]
    sell(shop, "2026-03-03", "ann", "bob")
    shop.settle()

    assert [row[:2] for row in shop.ask(INSIDE)] == [
        ("green", "ann"), ("regular", "ann"), ("regular", "bob"),
    ]  # fmt: skip
    assert shop.ask(THANKED) == [("ann", date(2026, 3, 3)), ("bob", date(2026, 3, 3))]
