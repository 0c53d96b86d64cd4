"""A canonical document as people write one: sections and words in their usual order."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from processors.core.complaints import words_at
from processors.core.kinds import kinds
from processors.core.sections import Body, Head
from processors.core.yaml_text import yaml_of
from processors.core.yaml_tree import Path, Tree, read_tree


def readable(document: str) -> str:
    """The document as YAML that reads back as the same document."""
    tree = read_tree(document).tree
    rows = tree.pop("promotions")
    messages = tree.pop("messages", None)
    parts = [_section(name, value) for name, value in _ordered(tree, Body).items()]
    listed = "\n".join(f"  - {yaml_of(_promotion(row), flow=True)}" for row in rows)
    parts.append(f"promotions:\n{listed}")
    if messages is not None:
        parts.append(_section("messages", messages))
    return "\n".join(parts)


def _section(name: str, value: Tree) -> str:
    return yaml_of({name: value}, flow=None if isinstance(value, dict | list) else False)


def _promotion(row: Tree) -> dict[str, Any]:
    """The id and the kind first, then the kind's own words, then the common ones."""
    own = kinds()[row["kind"]].parameters
    head = {name: value for name, value in row.items() if name in Head.model_fields}
    words = {name: value for name, value in row.items() if name not in Head.model_fields}
    ordered = {**_ordered(head, Head), **_ordered(words, own)}
    return _sorted(ordered, ["id", "kind", *words_at(own, ()), *words_at(Head, ())])


def _ordered(tree: Tree, model: type[BaseModel], path: Path = ()) -> Tree:
    """Words in the order of their model, at any depth."""
    if isinstance(tree, list):
        return [_ordered(item, model, (*path, at)) for at, item in enumerate(tree)]
    if not isinstance(tree, dict):
        return tree
    row = {name: _ordered(value, model, (*path, name)) for name, value in tree.items()}
    return _sorted(row, words_at(model, path))


def _sorted(row: dict[str, Any], order: Iterable[str]) -> dict[str, Any]:
    names = [name for name in dict.fromkeys(order) if name in row]
    return {name: row[name] for name in [*names, *(n for n in row if n not in names)]}
