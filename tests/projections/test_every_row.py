"""Every row of every table is what the ledger makes of it, as far as the tables are projected."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from infra.embedded_log import EmbeddedLedgerLog
from infra.postgres import connect
from infra.settings import Settings
from projections import generations
from projections.apply import Projector
from projections.every_row import Compared, compare
from projections.rebuild import RebuildUnderWay, rebuild
from projections.verify import check_sums
from schemas.ledger import (
    MemberEnrolled,
    MemberLabelled,
    OfferMade,
    ProgrammeActivated,
    RewardGiven,
    TierChanged,
    VoucherIssued,
)
from tests.projections.checks import check_tables
from tests.projections.history import History, Project, day, earned, receipt
from tests.projections.test_projector import to_the_end

DOCUMENT = '{"currency": "USD", "wallets": {"points": {}}}'


def a_day(history: History, on: str) -> None:
    """Everybody buys something and gets something, and the day closes."""
    for partition, lot in enumerate(("ann", "bob")):
        event = f"{lot}|{on}"
        history.decided(
            partition, event,
            earned(10, f"{event}#1"),
            VoucherIssued(
                f"{event}#2", "ten", "p", "spring", "", day(on), day(on) + 30, 1000, "USD", 1
            ),
            sale=receipt(1000), on=on,
        )  # fmt: skip
    history.close_day(on)


@pytest.fixture
def written(history: History) -> History:
    """A ledger that makes rows in most tables."""
    history.decided(1, "activated", ProgrammeActivated("p", 1, DOCUMENT, "hash", 0, 1), account="")
    history.decided(
        0, "enrolled", MemberEnrolled("ann", "0142", "", "", 0, 0),
        MemberLabelled("vip", True, "A. Chief"),
        MemberLabelled("staff", True, "A. Chief"),
        OfferMade("spring", "ten", day("2017-01-01"), day("2017-02-01"), 1, False),
        TierChanged("circle", "", "gold", 0, 9, "reached", 100, False),
        RewardGiven("", "p", "", "gift", "mug", 1, 700, "USD"),
    )  # fmt: skip
    history.refused(0, "again", "DUPLICATE")
    a_day(history, "2017-01-01")
    a_day(history, "2017-01-02")
    return history


@pytest.fixture
def log(written: History) -> Iterator[EmbeddedLedgerLog]:
    """Its reader."""
    reading = written.reader()
    yield reading
    reading.close()


@pytest.fixture
def owner(written: History, project: Project, installed: Settings) -> Iterator[psycopg.Connection]:
    """The tables are filled, and this connection may spoil them."""
    project(3)
    with connect(installed, "owner") as connection:
        yield connection


def sets_of_tables(owner: psycopg.Connection) -> list[tuple[str, bool]]:
    """The schemas of tables that there are, and whether they are live."""
    rows = owner.execute(
        """
        SELECT nspname, g.live FROM pg_namespace
        LEFT JOIN projections.generations AS g ON nspname = g.generation || '_' || g.number
        WHERE nspname LIKE 'live%'
        """
    )
    return rows.fetchall()


SPOILT = {
    "a member's status": (
        "UPDATE members SET status = 'blocked' WHERE member_id = 'ann'",
        "members account_id ann member_id ann: its status against the ledger's.",
    ),
    "the last day of a voucher": (
        "UPDATE vouchers SET last_day = last_day + 1 WHERE voucher_id = 'bob|2017-01-02#2'",
        "vouchers ledger_partition 1 ledger_seq 4: its last_day against the ledger's.",
    ),
    "the promotion of an entry": (
        "UPDATE points_entries SET promotion_id = 'other' WHERE event_id = 'ann|2017-01-01'",
        "points_entries ledger_partition 0 ledger_seq 3: its promotion_id against the ledger's.",
    ),
    "whom a campaign addressed": (
        "DELETE FROM campaign_members",
        "campaign_members campaign_id spring member_id ann: no row against one.",
    ),
    "how members score": (
        "DELETE FROM rfm",
        "rfm account_id ann member_id ann: no row against one.",
    ),
    "the days that were closed": (
        "DELETE FROM closed_days",
        "closed_days ledger_partition 0 closed_on 2017-01-01: no row against one.",
    ),
    "a label of nobody": (
        "INSERT INTO member_labels VALUES ('carl', 'vip', '2017-01-01', NULL, 'E. Vil', 0)",
        "member_labels account_id carl label vip: a row against none.",
    ),
    "who put a label on, and when": (
        """UPDATE member_labels SET labelled_by = 'E. Vil', labelled_on = '2016-01-01'
        WHERE label = 'vip'""",
        "member_labels account_id ann label vip: its labelled_by, labelled_on against the",
    ),
    "a row twice": (
        "INSERT INTO rewards_given SELECT * FROM rewards_given",
        "rewards_given ledger_partition 0 ledger_seq 1: a row against none.",
    ),
    "what was refused": (
        "DELETE FROM refusals",
        "refusals ledger_partition 0 ledger_seq 2: no row against one.",
    ),
    "when the log took a receipt": (
        "UPDATE sales SET recorded_at_ms = recorded_at_ms + 1 WHERE event_id = 'ann|2017-01-01'",
        "sales ledger_partition 0 ledger_seq 3: its recorded_at_ms against the ledger's.",
    ),
    "how far a partition is projected": (
        "DELETE FROM positions WHERE ledger_partition = 0",
        "positions ledger_partition 0: no row against one.",
    ),
    "the head that a partition is projected to": (
        "UPDATE positions SET head = decode(repeat('11', 32), 'hex') WHERE ledger_partition = 1",
        "positions ledger_partition 1: its head against the ledger's.",
    ),
}


@pytest.mark.parametrize(("spoil", "said"), SPOILT.values(), ids=SPOILT.keys())
def test_a_row_that_the_ledger_does_not_make_is_named(
    owner: psycopg.Connection, log: EmbeddedLedgerLog, spoil: str, said: str
) -> None:
    """Given right tables, when any column of any of them is changed, then its row is told.

    What people wrote is not: values are left out.
    """
    right = compare(owner, log, 100).wrong
    owner.execute("SET search_path TO live_1")
    assert owner.execute(spoil.encode()).rowcount == 1 or "DELETE" in spoil
    wrong = compare(owner, log, 100).wrong

    assert right is None
    assert wrong is not None
    assert said in wrong
    assert "E. Vil" not in wrong
    assert sets_of_tables(owner) == [("live_1", True)]


@pytest.mark.parametrize("name", ["a member's status", "how members score"])
def test_no_other_check_finds_what_only_a_whole_row_tells(
    owner: psycopg.Connection, log: EmbeddedLedgerLog, name: str
) -> None:
    """Sums and folds say nothing of these columns: that is what comparing every row is for."""
    owner.execute("SET search_path TO live_1")
    owner.execute(SPOILT[name][0].encode())

    assert check_tables(owner, log) is None


def test_tables_are_compared_as_far_as_they_are_projected(
    owner: psycopg.Connection, log: EmbeddedLedgerLog, written: History
) -> None:
    """What the ledger has beyond that is neither wrong nor read into the other tables."""
    before = compare(owner, log, 100)
    a_day(written, "2017-01-03")
    after = compare(owner, log, 100)

    assert before.wrong is None
    assert after == before
    assert all(log.ledger_end(p) > after.upto[p] for p in after.upto)


def test_a_projector_that_goes_on_meanwhile_is_no_difference(
    owner: psycopg.Connection, log: EmbeddedLedgerLog, written: History, project: Project
) -> None:
    """The live tables move on, a business day closes in them, and they were right all the same."""
    days = iter(range(3, 30))

    def meanwhile(_: int) -> None:
        a_day(written, f"2017-01-{next(days):02}")
        project(3)

    assert compare(owner, log, 4, progress=meanwhile).wrong is None
    assert next(days) > 4
    assert check_sums(owner) is None


def test_all_tables_are_looked_at_as_of_one_moment(
    owner: psycopg.Connection, installed: Settings, written: History, project: Project
) -> None:
    """Given a projector that writes when some tables were read, the others are read as before."""

    def comparing(connection: psycopg.Connection) -> Compared:
        reading = written.reader()
        try:
            return compare(connection, reading, 100)
        finally:
            reading.close()

    waits = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"
    with connect(installed, "owner") as other, ThreadPoolExecutor(1) as beside:
        with owner.transaction():
            owner.execute("LOCK TABLE live_1.member_labels")
            compared = beside.submit(comparing, other)
            while owner.execute(waits, (other.info.backend_pid,)).fetchone() == (0,):
                assert not compared.done()
                time.sleep(0.01)
            a_day(written, "2017-01-03")
            project()

        assert compared.result().wrong is None


def test_of_tables_that_have_moved_on_the_first_that_differs_is_named(
    owner: psycopg.Connection, log: EmbeddedLedgerLog, written: History, project: Project
) -> None:
    """Their rows are no longer those that were compared, so none is told."""
    owner.execute("UPDATE live_1.members SET status = 'blocked'")

    def meanwhile(_: int) -> None:
        a_day(written, "2017-01-03")
        project()

    wrong = compare(owner, log, 1000, progress=meanwhile).wrong

    assert wrong is not None
    assert "members: other rows against those of the ledger." in wrong


@pytest.mark.parametrize("records", range(0, 12, 2))
def test_a_day_that_is_closed_and_not_scored_yet_is_no_difference(
    written: History, installed: Settings, records: int
) -> None:
    """Scores are renewed behind the rows, so tables may show those of the day before for a while.

    So it is however far a projector has come when they are looked at.
    """
    reading = written.reader()
    with connect(installed, "projector") as connection:
        to_the_end(Projector(connection, reading, 100))
        for on in range(3, 8):
            a_day(written, f"2017-01-{on:02}")
        projector = Projector(connection, reading, 1)
        for _ in range(records):
            projector.step()
    with connect(installed, "owner") as owner:
        compared = compare(owner, reading, 1000)
        shown = owner.execute("SELECT min(as_of_on)::text FROM live_1.rfm").fetchone()
    reading.close()

    assert compared.wrong is None
    assert shown == ("2017-01-02",)


def test_tables_of_an_empty_ledger_are_well(installed: Settings, history: History) -> None:
    """Nothing is projected, and nothing is expected."""
    reading = history.reader()
    with connect(installed, "owner") as owner:
        assert compare(owner, reading, 100).wrong is None
    reading.close()


def test_a_ledger_that_no_longer_makes_the_tables_is_told(
    installed: Settings, project: Project, history: History, tmp_path: Path
) -> None:
    """Where it cannot be projected as far as the live tables are, they are not what it makes."""
    history.decided(0, "s1", earned(10, "s1#1"), sale=receipt(100))
    project()
    other = History(tmp_path / "other")
    other.decided(0, "s1", earned(10, "s1#1"), sale=receipt(100), stated=11)
    reading = other.reader()
    with connect(installed, "owner") as owner:
        wrong = compare(owner, reading, 100).wrong
        left = sets_of_tables(owner)
    reading.close()
    other.close()

    assert wrong is not None
    assert "11 stated, 0 folded" in wrong
    assert left == [("live_1", True)]


def test_a_ledger_that_is_shorter_than_the_tables_is_told(
    installed: Settings, project: Project, history: History, tmp_path: Path
) -> None:
    """Nobody waits for records that are gone; the rows that they made are too many."""
    history.decided(1, "s1", sale=receipt(100))
    project()
    other = History(tmp_path / "other")
    reading = other.reader()
    with connect(installed, "owner") as owner:
        wrong = compare(owner, reading, 100).wrong
    reading.close()
    other.close()

    assert wrong is not None
    assert "members account_id bob member_id bob: a row against none." in wrong


class Stopped(Exception):
    """Somebody presses ctrl-c."""


def test_nothing_is_left_of_a_comparison_that_fails(
    owner: psycopg.Connection, log: EmbeddedLedgerLog
) -> None:
    """The other tables are gone, and the connection is as it was."""

    def stopped(_: int) -> None:
        assert len(sets_of_tables(owner)) == 2
        raise Stopped

    who = "SELECT current_user, current_setting('search_path')"
    before = owner.execute(who).fetchone()
    with pytest.raises(Stopped):
        compare(owner, log, 3, progress=stopped)

    assert sets_of_tables(owner) == [("live_1", True)]
    assert owner.execute(who).fetchone() == before
    assert compare(owner, log, 100).wrong is None


Next = Callable[[psycopg.Connection, EmbeddedLedgerLog], object]


@pytest.mark.parametrize(
    ("then", "live"),
    [
        (lambda owner, log: compare(owner, log, 100), "live_1"),
        (lambda owner, log: rebuild(owner, log, 100), "live_2"),
    ],
    ids=["a comparison", "a rebuild"],
)
def test_what_a_killed_comparison_has_left_is_gone_with_the_next(
    owner: psycopg.Connection, log: EmbeddedLedgerLog, installed: Settings, then: Next, live: str
) -> None:
    """Half-made tables are in nobody's way, and the next who fills new ones drops them."""
    with connect(installed, "owner") as killed:

        def kill(_: int) -> None:
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", (killed.info.backend_pid,))

        with pytest.raises(psycopg.OperationalError):
            compare(killed, log, 3, progress=kill)
    left = sets_of_tables(owner)

    then(owner, log)

    assert sorted(left) == [("live_1", True), ("live_2", False)]
    assert sets_of_tables(owner) == [(live, True)]


def test_new_tables_are_filled_by_one_at_a_time(
    owner: psycopg.Connection, log: EmbeddedLedgerLog, installed: Settings
) -> None:
    """A rebuild would drop what is compared, or swap it away: it waits for its turn."""
    with connect(installed, "owner") as other:

        def meanwhile(_: int) -> None:
            with pytest.raises(RebuildUnderWay):
                rebuild(other, log, 100)

        assert compare(owner, log, 100, progress=meanwhile).wrong is None
        rebuild(other, log, 100)
        generations.fit(owner, "live")
