"""Groups of which one promotion acts on a sale, each with the order in which its members are asked.

What is `best` of multipliers is known with the sale, that of bonuses with the document.
"""

from collections.abc import Iterable, Mapping, Sequence

from processors.core.promotion import Promotion
from processors.core.rule import Rule
from processors.core.sections import Group


def one_factor(
    factors: Iterable[Iterable[int]], promotions: Sequence[Promotion], groups: Mapping[str, Group]
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Groups of which one factor acts: how it is chosen, and the places as in the document.

    `factors` are the places of those that change one base, for each base.  Those of a group that
    is `first` are in the order of their priority.
    """
    members: dict[str, list[int]] = {}
    for at in sorted({at for places in factors for at in places}):
        name = promotions[at].head.group
        if name is not None and groups[name].on == "sale":
            members.setdefault(name, []).append(at)
    found: list[tuple[str, tuple[int, ...]]] = []
    for name, places in members.items():
        combine = groups[name].combine
        if combine == "first":
            places.sort(key=lambda at: -promotions[at].head.priority)
        if combine in ("best", "first"):
            found.append((combine, tuple(places)))
    return tuple(found)


def one_bonus(
    rules: Iterable[Rule | None], groups: Mapping[str, Group]
) -> tuple[tuple[int, ...], ...]:
    """Groups of which one bonus of points acts: the places, the one of most points first.

    Those of a group that is `first` are in the order of their priority.  Bonuses belong to the sale
    and to no line, so they meet on it whatever the group is on.
    """
    members: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule is not None and rule.head.trigger == "sale" and rule.bonus_points():
            members.setdefault(rule.head.group or "", []).append(rule)
    found: list[tuple[int, ...]] = []
    for name, group in groups.items():
        met = members.get(name, [])
        if group.combine == "best":
            met.sort(key=lambda rule: -rule.bonus_points())
        else:
            met.sort(key=lambda rule: -rule.head.priority)
        if group.combine in ("best", "first") and len(met) > 1:
            found.append(tuple(rule.at for rule in met))
    return tuple(found)
