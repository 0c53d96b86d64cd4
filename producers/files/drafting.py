"""From what a row tells to an event that still wants its member.  Pure.

`draft` reads the fields; whose the event is, is found by `producers.files.naming`, which knows the
register; `finished` is the event of both.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any, Final

from producers import days
from producers.files import receipts, shapes, values
from producers.files.drafts import Draft, Number
from producers.files.keys import business_key
from producers.files.shop import Shop
from producers.files.values import Wrong, said
from producers.people.identifiers import (
    KINDS,
    REASONS,
    Identifier,
    Kind,
    identifier,
    tells_a_person,
)
from producers.pos import EPOCH, Moment, anonymous_account, iso, receipt_id
from schemas import events
from schemas.bounds import Bounds
from schemas.currencies import exponent_of
from schemas.events import Event, Header
from schemas.records import replace

_WORD: Final = Bounds(None, 200)
_KEY: Final = Bounds(1, 200)
_CHANNELS: Final = frozenset({"pos", "web", "app", "phone"})
_ORIGINAL: Final = (
    "original_store_id",
    "original_till_id",
    "original_business_date",
    "original_receipt_no",
)
_IDS: Final = frozenset({"referred_by", "home_store_id", "campaign_id"})
_KEPT_FOR_EVER: Final = ("reason", "because", "by", "approved_by", "activated_by", "stopped_by")
_RECEIPTS: Final = frozenset({events.SaleRecorded, events.SaleReturned})
_OF_CARDS: Final = (events.CardAssigned, events.CardBlocked)


def _known(kind: type) -> frozenset[str]:
    """Every name that a row of this type may use."""
    of_people = shapes.CONTACT_FIELDS if kind in shapes.OF_PEOPLE else frozenset()
    of_sales = {"tender"} if kind is events.SaleRecorded else frozenset()
    of_returns = _ORIGINAL if kind is events.SaleReturned else ()
    return shapes.shape_of(kind).known.union(shapes.HEADER_FIELDS, of_people, of_sales, of_returns)


_KNOWN: Final[Mapping[type, frozenset[str]]] = {
    kind: _known(kind) for kind in shapes.KINDS.values()
}


def draft(kind: type[Event], row: Mapping[str, Any], shop: Shop) -> Draft:
    """What a row tells, checked.

    Raises:
        Wrong: the first field that cannot be used.
    """
    shapes.only(row, _KNOWN[kind])
    told = said(row)
    receipt = kind in _RECEIPTS
    store_id = _id(told, "store_id")
    if receipt and not store_id:
        raise Wrong("store_id", "it is missing")
    moment = _moment(kind, told, shop.zone_of(store_id))
    till_id = _id(told, "till_id")
    channel = _word(told, "channel") or "pos"
    if channel not in _CHANNELS:
        raise Wrong("channel", "it is none of pos, web, app and phone")
    fields = _fields(kind, told, shop, store_id)
    event_id = values.text("event_id", told["event_id"], _KEY) if "event_id" in told else ""
    if receipt and not event_id:
        name = "sale" if kind is events.SaleRecorded else "return"
        day = iso(moment.business_date)
        event_id = receipt_id(store_id, till_id, day, fields["receipt_no"], name)
    card, replaced = _cards(kind, told, shop)
    if card is not None:
        del told["card"]
    return Draft(
        kind,
        fields,
        moment,
        store_id,
        till_id,
        channel,
        _word(told, "actor") or ("cashier" if receipt else "system"),
        event_id,
        _id(told, "member_id"),
        _identifiers(told, shop),
        _word(told, "name"),
        _word(told, "address"),
        card,
        replaced,
    )


def finished(one: Draft, account_id: str, member_id: str) -> Event:
    """The event, now that its member is known.

    Raises:
        Wrong: its key is too long.
    """
    moment = one.moment
    header = Header(
        one.event_id,
        account_id,
        member_id,
        moment.at_ms,
        moment.utc_offset_min,
        moment.business_date,
        one.store_id,
        one.till_id,
        one.channel,
        one.actor,
    )
    event = one.kind(header, **one.fields)
    if not one.event_id:
        key = values.text("event_id", business_key(event), _KEY)
        event = one.kind(replace(header, event_id=key), **one.fields)
    elif len(one.event_id) > 200:
        raise Wrong("receipt_no", "store, till and receipt number are longer than 200 characters")
    return event


def number_of(row: Mapping[str, Any], shop: Shop) -> Number:
    """Which number a receipt has that becomes no event.

    Raises:
        Wrong: it does not say that.
    """
    told = said(row)
    store_id = _word(told, "store_id")
    if "business_date" in told:
        day = values.day("business_date", told["business_date"])
    else:
        day = _moment(events.SaleRecorded, told, shop.zone_of(store_id)).business_date
    return Number(store_id, _word(told, "till_id"), day, _word(told, "receipt_no"))


def store_account(one: Draft) -> str:
    """The account of those who shop at the draft's store without a card."""
    return anonymous_account(one.store_id)


