"""A scenario file, read into typed words; all its mistakes at once, each with its line."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path as File
from typing import Any

from msgspec import Struct

from loyalty.scenarios import words
from loyalty.scenarios.converting import Found, converted
from loyalty.scenarios.expected import Expectation, expectation
from loyalty.scenarios.making import EVENTS
from loyalty.scenarios.tree import Unusual, quick_tree
from loyalty.scenarios.words import Where
from loyalty.scenarios.world import Defaults
from processors.core.yaml_tree import Document, Mistake, Path, Place, Tree, place_of, read_tree
from processors.words.nearest import nearest

CHECK, CLOSE_DAY, SAME_AS, QUOTE = "check", "close_day", "same_as", "quote"
"""Steps that are no event by themselves."""


class Step(Struct, frozen=True):
    """One entry of `events`.

    Any: the words are those of the step's kind, or an expectation.

    Attributes:
        path: where it stands.
        word: its kind.
        where: when and where it happens.
        words: what else it says.
    """

    path: Path
    word: str
    where: Where
    words: Any


class Scenario(Struct, frozen=True):
    """One scenario.

    Attributes:
        name: a sentence.
        path: where it stands.
        control: whether its members are control of the campaigns that have such a share.
        steps, expect: in the order of the file.
    """

    name: str
    path: Path
    control: bool
    steps: tuple[Step, ...]
    expect: tuple[Expectation, ...]


class ScenarioFile(Struct, frozen=True):
    """A whole file.

    Attributes:
        programme: the programme it tests.
        defaults: what events need not say.
        scenarios: in the order of the file.
    """

    programme: File
    defaults: Defaults
    scenarios: tuple[Scenario, ...]


class FileWrong(Exception):
    """The file cannot be played; the text lists what is wrong, each with its line."""


class Text(Struct, frozen=True):
    """The text of a file, which knows the line of everything in it when asked."""

    file: File
    text: str

    def lines(self, paths: list[Path]) -> list[int]:
        """The line of each place; only worked out when something is wrong, for most is right."""
        return [place_of(_document(self.text), path)[0] for path in paths]

    def wrong(self, found: Found) -> FileWrong:
        """The mistakes as an editor would jump to them."""
        return self._listed((place_of(_document(self.text), path), said) for path, said in found)

    def not_yaml(self, problem: str) -> FileWrong:
        """What keeps the text from being one plain document."""
        return self._listed(_document(self.text).mistakes or [((1, 0), problem)])

    def _listed(self, found: Iterable[tuple[Place, str]]) -> FileWrong:
        rows = self.text.splitlines() or [""]
        mistakes = [
            Mistake(str(self.file), line, rows[min(line, len(rows)) - 1], said, column)
            for (line, column), said in sorted(set(found))
        ]
        return FileWrong("\n".join(map(str, mistakes)))


@lru_cache(maxsize=1)
def _document(text: str) -> Document:
    return read_tree(text)


class _Head(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a file."""

    programme: str
    scenarios: list[Any]
    products: dict[str, Any] = {}
    defaults: Defaults = Defaults()


