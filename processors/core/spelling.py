"""How a new programme writes its numbers: as the schema for editors has them, and not otherwise.

What was activated is read as it was: there `percent: 10%%` is a tenth of a hundredth, and
`amount: 10%` a tenth of a unit of money.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, WithJsonSchema

from processors.core.complaints import annotations
from processors.core.promotion import Promotion
from processors.core.sections import Body, Head
from processors.core.yaml_tree import Document, Found, Path, Tree, place_of


def mistakes(
    body: Body,
    heads: Sequence[Head | None],
    promotions: Sequence[Promotion | None],
    document: Document,
) -> list[Found]:
    """Numbers that could be read, and are not written as numbers of their kind."""
    rows: list[tuple[BaseModel, Path]] = [(body, ())]
    rows += [(one, ("promotions", at)) for at, one in enumerate(heads) if one is not None]
    rows += [(one.words, ("promotions", at)) for at, one in enumerate(promotions) if one]
    return [
        (place_of(document, place), _sentence(text))
        for model, path in rows
        for place, text, pattern in _numbers(model, _at(document.tree, path), path)
        if re.fullmatch(pattern, text) is None
    ]


def _sentence(text: str) -> str:
    if text.endswith("%%"):
        return f"`{text}` has two signs of a percentage"
    return f"`{text}` is a share, and here stands an amount"


def _numbers(model: object, tree: Tree, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Every number below a model: where it stands, as it was written, and how it is to be."""
    if isinstance(model, BaseModel):
        for name, field in type(model).model_fields.items():
            word = field.alias or name
            below, here = _at(tree, (word,)), (*path, word)
            for pattern in _patterns([*field.metadata, *annotations(field.annotation)]):
                yield from ((place, text, pattern) for place, text in _texts(below, here))
            yield from _numbers(getattr(model, name), below, here)
    elif isinstance(model, dict | tuple):
        for part, one in model.items() if isinstance(model, dict) else enumerate(model):
            yield from _numbers(one, _at(tree, (part,)), (*path, part))


def _patterns(notes: Sequence[Any]) -> Iterator[str]:
    for note in notes:
        if isinstance(note, WithJsonSchema) and note.json_schema and "pattern" in note.json_schema:
            yield str(note.json_schema["pattern"])


def _texts(tree: Tree, path: Path) -> Iterator[tuple[Path, str]]:
    """The words of a tree, be they one or one for each level, article or wallet."""
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, dict | list):
        for word, below in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _texts(below, (*path, word))


def _at(tree: Tree, path: Path) -> Tree:
    """What stands at a path; None where nothing does."""
    for part in path:
        if isinstance(tree, dict):
            tree = tree.get(part)
        else:
            tree = tree[part] if isinstance(tree, list) and isinstance(part, int) else None
    return tree
