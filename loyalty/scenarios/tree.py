"""A scenario file as plain data: dictionaries, lists and texts, read quickly.

The same tree as `processors.core.yaml_tree.read_tree` gives, in a third of its time, because the
places are left out: they are only asked for when something is wrong, and then `read_tree` has them.
Nothing is resolved here, not even null, true and false: a label may be called `no` or `true`.
"""

from collections.abc import Callable
from typing import Any

import yaml

from processors.core.yaml_tree import CONTROL, NESTED_MAX, Tree, read_tree


class Unusual(Exception):
    """The text is not plain enough for the quick way; `read_tree` says what it is, or is not."""


def quick_tree(text: str) -> Tree:
    """Parse one document.

    Raises:
        Unusual: it is not YAML, says a word twice, or is stranger than a scenario needs to be.
    """
    # Only what is escaped can hold a control character that is not seen in the text itself.
    if ("\\" in text or CONTROL.search(text) is not None) and read_tree(text).mistakes:
        raise Unusual("control characters")
    try:
        parser = yaml.CBaseLoader(text)
        event = parser.get_event
        event()  # the stream's start
        if isinstance(event(), yaml.StreamEndEvent):
            return {}
        tree = _node(event(), event, 0)
        event()  # the document's end
        if not isinstance(event(), yaml.StreamEndEvent):
            raise Unusual("more than one document")
    except (yaml.YAMLError, ValueError) as problem:
        raise Unusual(str(problem)) from None
    return tree


# Any: the parser and its events are untyped.
def _node(start: Any, event: Callable[[], Any], depth: int) -> Tree:
    kind = type(start)
    if kind is yaml.ScalarEvent:
        return start.value
    if kind is yaml.AliasEvent:
        raise Unusual("a place that repeats another")
    if depth == NESTED_MAX:
        raise Unusual("nested too deeply")
    if kind is yaml.MappingStartEvent:
        return _mapping(event, depth + 1)
    items = []
    while type(inner := event()) is not yaml.SequenceEndEvent:
        items.append(_node(inner, event, depth + 1))
    return items


def _mapping(event: Callable[[], Any], depth: int) -> dict[str, Tree]:
    mapping: dict[str, Tree] = {}
    while type(key := event()) is yaml.ScalarEvent:
        word = key.value
        if word in mapping:
            raise Unusual("a word said twice")
        value = event()
        # Most values are plain texts; asking here saves a call for each.
        mapping[word] = (
            value.value if type(value) is yaml.ScalarEvent else _node(value, event, depth)
        )
    if type(key) is not yaml.MappingEndEvent:
        raise Unusual("a name that is no text")
    return mapping
