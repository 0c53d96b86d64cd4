"""The SQL objects of the projections, one a file in `projections/sql/`, in the order they need."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files

FOLDS_VERSION = 1
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


def ready_queries(kind: str) -> Iterator[tuple[str, str, str]]:
    """(name, title, query) of a folder of queries; the title is the comment they begin with."""
    for name, text in scripts(kind):
        lines = text.splitlines()
        title = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
        yield name, " ".join(title), text
