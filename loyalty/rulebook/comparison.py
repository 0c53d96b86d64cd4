"""What changes from one version of a programme to another, in customers' words."""

from collections.abc import Iterator, Mapping

from loyalty.rulebook.entries import Entry, Told, told
from loyalty.rulebook.languages import Language, language
from loyalty.rulebook.terms import ORDER, line_of
from processors.core.document import Checked, Variant
from processors.core.messages import in_language


def comparison(old: Checked, new: Checked, lang: str) -> Iterator[str]:
    """The page, line by line: what is new, what ends and what changes, section by section.

    Args:
        old: what is in force.
        new: what is to follow it.
        lang: the language of titles and sentences.
    """
    words = language(lang)
    before, after = told(old, lang), told(new, lang)
    changes = {
        section: list(_changes(before, after, section, words)) for section in ("programme", *ORDER)
    }
    if not any(changes.values()):
        names = _inside(old, new)
        phrase = "no change for customers" if names else "no change"
        yield words.say(phrase, names=", ".join(names))
        return
    name = in_language(new.body.title, lang) or new.name
    yield f"# {words.say('compared', name=name, old=old.version, new=new.version)}"
    for section, lines in changes.items():
        if lines:
            yield ""
            yield f"## {words.say(f'head {section}')}"
            yield ""
            yield from lines


def _changes(before: Told, after: Told, section: str, words: Language) -> Iterator[str]:
    was, now = before[section], after[section]
    for name, entry in now.items():
        if name not in was:
            yield f"- {words.say('added', what=line_of(entry, words))}"
        elif (was[name].title, was[name].aspects) != (entry.title, entry.aspects):
            yield f"- **{entry.title or name}**: {_changed(was[name], entry, words)}."
    for name, entry in was.items():
        if name not in now:
            yield f"- {words.say('ended', what=line_of(entry, words))}"


def _changed(was: Entry, now: Entry, words: Language) -> str:
    """Each aspect that is told differently, as it was and as it will be."""
    said = []
    old: Mapping[str, str] = {"title": was.title, **was.aspects}
    new: Mapping[str, str] = {"title": now.title, **now.aspects}
    for aspect in dict.fromkeys([*new, *old]):
        one, other = old.get(aspect, ""), new.get(aspect, "")
        if one == other:
            continue
        phrase = "changed" if one and other else "changed from nothing"
        phrase = phrase if other else "changed to nothing"
        said.append(words.say(phrase, label=words.say(f"label {aspect}"), old=one, new=other))
    return "; ".join(said)


def _inside(old: Checked, new: Checked) -> list[str]:
    """Promotions and sections that changed in a way that customers do not see."""
    if old.document_hash == new.document_hash:
        return []
    if old.variants.keys() != new.variants.keys():
        return ["tiers"]
    pairs = [(old.variants[levels], variant) for levels, variant in new.variants.items()]
    names = [name for was, now in pairs for name in _promotions_changed(was, now)]
    sections = [
        name
        for was, now in pairs
        for name in type(now.body).model_fields
        if getattr(now.body, name) != getattr(was.body, name) and name != "version"
    ]
    ids = [[one.head.id for one in checked.promotions] for checked in (old, new)]
    order = ["promotions"] if ids[0] != ids[1] else []
    return list(dict.fromkeys([*names, *sections, *order]))


def _promotions_changed(old: Variant, new: Variant) -> list[str]:
    """Ids of promotions of which any word is another one for members on certain levels."""
    was, now = (
        {one.head.id: (one.head, one.words) for one in variant.promotions if one is not None}
        for variant in (old, new)
    )
    return [name for name, words in now.items() if was.get(name) != words]
