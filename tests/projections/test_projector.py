"""Every record counts exactly once, whoever crashes, doubles or stops."""

import psycopg
import pytest
from psycopg import sql

from infra.postgres import connect
from infra.settings import Settings
from projections.apply import Projector
from projections.digests import digests
from projections.positions import AnotherProjector
from projections.rebuild import rebuild
from projections.tables import sales
from projections.tables.writes import numbers, texts
from projections.verify import check_sums
from schemas.chain import Halt, Ignored, Kind
from schemas.ledger import (
    MemberLabelled,
    PointsSpent,
    ProgrammeActivated,
    Record,
    RewardGiven,
    SegmentMoved,
    TierChanged,
    Totals,
    WalletTotals,
)
from tests.projections.checks import check_tables
from tests.projections.history import (
    MEMBER_OF,
    History,
    Project,
    Query,
    day,
    earned,
    receipt,
    taken,
)


def a_busy_month(history: History) -> None:
    """Sales with points in both partitions, some spent, levels reached, days closed in between."""
    for number in range(1, 29):
        on = f"2017-01-{number:02}"
        for partition, account in enumerate(MEMBER_OF):
            lot = f"{account}{number}#1"
            history.decided(
                partition, f"{account}{number}", earned(10, lot, last="2018-01-31"),
                sale=receipt(1000 + number), on=on,
            )  # fmt: skip
            if number % 3 == 0:
                spent = taken((lot, 4, on), last="2018-01-31")
                history.decided(
                    partition, f"{account}{number}spent",
                    PointsSpent("points", 4, spent, "payment", "", "", 13, "USD"),
                    TierChanged("circle", "", f"{number}", day(on), 17_500, "reached", 9, False),
                    RewardGiven("", "base", "", "gift", "mug", 1, 700, "USD"),
                    MemberLabelled("vip", number % 2 == 1, "chief"),
                    SegmentMoved("families", number % 2 == 1, ""), on=on,
                )  # fmt: skip
        history.close_day(on)


def test_returns_find_their_sales_in_tables_that_nobody_has_counted(
    history: History, project: Project, projector_connection: psycopg.Connection
) -> None:
    """Given sales that Postgres knows nothing of, a batch's returns do not read all of them."""
    for number in range(300):
        history.decided(0, f"s{number}", sale=receipt(100))
    project()
    names = [f"s{number}" for number in range(100)]
    back = (texts(names), texts(["A"] * 100), texts(["USD"] * 100), numbers([5] * 100))

    plan = projector_connection.execute(f"EXPLAIN {sales._CAME_BACK}".encode(), back).fetchall()

    assert not [step for (step,) in plan if "Seq Scan on sales" in step]


@pytest.mark.parametrize("quicker", [0, 1])
def test_of_two_projectors_the_slower_one_stops(
    history: History, installed: Settings, quicker: int
) -> None:
    """On the same partitions one writes, and the other, the older or newer, says why it stops."""
    log = history.reader()
    with connect(installed, "projector") as mine, connect(installed, "projector") as other:
        both = [Projector(mine, log, 1000), Projector(other, log, 1000)]
        history.decided(0, "s1", sale=receipt(100))
        both[quicker].step()

        with pytest.raises(AnotherProjector, match="partition 0"):
            both[1 - quicker].step()

        assert other.execute("SELECT count(*) FROM sales").fetchone() == (1,)
    log.close()


def test_projectors_may_share_the_partitions(
    history: History, installed: Settings, query: Query
) -> None:
    """Two projectors, each with its own partitions, fill the same tables together."""
    log = history.reader()
    a_busy_month(history)
    with connect(installed, "projector") as mine, connect(installed, "projector") as other:
        both = [
            Projector(mine, log, 7, partitions=[0]),
            Projector(other, log, 5, partitions=[1]),
        ]
        while not all(one.caught_up() for one in both):
            for one in both:
                one.step()
        assert check_tables(mine, log) is None
    log.close()

    assert query("SELECT sum(sale_count) FROM sales_daily") == [(56,)]
    assert query("SELECT count(*) FROM rfm") == [(2,)]


FAIL_LATE = """
    CREATE FUNCTION {schema}.fail_late() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT max(ledger_seq) FROM {schema}.positions) > 30 THEN
            RAISE EXCEPTION 'the disk is on fire';
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER fail_late AFTER INSERT OR UPDATE OR DELETE ON {schema}.{table}
        FOR EACH STATEMENT EXECUTE FUNCTION {schema}.fail_late();
"""


@pytest.mark.parametrize(
    "table",
    [
        "positions", "sales", "points_entries", "closed_days", "members", "balances",
        "open_points", "sales_daily", "points_daily", "redemption_cohorts", "rfm", "renewals",
        "tier_changes", "tiers", "rewards_given", "member_labels", "member_segments",
    ],
)  # fmt: skip
def test_a_batch_is_written_whole_or_not_at_all(
    table: str, history: History, installed: Settings
) -> None:
    """When Postgres fails at any table, nothing of the batch stays, and the next try is right."""
    a_busy_month(history)
    log = history.reader()
    with connect(installed, "owner") as owner:
        where = {"schema": sql.Identifier("live_1"), "table": sql.Identifier(table)}
        owner.execute(sql.SQL(FAIL_LATE).format(**where))
        with connect(installed, "projector") as connection:
            with pytest.raises(psycopg.errors.RaiseException, match="on fire"):
                to_the_end(Projector(connection, log, 20))
            half_done = check_sums(connection)
        owner.execute(sql.SQL("DROP TRIGGER fail_late ON {schema}.{table}").format(**where))
        with connect(installed, "projector") as connection:
            to_the_end(Projector(connection, log, 20))
            assert check_tables(connection, log) is None
        continued = digests(owner)
        rebuild(owner, log, 1000)

        assert half_done is None
        assert continued == digests(owner)
    log.close()


