"""What was asked about, a member or a receipt, and its story from the ledger."""

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
from loyalty.reading import Account, Wanted, find_receipts, read_account
from loyalty.receipts import receipt_text
from loyalty.stories import member_story, return_story, sale_story
from processors.words.calendar import date_of
from producers.people.register import OtherKey

_LISTED_MAX = 10
_NO_REGISTER = "LOYALTY_DATABASE_URL does not say where the register is."
_ACCOUNT_OF_RECEIPT = """
SELECT DISTINCT account_id FROM (
    SELECT account_id, sale_id AS event_id, receipt_no, store_id, business_date FROM sales
    UNION ALL SELECT account_id, event_id, receipt_no, store_id, business_date FROM returns
) AS receipts
WHERE %(word)s IN (event_id, receipt_no)
    AND %(store)s IN ('', store_id) AND %(day)s IN ('', business_date::text)
LIMIT 2
"""


def number(on: date) -> int:
    """Days since 1970-01-01, as the ledger counts."""
    return (on - date(1970, 1, 1)).days


def story(
    settings: Settings,
    log: LedgerLog,
    wanted: Wanted,
    last_day: int | None = None,
    events_max: int | None = None,
) -> list[str]:
    """The story of a member or a receipt as of a day; empty if nobody and nothing has this name.

    A member is named by its id, which the ledger alone tells, or by what the register knows: a
    card, phone or e-mail.  A number that is a receipt's in the tables is taken for that receipt,
    and so is one of a store or a day.  Of a member's events, at most the last `events_max` are
    told.

    Raises:
        Trouble: several receipts have that number, several members that card, phone or
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

    what = wanted.word
    if not wanted.is_narrowed and (told := of_member(what)):
        return told
    accounts = _accounts_by_the_tables(settings, wanted)
    of_receipt = bool(accounts) or wanted.is_narrowed
    member, unasked = (None, "") if of_receipt else _by_the_register(settings, what)
    if member is not None:
        told = of_member(member)
        if not told:
            raise Trouble(f"This leads to member {member}, of whom the ledger knows nothing yet.")
        return told
    found = _receipts(settings, log, wanted, accounts)
    if not found and unasked:
        raise Trouble(
            f"The ledger knows no member and no receipt {what}, and whether it is a card, phone or "
            f"e-mail could not be looked up: {unasked}",
            Code.OUT_OF_REACH,
        )
    # What comes back and what is bought instead may stand on one paper.
    papers = {entry.record.event_id.rpartition("|")[0] for entry in found}
    if len(papers) > 1:
        raise Trouble(_which(what, found))
    found.sort(key=lambda entry: entry.record.event_type)
    return [line for entry in found for line in _of_receipt(settings, log, entry, last_day)]


def _which(number: str, found: list[Entry]) -> str:
    """The receipts of one number, newest first, as far as they can be listed."""
    newest = sorted(found, key=lambda entry: entry.record.event_id)
    newest.sort(key=lambda entry: entry.record.business_date, reverse=True)
    listed = [f"  {entry.record.event_id}" for entry in newest[:_LISTED_MAX]]
    if len(found) > _LISTED_MAX:
        listed.append(f"  … {len(found) - _LISTED_MAX} more")
    head = f"{len(found)} sales and returns have receipt number {number}; say which, "
    return "\n".join([f"{head}by its id, or by --store and --day:", *listed])


def _of_receipt(
    settings: Settings, log: LedgerLog, receipt: Entry, last_day: int | None
) -> list[str]:
    """The story of a sale or a return."""
    record = receipt.record
    is_sale = record.event_type == "SaleRecorded"
    if last_day is not None and record.business_date > last_day:
        what, on = "Sale" if is_sale else "Return", day(record.business_date)
        raise Trouble(f"{what} {record.event_id} is of {on}, after {day(last_day)}.")
    account = read_account(log, settings.generation, record.account_id)
    known = account.through(last_day)
    told = (sale_story if is_sale else return_story)(receipt, known.entries, account.names)
    told += _left_out(known)
    printed = receipt_text(receipt, account) if is_sale else ""
    return [*told, f"  On the receipt: {printed}"] if printed else told


def _left_out(account: Account) -> list[str]:
    """What a reader must know of an account as of a day."""
    if not account.left_out:
        return []
    return [f"  Left out, as told late and using what came after that day: {account.left_out}."]


def _receipts(
    settings: Settings, log: LedgerLog, wanted: Wanted, accounts: list[str]
) -> list[Entry]:
    """What is wanted: in the account that the tables name, or in the whole ledger."""
    if len(accounts) == 1:
        entries = read_account(log, settings.generation, accounts[0]).entries
        return [
            entry
            for entry in entries
            if entry.record.decision == "ACCEPTED" and wanted.is_met_by(entry.record)
        ]
    return find_receipts(log, settings.generation, wanted)


def _accounts_by_the_tables(settings: Settings, wanted: Wanted) -> list[str]:
    """Whose receipt it is, if Postgres is at hand and has come that far; it only saves a search."""
    if not _database_is_at_hand(settings):
        return []
    try:
        on = "" if wanted.day is None else date_of(wanted.day).isoformat()
        words = {"word": wanted.word, "store": wanted.store, "day": on}
        return [str(row[0]) for row in ask(settings, _ACCOUNT_OF_RECEIPT, words).rows]
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
