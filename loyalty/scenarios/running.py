"""Scenario files, one after the other: what passes, what fails, what cannot be read."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import perf_counter

from msgspec import Struct

from loyalty.scenarios.failing import Failure
from loyalty.scenarios.playing import play
from loyalty.scenarios.reading import FileWrong, Scenario, ScenarioFile, Text, read
from loyalty.scenarios.rules import Library
from loyalty.scenarios.sharing import Timed, play_all, shares_of
from loyalty.scenarios.world import Stage
from processors.core.document import ProgrammeInvalid


class Tried(Struct, frozen=True):
    """One scenario and how it went.

    Attributes:
        name: its sentence.
        failures: each with its line; none if it passed.
        seconds: how long it took.
    """

    name: str
    failures: tuple[tuple[int, Failure], ...]
    seconds: float


class Report(Struct, frozen=True):
    """One file.

    Attributes:
        file: as it was named.
        tried: its scenarios, in order; none if it cannot be read.
        mistakes: why it cannot be read; empty else.
    """

    file: Path
    tried: tuple[Tried, ...]
    mistakes: str = ""

    @property
    def failed(self) -> int:
        """How many scenarios fail."""
        return sum(bool(one.failures) for one in self.tried)


def run(files: Iterable[Path]) -> Iterator[Report]:
    """Play every scenario of every file; each programme is read once."""
    library = Library()
    for file in files:
        with _collector_at_rest():
            report = _report(file, library)
        yield report


def _report(file: Path, library: Library) -> Report:
    try:
        text = Text(file, file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        return Report(file, (), f"{file} cannot be read: {problem}")
    try:
        return Report(file, _tried(text, read(text), library))
    except (FileWrong, ProgrammeInvalid) as wrong:
        return Report(file, (), str(wrong))


def _tried(text: Text, scenarios: ScenarioFile, library: Library) -> tuple[Tried, ...]:
    @cache
    def stage(*, control: bool) -> Stage:
        file = scenarios.programme
        try:
            rules = library.rules(file, control=control)
        except (OSError, UnicodeDecodeError) as problem:
            raise text.wrong([(("programme",), f"{file} cannot be read: {problem}")]) from None
        return Stage(text.file.parent, rules, library, control, scenarios.defaults)

    def timed(scenario: Scenario) -> Timed:
        started = perf_counter()
        return Timed(play(stage(control=scenario.control), scenario), perf_counter() - started)

    results = play_all(scenarios.scenarios, timed, shares_of(len(scenarios.scenarios)))
    mistakes = [mistake for result in results for mistake in result.played.mistakes]
    if mistakes:
        raise text.wrong(mistakes)
    tried = []
    for scenario, result in zip(scenarios.scenarios, results, strict=True):
        failures = result.played.failures
        lines = text.lines([failure.path for failure in failures]) if failures else []
        placed = tuple(zip(lines, failures, strict=True))
        tried.append(Tried(scenario.name, placed, result.seconds))
    return tuple(tried)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A file is read and thrown away whole: looking for cycles in between only costs time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
