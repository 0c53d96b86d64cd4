"""Over a whole year: the same rows in any batches, by one projector or two, and built anew."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from infra.embedded_log import EmbeddedLedgerLog
from infra.postgres import connect
from infra.settings import Settings
from projections.apply import Projector
from projections.digests import LEFT_OUT_TABLES, digests
from projections.every_row import compare
from projections.generations import TablesUnfit
from projections.install import install
from projections.positions import AnotherProjector
from projections.rebuild import RebuildHalted, rebuild
from tests.projections.checks import check_tables
from tests.projections.history import History, Query, earned, receipt
from tests.projections.lives import live
from tests.projections.test_projector import to_the_end
from tests.projections.year import PARTITIONS, decide_a_year

NOT_ASKED_FOR = frozenset({"sale_lines", "discounts_daily"})
"""Tables that the year's programme leaves empty: see `test_segment_words`, `test_discounts`."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a decided year, and of lives behind it with what no rule of the year gives."""
    home = tmp_path_factory.mktemp("year")
    decide_a_year(home, members=40)
    behind = History(home, partitions=PARTITIONS)
    live(behind, seed=1, records=400)
    behind.close()
    return home


@pytest.fixture
def log(year: Path) -> Iterator[EmbeddedLedgerLog]:
    """Its ledger."""
    reading = EmbeddedLedgerLog(year, PARTITIONS)
    yield reading
    reading.close()


@pytest.fixture
def owner(installed: Settings) -> Iterator[psycopg.Connection]:
    """A connection of the owner."""
    with connect(installed, "owner") as connection:
        yield connection


def test_rows_do_not_depend_on_batches(
    installed: Settings, owner: psycopg.Connection, log: EmbeddedLedgerLog
) -> None:
    """One record at a time, a few, or the whole year at once: the same rows in every table."""
    with connect(installed, "projector") as connection:
        to_the_end(Projector(connection, log, 997))
        first = digests(owner)
    made = [
        rebuild(owner, log, batch_records) and digests(owner) for batch_records in (31, 1_000_000)
    ]

    assert made == [first, first]
    told = [first[table] for table in first.keys() - NOT_ASKED_FOR]
    assert len(set(told)) == len(told)


def test_two_projectors_at_once_make_the_same_rows(
    installed: Settings, owner: psycopg.Connection, log: EmbeddedLedgerLog, year: Path
) -> None:
    """Projectors that share the partitions and write at the same time neither wait nor lose."""
    rebuild(owner, log, 5000)
    alone = digests(owner)
    owner.execute("UPDATE projections.generations SET live = false")
    install(installed)

    def work(partitions: tuple[int, ...]) -> None:
        mine = EmbeddedLedgerLog(year, PARTITIONS)
        with connect(installed, "projector") as connection:
            to_the_end(Projector(connection, mine, 203, partitions=partitions))
        mine.close()

    threads = [Thread(target=work, args=(some,)) for some in ((0, 2), (1, 3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert digests(owner) == alone
    assert check_tables(owner, log) is None
    assert compare(owner, log, 5000).wrong is None


def test_year_verifies_and_says_something_in_every_table(
    installed: Settings, owner: psycopg.Connection, log: EmbeddedLedgerLog
) -> None:
    """All checks hold, and no table of the year is empty: the laws above are not about nothing.

    But for what its programme does not ask for.
    """
    with connect(installed, "projector") as connection:
        to_the_end(Projector(connection, log, 5000))

    assert check_tables(owner, log) is None
    for table in digests(owner).keys() - NOT_ASKED_FOR | LEFT_OUT_TABLES - {"stores"}:
        row = owner.execute(b"SELECT count(*) FROM reporting." + table.encode()).fetchone()
        assert row is not None
        assert row[0] > 0, table


def test_a_projector_stops_when_its_tables_were_rebuilt(
    history: History, installed: Settings, owner: psycopg.Connection
) -> None:
    """After the swap the old tables are gone: a projector of theirs stops, a new one goes on."""
    reading = history.reader()
    history.decided(0, "s1")
    with connect(installed, "projector") as connection:
        old = Projector(connection, reading, 100)
        to_the_end(old)
        rebuild(owner, reading, 100)
        history.decided(0, "s2")

        with pytest.raises(AnotherProjector, match="rebuilt"):
            to_the_end(old)
        to_the_end(Projector(connection, reading, 100))
        schemas = owner.execute("SELECT schema_name FROM information_schema.schemata").fetchall()

        assert check_tables(owner, reading) is None
        assert ("live_2",) in schemas
        assert ("live_1",) not in schemas
    reading.close()


def test_a_rebuild_that_halts_leaves_the_live_tables(
    history: History, installed: Settings, owner: psycopg.Connection, query: Query
) -> None:
    """The live tables stay as they were, and nothing of what was half-made is left."""
    history.decided(0, "s1", sale=receipt(100))
    history.decided(0, "s2", earned(10, "s2#1"), stated=11)
    reading = history.reader()
    with connect(installed, "projector") as connection:
        to_the_end(Projector(connection, reading, 100))

    for _ in range(2):
        with pytest.raises(RebuildHalted, match="11 stated, 0 folded"):
            rebuild(owner, reading, 100)

    sets = owner.execute("SELECT live, count(*) FROM projections.generations GROUP BY live")
    assert sets.fetchall() == [(True, 1)]
    assert query("SELECT sale_id FROM sales") == [("s1",)]
    reading.close()


def test_tables_of_other_definitions_ask_for_a_rebuild(
    history: History, installed: Settings, owner: psycopg.Connection
) -> None:
    """Tables that other code made are neither written nor read, until they are built anew."""
    owner.execute("UPDATE projections.generations SET definition = 'of yesterday'")
    reading = history.reader()
    with connect(installed, "projector") as connection:
        with pytest.raises(TablesUnfit, match="--rebuild"):
            Projector(connection, reading, 100)
        with pytest.raises(TablesUnfit, match="--rebuild"):
            install(installed)

        rebuild(owner, reading, 100)

        to_the_end(Projector(connection, reading, 100))
        assert check_tables(owner, reading) is None
    reading.close()
