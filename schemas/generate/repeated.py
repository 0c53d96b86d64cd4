"""The text of what is done with words that come again: they are looked up together by their bytes.

A line names its article in five words, and a year of sales names few articles in millions of lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas.bounds import Bounds
from schemas.generate.shapes import Shape

REPEATED = frozenset({"Line"})
"""Records whose words repeat endlessly."""


def words_together(shape: Shape) -> list[str]:
    """The names of the longest run of words among the fields of a record whose words repeat."""
    longest: list[str] = []
    run: list[str] = []
    for name, schema in _fields(shape):
        run = [*run, name] if schema == "string" else []
        longest = max(longest, run, key=len)
    return longest


def _fields(shape: Shape) -> Sequence[tuple[str, Any]]:
    return shape.schema["fields"] if shape.name in REPEATED else ()


def known_class(together: Sequence[str]) -> Iterator[str]:
    """The lines of the class of words that come again."""
    words = _words(together)
    yield from (
        "",
        "",
        "@mypyc_attr(acyclic=True)",
        "@final",
        "class Known:",
        '    """Words that stand together and come again: one object wherever they stand.',
        "",
        "    Attributes:",
        "        words: the words.",
        "        asked_by, answer: who worked something out of them last, and what.",
        '    """',
        "",
        '    __slots__ = ("answer", "asked_by", "words")',
        "",
        f"    def __init__(self, words: {words}) -> None:",
        "        self.words: Final = words",
        "        self.asked_by: object = None",
        "        self.answer = 0",
    )


def words_known(together: Sequence[str], bounds: Mapping[str, Bounds]) -> Iterator[str]:
    """The lines of a function that looks several words up by their bytes."""
    yield from (
        "",
        "",
        "_KNOWN: Final[dict[bytes, Known]] = {}",
        '"""The bytes of words that stand together → the words."""',
        "",
        "",
        "def _known(source: Source) -> Known:",
        "    start = source.at",
        f"    for _each in range({len(together)}):",
        "        source.pass_word()",
        "    coded = source.value[start : source.at]",
        "    known = _KNOWN.get(coded)",
        "    if known is None:",
        "        source.at = start",
        "        words = (",
        *(
            f"            source.repeated_word({bounds[name].least or 0}, {bounds[name].most}),"
            for name in together
        ),
        "        )",
        "        if len(_KNOWN) >= WORDS_REMEMBERED:",
        "            _KNOWN.clear()",
        "        known = _KNOWN[coded] = Known(words)",
        "    return known",
    )


def _words(together: Sequence[str]) -> str:
    return f"tuple[{', '.join('str' for _ in together)}]"
