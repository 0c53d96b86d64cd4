"""The programme as people write it: read, checked as a whole, every mistake on its line.

The words of the sections stand in `processors.core.sections`, those of one promotion kind with that
kind in `processors/rules/`.  What is checked here becomes the canonical document: the same tree as
JSON with sorted keys, which is hashed, activated, kept in the ledger for ever and compiled by
`processors.core.programme`.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from itertools import product
from typing import TypeVar

from msgspec import Struct
from pydantic import BaseModel, ValidationError

from processors.core import levels, names, sense
from processors.core.complaints import complaints
from processors.core.kinds import kinds
from processors.core.promotion import Promotion
from processors.core.sections import Body, Head
from processors.core.yaml_tree import Document, Found, Mistake, Path, Tree, place_of, read_tree
from processors.words.nearest import nearest

VARIANTS_MAX = 64
"""Most combinations of levels of all ladders."""


class Variant(Struct, frozen=True):
    """The document as it is for members on certain levels.

    Attributes:
        body: all but the promotions.
        promotions: in document order; None where one does not exist for these levels.
    """

    body: Body
    promotions: tuple[Promotion | None, ...]


class Checked(Struct, frozen=True):
    """A document without mistakes.

    Attributes:
        document: canonical JSON.
        document_hash: SHA-256 of it, hexadecimal.
        ladders: ladder → level ids, lowest first.
        variants: a level of each ladder → the document for them; one for all if no word differs.
    """

    document: str
    document_hash: str
    ladders: Mapping[str, tuple[str, ...]]
    variants: Mapping[tuple[str, ...], Variant]

    @property
    def body(self) -> Body:
        """The sections as they are on the lowest levels."""
        return next(iter(self.variants.values())).body

    @property
    def promotions(self) -> tuple[Promotion, ...]:
        """Every promotion, as it is on the lowest level that it exists for."""
        rows = zip(*(variant.promotions for variant in self.variants.values()), strict=True)
        return tuple(next(one for one in row if one is not None) for row in rows)

    @property
    def name(self) -> str:
        """The programme's name."""
        return self.body.programme

    @property
    def version(self) -> int:
        """The document's version."""
        return self.body.version


