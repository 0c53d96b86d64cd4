"""An XML document in parts: each element of one name as a small tree, whatever the document's size.

Entities and document types are refused: nothing that a document defines itself is ever expanded or
fetched.  Elements of other namespaces than the root's are extensions of somebody's and left out.

    Broken    the document cannot be read from here on; a sentence
"""

from collections.abc import Iterable, Iterator
from typing import Any
from xml.parsers import expat

from msgspec import Struct, field

PART_BYTES_MAX = 4 << 20
"""A larger part is none that a till wrote."""
LARGE_BYTES_KEPT = 1 << 16
"""Of a part that is too large so much is kept, to be looked at."""
DEPTH_MAX = 60
OUTSIDE_MAX = 40
_TOO_LARGE = f"it is larger than {PART_BYTES_MAX >> 20} MiB"
_UNREAD = "nothing behind it is read"


class Broken(Exception):
    """A document cannot be read any further.

    Attributes:
        line: where.
        reason: why.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Element(Struct):
    """One element.

    Attributes:
        name: without its namespace.
        attributes: those that have no namespace.
        text: all of it, what its own elements hold left out.
        inside: its elements, in order.
    """

    name: str
    attributes: dict[str, str]
    text: str = ""
    inside: list["Element"] = field(default_factory=list)

    def first(self, *names: str) -> "Element | None":
        """The first element of the first name that there is."""
        for name in names:
            for one in self.inside:
                if one.name == name:
                    return one
        return None

    def every(self, *names: str) -> list["Element"]:
        """All elements of these names, in order."""
        return [one for one in self.inside if one.name in names]

    def said(self, *names: str) -> str:
        """The text of the first element of the first name that says something; empty if none."""
        for name in names:
            for one in self.inside:
                if one.name == name and one.text:
                    return one.text
        return ""


class Part(Struct, frozen=True):
    """One element of the name that was asked for.

    Attributes:
        line: where it begins.
        raw: as it stands in the document; if it is too large, the beginning of it.
        element: what it holds.
        problem: why it cannot be used; empty if it can.
    """

    line: int
    raw: bytes
    element: Element
    problem: str = ""


class Parts:
    """Reads a document piece by piece.

    Attributes:
        root: the name of the outermost element; empty before it was met.
        header: the bytes before the first part; empty before it was met.
        footer: the end tags that close what is open there.
        outside: what the elements around the parts say: name → line and text.
    """

    def __init__(self, name: str) -> None:
        self.root = ""
        self.header = self.footer = b""
        self.outside: dict[str, tuple[int, str]] = {}
        self._name = name
        self._tags: list[tuple[str, str, str]] = []  # namespace, name, as it is written
        self._elements: list[Element] = []  # of the part that is open
        self._foreign_depth = 0
        self._line = self._depth = 0  # where the open part begins, and how deep
        self._large = b""
        self._done: list[Part] = []
        self._held, self._held_from, self._fed = bytearray(), 0, 0
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    @property
    def held(self) -> bytes:
        """The bytes of a part that has begun and not ended."""
        return self._large or bytes(self._held) if self._elements else b""

    def read(self, pieces: Iterable[bytes]) -> Iterator[list[Part]]:
        """The parts that each piece completes.

        Raises:
            Broken: what was read so far was handed out before.
        """
        for piece in pieces:
            broken = self._feed(piece, last=False)
            done, self._done = self._done, []
            yield done
            if broken is not None:
                raise broken
        broken = self._feed(b"", last=True)
        if broken is not None:
            raise broken

    def _feed(self, piece: bytes, *, last: bool) -> Broken | None:
        self._held += piece
        self._fed += len(piece)
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            if last:
                return Broken(error.lineno, "the document ends before its end")
            what = expat.ErrorString(error.code)
            return Broken(error.lineno, f"it is no well-formed XML ({what}); {_UNREAD}")
        except (LookupError, ValueError):
            return Broken(self._parser.CurrentLineNumber, f"its encoding is unknown; {_UNREAD}")
        except Broken as broken:
            return broken
        self._let_go()
        if self._fed - self._parser.CurrentByteIndex > PART_BYTES_MAX:
            return Broken(self._parser.CurrentLineNumber, f"a word in it has no end; {_UNREAD}")
        return None

    def _let_go(self) -> None:
        """Forget the bytes that are not needed any more."""
        if self._elements and len(self._held) > PART_BYTES_MAX:
            self._large = self._large or bytes(self._held[:LARGE_BYTES_KEPT])
            self._elements[1:], self._elements[0].inside = [], []
        if self._large:
            self._drop(self._fed)
        elif self.root and not self._elements and (self.header or self._fed > PART_BYTES_MAX):
            self._drop(self._parser.CurrentByteIndex)

    def _drop(self, before: int) -> None:
        """Forget the bytes before a place in the document."""
        if before > self._held_from:
            del self._held[: before - self._held_from]
            self._held_from = before

    def _doctype(self, *_: Any) -> None:
        line = self._parser.CurrentLineNumber
        raise Broken(line, "it has a document type (DTD), and those are refused")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, name, written = _named(tag)
        at, line = self._parser.CurrentByteIndex, self._parser.CurrentLineNumber
        if len(self._tags) == DEPTH_MAX:
            raise Broken(line, f"its elements are deeper than {DEPTH_MAX}; {_UNREAD}")
        if not self._tags:
            self.root = name
        self._tags.append((namespace, name, written))
        if self._foreign_depth or namespace != self._tags[0][0]:
            self._foreign_depth = self._foreign_depth or len(self._tags)
        elif self._elements:
            if not self._large:
                plain = {key: value for key, value in attributes.items() if " " not in key}
                element = Element(name, plain)
                self._elements[-1].inside.append(element)
                self._elements.append(element)
        elif name == self._name:
            if not self.header:
                self.header = bytes(self._held[: at - self._held_from])
                open_ones = reversed(self._tags[:-1])
                self.footer = "".join(f"</{one}>" for _, _, one in open_ones).encode()
            self._drop(at)
            self._line = line
            self._depth = len(self._tags)
            self._elements = [Element(name, attributes)]
        elif len(self.outside) < OUTSIDE_MAX:
            self.outside.setdefault(name, (line, ""))

    def _end(self, _: str) -> None:
        depth = len(self._tags)
        self._tags.pop()
        if self._foreign_depth:
            self._foreign_depth = 0 if depth == self._foreign_depth else self._foreign_depth
        elif self._elements and depth == self._depth:
            self._complete(self._elements[0])
        elif self._elements and not self._large:
            element = self._elements.pop()
            element.text = element.text.strip()

    def _complete(self, element: Element) -> None:
        """A part has ended."""
        if self._large:
            self._done.append(Part(self._line, self._large, element, _TOO_LARGE))
        else:
            end = self._held.find(b">", self._parser.CurrentByteIndex - self._held_from) + 1
            self._done.append(Part(self._line, bytes(self._held[:end]), element))
        self._elements, self._large = [], b""

    def _text(self, text: str) -> None:
        if self._foreign_depth or self._large:
            return
        if self._elements:
            self._elements[-1].text += text
        elif self._tags and self._tags[-1][1] in self.outside:
            line, before = self.outside[self._tags[-1][1]]
            self.outside[self._tags[-1][1]] = (line, (before + text.strip())[:OUTSIDE_MAX])


def _named(tag: str) -> tuple[str, str, str]:
    """Namespace, name, and the name as it is written with its prefix."""
    words = tag.split(" ")
    if len(words) == 1:
        return "", tag, tag
    prefix = f"{words[2]}:" if len(words) > 2 else ""
    return words[0], words[1], prefix + words[1]
