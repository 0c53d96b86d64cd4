"""What a till's receipts are made of: their business keys, and the header of each event.

Pure: nothing here reads a clock, a file or the time-zone database.  A business key names the
receipt in the words of the shop, so that a receipt which is sent twice is known for the same one.
"""

from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

from schemas.events import STORE_ACCOUNT, Header, MemberEnrolled

EPOCH = date(1970, 1, 1)
_RECEIPT_PARTS = 5


class Moment(Struct, frozen=True, gc=False):
    """One instant as a store sees it.

    Attributes:
        at_ms: UTC milliseconds.
        utc_offset_min: the store's distance from UTC then, in minutes.
        business_date: the store's trading day, as days since 1970-01-01.
    """

    at_ms: int
    utc_offset_min: int
    business_date: int


def day_number(day: date) -> int:
    """A date as days since 1970-01-01, the way events carry it."""
    return (day - EPOCH).days


@lru_cache(maxsize=4_096)
def iso(business_date: int) -> str:
    """Days since 1970-01-01 as `YYYY-MM-DD`, the way business keys carry a date."""
    return (EPOCH + timedelta(business_date)).isoformat()


def receipt_id(store_id: str, till_id: str, day: str, receipt_no: str, kind: str) -> str:
    """The business key of a receipt; `day` is `YYYY-MM-DD`, `kind` is `sale` or `return`."""
    return f"{store_id}|{till_id}|{day}|{receipt_no}|{kind}"


def day_of_receipt(event_id: str) -> str:
    """The `YYYY-MM-DD` of a receipt's business key; empty if it is no such key."""
    return _part(event_id, 2)


def number_of_receipt(event_id: str) -> str:
    """The receipt number of a receipt's business key; empty if it is no such key."""
    return _part(event_id, 3)


def _part(event_id: str, at: int) -> str:
    parts = event_id.split("|")
    return parts[at] if len(parts) == _RECEIPT_PARTS else ""


def anonymous_account(store_id: str) -> str:
    """The account that stands for everybody who shops at a store without a card."""
    return STORE_ACCOUNT + store_id


def header_of(
    event_id: str,
    account_id: str,
    moment: Moment,
    *,
    store_id: str = "",
    till_id: str = "",
    actor: str = "system",
) -> Header:
    """The header of what happens to an account: one member, or a store's shoppers without card."""
    return Header(
        event_id=event_id,
        account_id=account_id,
        member_id="" if account_id.startswith(STORE_ACCOUNT) else account_id,
        occurred_at=moment.at_ms,
        utc_offset_min=moment.utc_offset_min,
        business_date=moment.business_date,
        store_id=store_id,
        till_id=till_id,
        channel="pos",
        actor=actor,
    )


def enrolment(member_id: str, moment: Moment, store_id: str = "") -> MemberEnrolled:
    """A member joins at a store, or at none if the chain itself enrols them."""
    actor = "cashier" if store_id else "system"
    event_id = f"member|{member_id}|enrolled"
    return MemberEnrolled(
        header_of(event_id, member_id, moment, store_id=store_id, actor=actor),
        home_store_id=store_id,
    )
