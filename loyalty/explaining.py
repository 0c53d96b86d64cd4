"""What was asked about, a member or a sale, and its story from the ledger."""

from datetime import date

from infra.log import LedgerLog
from infra.settings import Settings
from loyalty.holdings import Entry
from loyalty.outcome import Code, Trouble
from loyalty.questions import ask
from loyalty.reading import Account, find_sales, read_account
from loyalty.receipts import receipt_text
from loyalty.stories import member_story, sale_story

_LISTED_MAX = 10
_ACCOUNT_OF_SALE = """
SELECT DISTINCT account_id FROM sales WHERE sale_id = %(word)s OR receipt_no = %(word)s LIMIT 2
"""


def number(day: date) -> int:
    """Days since 1970-01-01, as the ledger counts."""
    return (day - date(1970, 1, 1)).days


def story(
    settings: Settings,
    log: LedgerLog,
    what: str,
    last_day: int | None = None,
    events_max: int | None = None,
) -> list[str]:
    """The story of a member or a sale as of a day; empty if the ledger knows neither.

    Of a member's events, at most the last `events_max` are told.

    Raises:
        Trouble: several sales have that receipt number, or the ledger cannot be read.
    """
    account = read_account(log, settings.generation, what).through(last_day)
    if account.entries:
        told = member_story(account.entries, account.names, events_max)
        return [f"Member {what}", *told, *_left_out(account)]
    sales = _sales(settings, log, what)
    if len(sales) > 1:
        listed = "\n".join(f"  {sale.record.event_id}" for sale in sales[:_LISTED_MAX])
        raise Trouble(f"{len(sales)} sales have receipt number {what}; say which:\n{listed}")
    if not sales:
        return []
    sale = sales[0]
    account = read_account(log, settings.generation, sale.record.account_id)
    printed = receipt_text(sale, account)
    known = account.through(last_day)
    told = [*sale_story(sale, known.entries, account.names), *_left_out(known)]
    return [*told, f"  On the receipt: {printed}"] if printed else told


def _left_out(account: Account) -> list[str]:
    """What a reader must know of an account as of a day."""
    if not account.left_out:
        return []
    return [f"  Left out, as told late and using what came after that day: {account.left_out}."]


def _sales(settings: Settings, log: LedgerLog, word: str) -> list[Entry]:
    """The sales meant by `word`: looked up in the tables, or else in the whole ledger."""
    accounts = _accounts_by_the_tables(settings, word)
    if len(accounts) == 1:
        entries = read_account(log, settings.generation, accounts[0]).entries
        return [
            entry
            for entry in entries
            if entry.record.decision == "ACCEPTED"
            and entry.record.sale is not None
            and entry.record.event_type == "SaleRecorded"
            and word in (entry.record.event_id, entry.record.sale.receipt_no)
        ]
    return find_sales(log, settings.generation, word)


def _accounts_by_the_tables(settings: Settings, word: str) -> list[str]:
    """Whose sale it is, if Postgres is at hand and has come that far; it only saves a search."""
    at_hand = settings.database_url.get_secret_value() or (settings.home / "postgres").exists()
    if not at_hand:
        return []
    from infra.postgres import DatabaseUnavailable

    try:
        return [str(row[0]) for row in ask(settings, _ACCOUNT_OF_SALE, {"word": word}).rows]
    except DatabaseUnavailable:
        return []
    except Trouble as problem:
        if problem.code is not Code.WRONG_USE:
            raise
        return []
