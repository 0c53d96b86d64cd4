"""The programme as one page for customers, in markdown."""

from collections.abc import Iterator

from loyalty.rulebook.entries import Entry, parts_of, told
from loyalty.rulebook.languages import Language, language
from processors.core.document import Checked
from processors.core.messages import in_language

ORDER = (
    *("earns_on", "wallets", "tiers", "promotions", "groups", "vouchers", "rewards", "perks"),
    *("campaigns", "clubs", "segments", "store_groups"),
)
"""The sections in the order in which they are read."""


def terms(checked: Checked, lang: str) -> Iterator[str]:
    """The page, line by line; each promotion in one sentence with its worked number."""
    words = language(lang)
    body = checked.body
    yield f"# {in_language(body.title, lang) or body.programme}"
    yield ""
    yield words.say("version", version=body.version, currency=body.currency)
    parts = told(checked, lang)
    for section in ORDER:
        if not parts[section]:
            continue
        yield ""
        yield f"## {words.say(f'head {section}')}"
        yield ""
        for entry in parts[section].values():
            yield f"- {line_of(entry, words)}"


def line_of(entry: Entry, words: Language) -> str:
    """One definition in one line: its title, what is said of it, its worked number."""
    said = sentence(entry)
    title = f"**{entry.title}**" if entry.title else ""
    said = f"{title}: {said}." if title and said else f"{title or said}."
    return said + (f" {words.say('example', example=entry.example)}" if entry.example else "")


def sentence(entry: Entry) -> str:
    """All that is said of a definition, as one sentence without its full stop."""
    aspects = dict(entry.common)
    last = [aspects.pop(aspect, "") for aspect in ("group", "limits")]
    levels = [f"{level}: {what}" for level, what in entry.levels.items() if what]
    said = "; ".join(part for part in (*parts_of(aspects), *levels, *last) if part)
    return said[:1].upper() + said[1:] if not entry.title else said