class ProgrammeInvalid(Exception):
    """The document cannot be used; `mistakes` are all that is wrong with it."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def check(text: str, file_name: str = "programme", zones: Collection[str] | None = None) -> Checked:
    """Read and check a programme, YAML or canonical JSON.

    Args:
        text: the document.
        file_name: as mistakes name it.
        zones: the time zones that there are; None takes any, as what was activated once holds.

    Raises:
        ProgrammeInvalid: with every mistake, by line.
    """
    document = read_tree(text)
    found: list[Found] = list(document.mistakes)
    if not found and (not document.tree or not isinstance(document.tree, dict)):
        sentence = "a programme is a set of words with values, such as `programme: grocery`"
        found.append(((1, 0), sentence))
    variants = (
        _variants(document, found) if isinstance(document.tree, dict) and document.tree else {}
    )
    zone = next((variant.body.zone for variant in variants.values()), "UTC")
    if zones is not None and zone not in (*zones, _STAND_INS["zone"]):
        place = place_of(document, ("zone",))
        found.append((place, f"there is no time zone `{zone}`{nearest(zone, zones)}"))
    if found:
        raise ProgrammeInvalid(as_mistakes(text, file_name, found))
    canonical = json.dumps(document.tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = sha256(canonical.encode()).hexdigest()
    return Checked(canonical, digest, levels.ladders_of(document.tree), variants)


def as_mistakes(text: str, file_name: str, found: Iterable[Found]) -> tuple[Mistake, ...]:
    """What was found, by line, each once, with the line itself."""
    rows = text.splitlines() or [""]
    return tuple(
        Mistake(file_name, line, rows[min(line, len(rows)) - 1], sentence, column)
        for (line, column), sentence in sorted(set(found))
    )


def _variants(document: Document, found: list[Found]) -> dict[tuple[str, ...], Variant]:
    """The document for every combination of levels, all of them checked."""
    found += levels.mistakes(document)
    ladders = levels.ladders_of(document.tree)
    variants: dict[tuple[str, ...], Variant] = {}
    combinations = list(product(*ladders.values())) if levels.says_levels(document.tree) else [()]
    if not combinations or len(combinations) > VARIANTS_MAX:
        sentence = f"ladders have between one and {VARIANTS_MAX} combinations of levels"
        found.append((place_of(document, ("tiers",)), sentence))
        return {}
    for chosen in combinations:
        tree = levels.resolved(document.tree, chosen)
        body, promotions = _checked_tree(tree, document, found)
        if body is not None:
            variants[chosen] = Variant(body, tuple(promotions))
    if not found:
        rows = document.tree["promotions"]
        for at in range(len(rows)):
            if all(variant.promotions[at] is None for variant in variants.values()):
                place = place_of(document, ("promotions", at))
                found.append((place, "the promotion has no value for any level"))
    for variant in variants.values():
        found += names.mistakes(variant.body, variant.promotions, document)
        found += sense.mistakes(variant.body, variant.promotions, document)
    return variants


def _checked_tree(
    tree: Tree, document: Document, found: list[Found]
) -> tuple[Body | None, list[Promotion | None]]:
    rows = tree.get("promotions")
    sections = {name: value for name, value in tree.items() if name != "promotions"}
    body = as_model(Body, sections, (), document, found, known=("promotions",)) or _sound(sections)
    if not isinstance(rows, list) or not rows:
        place = place_of(document, ("promotions",))
        found.append((place, "`promotions` is a list, not empty"))
        return body, []
    return body, [
        None if row is None else _promotion(row, ("promotions", at), document, found)
        for at, row in enumerate(rows)
    ]


def _sound(sections: Tree) -> Body | None:
    """The sections without what is wrong in them, so that the rest is checked at the same time.

    None if what is wrong cannot be left out, such as the currency.
    """
    for _ in range(len(names.SECTIONS)):
        try:
            return Body.model_validate(sections)
        except ValidationError as problem:
            for error in problem.errors(include_url=False, include_input=False):
                sections = _without(sections, tuple(str(part) for part in error["loc"]))
    return None


_STAND_INS = {"programme": "x", "version": "1", "zone": "UTC", "currency": "KWD"}
"""For words that every programme has; the currency is one with small coins."""


def _without(sections: Tree, path: tuple[str, ...]) -> Tree:
    """The sections without the entry that a path leads to, or without the whole word."""
    word, *below = path
    section = sections.get(word)
    if word in names.SECTIONS and below and isinstance(section, dict):
        return {**sections, word: {n: entry for n, entry in section.items() if n != below[0]}}
    left = {name: value for name, value in sections.items() if name != word}
    return {**left, word: _STAND_INS[word]} if word in _STAND_INS else left


def _promotion(row: Tree, path: Path, document: Document, found: list[Found]) -> Promotion | None:
    if not isinstance(row, dict):
        found.append((place_of(document, path), "a promotion is a set of words with values"))
        return None
    known = kinds()
    said = row.get("kind")
    kind = known.get(str(said))
    if kind is None:
        hint = nearest(str(said), known) or f"; there are {', '.join(known)}"
        place = place_of(document, (*path, "kind"))
        found.append((place, f"there is no kind `{said}`{hint}" if said else f"no `kind`{hint}"))
        return None
    head_words = set(Head.model_fields)
    own_words = tuple(kind.parameters.model_fields)
    head = as_model(Head, {k: v for k, v in row.items() if k in head_words}, path, document, found)
    words = as_model(
        kind.parameters,
        {k: v for k, v in row.items() if k not in head_words},
        path,
        document,
        found,
        known=(*head_words, *own_words),
    )
    return None if head is None or words is None else Promotion(head, kind, words)


Model = TypeVar("Model", bound=BaseModel)


def as_model(
    model: type[Model],
    row: Tree,
    path: Path,
    document: Document,
    found: list[Found],
    known: Iterable[str] = (),
) -> Model | None:
    """The row as a model, or its mistakes, each in its place."""
    try:
        return model.model_validate(row)
    except ValidationError as problem:
        for below, sentence in complaints(model, row, problem, known):
            found.append((place_of(document, (*path, *below)), sentence))
    return None
