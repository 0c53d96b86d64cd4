"""What was asked about, a member or a sale, and its story from the ledger."""

from datetime import date

from infra.identifier_key import KeyUnusable
from infra.log import LedgerLog
from infra.postgres import DatabaseUnavailable
from infra.settings import Settings
from loyalty.amounts import day
from loyalty.holdings import Entry
from loyalty.outcome import Code, Trouble
from loyalty.people import can_be_registered, member_meant, register
from loyalty.questions import ask
from loyalty.reading import Account, find_sales, read_account
from loyalty.receipts import receipt_text
from loyalty.stories import member_story, sale_story
from producers.people.register import OtherKey

_LISTED_MAX = 10
_NO_REGISTER = "LOYALTY_DATABASE_URL does not say where the register is."
_ACCOUNT_OF_SALE = """
SELECT DISTINCT account_id FROM sales WHERE sale_id = %(word)s OR receipt_no = %(word)s LIMIT 2
"""


def number(on: date) -> int:
    """Days since 1970-01-01, as the ledger counts."""
    return (on - date(1970, 1, 1)).days


def story(
    settings: Settings,
    log: LedgerLog,
    what: str,
    last_day: int | None = None,
    events_max: int | None = None,
) -> list[str]:
    """The story of a member or a sale as of a day; empty if nobody and nothing has this name.

    A member is named by its id, which the ledger alone tells, or by what the register knows: a
    card, phone or e-mail.  A number that is a receipt's in the tables is taken for that sale.  Of a
    member's events, at most the last `events_max` are told.

    Raises:
        Trouble: several sales have that receipt number, several members that card, phone or
            e-mail, what was asked about is later than the day, or the ledger or the register
            cannot be read.
    """

    def of_member(member: str) -> list[str]:
        whole = read_account(log, settings.generation, member)
        account = whole.through(last_day)
        if whole.entries and last_day is not None and not account.entries:
            raise Trouble(f"Of member {member} the ledger knows nothing up to {day(last_day)}.")
        if not account.entries:
            return []
        told = member_story(account.entries, account.names, events_max, account.programme())
        return [f"Member {member}", *told, *_left_out(account)]

    if told := of_member(what):
        return told
    accounts = _accounts_by_the_tables(settings, what)
    member, unasked = (None, "") if accounts else _by_the_register(settings, what)
    if member is not None:
        told = of_member(member)
        if not told:
            raise Trouble(f"This leads to member {member}, of whom the ledger knows nothing yet.")
        return told
    sales = _sales(settings, log, what, accounts)
    if not sales and unasked:
        raise Trouble(
            f"The ledger knows no member and no sale {what}, and whether it is a card, phone or "
            f"e-mail could not be looked up: {unasked}",
            Code.OUT_OF_REACH,
        )
    return _of_sales(settings, log, what, sales, last_day)


def _of_sales(
    settings: Settings, log: LedgerLog, what: str, sales: list[Entry], last_day: int | None
) -> list[str]:
    """The story of the one sale that was found; empty if none was."""
    if len(sales) > 1:
        listed = "\n".join(f"  {sale.record.event_id}" for sale in sales[:_LISTED_MAX])
        raise Trouble(f"{len(sales)} sales have receipt number {what}; say which:\n{listed}")
    if not sales:
        return []
    sale = sales[0]
    if last_day is not None and sale.record.business_date > last_day:
        on = day(sale.record.business_date)
        raise Trouble(f"Sale {sale.record.event_id} is of {on}, after {day(last_day)}.")
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


def _sales(settings: Settings, log: LedgerLog, word: str, accounts: list[str]) -> list[Entry]:
    """The sales meant by `word`: in the account that the tables name, or in the whole ledger."""
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
    if not _database_is_at_hand(settings):
        return []
    try:
        return [str(row[0]) for row in ask(settings, _ACCOUNT_OF_SALE, {"word": word}).rows]
    except DatabaseUnavailable:
        return []
    except Trouble as problem:
        if problem.code is not Code.WRONG_USE:
            raise
        return []


def _by_the_register(settings: Settings, word: str) -> tuple[str | None, str]:
    """Whose card, phone or e-mail it is, and why the register could not be asked, if it could not.

    Beside an embedded log without a database nobody was registered, and none is made to ask.
    """
    if not can_be_registered(settings, word):
        return None, ""
    if not _database_is_at_hand(settings):
        return None, _NO_REGISTER if settings.bootstrap_servers else ""
    try:
        with register(settings) as known:
            return member_meant(settings, known, word), ""
    except (DatabaseUnavailable, KeyUnusable, OtherKey) as problem:
        return None, str(problem)


def _database_is_at_hand(settings: Settings) -> bool:
    return bool(settings.database_url.get_secret_value() or (settings.home / "postgres").exists())
