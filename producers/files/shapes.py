"""How the fields of an event are told in a file: made once from the event's type.  Pure.

A field has the name that it has in `schemas.events`, with these conveniences: `amount` in units of
the currency for `amount_minor`, `quantity` for `quantity_milli`, `birthday` for month and day.
Dates and times are ISO 8601, and an empty value is none.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache, partial
from typing import Annotated, Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from producers.files import values
from producers.files.values import Wrong, said
from schemas import events
from schemas.bounds import Bounds, bounds_of
from schemas.checked import class_of
from schemas.definitions import declaration
from schemas.events import EVENT_TYPES

Read = Callable[[str, Any, int], Any]
"""Field, value and the currency's decimals → the value of our type."""

HEADER_FIELDS = frozenset(
    {"type", "event_id", "occurred_at", "business_date", "store_id", "till_id", "channel", "actor",
     "member_id", "card", "phone", "email"}
)  # fmt: skip
"""What every row may say."""
CONTACT_FIELDS = frozenset({"name", "address"})
"""What a row of a person may say besides; it goes to `crm` and nowhere else."""
KINDS: Final[Mapping[str, type[events.Event]]] = {kind.__name__: kind for kind in EVENT_TYPES}
OF_PEOPLE: Final[frozenset[type]] = frozenset({events.MemberEnrolled, events.MemberChanged})

_MAY_BE_EMPTY: Final = frozenset(
    {"order_id", "quote_id", "voucher", "source_id", "definition_hash", "original_sale"}
)
_DAYS: Final = frozenset({"first_day", "last_day", "effective_from"})
_AMOUNT: Final = "it is no amount; write it as 12.50"
_NUMBER: Final = "it is no number; write it as 1.5"
_CURRENCIES: Final = Bounds(3, 3)
_OF_CONSENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "purpose": ("marketing", "service", "profiling"),
    "channel": ("email", "sms", "post"),
}
"""The words of a consent; under another one it would be kept and never count."""


class Part(NamedTuple):
    """One field.

    Any: a value may be of any type of ours.

    Attributes:
        name: in our type.
        told: its name in the file, or both of them.
        reads: one for each of `told`.
        required: whether it must be there.
        default: what it is if it is not.
    """

    name: str
    told: tuple[str, ...]
    reads: tuple[Read, ...]
    required: bool
    default: Any


class Shape(NamedTuple):
    """The fields of a type, and all names that a file may use for them.

    Attributes:
        parts: one a field.
        known: every name.
        named: name → its field, and how it is read.
        defaults: every field as it is if nothing is told.
        required: those that must be told.
    """

    parts: tuple[Part, ...]
    known: frozenset[str]
    named: dict[str, tuple[Part, Read]]
    defaults: dict[str, Any]
    required: tuple[Part, ...]


def shape(parts: tuple[Part, ...], known: frozenset[str]) -> Shape:
    """The shape of these fields."""
    return Shape(
        parts,
        known,
        {
            name: (part, one)
            for part in parts
            for name, one in zip(part.told, part.reads, strict=True)
        },
        {part.name: part.default for part in parts},
        tuple(part for part in parts if part.required),
    )


@cache
def shape_of(kind: type) -> Shape:
    """The shape of an event, or of a record in it."""
    declared = declaration(kind)
    hints = get_type_hints(declared, include_extras=True)
    bounds = bounds_of(declared)
    parts = tuple(
        _part(one.name, one.default, hints[one.name], bounds[one.name], kind)
        for one in fields(declared)
        if one.name not in {"header", "birthday_month", "birthday_day"}
    )
    own = {name for part in parts for name in part.told}
    if any(one.name == "birthday_month" for one in fields(declared)):
        own |= {"birthday"}
    return shape(parts, frozenset(own))


def read(of: Shape, told: dict[str, Any], decimals: int) -> dict[str, Any]:
    """The fields of our type by name, out of what a row has said.

    Raises:
        Wrong: the first field that cannot be used.
    """
    found, named = dict(of.defaults), of.named
    done: set[str] = set()
    for name, value in told.items():
        if name not in named:
            continue
        part, one = named[name]
        if part.name in done:
            raise Wrong(part.told[0], f"it is told twice, as {part.told[1]} too")
        done.add(part.name)
        found[part.name] = one(name, value, decimals)
    for part in of.required:
        if part.name not in done:
            raise Wrong(part.told[-1], "it is missing")
    if "birthday" in of.known and "birthday" in told:
        on = values.birthday("birthday", told["birthday"])
        found["birthday_month"], found["birthday_day"] = on
    return found


def only(told: Mapping[str, Any], known: frozenset[str]) -> None:
    """Nothing is told that nobody reads.

    Raises:
        Wrong: with the place of the first unknown field, and the nearest known one.
    """
    if told.keys() <= known:
        return
    place, hint = unknown(told, known)
    raise Wrong(f"field {place}", f"there is no such field{hint}")


