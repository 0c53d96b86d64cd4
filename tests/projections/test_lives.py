"""Over seeded lives: every table says what is left, in any batches, and agrees with every other."""

from datetime import date

import pytest

from infra.postgres import connect
from infra.settings import Settings
from projections.digests import digests
from projections.fold import IN_NO_TABLE, Batch
from projections.rebuild import rebuild
from projections.tables import balances, points_entries
from schemas.ledger import EFFECT_TYPES
from tests.projections.checks import check_tables
from tests.projections.history import History, Project, Query
from tests.projections.lives import Life, live

HELD = """
    SELECT account_id, available, held, next_last_day FROM balances
    WHERE wallet = 'points' AND available + held > 0 ORDER BY 1
"""


def holdings(lives: list[Life]) -> list[tuple[str, int, int, date | None]]:
    """What the accounts have, as they say it."""
    return sorted(
        (life.account, life.available, life.held, life.next_last_day)
        for life in lives
        if life.available + life.held
    )


@pytest.mark.parametrize("seed", range(4))
def test_tables_are_what_is_left_of_a_life(
    history: History, project: Project, query: Query, installed: Settings, seed: int
) -> None:
    """Points, vouchers, levels, labels and segments are those that the accounts have."""
    lives = live(history, seed, 600)
    project(37)

    assert query(HELD) == holdings(lives)
    assert query("SELECT voucher_id, status FROM vouchers ORDER BY 1") == sorted(
        (one.voucher_id, one.status) for life in lives for one in life.vouchers
    )
    assert dict(query("SELECT account_id, level FROM tiers")) == {
        life.account: life.level for life in lives
    }
    assert query(
        "SELECT account_id, label FROM member_labels WHERE removed_on IS NULL ORDER BY 1, 2"
    ) == sorted((life.account, name) for life in lives for name in life.labels)
    assert query(
        "SELECT account_id, segment FROM member_segments WHERE left_on IS NULL ORDER BY 1, 2"
    ) == sorted((life.account, name) for life in lives for name in life.segments)


def test_rows_of_a_life_do_not_depend_on_batches(
    history: History, project: Project, installed: Settings
) -> None:
    """One record at a time, a few or all at once: the same rows, and every check holds."""
    live(history, 99, 600)
    project(1)
    log = history.reader()
    with connect(installed, "owner") as owner:
        made = [digests(owner)]
        wrong = [check_tables(owner, log)]
        for batch_records in (5, 43, 100_000):
            rebuild(owner, log, batch_records)
            made.append(digests(owner))
            wrong.append(check_tables(owner, log))
    log.close()

    assert made == [made[0]] * 4
    assert wrong == [None] * 4


def test_every_effect_is_in_a_table_or_said_to_be_in_none() -> None:
    """No effect is passed over by chance."""
    folds = Batch()._folds
    assert {effect for effect in EFFECT_TYPES if not folds[effect]} == IN_NO_TABLE


def test_what_moves_points_has_an_entry() -> None:
    """No point comes or goes without a row that says so."""
    assert set(balances.FOLDS) == set(points_entries.FOLDS)
