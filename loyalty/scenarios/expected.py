"""What a scenario expects, as people write it: of a member, of an event, of a quote.

All of it is a subset: what is not said may be anything.  Only some lists are whole, since half a
list says little: a member's vouchers, labels and segments, a quote's discounts.  An empty list says
that there is none: `effects: []`, `earns: []`.  Each entry of a list is another one, and what asks
nothing is a mistake.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import fields

from loyalty.scenarios.converting import Found, converted, unknown
from loyalty.scenarios.effects import wrong_words
from processors.core.yaml_tree import Path, Tree
from processors.words.nearest import nearest
from schemas.refusals import Refusal

NONE = "none"
"""The word for nothing: `refused: none` is accepted, `next: none` is the highest level."""


class OfWallet(Struct, frozen=True, forbid_unknown_fields=True):
    """Points of one wallet."""

    available: int | None = None
    pending: int | None = None
    owed: int | None = None
    held: int | None = None


class OfLadder(Struct, frozen=True, forbid_unknown_fields=True):
    """A level, how long it is kept, the next one and what is missing to it."""

    level: str = ""
    last_day: str = ""
    next: str = ""
    missing: Decimal | None = None


class OfVoucher(Struct, frozen=True, forbid_unknown_fields=True):
    """One voucher of a member, open or not."""

    voucher: str = ""
    status: Literal["", "active", "redeemed", "expired", "cancelled"] = ""
    first_day: str = ""
    last_day: str = ""


class OfMember(Struct, frozen=True):
    """What a member holds; None for what is not asked."""

    path: Path
    member: str
    wallets: dict[str, OfWallet]
    tiers: dict[str, OfLadder]
    vouchers: tuple[OfVoucher, ...] | None
    labels: tuple[str, ...] | None
    segments: tuple[str, ...] | None


class OfDiscount(Struct, frozen=True, forbid_unknown_fields=True):
    """One discount of a quote, and the numbers of the lines it is on."""

    promotion: str = ""
    voucher: str = ""
    amount: Decimal | None = None
    lines: tuple[int, ...] | None = None


class OfPresented(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a voucher that was presented; `refused: none` if it held."""

    voucher: str
    refused: str = ""


class OfEarned(Struct, frozen=True, forbid_unknown_fields=True):
    """What a quote says will be earned."""

    promotion: str = ""
    wallet: str = ""
    points: int | None = None


class OfGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """What a quote says a promotion will bring beside points."""

    promotion: str = ""
    kind: str = ""
    item: str = ""
    quantity: int | None = None


class _Event(Struct, frozen=True, forbid_unknown_fields=True):
    """The words as they stand in the file."""

    event: str
    # Any: an effect has whatever words its kind has.
    effects: tuple[dict[str, Any], ...] | None = None
    refused: str = ""
    points_reversed: int | None = None
    points_restored: int | None = None
    points_owed: int | None = None
    written_off: int | None = None
    to_pay: Decimal | None = None
    discounts: tuple[OfDiscount, ...] | None = None
    vouchers: tuple[OfPresented, ...] | None = None
    earns: tuple[OfEarned, ...] | None = None
    gives: tuple[OfGiven, ...] | None = None
    prompts: tuple[str, ...] | None = None

    def asked(self) -> Iterator[str]:
        """The words that are said, beside the name of the event."""
        for word, default in _UNSAID:
            if getattr(self, word) != default:
                yield word


_UNSAID = tuple((f.name, f.default) for f in fields(_Event) if f.name != "event")
OF_QUOTES = frozenset(("to_pay", "discounts", "vouchers", "earns", "gives", "prompts"))
"""Words that only a quote answers, and the only ones it does."""


class OfEvent(Struct, frozen=True):
    """What an event did, or what a quote answered."""

    path: Path
    words: _Event

    @property
    def event(self) -> str:
        """The scenario's name for the event."""
        return self.words.event


Expectation = OfMember | OfEvent

_OF_MEMBER = ("member", "tiers", "vouchers", "labels", "segments")


class _Lists(Struct, frozen=True):
    """The lists of a member, typed together."""

    member: str
    vouchers: tuple[OfVoucher, ...] | None = None
    labels: tuple[str, ...] | None = None
    segments: tuple[str, ...] | None = None


def expectation(row: Tree, path: Path, found: Found) -> Expectation | None:
    """One entry of `expect`, or of a `check`; None if it holds mistakes."""
    before = len(found)
    expected: Expectation | None = None
    if isinstance(row, dict) and "member" in row:
        expected = _of_member(row, path, found)
    elif isinstance(row, dict) and "event" in row:
        expected = _of_event(row, path, found)
    else:
        found.append((path, "an expectation is of a `member` or of an `event`"))
    if len(found) == before:
        found += _unasked(row, path)
    return expected if len(found) == before else None


def _unasked(row: dict[str, Tree], path: Path) -> Iterator[tuple[Path, str]]:
    """What would hold whatever happened: a name alone, or a word with nothing behind it."""
    if len(row) == 1:
        yield path, "nothing is expected beside the name"
    # A word of an effect may be empty there, too.
    yield from _empty({word: said for word, said in row.items() if word != "effects"}, path)


def _empty(tree: Tree, path: Path) -> Iterator[tuple[Path, str]]:
    """Words with nothing behind them."""
    if isinstance(tree, dict):
        for word, said in tree.items():
            if said in ("", {}):
                yield (*path, word), f"nothing is expected behind `{word}`"
            yield from _empty(said, (*path, word))
    for at, said in enumerate(tree if isinstance(tree, list) else ()):
        yield from _empty(said, (*path, at))


def _of_member(row: dict[str, Tree], path: Path, found: Found) -> OfMember | None:
    before = len(found)
    lists = converted(_Lists, {k: v for k, v in row.items() if k in _LISTS}, path, found)
    tiers: dict[str, OfLadder] = {}
    said = row.get("tiers", {})
    if isinstance(said, dict):
        for ladder, words in said.items():
            level = converted(OfLadder, words, (*path, "tiers", ladder), found)
            if level is not None:
                tiers[ladder] = level
    else:
        found.append(((*path, "tiers"), "`tiers` is a set of ladders"))
    wallets: dict[str, OfWallet] = {}
    for name in row.keys() - _OF_MEMBER:
        if not isinstance(row[name], dict):
            found.append(((*path, name), unknown(name, _OF_MEMBER)))
        elif (wallet := converted(OfWallet, row[name], (*path, name), found)) is not None:
            wallets[name] = wallet
    if lists is None or len(found) > before:
        return None
    return OfMember(
        path, lists.member, wallets, tiers, lists.vouchers, lists.labels, lists.segments
    )


_LISTS = frozenset(_Lists.__struct_fields__)


def _of_event(row: dict[str, Tree], path: Path, found: Found) -> OfEvent | None:
    words = converted(_Event, row, path, found)
    if words is None:
        return None
    before = len(found)
    for at, effect in enumerate(words.effects or ()):
        for place, sentence in wrong_words(effect):
            found.append(((*path, "effects", at, *place), sentence))
    reasons: list[tuple[Path, str]] = [(("refused",), words.refused)]
    presented = words.vouchers or ()
    reasons += [(("vouchers", at, "refused"), v.refused) for at, v in enumerate(presented)]
    for place, reason in reasons:
        if reason not in ("", NONE) and reason not in Refusal.__members__:
            hint = nearest(reason, [*Refusal.__members__, NONE])
            found.append(((*path, *place), f"there is no reason `{reason}`{hint}"))
    return OfEvent(path, words) if len(found) == before else None
