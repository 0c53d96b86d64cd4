"""Every worked number of the rules comes out as it is written, and so do those of the programmes.

The law: a rule is what its worked numbers say.  Each paragraph of the rules has a file of scenarios
here, and every scenario of every file is played on the real decisions.
"""

from pathlib import Path

import pytest

from loyalty.scenarios.running import run
from loyalty.scenarios.telling import failed, headline

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = sorted(HERE.glob("*.test.yaml")) + sorted((ROOT / "programmes").glob("*.test.yaml"))
PARAGRAPHS = (*range(1, 12), 13, 14, 17, 19, 22, 26)
"""Those whose numbers are about one account and its till at hand."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".test.yaml"))
def test_every_scenario_of_the_file_comes_out_as_written(file: Path) -> None:
    """What is told on failure is what `loyalty test` tells."""
    (report,) = run([file])
    assert not report.mistakes, report.mistakes
    assert report.tried, f"{file} holds no scenario"
    assert not report.failed, "\n".join((headline(report), *failed(report)))


@pytest.mark.parametrize("number", PARAGRAPHS)
def test_every_paragraph_has_a_file(number: int) -> None:
    """A paragraph whose file is gone would be held to nothing, and nobody would see it."""
    assert any(HERE.glob(f"s{number:02d}_*.test.yaml")), f"paragraph {number} has no scenarios"


def test_every_programme_here_is_played_by_a_scenario() -> None:
    """A programme that no scenario names proves nothing."""
    told = "".join(file.read_text("utf-8") for file in HERE.glob("*.test.yaml"))
    programmes = {file.name for file in HERE.glob("*.yaml") if ".test." not in file.name}
    assert {name for name in programmes if name not in told} == set()
