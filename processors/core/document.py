"""The programme as people write it: read, checked as a whole, every mistake on its line.

The words of the sections stand in `processors.core.sections`, those of one promotion kind with that
kind in `processors/rules/`.  What is checked here becomes the canonical document: the same tree as
JSON with sorted keys, which is hashed, activated, kept in the ledger for ever and compiled by
`processors.core.programme`.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import product
from math import prod
from typing import TypeVar

from msgspec import Struct
from pydantic import BaseModel, ValidationError

from processors.core import largest, levels, names, sense, spelling
from processors.core.complaints import complaints
from processors.core.kinds import Kind, kinds
from processors.core.promotion import Promotion
from processors.core.sections import Body, Head
from processors.core.yaml_tree import Document, Found, Mistake, Path, Tree, place_of, read_tree
from processors.words.nearest import near, nearest

VARIANTS_MAX = 64
"""Most combinations of levels of all ladders."""
BYTES_MAX = 512 * 1024
"""Most bytes of a canonical document, which an event and a ledger record hold whole."""


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
        zones: the time zones that there are, for a document that is to be activated; None for one
            that was activated once: it holds, whatever its zone, the campaigns that it names and
            the words that say nothing.

    Raises:
        ProgrammeInvalid: with every mistake, by line.
    """
    document = read_tree(text)
    found: list[Found] = list(document.mistakes)
    if not found and (not document.tree or not isinstance(document.tree, dict)):
        sentence = "a programme is a set of words with values, such as `programme: grocery`"
        found.append(((1, 0), sentence))
    is_new = zones is not None
    variants = (
        _variants(document, found, is_new=is_new)
        if isinstance(document.tree, dict) and document.tree
        else {}
    )
    zone = next((variant.body.zone for variant in variants.values()), "UTC")
    if zones is not None and zone not in (*zones, _STAND_INS["zone"]):
        place = place_of(document, ("zone",))
        found.append((place, f"there is no time zone `{zone}`{nearest(zone, zones)}"))
    canonical = json.dumps(document.tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if is_new:
        told = {place for place, _ in found}
        found += [one for one in _unsaid(document.tree, (), document) if one[0] not in told]
        if (size := len(canonical.encode())) > BYTES_MAX:
            sentence = f"the programme has {size:,} bytes, and may have {BYTES_MAX:,}"
            found.append(((1, 0), sentence))
    if found:
        raise ProgrammeInvalid(as_mistakes(text, file_name, found))
    digest = sha256(canonical.encode()).hexdigest()
    return Checked(canonical, digest, levels.ladders_of(document.tree), variants)


def _unsaid(tree: Tree, path: Path, document: Document) -> Iterator[Found]:
    """Words with nothing behind them, as where what belongs to them is not indented."""
    if isinstance(tree, dict):
        rows: Iterable[tuple[str | int, Tree]] = tree.items()
    else:
        rows = enumerate(tree) if isinstance(tree, list) else ()
    for word, value in rows:
        here = (*path, word)
        if value is None:
            yield place_of(document, here), f"nothing is said behind `{word}`: leave it out"
        yield from _unsaid(value, here, document)


def as_mistakes(text: str, file_name: str, found: Iterable[Found]) -> tuple[Mistake, ...]:
    """What was found, by line, each once, with the line itself."""
    rows = text.splitlines() or [""]
    return tuple(
        Mistake(file_name, line, rows[min(line, len(rows)) - 1], sentence, column)
        for (line, column), sentence in sorted(set(found))
    )


class _Reading(Struct, frozen=True):
    """The document on certain levels, as far as it could be read.

    Attributes:
        body: the sections without what is wrong in them; None if they cannot do without it.
        heads: by promotion its common words without what is wrong in them; None for no promotion.
        promotions: by promotion; None where anything of it is wrong, too.
    """

    body: Body | None
    heads: tuple[Head | None, ...]
    promotions: tuple[Promotion | None, ...]


def _variants(
    document: Document, found: list[Found], *, is_new: bool
) -> dict[tuple[str, ...], Variant]:
    """The document for every combination of levels, all of them checked."""
    tree = document.tree
    known = names.known_in(tree)
    of_levels = levels.mistakes(document, known["levels"], is_new=is_new)
    found += of_levels
    trees = {
        chosen: levels.resolved(tree, chosen, known=known["levels"] is not None)
        for chosen in _combinations(document, found)
    }
    readings = {chosen: _read(one, document, found) for chosen, one in trees.items()}
    if not of_levels:
        found += _for_nobody(trees.values(), document)
    # What is said of a place already is the cause, and what later steps say of it a consequence.
    told = {place for place, _ in found}
    variants: dict[tuple[str, ...], Variant] = {}
    for chosen, read in readings.items():
        if read.body is None:
            continue
        body, heads, promotions = read.body, read.heads, read.promotions
        variants[chosen] = Variant(body, promotions)
        later = names.mistakes(body, heads, promotions, document, known, is_new=is_new)
        later += sense.mistakes(body, heads, promotions, document)
        if is_new:
            later += largest.mistakes(body, promotions, document)
            later += spelling.mistakes(body, heads, promotions, document)
        found += [one for one in later if one[0] not in told]
    return variants


def _combinations(document: Document, found: list[Found]) -> list[tuple[str, ...]]:
    """A level of each ladder, in every way; the first alone if there are too many."""
    if not levels.says_levels(document.tree):
        return [()]
    rows = [row for row in levels.ladders_of(document.tree).values() if row]
    if prod(len(row) for row in rows) > VARIANTS_MAX:
        sentence = f"ladders have at most {VARIANTS_MAX} combinations of levels"
        found.append((place_of(document, ("tiers",)), sentence))
        return [tuple(row[0] for row in rows)]
    return list(product(*rows))


def _for_nobody(trees: Iterable[Tree], document: Document) -> list[Found]:
    """Promotions that are there for no level."""
    rows = [one["promotions"] for one in trees if isinstance(one.get("promotions"), list)]
    return [
        (place_of(document, ("promotions", at)), "the promotion has no value for any level")
        for at, row in enumerate(zip(*rows, strict=True))
        if all(one is None for one in row)
    ]


def _read(tree: Tree, document: Document, found: list[Found]) -> _Reading:
    rows = tree.get("promotions")
    sections = {name: value for name, value in tree.items() if name != "promotions"}
    body = as_model(Body, sections, (), document, found, known=("promotions",)) or _sound(sections)
    if not isinstance(rows, list) or not rows:
        place = place_of(document, ("promotions",))
        found.append((place, "`promotions` is a list, not empty"))
        return _Reading(body, (), ())
    read = [
        (None, None) if row is None else _promotion(row, ("promotions", at), document, found)
        for at, row in enumerate(rows)
    ]
    return _Reading(body, tuple(head for head, _ in read), tuple(whole for _, whole in read))


def _sound(sections: Tree) -> Body | None:
    """The sections without what is wrong in them, so that the rest is checked at the same time.

    None if what is wrong cannot be left out.
    """
    for _ in range(len(names.SECTIONS)):
        try:
            return Body.model_validate(sections)
        except ValidationError as problem:
            for error in problem.errors(include_url=False, include_input=False):
                sections = _without(sections, tuple(str(part) for part in error["loc"]))
    return None


_STAND_INS: Mapping[str, Tree] = {
    "programme": "x",
    "version": "1",
    "zone": "UTC",
    "currency": "KWD",
    "wallets": {"x": {}},
}
"""For words that every programme has; the currency is one with small coins."""


def _without(sections: Tree, path: tuple[str, ...]) -> Tree:
    """The sections without the entry that a path leads to, or without the whole word."""
    word, *below = path
    section = sections.get(word)
    if word in (*names.SECTIONS, "messages") and below and isinstance(section, dict):
        return {**sections, word: {n: entry for n, entry in section.items() if n != below[0]}}
    left = {name: value for name, value in sections.items() if name != word}
    return {**left, word: _STAND_INS[word]} if word in _STAND_INS else left


def _promotion(
    row: Tree, path: Path, document: Document, found: list[Found]
) -> tuple[Head | None, Promotion | None]:
    """The common words of a promotion, and the whole of it if nothing is wrong."""
    if not isinstance(row, dict):
        found.append((place_of(document, path), "a promotion is a set of words with values"))
        return None, None
    common = {name: value for name, value in row.items() if name in Head.model_fields}
    known = kinds()
    said = row.get("kind")
    kind = known.get(str(said))
    if kind is None:
        hint = nearest(str(said), known) or f"; there are {', '.join(known)}"
        place = place_of(document, (*path, "kind"))
        found.append((place, f"there is no kind `{said}`{hint}" if said else f"no `kind`{hint}"))
        as_model(Head, {**common, "kind": str(said)}, path, document, found)
        return _sound_head(row, path, None), None
    head = as_model(Head, common, path, document, found)
    words = as_model(
        kind.parameters,
        {name: value for name, value in row.items() if name not in common},
        path,
        document,
        found,
        known=(*Head.model_fields, *kind.parameters.model_fields),
    )
    if head is None or words is None:
        return _sound_head(row, path, kind), None
    return head, Promotion(head, kind, words)


_TOGETHER = {"trigger", "activity", "tier", "window"}
"""Words of a promotion that stand with each other: without one of them the others say nothing."""


def _sound_head(row: Tree, path: Path, kind: Kind | None) -> Head:
    """The common words of a promotion without what is wrong in them; its id as it is written."""
    own = () if kind is None else tuple(kind.parameters.model_fields)
    words = (*Head.model_fields, *own)
    wrong = {near(name, words) for name in row if name not in words}
    common = {name: value for name, value in row.items() if name in Head.model_fields}
    fixed = {"id": "x", "kind": "x" if kind is None else kind.name}
    try:
        Head.model_validate(common | fixed)
    except ValidationError as problem:
        wrong |= {str(error["loc"][0]) for error in problem.errors(include_url=False)}
    if kind is None or wrong & _TOGETHER:
        wrong |= _TOGETHER
    sound = {name: value for name, value in common.items() if name not in wrong}
    said = row.get("id")
    written = said if isinstance(said, str) else f"#{path[-1]}"
    return Head.model_validate(sound | fixed).model_copy(update={"id": written})


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
