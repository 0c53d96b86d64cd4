"""The checked-in readers and writers are those of the schemas and types."""

from pathlib import Path

import pytest

from schemas.generate.__main__ import ROOT, write
from schemas.generate.modules import modules
from schemas.generate.shapes import Shapes

GENERATED = modules()


@pytest.mark.parametrize("path", sorted(GENERATED))
def test_a_generated_module_is_as_the_schemas_say(path: str) -> None:
    """`python -m schemas.generate` would change nothing."""
    assert (ROOT / path).read_text("utf-8") == GENERATED[path]


def test_nothing_else_lies_among_the_generated_modules() -> None:
    """A type that is gone leaves no module behind."""
    folders = {Path(path).parent for path in GENERATED}
    there = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).glob("*.py")
    }

    assert there == set(GENERATED)


def test_generating_writes_every_module_and_removes_others(tmp_path: Path) -> None:
    """Whatever was in the folders before, these modules are in them afterwards."""
    stray = tmp_path / "schemas/wire/event/gone.py"
    stray.parent.mkdir(parents=True)
    stray.write_text('"""Of a type that is gone."""\n', "utf-8")

    write(tmp_path)

    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.py")}
    assert there == set(GENERATED)


def test_what_nothing_is_generated_for_is_said() -> None:
    """A schema of a sort that was never needed is an error, not a module that reads it wrongly."""
    with pytest.raises(NotImplementedError, match="map"):
        Shapes()._resolved({"type": "map", "values": "int"}, "loyalty.event")
