"""A scenario file as plain data: dictionaries, lists and texts, read quickly.

The same tree as `processors.core.yaml_tree.read_tree` gives, in a third of its time, because the
lines are left out: they are only asked for when something is wrong, and then `read_tree` has them.
"""

from collections.abc import Callable
from typing import Any

import yaml

from processors.core.yaml_tree import Tree

DEPTH_MAX = 32


class Unusual(Exception):
    """The text is not plain enough for the quick way; `read_tree` says what it is, or is not."""


def quick_tree(text: str) -> Tree:
    """Parse one document.

    Raises:
        Unusual: it is not YAML, says a word twice, or is stranger than a scenario needs to be.
    """
    try:
        parser = yaml.CBaseLoader(text)
        event = parser.get_event
        event()  # the stream's start
        if isinstance(event(), yaml.StreamEndEvent):
            return {}
        tree = _node(event(), event, {}, 0)
        event()  # the document's end
        if not isinstance(event(), yaml.StreamEndEvent):
            raise Unusual("more than one document")
    except (yaml.YAMLError, ValueError) as problem:
        raise Unusual(str(problem)) from None
    return tree


# Any: the parser and its events are untyped.
def _node(start: Any, event: Callable[[], Any], anchors: dict[str, Tree], depth: int) -> Tree:
    kind = type(start)
    if kind is yaml.ScalarEvent:
        node: Tree = start.value
    elif kind is yaml.AliasEvent:
        if start.anchor not in anchors:
            raise Unusual("an alias of what is not there")
        return anchors[start.anchor]
    elif depth > DEPTH_MAX:
        raise Unusual("nested too deeply")
    elif kind is yaml.MappingStartEvent:
        node = _mapping(event, anchors, depth + 1)
    else:
        node = []
        while type(inner := event()) is not yaml.SequenceEndEvent:
            node.append(_node(inner, event, anchors, depth + 1))
    if start.anchor is not None:
        anchors[start.anchor] = node
    return node


def _mapping(event: Callable[[], Any], anchors: dict[str, Tree], depth: int) -> dict[str, Tree]:
    mapping: dict[str, Tree] = {}
    while type(key := event()) is yaml.ScalarEvent:
        word = key.value
        if word in mapping:
            raise Unusual("a word said twice")
        value = event()
        # Most values are plain texts; asking here saves a call for each.
        if type(value) is yaml.ScalarEvent and value.anchor is None:
            mapping[word] = value.value
        else:
            mapping[word] = _node(value, event, anchors, depth)
    if type(key) is not yaml.MappingEndEvent:
        raise Unusual("a name that is no text")
    return mapping
