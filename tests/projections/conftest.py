"""Given a ledger, when it is projected, then rows."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from infra.postgres import connect
from infra.settings import Settings
from projections.apply import Projector
from projections.install import install
from tests.postgres_server import database
from tests.projections.history import History, Project, Query


@pytest.fixture
def installed(postgres: Settings) -> Settings:
    """Settings of a database with all its roles, tables and views."""
    install(postgres)
    return postgres


@pytest.fixture(scope="module")
def standing(postgres_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The same, one for all tests of a module that change nothing."""
    with database(postgres_address, tmp_path_factory.mktemp("standing")) as settings:
        install(settings)
        yield settings


@pytest.fixture
def history(installed: Settings) -> Iterator[History]:
    """An empty ledger to write."""
    written = History(installed.home)
    yield written
    written.close()


@pytest.fixture
def projector_connection(installed: Settings) -> Iterator[psycopg.Connection]:
    """A connection in the role of the projector."""
    with connect(installed, "projector") as connection:
        yield connection


@pytest.fixture
def project(history: History, projector_connection: psycopg.Connection) -> Iterator[Project]:
    """Project all that was written; the projector, for what it says of itself."""
    log = history.reader()

    def to_the_end(batch_records: int = 1000) -> Projector:
        projector = Projector(projector_connection, log, batch_records)
        while not projector.caught_up():
            projector.step()
        return projector

    yield to_the_end
    log.close()


@pytest.fixture
def query(installed: Settings) -> Iterator[Query]:
    """Ask as an analyst."""
    with connect(installed, "analyst") as connection:

        def ask(text: str) -> list[tuple[Any, ...]]:
            return connection.execute(text.encode()).fetchall()

        yield ask
