"""A file as lines of text, whatever it was saved by: gzip or plain, with a byte-order mark or not.

A line is read when it is asked for, and the hash of all lines is known at the end, so that the size
of a file costs no memory.  Documents that know no lines, XML and JSON, are read in pieces.

    FileUnusable    the file cannot be read at all; the sentence says why
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

LINE_BYTES_MAX = 1 << 20
"""A longer line is none that anybody wrote."""
PIECE_BYTES = 1 << 16
_GZIP = b"\x1f\x8b"
_UTF8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = {
    b"\xff\xfe": "UTF-16; save it in UTF-8",
    b"\xfe\xff": "UTF-16; save it in UTF-8",
    b"<\0": "UTF-16; save it in UTF-8",
    b"\0<": "UTF-16; save it in UTF-8",
    b"PK\x03\x04": "a spreadsheet or zip archive; save it as CSV in UTF-8",
    b"%PDF": "a PDF; save it as CSV in UTF-8",
    b"PAR1": "a parquet file; save it as CSV in UTF-8",
}
NOT_UTF8 = "it is not UTF-8; save the file as “CSV UTF-8”"


class FileUnusable(Exception):
    """A file cannot be read; the sentence names it and says what to do."""


class Text(Struct, frozen=True, gc=False):
    """One line.

    Attributes:
        number: from 1.
        raw: as it stands in the file, with its end.
        text: without its end; empty if it is not UTF-8 or too long.
        problem: why there is no text; empty if there is.
    """

    number: int
    raw: bytes
    text: str
    problem: str = ""


class Source:
    """The lines of one file.

    Attributes:
        path: which file.
        cut: why the file ends before its end; empty if it does not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cut = ""
        self._hash = sha256()

    def digest(self) -> str:
        """SHA-256 of the lines so far, hexadecimal."""
        return self._hash.hexdigest()

    def lines(self) -> Iterator[Text]:
        """Every line that holds something.

        Raises:
            FileUnusable: the file cannot be opened, or is of another kind.
        """
        number = 0
        with self._reading() as file:
            for raw in self._whole_lines(file):
                number += 1
                line = _text(number, raw.removeprefix(_UTF8_MARK) if number == 1 else raw)
                if line.text.strip() or line.problem:
                    yield line
                self._hash.update(raw)

    def pieces(self) -> Iterator[bytes]:
        """The bytes in pieces of at most `PIECE_BYTES`, without a byte-order mark.

        Raises:
            FileUnusable: the file cannot be opened, or is of another kind.
        """
        first = True
        with self._reading() as file:
            while raw := file.read(PIECE_BYTES):
                self._hash.update(raw)
                yield raw.removeprefix(_UTF8_MARK) if first else raw
                first = False

    @contextmanager
    def _reading(self) -> Iterator[gzip.GzipFile | BinaryIO]:
        """The file, unpacked; where it is damaged, reading ends and `cut` says so."""
        try:
            with self.path.open("rb") as stored:
                yield self._opened(stored)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.cut = "the file is damaged here, or was cut off while it was copied"
        except OSError as problem:
            why = (
                problem.strerror or "it is read more than once, and a pipe cannot be; save it first"
            )
            raise FileUnusable(f"{self.path} cannot be read: {why}.") from None

    def _opened(self, stored: BinaryIO) -> gzip.GzipFile | BinaryIO:
        """The file as it was before it was packed, if it was."""
        start = stored.read(4)
        stored.seek(0)
        for mark, what in _OTHER_MARKS.items():
            if start.startswith(mark):
                raise FileUnusable(f"{self.path} is {what}.")
        return gzip.open(stored) if start.startswith(_GZIP) else stored

    def _whole_lines(self, file: gzip.GzipFile | BinaryIO) -> Iterator[bytes]:
        """Lines in pieces of bounded size; of one that is too long, its first piece."""
        while raw := file.readline(LINE_BYTES_MAX + 1):
            yield raw
            piece = raw
            while len(piece) > LINE_BYTES_MAX and not piece.endswith(b"\n"):
                piece = file.readline(LINE_BYTES_MAX + 1)
                self._hash.update(piece)


def _text(number: int, raw: bytes) -> Text:
    if len(raw) > LINE_BYTES_MAX:
        return Text(number, raw, "", "the line is longer than a megabyte")
    if b"\0" in raw:
        return Text(number, raw, "", "the line holds null bytes; " + NOT_UTF8)
    try:
        return Text(number, raw, raw.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Text(number, raw, "", NOT_UTF8)
