"""A kind planted beside ours for a test, and taken away behind it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import processors.rules
from processors.core.kinds import kinds

NAME = "double_on_full_moon"


@contextmanager
def planted_kind(folder: Path) -> Iterator[str]:
    """A copy of `multiplier` under a name of its own, found in a folder beside ours."""
    source = (Path(processors.rules.__path__[0]) / "multiplier.py").read_text("utf-8")
    (folder / f"{NAME}.py").write_text(source, "utf-8")
    processors.rules.__path__.append(str(folder))
    kinds.cache_clear()
    try:
        yield NAME
    finally:
        processors.rules.__path__.remove(str(folder))
        sys.modules.pop(f"processors.rules.{NAME}", None)
        kinds.cache_clear()
