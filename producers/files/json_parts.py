"""A JSON document in parts: its objects one by one, whatever the document's size.

An object a line, or one behind another, or in one array, which may be the value of one field.

    Unclosed    the document cannot be read from here on; a sentence
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from producers.files.source import Source

PART_BYTES_MAX = 4 << 20
"""A larger object is none that a shop sent."""
_WRAPPER_BYTES = 64
_WRAPPER = re.compile(rb'\{\s{0,20}"orders?"\s{0,9}:\s{0,20}(\[)?')
_BETWEEN = re.compile(rb"[\s,]*")
_TOKEN = re.compile(rb'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[{}\[\]"]')
_CLOSING = {b"{": b"}", b"[": b"]"}
_UNREAD = "nothing behind it is read"


class Unclosed(Exception):
    """A document cannot be read any further.

    Attributes:
        line: where.
        reason: why.
        raw: what could not be read.
    """

    def __init__(self, line: int, reason: str, raw: bytes) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.raw = raw


class Part(Struct, frozen=True, gc=False):
    """One object.

    Attributes:
        line: where it begins.
        raw: as it stands in the document.
        problem: why it cannot be used; empty if it can.
    """

    line: int
    raw: bytes
    problem: str = ""


def parts(source: Source) -> Iterator[Part]:
    """The objects of a document.

    Raises:
        FileUnusable: the file cannot be read.
        Unclosed: what was read so far was handed out before.
    """
    start = next(Source(source.path).pieces(), b"").lstrip()
    if _is_by_lines(start):
        for line in source.lines():
            yield Part(line.number, line.raw, line.problem)
    else:
        yield from _values(source)


def _is_by_lines(start: bytes) -> bool:
    """Whether each line is an object of its own, so that a damaged one spoils no other."""
    if not start.startswith(b"{") or _WRAPPER.match(start):
        return False
    _, _, rest = start.partition(b"\n")
    return rest.lstrip()[:1] in {b"", b"{"}


def _values(source: Source) -> Iterator[Part]:
    scan = _Scan()
    for piece in source.pieces():
        yield from scan.objects(piece, last=False)
    yield from scan.objects(b"", last=True)


class _Scan:
    """Finds where objects begin and end; of the document only the one at hand is held."""

    def __init__(self) -> None:
        self._held = b""
        self._line = 1
        self._closers: list[bytes] = []

    def objects(self, piece: bytes, *, last: bool) -> Iterator[Part]:
        """Those that the next piece completes."""
        self._held += piece
        at = 0
        while True:
            at = self._passed(at, _BETWEEN.match(self._held, at))
            sign = self._held[at : at + 1]
            if not sign or (len(self._held) - at < _WRAPPER_BYTES and not last):
                break
            wrapper = None if self._closers else _WRAPPER.match(self._held, at)
            if sign == b"{" and wrapper is None:
                end = self._end_of(at)
                if end is None:
                    break
                yield Part(self._line, self._held[at:end])
                self._line += self._held.count(b"\n", at, end)
                at = end
            else:
                at = self._around(at, sign, wrapper)
        self._held = self._held[at:]
        if len(self._held) > PART_BYTES_MAX:
            raise self._unclosed(f"it is larger than {PART_BYTES_MAX >> 20} MiB; {_UNREAD}", 0)
        if last and (self._held or self._closers):
            raise self._unclosed("the document ends before its end", 0)

    def _around(self, at: int, sign: bytes, wrapper: re.Match[bytes] | None) -> int:
        """Pass over a sign that stands around objects."""
        if wrapper is not None:
            self._closers += [b"}", b"]"] if wrapper[1] else [b"}"]
            return self._passed(at, wrapper)
        if sign == b"[" and not self._closers:
            self._closers.append(b"]")
        elif self._closers and sign == self._closers[-1]:
            self._closers.pop()
        else:
            raise self._unclosed(f"it is no JSON here; {_UNREAD}", at)
        return at + 1

    def _passed(self, at: int, found: re.Match[bytes] | None) -> int:
        """Behind what was found, with its lines counted."""
        end = at if found is None else found.end()
        self._line += self._held.count(b"\n", at, end)
        return end

    def _end_of(self, at: int) -> int | None:
        """Where the object ends that begins here; None if it goes on in the next piece."""
        open_ones: list[bytes] = []
        for found in _TOKEN.finditer(self._held, at):
            sign = found[0]
            if sign in _CLOSING:
                open_ones.append(_CLOSING[sign])
            elif sign == b'"':
                if self._held.find(b"\n", found.start()) >= 0:
                    raise self._unclosed(f"it is no JSON: a text has no end; {_UNREAD}", at)
                return None
            elif sign in {b"}", b"]"}:
                if sign != open_ones.pop():
                    raise self._unclosed(f"it is no JSON: its brackets do not match; {_UNREAD}", at)
                if not open_ones:
                    return found.end()
        return None

    def _unclosed(self, reason: str, at: int) -> Unclosed:
        return Unclosed(self._line, reason, self._held[at:])