def test_a_lost_connection_loses_and_repeats_nothing(history: History, installed: Settings) -> None:
    """A projector whose connection is cut raises; another one goes on where it stood."""
    a_busy_month(history)
    log = history.reader()
    with connect(installed, "owner") as owner:
        with connect(installed, "projector") as connection:
            projector = Projector(connection, log, 25)
            projector.step()
            owner.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
            with pytest.raises(psycopg.OperationalError):
                to_the_end(projector)
        with connect(installed, "projector") as connection:
            to_the_end(Projector(connection, log, 25))

            assert check_tables(connection, log) is None
    log.close()


def test_noise_in_the_ledger_counts_nothing(
    history: History, project: Project, query: Query
) -> None:
    """What does not extend the chain is passed over, and counted by kind."""
    history.decided(0, "s1", sale=receipt(100))
    twice = history.write(0, Record(event_id="s2", decision="REFUSED", reason="TOO_OLD"))
    history.raw(0, twice)
    history.raw(0, b"no record at all")
    history.decided(0, "s3", sale=receipt(100))

    projector = project()

    assert projector.ignored == {Ignored.DUPLICATE: 1, Ignored.FOREIGN: 1}
    assert query("SELECT count(*) FROM sales") == [(2,)]
    assert query("SELECT count(*) FROM refusals") == [(1,)]


def test_a_ledger_goes_on_by_another_version_of_its_schema(
    history: History, project: Project, query: Query
) -> None:
    """What was written by the first version of the schema counts as what is written by the last."""
    history.version = 1
    history.decided(0, "s1", earned(10, "s1#1"), sale=receipt(100))
    history.version = None
    history.decided(0, "s2", earned(5, "s2#1"), sale=receipt(100))

    assert project().halted == {}
    assert query("SELECT available FROM balances") == [(15,)]


def test_a_record_that_states_another_balance_halts_its_partition(
    history: History, project: Project, query: Query
) -> None:
    """Sums that differ halt one partition just before that record; the other one goes on."""
    history.decided(0, "s1", earned(10, "s1#1"), sale=receipt(100))
    history.decided(0, "s2", earned(10, "s2#1"), sale=receipt(100), stated=11)
    history.decided(0, "s3", sale=receipt(100))
    history.decided(1, "t1", sale=receipt(100))

    projector = project()

    assert projector.halted == {0: (Halt.SUMS_DIFFER, "record 2: ann points: 11 stated, 10 folded")}
    assert query("SELECT sale_id FROM sales ORDER BY 1") == [("s1",), ("t1",)]
    assert query("SELECT ledger_partition, ledger_seq FROM positions ORDER BY 1") == [
        (0, 1),
        (1, 1),
    ]


def test_balances_are_compared_across_a_restart(history: History, project: Project) -> None:
    """A projector that starts anew knows the balances from the tables."""
    history.decided(0, "s1", earned(10, "s1#1"), sale=receipt(100))
    project()
    history.decided(0, "s2", earned(5, "s2#1"), sale=receipt(100))
    right = project()
    history.decided(0, "s3", earned(5, "s3#1"), sale=receipt(100), stated=0)
    wrong = project()

    assert right.halted == {}
    assert wrong.halted[0][0] is Halt.SUMS_DIFFER


@pytest.mark.parametrize(("issued", "halts"), [(15, False), (16, True)])
def test_a_checkpoint_states_the_sums_of_all_accounts(
    history: History, project: Project, issued: int, halts: bool
) -> None:
    """A CHECKPOINT whose totals are not what was folded halts the partition."""
    history.decided(0, "s1", earned(10, "s1#1"), sale=receipt(100))
    project()
    history.decided(0, "s2", earned(5, "s2#1"), sale=receipt(100), account="carl")
    totals = WalletTotals("points", issued, 0, 0, 0, 15, 0, 0, 0, 0)
    history.write(0, Record(totals=Totals((totals,), bytes(32))), kind=Kind.CHECKPOINT)

    assert bool(project().halted) is halts


def test_a_record_that_takes_what_it_did_not_state_halts_as_a_defect(
    history: History, project: Project, query: Query
) -> None:
    """An effect on a wallet whose balance the record does not state cannot be folded."""
    history.decided(0, "s1", sale=receipt(100))
    history.write(
        0,
        Record(
            event_id="s2", account_id="ann", decision="ACCEPTED", effects=(earned(1, "s2#1"),),
            business_date=day("2017-01-01"),
        ),
    )  # fmt: skip

    halts = project().halted

    assert halts[0][0] is Halt.DEFECT
    assert query("SELECT sale_id FROM sales") == [("s1",)]


def to_the_end(projector: Projector) -> None:
    """Project all there is."""
    while not projector.caught_up():
        projector.step()


def test_lines_that_cannot_be_read_halt_their_partition(
    history: History, project: Project, query: Query
) -> None:
    """Where lines are asked for and the event is gone, nothing of its batch is taken there."""
    document = (
        '{"currency": "USD", "wallets": {}, '
        '"segments": {"green": {"share_of_spend": {"labels": ["eco"]}}}}'
    )
    asking = ProgrammeActivated("p", 1, document, "hash", day("2017-01-01"), 1)
    history.decided(0, "p", asking, account="")
    history.decided(0, "s1", sale=receipt(100))
    history.decided(1, "s2", sale=receipt(200))
    projector = project()

    assert projector.halted[0][0] is Halt.INPUT_CHANGED
    assert set(projector.halted) == {0}
    assert query("SELECT sale_id FROM sales") == [("s2",)]
    assert query("SELECT ledger_seq FROM positions WHERE ledger_partition = 0") == [(-1,)]