class _Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a scenario."""

    name: str
    events: list[Any]
    expect: list[Any] = []
    control: bool = False


def read(text: Text) -> ScenarioFile:
    """The file in typed words.

    Raises:
        FileWrong: with every mistake.
    """
    try:
        tree = quick_tree(text.text)
    except Unusual as problem:
        raise text.not_yaml(str(problem)) from None
    found: Found = []
    head = converted(_Head, tree, (), found)
    # A mistake in the head is no reason not to look at the rest.
    rest = tree if isinstance(tree, dict) else {}
    reader = _Reader(_products(rest.get("products"), found), found)
    scenarios = reader.each(rest.get("scenarios"), ("scenarios",), reader.scenario)
    if head is None or found:
        raise text.wrong(found)
    return ScenarioFile(text.file.parent / head.programme, head.defaults, tuple(scenarios))


def _products(tree: Tree, found: Found) -> dict[str, dict[str, Tree]]:
    """The products of a file, each of them words of a line."""
    products = {}
    for sku, product in (tree if isinstance(tree, dict) else {}).items():
        if isinstance(product, dict):
            line = {**product, "sku": sku}
            if converted(words.Line, line, ("products", sku), found) is not None:
                products[sku] = product
        else:
            found.append((("products", sku), "a product is a set of words with values"))
    return products


class _Reader:
    """Reads scenarios; what is wrong with them goes to `found`."""

    def __init__(self, products: dict[str, dict[str, Tree]], found: Found) -> None:
        self._products = products
        self._found = found

    def scenario(self, row: Tree, path: Path) -> Scenario | None:
        """One scenario, or None if it holds mistakes."""
        head = converted(_Scenario, row, path, self._found)
        if head is None:
            return None
        if not head.events:
            self._found.append(((*path, "events"), "nothing happens in this scenario"))
        elif not head.expect and not any(
            isinstance(one, dict) and CHECK in one for one in head.events
        ):
            self._found.append(
                (path, "nothing is expected in this scenario, by `expect` or `check`")
            )
        steps = self.each(head.events, (*path, "events"), self._step)
        expect = self.each(head.expect, (*path, "expect"), self._expectation)
        return Scenario(head.name, path, head.control, tuple(steps), tuple(expect))

    # Any: scenarios, steps or expectations, as the reader given says.
    def each(self, rows: Tree, path: Path, read_one: Callable[[Tree, Path], Any]) -> list[Any]:
        """What each row of a list is; rows with mistakes are left out."""
        if not isinstance(rows, list):
            return []
        return [one for at, row in enumerate(rows) if (one := read_one(row, (*path, at)))]

    def _expectation(self, row: Tree, path: Path) -> Expectation | None:
        return expectation(row, path, self._found)

    def _step(self, row: Tree, path: Path) -> Step | None:
        if not isinstance(row, dict) or len(row) != 1:
            self._found.append((path, "an entry of `events` is one event, such as `sale: {…}`"))
            return None
        ((word, said),) = row.items()
        here = (*path, word)
        if word == CHECK:
            expected = expectation(said, here, self._found)
            return None if expected is None else Step(here, word, _NOWHERE, expected)
        kind = KINDS.get(word)
        if kind is None:
            hint = nearest(word, [*KINDS, CHECK])
            self._found.append((here, f"there is no event `{word}`{hint}"))
            return None
        short = _SHORT.get(word)
        if short is not None and isinstance(said, str):
            said = {short: said}
        if not isinstance(said, dict):
            self._found.append((here, f"`{word}` is a set of words with values"))
            return None
        return self._event(word, kind, said, here)

    def _event(self, word: str, kind: type[Struct], said: Tree, path: Path) -> Step | None:
        if "lines" in said and word in _RECEIPTS:
            said = {**said, "lines": self._with_products(said["lines"])}
        own: dict[str, Tree] = {}
        common: dict[str, Tree] = {}
        for name, value in said.items():
            (common if name in _WHERE else own)[name] = value
        where = converted(Where, common, path, self._found) if common else _NOWHERE
        what = converted(kind, own, path, self._found, also=Where.__struct_fields__)
        return None if where is None or what is None else Step(path, word, where, what)

    def _with_products(self, lines: Tree) -> Tree:
        if not isinstance(lines, list):
            return lines
        products = self._products
        return [
            {**products.get(str(line.get("sku")), {}), **line} if isinstance(line, dict) else line
            for line in lines
        ]


KINDS: dict[str, type[Struct]] = {
    **{word: told.words for word, told in EVENTS.items()},
    QUOTE: words.Quote,
    CLOSE_DAY: words.CloseDay,
    SAME_AS: words.SameAs,
}
"""The word of a step → its words."""
_SHORT = {CLOSE_DAY: "day", SAME_AS: "event", "activate": "file"}
"""Steps that may be said in one word, and which of theirs it is."""
_RECEIPTS = frozenset(("sale", QUOTE))
_WHERE = frozenset(Where.__struct_fields__)
_NOWHERE = Where()
