"""What a programme does one after the other, for members on one level, as customers are told it.

An offer that is not for the level keeps its place among discounts and exchanges, so that the
members of all levels read one order.
"""

from collections import Counter
from collections.abc import Iterator

from processors.core.document import Checked, Variant
from processors.core.messages import in_language
from processors.core.promotion import Promotion, stages_of
from processors.words.cutting import Cut
from processors.words.stages import Exchange, Stage


def groups(checked: Checked, variant: Variant) -> dict[str, list[str]]:
    """The groups in which something combines: the highest priority first, then as they stand."""
    members = Counter(one.head.group for one in checked.promotions)
    heads = [one.head for one in variant.promotions if one is not None]
    turns: dict[str, list[str]] = {}
    for head in sorted(heads, key=lambda one: -one.priority):
        if head.group is not None and members[head.group] > 1:
            turns.setdefault(head.group, []).append(head.id)
    return turns


def discounts(checked: Checked, variant: Variant, lang: str) -> list[str]:
    """What takes money off: groups, then offers that are in none."""
    combining = groups(checked, variant)
    grouped: list[str] = []
    alone: list[str] = []
    rows = sorted(_stages(checked, variant), key=lambda row: -row[0].head.priority)
    for one, stages in rows:
        group = one.head.group
        if any(isinstance(stage, Cut) for stage in stages):
            row = alone if group is None else grouped
            row.append(group if group is not None and group in combining else _name(one, lang))
    return [*dict.fromkeys(grouped), *alone]


def exchanges(checked: Checked, variant: Variant, lang: str) -> dict[str, list[str]]:
    """Wallet → the offers that its points are exchanged by."""
    found: dict[str, list[str]] = {}
    for one, stages in _stages(checked, variant):
        for stage in stages:
            if isinstance(stage, Exchange):
                found.setdefault(stage.wallet, []).append(_name(one, lang))
    return found


def _stages(checked: Checked, variant: Variant) -> Iterator[tuple[Promotion, tuple[Stage, ...]]]:
    for one, other in zip(variant.promotions, checked.promotions, strict=True):
        promotion = one or other
        yield promotion, stages_of(promotion, variant.body.currency)


def _name(promotion: Promotion, lang: str) -> str:
    return in_language(promotion.head.title, lang) or promotion.head.id
