"""A scenario played on a partition of its own, and what of it was not as expected."""

import datetime as dt

from msgspec import Struct

from loyalty.scenarios import receipts
from loyalty.scenarios.checking import failures
from loyalty.scenarios.converting import Found, Wrong
from loyalty.scenarios.failing import Failure
from loyalty.scenarios.making import EVENTS
from loyalty.scenarios.reading import CHECK, CLOSE_DAY, QUOTE, SAME_AS, Scenario, Step
from loyalty.scenarios.world import Happened, Quoted, Stage, World
from processors.core.messages import LANGUAGE
from processors.core.quote import quote
from producers.files.values import YEARS
from producers.pos import day_number


class Played(Struct, frozen=True):
    """What came of a scenario.

    Attributes:
        failures: what differs from what is expected, in the order of the file.
        mistakes: what cannot be meant as it stands; then the rest was not played.
    """

    failures: tuple[Failure, ...]
    mistakes: Found


def play(stage: Stage, scenario: Scenario) -> Played:
    """Play the events in order and look where the scenario asks to."""
    mistakes: Found = [
        (step.path, f"{date} lies outside {YEARS[0]} to {YEARS[-1]}")
        for step in scenario.steps
        for date in _dates(step)
        if date.year not in YEARS
    ]
    if mistakes:
        return Played((), mistakes)
    world = World(stage, _begins(scenario))
    failed: list[Failure] = []
    for step in scenario.steps:
        try:
            if step.word == CHECK:
                failed += failures(world, step.words)
            else:
                _take(world, step)
        except Wrong as problem:
            mistakes.append((step.path, str(problem)))
            return Played(tuple(failed), mistakes)
    for expected in scenario.expect:
        try:
            failed += failures(world, expected)
        except Wrong as problem:
            mistakes.append((expected.path, str(problem)))
    return Played(tuple(failed), mistakes)


def _take(world: World, step: Step) -> None:
    """One thing happens."""
    where, said = step.where, step.words
    if step.word == CLOSE_DAY:
        world.close_through(day_number(said.day))
    elif step.word == QUOTE:
        basket = receipts.basket(world, where, said)
        answer = quote(world.overlay, basket, said.language or LANGUAGE)
        world.note(Quoted(basket, answer), where.id)
    elif step.word == SAME_AS:
        before = world.last(said.event)
        if not isinstance(before, Happened):
            raise world.unheard("event", said.event)
        world.happen(before.event, where.id or said.event)
    else:
        world.happen(EVENTS[step.word].make(world, where, said), where.id)


def _begins(scenario: Scenario) -> int:
    """The first business date that the scenario speaks of: its programme is in force by then."""
    happens = [step for step in scenario.steps if step.word != CLOSE_DAY]
    dates = [date for step in happens for date in _dates(step)]
    if not dates:
        dates = [step.words.day for step in scenario.steps if step.word == CLOSE_DAY]
    return day_number(min(dates, default=dt.date(1970, 1, 1)))


def _dates(step: Step) -> list[dt.date]:
    """The dates on which a step happens, as far as it says them."""
    said = [None if step.where.at is None else step.where.at.date(), step.where.business_date]
    said += [step.words.day] if step.word == CLOSE_DAY else []
    return [date for date in said if date is not None]
