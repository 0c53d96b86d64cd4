"""Effects on whose an account is: a member joins, changes, gets and loses cards, is erased.

They are members of the one union `schemas.ledger.Effect`.
"""

from msgspec import Struct


class MemberEnrolled(Struct, frozen=True, gc=False):
    """The account has a member now.  Fields as in the event."""

    member_id: str
    home_store_id: str
    campaign_id: str
    language: str
    birthday_month: int
    birthday_day: int


class MemberChanged(Struct, frozen=True, gc=False):
    """What changed about the member: as in the event, empty or 0 for what did not."""

    status: str
    home_store_id: str
    language: str
    birthday_month: int
    birthday_day: int


class CardAssigned(Struct, frozen=True, gc=False):
    """A card is this account's from now on.  Fields as in the event.  Moves nothing."""

    card: str
    replaces: str


class CardBlocked(Struct, frozen=True, gc=False):
    """A card of this account counts no more.  Fields as in the event.  Moves nothing."""

    card: str
    reason: str


class MemberErased(Struct, frozen=True, gc=False):
    """The person behind the account is forgotten.  Moves nothing by itself.

    In the same record the account is closed, and what it held has expired.
    """

    reason: str
