"""Clubs joined by label: what gives points of their wallets is for those who are in them."""

from collections.abc import Iterable

from processors.core.sections import Body
from processors.words.give import Given
from processors.words.stages import Base, Bonus, Exchange, Factor, Stage, Streak
from processors.words.who import Who


def of_clubs(body: Body, wallets: set[str]) -> list[Who]:
    """Who may get points of these wallets, as far as they belong to such clubs."""
    return [
        Who(labels=(name,))
        for name, club in body.clubs.items()
        if club.joining == "by_label" and wallets & set(club.wallets)
    ]


def earned_into(stages: Iterable[Stage]) -> set[str]:
    """The wallets that a promotion gives points of."""
    wallets: set[str] = set()
    for stage in stages:
        match stage:
            case Base() | Factor():
                wallets.add(stage.wallet)
            case Bonus() | Streak() | Exchange():
                wallets |= given_into(stage.gives)
    return wallets


def given_into(gives: Iterable[Given]) -> set[str]:
    """The wallets of which points are among things given."""
    return {thing.name for thing in gives if thing.kind == "points"}
