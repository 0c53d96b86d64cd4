"""Made-up stories, decided by the engine: the tables are what its accounts hold, and agree."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from infra.postgres import connect
from infra.settings import Settings
from processors.core.account import Account, Wallet
from schemas.events import Event, SaleRecorded, SaleReturned
from schemas.ledger import NEVER
from schemas.records import replace
from tests.core.scene import Scene
from tests.loyalty.test_holdings import played, story
from tests.oracle.generated import MEMBERS, Dice, Story
from tests.projections.checks import check_tables
from tests.projections.history import History, Project, Query

CURRENCIES = ("EUR", "EUR", "EUR", "USD")
"""Three of four receipts are in the programme's."""
BALANCES = """
    SELECT account_id, wallet, available, pending, held, owed, next_last_day, next_last_day_points
    FROM balances WHERE available + pending + held + owed > 0 ORDER BY account_id, wallet
"""
VOUCHERS = """
    SELECT account_id, voucher_id, amount_left, last_day,
        CASE uses WHEN 1 THEN 1 ELSE uses - redemption_count END
    FROM vouchers WHERE status = 'issued' ORDER BY account_id, voucher_id
"""
Row = tuple[object, ...]


def abroad(told: Story, dice: Dice) -> Story:
    """The same story with receipts and refunds in two currencies."""

    def changed(event: Event) -> Event:
        match event:
            case SaleRecorded():
                return replace(event, currency=dice.one(CURRENCIES))
            case SaleReturned():
                lines = tuple(replace(one, net_minor=dice.upto(300)) for one in event.lines)
                return replace(event, currency=dice.one(CURRENCIES), lines=lines)
            case _:
                return event

    return told._replace(events=[changed(event) for event in told.events])


def dated(day: int) -> date | None:
    """A last day as the tables have it."""
    return None if day == NEVER else date(1970, 1, 1) + timedelta(day)


def in_wallet(account: Account, name: str, wallet: Wallet) -> Row:
    """What a wallet holds, and what of it ends next."""
    held = [hold.lots for hold in account.holds.values() if hold.wallet == name]
    lots = [lot for some in (wallet.lots, *held) for lot in some]
    ends = min((lot.last_day for lot in lots if lot.last_day < NEVER), default=None)
    ending = [lot.left for lot in lots if lot.last_day == ends]
    available = sum(lot.left for lot in wallet.lots if not lot.pending)
    pending = sum(lot.left for lot in wallet.lots if lot.pending)
    row = (available, pending, wallet.held, wallet.owed)
    return row if ends is None else (*row, dated(ends), sum(ending))


def accounts(scene: Scene) -> list[tuple[str, Account]]:
    """The accounts as the engine has them."""
    return [(name, scene.account(name)) for name in MEMBERS]


@pytest.mark.parametrize("seed", range(6))
def test_tables_are_what_the_accounts_hold(
    history: History, project: Project, query: Query, installed: Settings, seed: int
) -> None:
    """Points with what ends next, open vouchers with what is left on them, levels and labels."""
    scene = played(abroad(story(seed), Dice(seed)))
    for record in scene.records:
        history.write(0, record)
    project((1, 7, 1000)[seed % 3])

    found = accounts(scene)
    assert [tuple(x for x in row if x is not None) for row in query(BALANCES)] == [
        (name, wallet, *row)
        for name, account in found
        for wallet, one in sorted(account.wallets.items())
        if any(row := in_wallet(account, wallet, one))
    ]
    assert query(VOUCHERS) == sorted(
        (name, one.voucher_id, Decimal(one.amount_minor) / 100, dated(one.last_day), one.uses_left)
        for name, account in found
        for one in account.vouchers
        if one.uses_left
    )
    assert query("SELECT account_id, ladder, level FROM tiers ORDER BY 1, 2") == [
        (name, ladder, one.level)
        for name, account in found
        for ladder, one in sorted(account.tiers.items())
    ]
    labels = "SELECT account_id, label FROM member_labels WHERE removed_on IS NULL ORDER BY 1, 2"
    assert query(labels) == [(n, label) for n, account in found for label in sorted(account.labels)]
    log = history.reader()
    with connect(installed, "owner") as owner:
        assert check_tables(owner, log) is None
    log.close()
