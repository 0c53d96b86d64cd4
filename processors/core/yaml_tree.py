"""A YAML document as plain data with every scalar kept as text, and the line each part stands on.

Only `null`, `true` and `false` are resolved: store 0142 stays 0142, 1.10 is exact, 17:00 is a time.
"""

import re
from typing import Any

import yaml
from msgspec import Struct
from yaml.reader import ReaderError

Path = tuple[str | int, ...]
Tree = Any
"""Dictionaries, lists, texts, None and booleans, nested."""


class Mistake(Struct, frozen=True):
    """One thing that is wrong with a document.

    Attributes:
        file, line: where; lines count from 1.
        text: the line itself.
        sentence: what is wrong.
        column: where on the line, from 0.
    """

    file: str
    line: int
    text: str
    sentence: str
    column: int = 0

    def __str__(self) -> str:
        """As an editor would jump to it, with a caret below the place."""
        indent = len(self.text) - len(self.text.lstrip())
        caret = " " * max(self.column - indent, 0) + "^"
        return f"{self.file}:{self.line}: {self.sentence}\n    {self.text.strip()}\n    {caret}"


CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What no word may hold: it ends on a terminal, in Postgres and in the ledger."""
NESTED_MAX = 32
"""How deep words may stand inside words."""
Place = tuple[int, int]
"""A line, from 1, and a column, from 0."""
Found = tuple[Place, str]
"""A mistake where it stands, before the file's name is known."""


class Document(Struct, frozen=True):
    """A parsed document: its tree, the place of each path, and its mistakes so far."""

    tree: Tree
    places: dict[Path, Place]
    mistakes: tuple[Found, ...]


_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


def read_tree(text: str) -> Document:
    """Parse a document.  What cannot be parsed at all is one mistake and an empty tree."""
    try:
        unfit = _unfit(text)
        if unfit is not None:
            return Document({}, {}, (unfit,))
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = (1, 0) if mark is None else (mark.line + 1, mark.column)
        return Document({}, {}, ((place, f"not YAML: {problem.problem or problem.context}"),))
    except ReaderError as problem:
        # The C loader counts bytes.
        rows = text.encode()[: problem.position].decode().splitlines() or [""]
        place = (len(rows), len(rows[-1]))
        return Document({}, {}, ((place, "holds a control character"),))
    except (yaml.YAMLError, ValueError) as problem:
        return Document({}, {}, (((1, 0), f"not YAML: {problem}"),))
    places: dict[Path, Place] = {}
    mistakes: list[Found] = []
    tree = {} if root is None else _plain(root, (), places, mistakes)
    return Document(tree, places, tuple(mistakes))


def _unfit(text: str) -> Found | None:
    """What must not be built into a tree: nesting without end, and places that repeat others.

    The events of the parser come one by one, so that no document can exhaust the stack, and a few
    lines that repeat each other cannot grow into billions.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        mark = event.start_mark
        here = (1, 0) if mark is None else (mark.line + 1, mark.column)
        if isinstance(event, yaml.AliasEvent):
            return here, f"`*{event.anchor}` repeats another place: write it out"
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > NESTED_MAX:
                return here, "nested too deeply"
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _plain(node: Any, path: Path, places: dict[Path, Place], mistakes: list[Found]) -> Tree:
    place = (node.start_mark.line + 1, node.start_mark.column)
    places.setdefault(path, place)
    if isinstance(node, yaml.ScalarNode):
        if CONTROL.search(node.value) is not None:
            mistakes.append((place, "holds a control character"))
        # A plain scalar has no style: that of the C loader is an empty text.
        return node.value if node.style else _WORDS.get(node.value, node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, at), places, mistakes) for at, item in enumerate(node.value)]
    mapping: dict[str, Tree] = {}
    for key, value in node.value:
        here = (key.start_mark.line + 1, key.start_mark.column)
        if not isinstance(key, yaml.ScalarNode):
            mistakes.append((here, "a name is expected before the colon"))
            continue
        if CONTROL.search(key.value) is not None:
            mistakes.append((here, "holds a control character"))
        if key.value in mapping:
            mistakes.append((here, f"`{key.value}` is said twice"))
        places[(*path, key.value)] = here
        mapping[key.value] = _plain(value, (*path, key.value), places, mistakes)
    return mapping


def place_of(document: Document, path: Path) -> Place:
    """The place of a path, or of the nearest thing around it."""
    while path and path not in document.places:
        path = path[:-1]
    return document.places.get(path, (1, 0))
