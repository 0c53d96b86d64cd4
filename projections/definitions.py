"""The SQL objects of the projections, one a file in `projections/sql/`, in the order they need."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import takewhile

FOLDS_VERSION = 3
"""Raised when a fold writes other rows for the same record: the tables then ask for a rebuild."""


@cache
def scripts(kind: str) -> tuple[tuple[str, str], ...]:
    """(name, SQL) of every object of a kind, by name; the kind is a folder of `sql/`."""
    folder = files("projections") / "sql" / kind
    return tuple(
        sorted(
            (file.name.removesuffix(".sql"), file.read_text("utf-8"))
            for file in folder.iterdir()
            if file.name.endswith(".sql")
        )
    )


def names(kind: str) -> tuple[str, ...]:
    """The objects of a kind."""
    return tuple(name for name, _ in scripts(kind))


def tables_definition() -> str:
    """A hash of what the rows of a generation depend on."""
    return _hash(str(FOLDS_VERSION), *(text for _, text in scripts("tables")))


def views_definition() -> str:
    """A hash of what analysts see of them."""
    return _hash(*(text for kind in ("functions", "views") for _, text in scripts(kind)))


def _hash(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()


def title(text: str) -> str:
    """The comment that a script begins with, as one line."""
    lines = takewhile(lambda line: line.startswith("--"), text.splitlines())
    return " ".join(line.removeprefix("--").strip() for line in lines)
