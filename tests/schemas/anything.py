"""Strategies for every event and ledger record there can be, made from schemas and types."""

from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from schemas import ledger
from schemas.checked import class_of
from schemas.definitions import declaration, event_name, plain_body, plain_schema
from schemas.events import EVENT_TYPES, Event

WORDS = st.one_of(
    st.sampled_from(["", "points", "x" * 63, "x" * 64, "ü" * 32, "日本", "#1", "\x00"]),
    st.text(max_size=12),
)


def numbers(bits: int) -> st.SearchStrategy[int]:
    """Signed numbers, those about as likely that need another byte more than the one before."""
    edges = [1 << shift for shift in (6, 13, 14, 20, 27, 34, 41, 48, 55, 62) if shift < bits]
    near = [sign * edge + more for edge in edges for sign in (1, -1) for more in (-1, 0, 1)]
    least, most = -(1 << bits - 1), (1 << bits - 1) - 1
    return st.integers(-200, 200) | st.sampled_from([*near, least, most]) | st.integers(least, most)


NUMBERS = numbers(64)
_PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "string": WORDS,
    "int": numbers(32),
    "long": NUMBERS,
    "boolean": st.booleans(),
    "loyalty.ledger.Sha256": st.binary(min_size=32, max_size=32),
}


def anything(schema: Any, kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of ours that its schema can say."""
    match schema:
        case _ if get_origin(kind) is Annotated:
            return _bounded(schema, *get_args(kind))
        case {"type": "record", "fields": fields}:
            hints = get_type_hints(kind, include_extras=True)
            values = {
                field["name"]: anything(field["type"], hints[field["name"]]) for field in fields
            }
            made = st.builds(class_of(kind), **values)
            _PLAIN[f"{schema.get('namespace', 'loyalty.effect')}.{schema['name']}"] = made
            return made
        case {"type": "array", "items": items}:
            return st.lists(anything(items, get_args(kind)[0]), max_size=4).map(tuple)
        case {"type": "enum", "symbols": symbols}:
            return st.sampled_from(symbols)
        case {"type": "fixed", "size": size}:
            return st.binary(min_size=size, max_size=size)
        case {"type": inner}:
            return anything(inner, kind)
        case ["null", other]:
            return st.none() | anything(other, get_args(kind)[0])
        case [*branches]:
            kinds = {part.__name__: part for part in get_args(kind)}
            return st.one_of([anything(branch, kinds[branch["name"]]) for branch in branches])
        case name if name in _PLAIN:
            return _PLAIN[name]
        case _:
            return next(made for name, made in _PLAIN.items() if name.endswith(f".{schema}"))


def _bounded(schema: Any, kind: Any, meta: msgspec.Meta) -> st.SearchStrategy[Any]:
    if kind is int:
        low, high = int(meta.ge or 0), int(meta.le or 0)
        return st.sampled_from([low, high]) | st.integers(low, high)
    low, high = meta.min_length or 0, meta.max_length or 0
    if kind is str:
        printable = st.characters(exclude_categories=["C", "Z"])
        longest = st.just("é" * min(high, 300))
        return longest | st.text(printable, min_size=low, max_size=min(high, max(low, 10)))
    return st.lists(anything(schema["items"], get_args(kind)[0]), max_size=3).map(tuple)


events: st.SearchStrategy[Event] = st.one_of(
    [anything(plain_schema(event_name(kind)), declaration(kind)) for kind in EVENT_TYPES]
)
records: st.SearchStrategy[ledger.Record] = anything(plain_body(), declaration(ledger.Record))
