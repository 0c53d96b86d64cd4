"""How far the tables are behind is measured beside the projector, whatever becomes of them."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql

from infra.metrics import PROJECTION_BEHIND_SECONDS, Metrics
from infra.postgres import connect
from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log
from loyalty import services
from loyalty.journal import Journal, Silence
from loyalty.oncall import tables_behind
from projections.install import install
from projections.rebuild import rebuild
from tests.stream.histories import history


@pytest.fixture
def decided(postgres: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A ledger and its tables, in which nothing is yet."""
    monkeypatch.setattr(tables_behind, "MEASURED_EVERY_S", 0.05)
    settings = postgres.model_copy(update={"partitions": 1, "projectors": 1})
    log = publisher_log(settings)
    for message in history(1, 1, 30, malformed=0):
        log.publish(0, message.key, message.value)
    log.close()
    services.process(settings, Journal(Silence()), services.never, until=lambda: True)
    install(settings)
    return settings


@pytest.fixture
def metrics(decided: Settings) -> Iterator[Metrics]:
    """What is measured beside these tables while a test runs."""
    measured = Metrics()
    with tables_behind.measured(decided, measured):
        yield measured


def shown(metrics: Metrics, holds: Callable[[float | None], bool]) -> float | None:
    """What is shown, as soon as it is as expected; the last of it after half a minute."""
    deadline = time.monotonic() + 30
    while not holds(value := metrics.value(PROJECTION_BEHIND_SECONDS)):
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return value


def is_there(value: float | None) -> bool:
    """Something is shown."""
    return value is not None


def test_records_wait_until_the_tables_hold_them(decided: Settings, metrics: Metrics) -> None:
    """The age of the oldest ledger record that is in no table; 0 once all are in."""
    before = shown(metrics, is_there)
    services.project(decided, services.never, until=lambda: True)

    assert before is not None
    assert before > 0
    assert shown(metrics, lambda value: value == 0) == 0


def test_tables_that_are_rebuilt_are_measured_on(decided: Settings, metrics: Metrics) -> None:
    """After the swap the other tables are asked."""
    shown(metrics, is_there)
    log = ledger_log(decided)
    with connect(decided, "owner") as owner:
        rebuild(owner, log, 1000)
    log.close()

    assert shown(metrics, lambda value: value == 0) == 0


def test_nothing_is_shown_while_postgres_is_away(decided: Settings, metrics: Metrics) -> None:
    """What was true before would hide that nobody knows; measuring goes on when it is back."""
    shown(metrics, is_there)
    with connect(decided, "owner") as owner:
        doors = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
        name = sql.Identifier(owner.info.dbname)
        owner.execute(doors.format(name, sql.Literal(0)))
        away = shown(metrics, lambda value: value is None)
        owner.execute(doors.format(name, sql.Literal(-1)))

    assert away is None
    assert shown(metrics, is_there) is not None


def test_a_defect_of_the_measuring_ends_the_service_at_once(decided: Settings) -> None:
    """A number that nobody measures any more is not found out at the end of the service."""
    metrics = Metrics()
    around = services.Around(metrics=metrics)
    with ThreadPoolExecutor() as beside, connect(decided, "owner") as owner:
        service = beside.submit(services.project, decided, services.never, around=around)
        shown(metrics, lambda value: value == 0)
        owner.execute("REVOKE SELECT ON live_1.positions FROM loyalty_projector")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.result(timeout=30)
