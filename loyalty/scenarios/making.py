"""Every event that a scenario can tell of: its words, and what makes the event of them."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from loyalty.scenarios import members, points, receipts, switches, words
from loyalty.scenarios.words import Where
from loyalty.scenarios.world import World
from schemas.events import Event


class Told(Struct, frozen=True):
    """One kind of event.

    Any: each maker takes the words beside it.

    Attributes:
        words: what it may say, beside `words.Where`.
        make: the event of those words.
    """

    words: type[Struct]
    make: Callable[[World, Where, Any], Event]


EVENTS: Mapping[str, Told] = {
    "enrol": Told(words.Enrol, members.enrolment),
    "change": Told(words.Change, members.change),
    "sale": Told(words.Sale, receipts.sale),
    "return": Told(words.Return, receipts.returned),
    "fulfil": Told(words.Fulfil, receipts.fulfilled),
    "redeem": Told(words.Redeem, points.redemption),
    "unredeem": Told(words.Unredeem, points.unredeemed),
    "adjust": Told(words.Adjust, points.adjustment),
    "hold": Told(words.Hold, points.hold),
    "reserve": Told(words.Reserve, points.reserved),
    "capture": Told(words.Capture, points.capture),
    "void": Told(words.Void, points.void),
    "label": Told(words.Label, members.label),
    "offer": Told(words.Offer, members.offer),
    "present": Told(words.Present, members.presented),
    "cancel": Told(words.Cancel, members.cancelled),
    "activity": Told(words.Activity, members.activity),
    "enter": Told(words.Segment, members.entered),
    "leave": Told(words.Segment, members.left),
    "assign": Told(words.Assign, members.assigned),
    "card": Told(words.Card, members.card),
    "block_card": Told(words.BlockCard, members.card_blocked),
    "erase": Told(words.Erase, members.erased),
    "activate": Told(words.Activate, switches.activated),
    "stop": Told(words.Stop, switches.stopped),
}
"""The word of the event → its kind."""
