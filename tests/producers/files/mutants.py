"""Documents with something wrong in them: what publishing makes of each is one kind of outcome."""

from collections.abc import Callable
from pathlib import Path

from producers.files.source import FileUnusable
from tests.producers.files.reading import Outcome
from tests.producers.files.test_tables import mutants

Bring = Callable[[bytes], Outcome]


def survive(content: bytes, bring: Bring, count: int, seed: int) -> int:
    """How many of the mutants lost something; each is read to an end, without a traceback."""
    lossy = 0
    for mutant in mutants(content, count, seed):
        try:
            outcome = bring(mutant)
        except FileUnusable:
            lossy += 1
            continue
        for bad in outcome.bad:
            sentence = bad.sentence("mutant")
            assert sentence.isprintable()
            assert len(sentence) < 200
            assert bad.raws
        assert all(event.header.event_id for event in outcome.events)
        lossy += bool(outcome.bad)
    return lossy


def written(path: Path, head: bytes, part: Callable[[int], bytes], count: int, foot: bytes) -> Path:
    """A large document, written piece by piece."""
    with path.open("wb") as file:
        file.write(head)
        for number in range(count):
            file.write(part(number))
        file.write(foot)
    return path
