"""Every promotion kind keeps the same laws; a new one is a file, and is found by its name."""

import re
from pathlib import Path

import pytest

import processors.rules
from processors.core.kinds import Kind, kinds
from processors.words.stages import Stage

every_kind = pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)


def test_every_file_is_a_kind() -> None:
    """The kinds are the modules of the folder: a new one is a file, and nothing else."""
    files = {path.stem for path in Path(processors.rules.__path__[0]).glob("[a-z]*.py")}

    assert set(kinds()) == files


@every_kind
def test_a_kind_explains_itself_with_a_worked_number(kind: Kind) -> None:
    """The docstring says what it is for, and works a number through."""
    worked = re.search(r"Worked number: .*\d", kind.about, re.DOTALL)

    assert worked is not None


@every_kind
def test_words_build_stages_of_integers(kind: Kind) -> None:
    """The same words give the same stages, and a stage counts in integers only."""
    words = kind.parameters.model_validate(kind.example)
    stages = kind.build(words, 2)

    assert stages
    for stage in stages:
        assert isinstance(stage, Stage)
        numbers = [
            getattr(stage, name)
            for name in ("numerator", "denominator", "take")
            if hasattr(stage, name)
        ]
        assert all(type(number) is int for number in numbers)


@every_kind
def test_an_unknown_word_is_refused(kind: Kind) -> None:
    """A misspelt parameter never passes unseen."""
    with pytest.raises(ValueError, match="speling"):
        kind.parameters.model_validate({**kind.example, "speling": "1"})
