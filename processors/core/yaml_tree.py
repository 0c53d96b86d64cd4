"""A YAML document as plain data with every scalar kept as text, and the line each part stands on.

Only `null`, `true` and `false` are resolved: store 0142 stays 0142, 1.10 is exact, 17:00 is a time.
"""

from typing import Any

import yaml
from msgspec import Struct

Path = tuple[str | int, ...]
Tree = Any
"""Dictionaries, lists, texts, None and booleans, nested."""


class Mistake(Struct, frozen=True):
    """One thing that is wrong with a document.

    Attributes:
        file, line: where; lines count from 1.
        text: the line itself.
        sentence: what is wrong.
    """

    file: str
    line: int
    text: str
    sentence: str

    def __str__(self) -> str:
        """As an editor would jump to it."""
        return f"{self.file}:{self.line}: {self.sentence}\n    {self.text.strip()}"


class Document(Struct, frozen=True):
    """A parsed document: its tree, the line of each path, and its mistakes so far."""

    tree: Tree
    lines: dict[Path, int]
    mistakes: tuple[tuple[int, str], ...]


_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


def read_tree(text: str) -> Document:
    """Parse a document.  What cannot be parsed at all is one mistake and an empty tree."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = 1 if mark is None else mark.line + 1
        return Document({}, {}, ((line, f"not YAML: {problem.problem or problem.context}"),))
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        return Document({}, {}, ((1, f"not YAML: {problem}"),))
    lines: dict[Path, int] = {}
    mistakes: list[tuple[int, str]] = []
    tree = {} if root is None else _plain(root, (), lines, mistakes)
    return Document(tree, lines, tuple(mistakes))


def _plain(node: Any, path: Path, lines: dict[Path, int], mistakes: list[tuple[int, str]]) -> Tree:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if len(path) > 32:
        mistakes.append((line, "nested too deeply"))
        return None
    if isinstance(node, yaml.ScalarNode):
        return _WORDS.get(node.value, node.value) if node.style is None else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, at), lines, mistakes) for at, item in enumerate(node.value)]
    mapping: dict[str, Tree] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            mistakes.append((line, "a name is expected before the colon"))
            continue
        if key.value in mapping:
            mistakes.append((key.start_mark.line + 1, f"`{key.value}` is said twice"))
        lines[(*path, key.value)] = key.start_mark.line + 1
        mapping[key.value] = _plain(value, (*path, key.value), lines, mistakes)
    return mapping


def line_of(document: Document, path: Path) -> int:
    """The line of a path, or of the nearest thing around it."""
    while path and path not in document.lines:
        path = path[:-1]
    return document.lines.get(path, 1)
