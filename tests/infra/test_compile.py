"""Compiled modules and their sources: the same results, and never the wrong one of the two."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.compile import PACKAGES, ROOT, SUFFIX, Twins, compile_hot, hot, remove, twins

SOURCE = "schemas/wire/source.py"
RUN = Path(__file__).parent / "one_run.py"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one hot module in it, not compiled."""
    (tmp_path / SOURCE).parent.mkdir(parents=True)
    (tmp_path / SOURCE).write_text('"""A module."""\n', "utf-8")
    return tmp_path


def test_the_hot_modules_are_there() -> None:
    """No pattern is left behind that names nothing, and no empty module is compiled."""
    found = {path.relative_to(ROOT).as_posix() for path in hot(ROOT)}

    assert SOURCE in found
    assert "schemas/wire/event/line.py" in found
    assert "schemas/wire/__init__.py" not in found


@pytest.mark.parametrize("path", hot(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_struct_is_defined_in_a_hot_module(path: Path) -> None:
    """A compiled class would silently lose the words of its definition, such as `array_like`."""
    classes = [
        one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.ClassDef)
    ]

    assert [
        one.name for one in classes if one.keywords or "Struct" in map(ast.unparse, one.bases)
    ] == []


def test_sources_alone_have_no_twins(root: Path) -> None:
    """Then the sources run as they are, and nothing can be stale."""
    assert twins(root) is Twins.ABSENT


def test_a_twin_of_unknown_origin_is_stale(root: Path) -> None:
    """What was compiled half, or by hand, is not trusted."""
    (root / SOURCE).with_suffix(SUFFIX).write_bytes(b"")

    assert twins(root) is Twins.STALE


def test_removing_leaves_the_sources(root: Path) -> None:
    """What is removed can be compiled again, so nothing is lost."""
    (root / SOURCE).with_suffix(SUFFIX).write_bytes(b"")

    remove(root)

    assert twins(root) is Twins.ABSENT
    assert (root / SOURCE).exists()


def test_without_a_compiler_the_sources_stay(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said in one sentence, is no failure, and no old twin runs in place of the source."""
    (root / SOURCE).with_suffix(SUFFIX).write_bytes(b"")
    monkeypatch.setenv("PATH", "")

    said = compile_hot(root)

    assert said.startswith("nothing is compiled, for there is no C compiler")
    assert twins(root) is Twins.ABSENT


def test_compiled_or_not_the_bytes_are_the_same(tmp_path: Path) -> None:
    """A few thousand events, read, decided and written, give the same events and ledger."""
    if twins(ROOT) is Twins.ABSENT:
        pytest.skip("nothing is compiled on this machine")
    ignored = shutil.ignore_patterns("__pycache__", f"*{SUFFIX}")
    for name in (*PACKAGES, "programmes"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)

    compiled, plain = one_run(ROOT), one_run(tmp_path)

    assert compiled[0].endswith(SUFFIX)
    assert plain[0] == str(tmp_path / SOURCE)
    assert compiled[1:] == plain[1:]


def one_run(root: Path) -> list[str]:
    """The file of a hot module that ran, and what came out."""
    command = [sys.executable, "-c", RUN.read_text("utf-8")]
    ran = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return ran.stdout.split()
