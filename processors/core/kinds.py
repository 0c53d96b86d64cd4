"""The promotion kinds: every module of `processors.rules`, found by its name."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from msgspec import Struct
from pydantic import BaseModel

import processors.rules
from processors.words.stages import Stage


class Kind(Struct, frozen=True):
    """One kind, as its module declares it.

    Attributes:
        name: the module's name, which is the word after `kind:`.
        about: the module's docstring, with a worked number.
        parameters: the kind's own words.
        example: words of this kind, as a programme says them.
        build: makes the stages of a promotion from its words and the exponent of the
            currency: how many decimals its minor unit has.
    """

    name: str
    about: str
    parameters: type[BaseModel]
    example: Mapping[str, Any]
    build: Callable[[Any, int], tuple[Stage, ...]]


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name, sorted."""
    found = {}
    for module in sorted(pkgutil.iter_modules(processors.rules.__path__), key=lambda m: m.name):
        rule = importlib.import_module(f"processors.rules.{module.name}")
        found[module.name] = Kind(
            module.name, rule.__doc__ or "", rule.Parameters, rule.EXAMPLE, rule.build
        )
    return found
