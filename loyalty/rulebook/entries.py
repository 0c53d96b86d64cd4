"""A programme in customers' words, part by part: what `terms` prints and `compare` compares.

Each definition is an entry, told by aspects: what it gives, on what, for whom, when, how much at
most.  Two versions of an entry differ by the aspects that are told differently.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from loyalty.rulebook.in_turn import discounts, exchanges, groups
from loyalty.rulebook.languages import language
from loyalty.rulebook.named_told import NAMED
from loyalty.rulebook.promotion_told import promotion_aspects, promotion_example
from loyalty.rulebook.sections_told import SECTIONS
from loyalty.rulebook.speech import Speech
from processors.core.document import Checked, Variant
from processors.core.messages import in_language

Aspects = Mapping[str, str]
"""Aspect → what is said of it; nothing is said of what is left out."""

FLOWING = ("what", "items", "who", "where", "when", "campaign", "basket", "nth")
"""What reads as a sentence where it stands behind one another; other aspects are set apart."""


class Entry(Struct, frozen=True):
    """One definition.

    Attributes:
        title: what customers call it; empty for a promotion without one.
        aspects: what it is, in the order in which it is told.
        levels: level → what is told differently there; empty if nothing is.
        common: those of them that are told alike on every level.
        example: its worked number; empty if it has none.
    """

    title: str
    aspects: Aspects
    levels: Mapping[str, str]
    common: Aspects
    example: str = ""


Told = Mapping[str, Mapping[str, Entry]]
"""Section → id → entry."""


def told(checked: Checked, lang: str) -> Told:
    """The whole programme; titles in a language where there are any, sentences if it is known."""
    words = language(lang)
    found: dict[str, dict[str, Entry]] = {}
    variants = checked.variants.values()
    speeches = [
        Speech(
            one.body,
            lang,
            words,
            groups(checked, one),
            discounts(checked, one, lang),
            exchanges(checked, one, lang),
        )
        for one in variants
    ]
    for section, entries_of in {**SECTIONS, **NAMED}.items():
        rows = [dict(entries_of(speech)) for speech in speeches]
        found[section] = {
            name: _entry(checked, speeches, title, [row[name][1] for row in rows])
            for name, (title, _) in rows[0].items()
        }
    found["promotions"] = dict(_promotions(checked, speeches))
    name = in_language(checked.body.title, lang) or checked.name
    found["programme"] = {"programme": Entry(name, {}, {}, {})}
    return found


def parts_of(aspects: Aspects) -> list[str]:
    """What is said of a definition: the sentence, if there is one, and what stands apart."""
    flowing = " ".join(text for aspect, text in aspects.items() if aspect in FLOWING)
    alone = [text for aspect, text in aspects.items() if aspect not in FLOWING]
    return [flowing, *alone] if flowing else alone


def _promotions(checked: Checked, speeches: list[Speech]) -> Iterator[tuple[str, Entry]]:
    variants = list(checked.variants.values())
    for at, promotion in enumerate(checked.promotions):
        rows: list[Aspects] = [
            {} if (one := variant.promotions[at]) is None else promotion_aspects(one, speech)
            for variant, speech in zip(variants, speeches, strict=True)
        ]
        title = in_language(promotion.head.title, speeches[0].lang)
        example = _example(at, variants, speeches)
        yield promotion.head.id, _entry(checked, speeches, title, rows, example)


def _example(at: int, variants: list[Variant], speeches: list[Speech]) -> str:
    """The worked number on the highest level that the promotion exists for."""
    for variant, speech in reversed(list(zip(variants, speeches, strict=True))):
        one = variant.promotions[at]
        if one is not None:
            return promotion_example(one, variant, speech)
    return ""


def _entry(
    checked: Checked,
    speeches: Sequence[Speech],
    title: str,
    rows: Sequence[Aspects],
    example: str = "",
) -> Entry:
    """One telling for all levels, and what differs level by level."""
    names = list(dict.fromkeys(aspect for row in rows for aspect in row))
    differing = [name for name in names if len({row.get(name, "") for row in rows}) > 1]
    words = speeches[0].words
    levels: dict[str, str] = {}
    level_names = [words.listed([speeches[0].level(one) for one in c]) for c in checked.variants]
    for level, row in zip(level_names, rows, strict=True):
        if row:
            levels[level] = ", ".join(parts_of({n: row[n] for n in differing if n in row}))
    aspects = {name: next(row[name] for row in rows if name in row) for name in names}
    common = {name: text for name, text in aspects.items() if name not in differing}
    for name in differing:
        told_by = [
            words.say("for level", level=level, what=row[name])
            for level, row in zip(level_names, rows, strict=True)
            if name in row
        ]
        aspects[name] = "; ".join(told_by)
    return Entry(title, aspects, levels if differing else {}, common, example)
