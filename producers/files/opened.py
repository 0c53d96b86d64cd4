"""A file of rows, opened: JSON Lines or CSV, by how it begins."""

from collections.abc import Iterator
from pathlib import Path

from producers.files import jsonlines, tabular
from producers.files.source import Source
from producers.files.told import Bad, Told, Trailer


class Opened:
    """A file whose first line was read, so that a wrong one is found before anything is written.

    Attributes:
        path: which file.
        source: its lines.
        header: the row that names its columns, as it stands there; empty for JSON Lines.
    """

    def __init__(self, path: Path) -> None:
        """Raises: FileUnusable."""
        self.path = path
        self.source = Source(path)
        self.header = b""
        self._table: tabular.Table | None = None
        if not _is_json(path):
            self._table = tabular.Table(self.source)
            self._kind = tabular.kind_of(self._table, self.source)
            self.header = self._table.header

    def rows(self) -> Iterator[Told | Bad | Trailer]:
        """What its rows tell; once."""
        if self._table is None:
            return jsonlines.told(self.source)
        return tabular.told(self._table, self._kind)


def _is_json(path: Path) -> bool:
    """Whether the first line begins as JSON does."""
    first = next(Source(path).lines(), None)
    return first is not None and first.text.lstrip().startswith(("{", "["))
