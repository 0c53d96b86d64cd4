"""`{by_tier: {…}}`: any number or date that differs by level, said in its place.

A document with such words is one plain document for each level: it is resolved before anything
else is read, so that no rule knows of levels.  A promotion with a word that has no value for a
level does not exist for members on that level.
"""

import re
from collections.abc import Collection, Mapping

from processors.core.yaml_tree import Document, Found, Path, Tree, place_of
from processors.words.nearest import nearest

WORD = "by_tier"
NO_NUMBER = "`by_tier` has a number or a date for each level"
SAME = ("version", "id", "from")
"""Words with numbers that are the same for everybody: what a document and a level are known by."""
_NUMBER_OR_DATE = re.compile(r"-?\d+(\.\d+)?%?|\d{4}-\d\d-\d\d", re.ASCII)


class _Absent:
    """There is no value for this level."""


_ABSENT = _Absent()


def ladders_of(tree: Tree) -> dict[str, tuple[str, ...]]:
    """Ladder → its level ids, lowest first, as far as the document says them well."""
    found: dict[str, tuple[str, ...]] = {}
    tiers = tree.get("tiers") if isinstance(tree, dict) else None
    for name, ladder in tiers.items() if isinstance(tiers, dict) else ():
        levels = ladder.get("levels") if isinstance(ladder, dict) else None
        rows = levels if isinstance(levels, list) else []
        found[str(name)] = tuple(str(row.get("id", "")) for row in rows if isinstance(row, dict))
    return found


def says_levels(tree: Tree) -> bool:
    """Whether anything in the document differs by level."""
    if isinstance(tree, dict):
        return WORD in tree or any(says_levels(value) for value in tree.values())
    return isinstance(tree, list) and any(says_levels(value) for value in tree)


def resolved(tree: Tree, levels: Collection[str], *, known: bool = True) -> Tree:
    """The document as it is for members on these levels, one of each ladder.

    A promotion without a value for them is None in its place, so that places stay what they are.
    Outside promotions a value that lacks is a mistake; there any other stands for it, as it does
    everywhere in a document whose levels are not known, so that the rest can be checked.
    """
    out: Mapping[str, Tree] = tree
    plain = {
        name: _resolved(value, levels, any_value=True)
        for name, value in out.items()
        if name != "promotions"
    }
    rows = out.get("promotions")
    if isinstance(rows, list):
        found = [_resolved(row, levels, any_value=not known) for row in rows]
        plain["promotions"] = [_or_none(row) for row in found]
    elif "promotions" in out:
        plain["promotions"] = rows
    return {name: plain[name] for name in out if not isinstance(plain[name], _Absent)}


def _or_none(tree: Tree) -> Tree:
    return None if isinstance(tree, _Absent) else tree


def _resolved(tree: Tree, levels: Collection[str], *, any_value: bool) -> Tree:
    if isinstance(tree, list):
        items = [_resolved(item, levels, any_value=any_value) for item in tree]
        return _ABSENT if any(isinstance(item, _Absent) for item in items) else items
    if not isinstance(tree, dict):
        return tree
    choice = tree.get(WORD)
    if len(tree) == 1 and isinstance(choice, dict):
        values = [choice[level] for level in levels if level in choice]
        return next(iter(values or (choice.values() if any_value else ())), _ABSENT)
    row = {name: _resolved(value, levels, any_value=any_value) for name, value in tree.items()}
    return _ABSENT if any(isinstance(value, _Absent) for value in row.values()) else row


def mistakes(document: Document, known: Collection[str] | None, *, is_new: bool) -> list[Found]:
    """Where `by_tier` names a level that no ladder has, or stands where nothing may be missing.

    Args:
        document: the programme.
        known: the levels of all ladders; None where they could not be read.
        is_new: whether it was never activated.  What was may say other words than numbers and
            dates by level.
    """
    found: list[Found] = []
    _walk(document.tree, (), known, document, found)
    if is_new:
        _unfit(document.tree, (), document, found)
    return found


def _same(path: Path) -> str:
    return f"`{path[-1]}` is the same on every level"


def _is_of_all(path: Path) -> bool:
    """Whether a word speaks of all members: who is in a segment, or control of a campaign."""
    return path[0] == "segments" or (path[0], path[-1]) == ("campaigns", "control")


def _unfit(tree: Tree, path: Path, document: Document, found: list[Found]) -> None:
    """Where `by_tier` stands for something else than a number or a date."""
    rows = enumerate(tree) if isinstance(tree, list) else ()
    for word, value in tree.items() if isinstance(tree, dict) else rows:
        _unfit(value, (*path, word), document, found)
        if word != WORD or not isinstance(value, dict):
            continue
        place = place_of(document, (*path, word))
        if path and (path[-1] in SAME or _is_of_all(path)):
            found.append((place, _same(path)))
        elif not all(isinstance(v, str) and _NUMBER_OR_DATE.fullmatch(v) for v in value.values()):
            found.append((place, NO_NUMBER))


def _walk(
    tree: Tree,
    path: Path,
    known: Collection[str] | None,
    document: Document,
    found: list[Found],
) -> None:
    if isinstance(tree, list):
        for at, item in enumerate(tree):
            _walk(item, (*path, at), known, document, found)
    if not isinstance(tree, dict):
        return
    choice = tree.get(WORD)
    if choice is not None:
        place = place_of(document, (*path, WORD))
        if len(tree) != 1 or not isinstance(choice, dict) or not choice:
            found.append((place, "`by_tier` stands alone, with a value for each level it is for"))
            return
        if path[:1] == ("tiers",) and path[-1] == "id":
            found.append((place, _same(path)))
        found += [
            (
                place_of(document, (*path, WORD, level)),
                f"no level `{level}` is defined{nearest(level, known)}",
            )
            for level in choice
            if known is not None and level not in known
        ]
        ladders = ladders_of(document.tree).values()
        whole = known is None or any(set(row) <= set(choice) for row in ladders if row)
        if path[:1] != ("promotions",) and not whole:
            found.append((place, "outside promotions `by_tier` needs a value for every level"))
    for name, value in tree.items():
        _walk(value, (*path, name), known, document, found)
