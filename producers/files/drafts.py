"""What a row tells once it is checked: an event, but for whose it is; or a number of no event."""

from typing import Any, NamedTuple

from msgspec import Struct

from producers.people.identifiers import Identifier
from producers.pos import Moment
from schemas.events import Event


class Number(NamedTuple):
    """The number that a till gave on a business date, as days since 1970-01-01."""

    store_id: str
    till_id: str
    business_date: int
    receipt_no: str


class Draft(Struct, frozen=True):
    """An event that still wants its member.

    Any: the fields of whatever event it is.

    Attributes:
        kind: the event's type.
        fields: its own fields.
        moment, store_id, till_id, channel, actor: of its header.
        event_id: its key; empty if it is to be made of the content.
        member_id: as the row names it; empty if it does not.
        identifiers: card, phone and e-mail of the row.
        name, address: of a person, for `crm` alone.
        card: of what happens to a card: which one.
        replaced: the card it stands in for; None if there is none.
    """

    kind: type[Event]
    fields: dict[str, Any]
    moment: Moment
    store_id: str
    till_id: str
    channel: str
    actor: str
    event_id: str
    member_id: str
    identifiers: tuple[Identifier, ...]
    name: str = ""
    address: str = ""
    card: Identifier | None = None
    replaced: Identifier | None = None
