"""What the next version of a programme may not change: what an id is, and the order of versions."""

from processors.core.document import Checked, as_mistakes
from processors.core.sections import Body
from processors.core.yaml_tree import Found, Mistake, Path, place_of, read_tree


def mistakes(
    old: Checked, new: Checked, text: str, file_name: str = "programme"
) -> tuple[Mistake, ...]:
    """Why a document cannot follow another one, by line.

    Args:
        old: what is in force.
        new: what is to follow it.
        text: the new one, as it was written.
        file_name: as the lines name it.
    """
    document = read_tree(text)
    found: list[Found] = []

    def say(path: Path, sentence: str) -> None:
        found.append((place_of(document, path), sentence))

    if new.version <= old.version and old.document_hash != new.document_hash:
        say(("version",), f"is not higher than version {old.version}, which is activated")
    before = {one.head.id: one.kind.name for one in old.promotions}
    for at, promotion in enumerate(new.promotions):
        was = before.get(promotion.head.id, promotion.kind.name)
        if was != promotion.kind.name:
            name = promotion.head.id
            say(("promotions", at, "kind"), _changed(name, was, promotion.kind.name))
    for path, was, now in _natures(old.body, new.body):
        say(path, _changed(str(path[1]), was, now))
    return as_mistakes(text, file_name, found)


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
