"""What the next version of a programme may not change: what an id is, and the order of versions."""

from collections.abc import Iterable

from processors.core.document import Checked, as_mistakes
from processors.core.sections import Body
from processors.core.yaml_tree import Found, Mistake, Path, place_of, read_tree


def mistakes(
    old: Checked,
    new: Checked,
    text: str,
    file_name: str = "programme",
    earlier: Iterable[Checked] = (),
) -> tuple[Mistake, ...]:
    """Why a document cannot follow another one, by line.

    Args:
        old: what is in force.
        earlier: what was activated before it.
        new: what is to follow it.
        text: the new one, as it was written.
        file_name: as the lines name it.
    """
    said = changes((*earlier, old), new)
    if new.version <= old.version and old.document_hash != new.document_hash:
        sentence = f"is not higher than version {old.version}, which is activated"
        said.append((("version",), sentence))
    return at_lines(said, text, file_name)


def at_lines(
    said: Iterable[tuple[Path, str]], text: str, file_name: str = "programme"
) -> tuple[Mistake, ...]:
    """Sentences about places of a document, by line."""
    document = read_tree(text)
    found: list[Found] = [(place_of(document, path), sentence) for path, sentence in said]
    return as_mistakes(text, file_name, found)


def changes(activated: Iterable[Checked], new: Checked) -> list[tuple[Path, str]]:
    """What an id is in a document and was not in one that was activated, for which it is refused.

    Records know promotions, vouchers and ladders by their ids alone.
    """
    found: list[tuple[Path, str]] = []
    for old in activated:
        before = {one.head.id: one.kind.name for one in old.promotions}
        for at, promotion in enumerate(new.promotions):
            name, now = promotion.head.id, promotion.kind.name
            was = before.get(name, now)
            if was != now:
                found.append((("promotions", at, "kind"), _changed(name, was, now)))
        for path, was, now in _natures(old.body, new.body):
            found.append((path, _changed(str(path[1]), was, now)))
    return found


def _changed(name: str, was: str, now: str) -> str:
    return f"`{name}` was {was} and cannot become {now}: give it another id"


def _natures(old: Body, new: Body) -> list[tuple[Path, str, str]]:
    """What vouchers take off and ladders measure, where it is no longer what it was."""
    found: list[tuple[Path, str, str]] = []
    for name, voucher in new.vouchers.items():
        if name in old.vouchers:
            was, now = (
                "an amount" if one.off.amount is not None else "a share"
                for one in (old.vouchers[name], voucher)
            )
            found.append((("vouchers", name, "off"), was, now))
    for name, ladder in new.tiers.items():
        if name in old.tiers:
            found.append((("tiers", name, "measure"), old.tiers[name].measure, ladder.measure))
    return [(path, was, now) for path, was, now in found if was != now]