def unknown(names: Iterable[str], known: frozenset[str]) -> tuple[int, str]:
    """The place of the first name that nobody knows, from 1, and `near`; 0 if all are known.

    The place stands for the name, which may be a person's: of a list without its first line, or of
    an object whose names and values were exchanged.
    """
    for place, name in enumerate(names, 1):
        if name not in known:
            return place, near(name, known)
    return 0, ""


def near(name: str, known: frozenset[str]) -> str:
    """`; did you mean …?`, or nothing if no known word is near."""
    found = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""


def _part(name: str, default: Any, hint: Any, bounds: Bounds, kind: type) -> Part:
    of_sale = kind is events.ReturnedLine and name == "sku"  # the sale's own line says it
    required = default is NODEFAULT and name not in _MAY_BE_EMPTY and not of_sale
    empty = _empty(hint) if default is NODEFAULT else default
    if name.endswith("_minor"):
        units = partial(_amount, bounds=bounds)
        return Part(
            name, (name, name.removesuffix("_minor")), (_whole(bounds), units), required, empty
        )
    if name == "quantity_milli":
        return Part(
            name,
            (name, "quantity"),
            (_whole(bounds), partial(_milli, bounds=bounds)),
            required,
            empty,
        )
    return Part(name, (name,), (_read_of(name, hint, bounds),), required, empty)


def _read_of(name: str, hint: Any, bounds: Bounds) -> Read:
    if name in _DAYS:
        return lambda field, value, _: values.day(field, value)
    if name == "expires_at":
        return lambda field, value, _: values.moment(field, value, "UTC").at_ms
    if name == "currency":
        return lambda field, value, _: currency(field, value)
    if name in _OF_CONSENTS:
        return partial(_one_of, known=_OF_CONSENTS[name])
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if plain is bool:
        return lambda field, value, _: values.yes(field, value)
    if plain is int:
        return _whole(bounds)
    if get_origin(plain) is tuple:
        inside = get_args(plain)[0]
        if isinstance(inside, type) and issubclass(inside, Struct):
            return partial(_records, kind=class_of(inside), bounds=bounds)
        return lambda field, value, _: values.words(field, value, bounds)
    return lambda field, value, _: values.text(field, value, bounds)


def currency(field: str, value: Any) -> str:
    """Three capitals, as ISO 4217 has them.

    Raises:
        Wrong: it is not that.
    """
    found = values.text(field, value, _CURRENCIES)
    if not (found.isascii() and found.isalpha() and found.isupper()):
        raise Wrong(field, "it is no currency; USD is one")
    return found


def _one_of(field: str, value: Any, _: int, *, known: tuple[str, ...]) -> str:
    word = values.text(field, value, Bounds())
    if word not in known:
        raise Wrong(field, f"it is none of {', '.join(known[:-1])} and {known[-1]}")
    return word


def _records(
    field: str, value: Any, decimals: int, *, kind: type, bounds: Bounds
) -> tuple[Any, ...]:
    """A list of records; of consents also `marketing/email|service/sms` in one cell."""
    if kind is events.Consent and isinstance(value, str):
        value = [_consent(field, one) for one in value.split(values.LIST_SIGN) if one.strip()]
    if not isinstance(value, list):
        raise Wrong(field, "it must be a list")
    if bounds.most is not None and len(value) > bounds.most:
        raise Wrong(field, f"it has more than {bounds.most} items")
    known, made = shape_of(kind), []
    for number, one in enumerate(value):
        place = number if field == "lines" else None
        if not isinstance(one, dict):
            raise Wrong(field, "each of its items must be an object", place)
        try:
            only(one, known.known)
            made.append(kind(**read(known, said(one), decimals)))
        except Wrong as wrong:
            raise Wrong(f"{field}.{wrong.field}", wrong.reason, place) from None
    return tuple(made)


def _consent(field: str, word: str) -> dict[str, Any]:
    purpose, sign, channel = word.strip().partition("/")
    if not sign:
        raise Wrong(field, "it is no consent; write it as marketing/email")
    return {"purpose": purpose, "channel": channel, "given": True}


def _whole(bounds: Bounds) -> Read:
    return lambda field, value, _: values.whole(field, value, bounds)


def _amount(field: str, value: Any, decimals: int, *, bounds: Bounds) -> int:
    return values.within(field, values.decimal(field, value, decimals, _AMOUNT), bounds)


def _milli(field: str, value: Any, _: int, *, bounds: Bounds) -> int:
    return values.within(field, values.decimal(field, value, 3, _NUMBER), bounds)


def _empty(hint: Any) -> Any:
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if get_origin(plain) is tuple:
        return ()
    return {str: "", int: 0, bool: False}.get(plain)
