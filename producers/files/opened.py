"""A file of rows, opened: JSON Lines, CSV, POSLog or orders of Shopify, by how it begins."""

import re
from collections.abc import Iterator
from pathlib import Path

from producers.files import jsonlines, poslog, shopify, tabular
from producers.files.shapes import KINDS
from producers.files.source import FileUnusable, Source
from producers.files.told import Row

_WRAPPED_ORDERS = re.compile(rb'\[|\{\s*"orders?"\s*:')
_ORDER = re.compile(rb'"line_items"\s*:')
_EVENT = re.compile(rb'"type"\s*:\s*"(%b)"' % "|".join(KINDS).encode())


class Opened:
    """A file whose beginning was read, so that a wrong one is found before anything is written.

    Attributes:
        path: which file.
        source: its lines.
        header: what its rows stand behind, as it stands there: the row that names the columns, or
            the beginning of an XML document; empty for JSON.
        footer: what has to stand behind its rows; empty but for XML.
    """

    def __init__(self, path: Path) -> None:
        """Raises: FileUnusable."""
        self.path = path
        self.source = Source(path)
        self.header = self.footer = b""
        start = next(Source(path).pieces(), b"").lstrip()
        if start.startswith(b"<"):
            log = poslog.Log(self.source)
            self.header, self.footer = log.header, log.footer
            self._rows = log.told()
        elif start.startswith(b"[") and _EVENT.search(start) and not _ORDER.search(start):
            raise FileUnusable(f"{path} is one array of events; write each on a line of its own.")
        elif _WRAPPED_ORDERS.match(start) or (start.startswith(b"{") and _ORDER.search(start)):
            self._rows = shopify.told(self.source)
        elif start.startswith(b"{"):
            self._rows = jsonlines.told(self.source)
        else:
            table = tabular.Table(self.source)
            kind = tabular.kind_of(table, self.source)
            self.header = table.header
            self._rows = tabular.told(table, kind)

    def rows(self) -> Iterator[Row]:
        """What its rows tell; once."""
        return self._rows
