"""One thing that is not as a scenario expects it, and how both sides are written."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from processors.core.yaml_tree import Path


class Failure(Struct, frozen=True):
    """One difference.

    Attributes:
        path: where the expectation stands.
        expected, got: in the words of the file.
        because: the explanation of what is there, sentence by sentence.
    """

    path: Path
    expected: str
    got: str
    because: tuple[str, ...]


def flow(value: Any) -> str:
    """A value as the file would say it in one line.  Any: texts, lists and mappings, nested."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{word}: {flow(said)}" for word, said in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return str(value)