def _moment(kind: type[Event], told: dict[str, Any], zone: str) -> Moment:
    if kind is events.BusinessDayClosed and "occurred_at" not in told:
        day = values.day("business_date", told.get("business_date"))
        closed = days.close_day(EPOCH + timedelta(day), zone or days.CHAIN_ZONE).header
        return Moment(closed.occurred_at, closed.utc_offset_min, day)
    if "occurred_at" not in told:
        raise Wrong("occurred_at", "it is missing")
    moment = values.moment("occurred_at", told["occurred_at"], zone)
    if "business_date" not in told:
        return moment
    day = values.day("business_date", told["business_date"])
    if kind is not events.BusinessDayClosed and abs(day - moment.business_date) > 1:
        raise Wrong("business_date", "it is more than a day away from occurred_at")
    return Moment(moment.at_ms, moment.utc_offset_min, day)


def _fields(kind: type, told: dict[str, Any], shop: Shop, store_id: str) -> dict[str, Any]:
    """The fields of the event itself."""
    shape = shapes.shape_of(kind)
    if "currency" in shape.known:
        name = told.get("currency") or shop.currency_of(store_id)
        if name:
            told["currency"] = name
    decimals = exponent_of(str(told.get("currency") or ""))
    if kind is events.SaleRecorded:
        return _sale(told, shop, decimals)
    if kind is events.SaleReturned:
        return _returned(told, decimals)
    for name in _IDS.intersection(told):
        _id(told, name)
    for name in _KEPT_FOR_EVER:
        if tells_a_person(_word(told, name)):
            raise Wrong(name, "it holds an e-mail address or a phone number, and is kept for ever")
    if kind in _OF_CARDS:
        told = {**told, "card": "to be hashed", "replaces": ""}
    return shapes.read(shape, told, decimals)


def _sale(told: dict[str, Any], shop: Shop, decimals: int) -> dict[str, Any]:
    if "receipt_no" not in told and "order_id" in told:
        told = {**told, "receipt_no": told["order_id"]}
    found = shapes.read(_without_lines(), told, decimals)
    made = receipts.lines(told.get("lines"), shop, decimals)
    return {**found, "lines": made, "tenders": receipts.tenders(told, made, decimals)}


@cache
def _without_lines() -> shapes.Shape:
    whole = shapes.shape_of(events.SaleRecorded)
    parts = tuple(part for part in whole.parts if part.name not in {"lines", "tenders"})
    return shapes.shape(parts, whole.known)


def _returned(told: dict[str, Any], decimals: int) -> dict[str, Any]:
    if any(name in told for name in _ORIGINAL):
        if "original_sale" in told:
            raise Wrong("original_sale", "it is told twice, by its receipt too")
        told = {**told, "original_sale": _original(told)}
    lines = told.get("lines")
    if isinstance(lines, list) and "original_sale" not in told:  # else they are lines of the sale
        numbered = [
            {**one, "line_no": one.get("line_no", place)} if isinstance(one, dict) else one
            for place, one in enumerate(lines, 1)
        ]
        told = {**told, "lines": numbered}
    found = shapes.read(shapes.shape_of(events.SaleReturned), told, decimals)
    if not found["lines"]:
        raise Wrong("lines", "a return has at least one line")
    for place, line in enumerate(found["lines"]):
        if line.net_minor < 0:
            raise Wrong("net", "it is negative", place)
    return found


def _original(told: dict[str, Any]) -> str:
    """The event id of the sale that a return names by its receipt."""
    store = _id(told, "original_store_id") or _word(told, "store_id")
    number = _word(told, "original_receipt_no")
    if not number:
        raise Wrong("original_receipt_no", "it is missing")
    day = values.day("original_business_date", told.get("original_business_date"))
    till = _id(told, "original_till_id")
    return receipt_id(store, till, iso(day), number, "sale")


def _cards(
    kind: type[Event], told: dict[str, Any], shop: Shop
) -> tuple[Identifier | None, Identifier | None]:
    """Of what happens to a card: which one, and which it replaces."""
    if kind not in _OF_CARDS:
        return None, None
    card = _identifier("card", told, "card", shop)
    if card is None:
        raise Wrong("card", "it is missing")
    return card, _identifier("card", told, "replaces", shop)


def _identifiers(told: dict[str, Any], shop: Shop) -> tuple[Identifier, ...]:
    found = [_identifier(kind, told, kind, shop) for kind in KINDS if kind in told]
    return tuple([one for one in found if one is not None])


def _identifier(kind: Kind, told: dict[str, Any], field: str, shop: Shop) -> Identifier | None:
    if field not in told:
        return None
    one = identifier(kind, values.text(field, told[field], _WORD), shop.phone_prefix)
    if one is None:
        raise Wrong(field, f"it is {REASONS[kind]}")
    return one


def _id(told: dict[str, Any], field: str) -> str:
    """An id; a person's address or number in its place would lie in the log for ever."""
    word = _word(told, field)
    if "@" in word:
        raise Wrong(field, "it is an e-mail address, which is told as email; an id tells nothing")
    if word.startswith("+") and identifier("phone", word) is not None:
        raise Wrong(field, "it is a phone number, which is told as phone; an id tells nothing")
    return word


def _word(told: dict[str, Any], field: str) -> str:
    return values.text(field, told[field], _WORD) if field in told else ""
