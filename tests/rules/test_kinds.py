"""Every promotion kind keeps the same laws; a new one is a file, and is found by its name."""

from collections.abc import Callable
from pathlib import Path

import pytest

import processors.rules
from loyalty.rulebook.json_schema import programme_schema
from loyalty.rulebook.kinds_told import told
from processors.core.document import ProgrammeInvalid, check
from processors.core.kinds import Kind, kinds
from processors.words.stages import Stage
from tests.core.scene import PLAIN
from tests.rules.laws import LAWS, basket, granted, outcome
from tests.rules.planted import planted_kind

every_kind = pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)


def test_every_file_is_a_kind() -> None:
    """The kinds are the modules of the folder: a new one is a file, and nothing else."""
    files = {path.stem for path in Path(processors.rules.__path__[0]).glob("[a-z]*.py")}

    assert set(kinds()) == files


@every_kind
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_kind_keeps_the_law(kind: Kind, law: Callable[[Kind], None]) -> None:
    """The laws stand in `tests/rules/laws.py`, each with its sentence."""
    law(kind)


@every_kind
def test_words_build_stages(kind: Kind) -> None:
    """The example of a kind is one that a programme can say, and it does something."""
    stages = kind.build(kind.parameters.model_validate(kind.example), 2)

    assert stages
    assert all(isinstance(stage, Stage) for stage in stages)


def test_a_planted_kind_is_seen_everywhere_without_another_edit(tmp_path: Path) -> None:
    """One file: it is listed, completed by editors, checked, decided by, and keeps the laws."""
    with planted_kind(tmp_path) as name:
        kind = kinds()[name]
        text = PLAIN + f"  - {{id: moon, kind: {name}, multiply: {{points: 2}}}}\n"
        misspelt = text.replace("multiply", "multiplay")
        listed = list(told())
        schema = programme_schema()

        assert name in listed
        assert schema["definitions"][name]["properties"]["kind"]["const"] == name
        assert check(text).promotions[1].kind.name == name
        with pytest.raises(ProgrammeInvalid, match="did you mean `multiply`"):
            check(misspelt)
        for law in LAWS:
            law(kind)
        assert granted(outcome(kind, basket(kind)))["example", "points"] > 0

    assert name not in kinds()
    with pytest.raises(ProgrammeInvalid, match=f"there is no kind `{name}`"):
        check(text)
