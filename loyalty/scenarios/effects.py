"""The words of an expected effect: which fields of a ledger effect they mean, and as what text.

`{kind: TierChanged, ladder: circle, from: insider, to: vib}`: the kind is the effect's name in the
ledger, and each word is one of its fields, without `_id` and `_minor`.  Money is in units of its
currency, days are dates, and `points` is what the effect moved.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from processors.core.yaml_tree import Path, Tree
from processors.words.nearest import nearest
from producers.pos import iso
from schemas.currencies import exponent_of
from schemas.definitions import declaration
from schemas.ledger import (
    EFFECT_TYPES,
    NEVER,
    Cap,
    Effect,
    PointsEarned,
    PointsMatured,
    VoucherRefused,
)

KIND = "kind"
Text = str | list[Any]
"""A value of an effect as the file would say it."""


class Word(Struct, frozen=True):
    """One word: where its value stands in an effect, and how that is written.

    Any: a field of an effect may hold anything.

    Attributes:
        value: effect → value.
        text: value and currency → what the file would say.
        number: 12.5 and 12.50 are the same.
    """

    value: Callable[[Any], Any]
    text: Callable[[Any, str], Text]
    number: bool


def wrong_words(expected: Mapping[str, Tree]) -> Iterator[tuple[Path, str]]:
    """What is wrong with the words of an expected effect: where in it, and a sentence."""
    kind = expected.get(KIND)
    if kind is not None and kind not in WORDS:
        yield (KIND,), f"there is no effect `{kind}`{nearest(str(kind), WORDS)}"
        return
    known = _ANY if kind is None else WORDS[kind].keys()
    for word in expected:
        if word != KIND and word not in known:
            what = f"no effect has a word `{word}`" if kind is None else f"{kind} has no `{word}`"
            yield (word,), f"{what}{nearest(word, known)}"


def shown(effect: Effect, words: Iterable[str], currency: str) -> dict[str, Text]:
    """The kind of an effect and, of these words, those that it has, as the file would say them."""
    known = WORDS[type(effect).__name__]
    said: dict[str, Text] = {KIND: type(effect).__name__}
    for word in words:
        if word != KIND and word in known:
            said[word] = _text_of(effect, known[word], currency)
    return said


def fits(effect: Effect, expected: Mapping[str, Tree], currency: str) -> bool:
    """Whether the effect says all that is expected of it."""
    return all(_says(effect, word, text, currency) for word, text in expected.items())


def matching(effect: Effect, expected: Mapping[str, Tree], currency: str) -> int:
    """How many of the expected words the effect says just so."""
    return sum(_says(effect, word, text, currency) for word, text in expected.items())


def _says(effect: Effect, word: str, text: Tree, currency: str) -> bool:
    name = type(effect).__name__
    if word == KIND:
        return bool(text == name)
    own = WORDS[name].get(word)
    if own is None:
        return False
    said = _text_of(effect, own, currency)
    return said == text or (own.number and same_number(text, said))


def _text_of(effect: Effect, word: Word, currency: str) -> Text:
    return word.text(word.value(effect), getattr(effect, "currency", currency))


def same_text(one: str, other: str) -> bool:
    """Whether two texts say the same, be they numbers or not."""
    return one == other or same_number(one, other)


def same_number(one: Tree, other: Tree) -> bool:
    """Whether two texts are the same number: 12.5 and 12.50, +5 and 5."""
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return False


def date_text(day: int) -> str:
    """A day as the file would say it: 2026-03-14, or `never`."""
    return "never" if day == NEVER else iso(day)


def money_text(amount_minor: int, currency: str) -> str:
    """Minor units in units of the currency: 12.50."""
    return str(Decimal(amount_minor).scaleb(-exponent_of(currency)))


_DAYS = frozenset(
    (
        "first_day",
        "last_day",
        "spendable_on",
        "since",
        "issued_on",
        "effective_from",
        "closed_date",
        "period",
    )
)
_SHORT = {
    "from_level": "from",
    "to_level": "to",
    "original_sale": "sale",
    "original_event": "redemption",
    KIND: "reward_kind",
}
EVENT_WORDS = frozenset(("sale", "sale_id", "original_sale", "redemption", "original_event"))
"""Words that name an event; the file may use its own name for it."""


def _words(kind: type[Effect]) -> dict[str, Word]:
    """The words of one kind of effect: its fields, under their own and their short names."""
    words: dict[str, Word] = {}
    own = {field.name: field.type for field in fields(declaration(kind)) if field.name != "taken"}
    for name, annotation in own.items():
        if name != KIND:
            words[name] = Word(attrgetter(name), *_way(name, annotation))
    for name, annotation in own.items():
        short = _SHORT.get(name, name.removesuffix("_id").removesuffix("_minor"))
        words.setdefault(short, Word(attrgetter(name), *_way(name, annotation)))
    if kind is PointsEarned:
        words["points"] = words["granted"]
    if kind is VoucherRefused:
        words["refused"] = words["reason"]
    if kind is PointsMatured:
        words["points"] = Word(lambda effect: sum(effect.taken.points), *_way("points", int))
    return words


def _way(name: str, annotation: Any) -> tuple[Callable[[Any, str], Text], bool]:
    """How a field is written, and whether it is a number.  Any: annotations are untyped."""
    if name in _DAYS:
        return lambda day, _: date_text(day), False
    if name.endswith("_minor"):
        return money_text, True
    return lambda value, _: _plain(value), annotation is int


def _plain(value: Any) -> Text:
    match value:
        case bool():
            return str(value).lower()
        case Cap():
            return [value.limit, str(value.points)]
        case tuple():
            return [_plain(one) for one in value]
        case _:
            return str(value)


WORDS: dict[str, dict[str, Word]] = {kind.__name__: _words(kind) for kind in EFFECT_TYPES}
"""Kind of effect → its words."""
_ANY = {word for words in WORDS.values() for word in words}
