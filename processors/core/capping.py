"""Limits: what is left of what a promotion desires, who cut it, and what that uses up.

Caps cut one after the other: those of the promotion, the sale before the day before longer periods,
then those of the wallet, over all promotions together: first of what is counted on lines, then of
what is given whole (`giving.hand_out`).
"""

from collections.abc import Iterable, Sequence
from typing import Final, final

from mypy_extensions import mypyc_attr

from processors.core.draft import Draft
from processors.core.evolve import counted
from processors.words.caps import Cap, period_of
from schemas import ledger


@mypyc_attr(acyclic=True)
@final
class Allowed:
    """What is left, the limits that cut, and how many articles it is for."""

    __slots__ = ("items", "points", "trail")

    def __init__(self, points: int, trail: tuple[ledger.Cap, ...], items: int) -> None:
        self.points: Final = points
        self.trail: Final = trail
        self.items: Final = items


def allowed(
    draft: Draft, counter: str, caps: Sequence[Cap], points: int, items: int = 0, before: int = 0
) -> Allowed:
    """What caps leave of so many points on so many articles.

    `before` are points that the same act gave in other wallets.
    """
    given = [before if cap.measure == "units" else 0 for cap in caps]
    rows = zip(caps, given, strict=True)
    left = [max(cap.most - used(draft, counter, cap) - more, 0) for cap, more in rows]
    return within(caps, left, points, items)


def within(caps: Sequence[Cap], left: Sequence[int], points: int, items: int = 0) -> Allowed:
    """What caps, of which so much is left, leave of so many points on so many articles."""
    trail: list[ledger.Cap] = []
    for cap, rest in zip(caps, left, strict=True):
        before = points
        match cap.measure:
            case "times":
                points = points if rest else 0
            case "units":
                points = min(points, rest) if points <= rest or not cap.reject else 0
            case "items" if items > rest:
                points = 0 if cap.reject or not items else points * rest // items
                items = min(items, rest)
        if points < before:
            trail.append(ledger.Cap(cap.name, points - before))
    return Allowed(points, tuple(trail), items)


def of_wallet(name: str) -> str:
    """The counter of a wallet's own limits."""
    return f"{name}#wallet"


def of_perk(name: str) -> str:
    """The counter of a perk's own limits, whatever gives it."""
    return f"{name}#perk"


def wallet_cap(name: str, cap: ledger.Cap, points: int) -> ledger.Cap:
    """What a limit of a wallet cut off one promotion, told beside the promotion's own limits."""
    return ledger.Cap(f"{name}/{cap.limit}", points)


def may_act(draft: Draft, counter: str, caps: Iterable[Cap]) -> bool:
    """Whether every cap leaves anything at all."""
    return all(used(draft, counter, cap) < cap.most for cap in caps)


def has_room(draft: Draft, counter: str, caps: Iterable[Cap], *, points: int, times: int) -> bool:
    """Whether every cap leaves room for all of it, since nothing less can be given."""
    wanted = {"times": times, "units": points, "items": 0}
    return all(used(draft, counter, cap) + wanted[cap.measure] <= cap.most for cap in caps)


def used(draft: Draft, counter: str, cap: Cap) -> int:
    """How much of a cap is used in the period of the draft's day."""
    if cap.every == "sale":
        return 0
    period, _ = period_of(draft.business_date, cap.every)
    return counted(draft.account, f"{counter}#{cap.name}", period)


def use(
    draft: Draft,
    counter: str,
    caps: Iterable[Cap],
    *,
    points: int,
    items: int = 0,
    times: int = 1,
    on: int | None = None,
) -> None:
    """Note what was used of every cap that counts beyond one sale, on the draft's day if not said.

    What is below 0 is free again.
    """
    for cap in caps:
        by = {"times": times, "units": points, "items": items}[cap.measure]
        if cap.every != "sale" and by:
            count(draft, f"{counter}#{cap.name}", cap.every, by, on)


def count(draft: Draft, counter: str, every: str, by: int, on: int | None = None) -> None:
    """Move a counter in the period of a day, the draft's if not said."""
    period, last_day = period_of(draft.business_date if on is None else on, every)
    draft.add(ledger.Counted(counter, period, by, last_day))
