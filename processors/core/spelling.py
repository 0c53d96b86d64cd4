"""How a new programme writes its numbers: as the schema for editors has them, and not otherwise.

What was activated is read as it was: there `percent: 10%%` is a tenth of a hundredth,
`amount: 10%` a tenth of a unit of money, and a word may differ by level if it looks like a number.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, WithJsonSchema

from processors.core.complaints import annotations
from processors.core.levels import NO_NUMBER, WORD
from processors.core.promotion import Promotion
from processors.core.sections import Body, Head
from processors.core.yaml_tree import Document, Found, Path, Tree, place_of

Schema = Mapping[str, Any]
"""What the schema for editors says of one value."""
_TEXT: Schema = {"type": "string"}


def mistakes(
    body: Body,
    heads: Sequence[Head | None],
    promotions: Sequence[Promotion | None],
    document: Document,
) -> list[Found]:
    """Values that could be read, and are not written as the schema has them."""
    rows: list[tuple[BaseModel, Path]] = [(body, ())]
    rows += [(one, ("promotions", at)) for at, one in enumerate(heads) if one is not None]
    rows += [(one.words, ("promotions", at)) for at, one in enumerate(promotions) if one]
    return [
        (place_of(document, place), sentence)
        for model, path in rows
        for schema, tree, here in _values(model, _at(document.tree, path), path)
        for place, sentence in _misspelt(schema, tree, here)
    ]


def _misspelt(schema: Schema, tree: Tree, path: Path) -> Iterator[tuple[Path, str]]:
    is_number = isinstance(schema["type"], list) or schema.get("format") == "date"
    for place, text in _texts(tree, path):
        if WORD in place[len(path) :] and not is_number:
            yield place[: place.index(WORD, len(path)) + 1], NO_NUMBER
        elif re.fullmatch(schema.get("pattern", ".*"), text, re.DOTALL) is None:
            yield place, _sentence(text)


def _sentence(text: str) -> str:
    if text.endswith("%%"):
        return f"`{text}` has two signs of a percentage"
    return f"`{text}` is a share, and here stands an amount"


def _values(model: object, tree: Tree, path: Path) -> Iterator[tuple[Schema, Tree, Path]]:
    """The values below a model that are no models: schema, what is written, and where."""
    if isinstance(model, BaseModel):
        for name, field in type(model).model_fields.items():
            value, word = getattr(model, name), field.alias or name
            below, here = _at(tree, (word,)), (*path, word)
            if isinstance(value, BaseModel) and type(model).model_config.get("json_schema_extra"):
                below, here = tree, path  # its words stand beside the model's own
            if _is_made_of_models(value):
                yield from _values(value, below, here)
            else:
                notes = [*field.metadata, *annotations(field.annotation)]
                said = [one.json_schema for one in notes if isinstance(one, WithJsonSchema)]
                yield next((one for one in said if one is not None), _TEXT), below, here
    elif isinstance(model, dict | tuple):
        for part, one in model.items() if isinstance(model, dict) else enumerate(model):
            yield from _values(one, _at(tree, (part,)), (*path, part))


def _is_made_of_models(value: object) -> bool:
    """Whether it is a model, or a section or list of models."""
    if isinstance(value, dict):
        value = tuple(value.values())
    return isinstance(value[0] if isinstance(value, tuple) and value else value, BaseModel)


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
