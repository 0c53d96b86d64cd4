"""Which lines of a receipt: the word `items`, and what never earns.

Inside one word any value will do; of several words all must hold; `except` takes out a line that
any of its words names.  A category is a node of the tree and everything below it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from schemas.events import Line

Matches = Callable[[Line], bool]
"""Says whether a line is meant."""

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class Exclusion(BaseModel):
    """Lines named by any of these words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    skus: Texts | None = None
    departments: Texts | None = None
    categories: Texts | None = None
    brands: Texts | None = None
    suppliers: Texts | None = None
    labels: Texts | None = None
    flags: Texts | None = None


class Items(BaseModel):
    """Lines that all of these words name, but those that `except` names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    skus: Texts | None = None
    departments: Texts | None = None
    categories: Texts | None = None
    brands: Texts | None = None
    suppliers: Texts | None = None
    labels: Texts | None = None
    flags: Texts | None = None
    excluded: Exclusion | None = Field(None, alias="except")
    paid: bool = False
    """Of `per_item`: units that a voucher made free do not count."""


def flattened(name: str) -> Callable[[dict[str, Any]], None]:
    """For the JSON Schema of a model: the words inside `name` stand beside its others."""

    def flatten(schema: dict[str, Any]) -> None:
        schema["properties"].pop(name)
        schema["required"] = [one for one in schema.get("required", ()) if one != name]
        schema["flattened"] = "Items"

    return flatten


@lru_cache(maxsize=1024)
def compile_exclusion(exclusion: Exclusion) -> Matches:
    """A line is meant if any word names it; the same words give the same test."""
    tests = _tests(exclusion)
    return lambda line: any(test(line) for test in tests)


@lru_cache(maxsize=1024)
def compile_items(items: Items | None) -> Matches:
    """A line is meant if every word names it and the exclusion does not.

    The same words give the same test.
    """
    if items is None:
        return lambda _line: True
    tests = _tests(items)
    if items.excluded is None:
        return lambda line: all(test(line) for test in tests)
    out = compile_exclusion(items.excluded)
    return lambda line: all(test(line) for test in tests) and not out(line)


def _tests(words: Items | Exclusion) -> list[Matches]:
    tests: list[Matches] = []
    for field, one in (
        ("skus", "sku"),
        ("departments", "department"),
        ("brands", "brand"),
        ("suppliers", "supplier"),
    ):
        if (named := getattr(words, field)) is not None:
            tests.append(_attribute_in(one, frozenset(named)))
    if words.categories is not None:
        tests.append(_category_below(words.categories))
    tests += [
        _any_of(field, frozenset(named))
        for field in ("labels", "flags")
        if (named := getattr(words, field)) is not None
    ]
    return tests


def _attribute_in(attribute: str, named: frozenset[str]) -> Matches:
    return lambda line: getattr(line, attribute) in named


def _any_of(attribute: str, named: frozenset[str]) -> Matches:
    return lambda line: not named.isdisjoint(getattr(line, attribute))


def _category_below(nodes: tuple[str, ...]) -> Matches:
    exact = frozenset(nodes)
    below = tuple(f"{node}/" for node in nodes)
    return lambda line: line.category in exact or line.category.startswith(below)
