"""Our packages have plain names, so it must be certain that they are ours."""

import shutil
import subprocess
import sys
import zipfile
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("producers", "processors", "projections", "schemas", "infra", "loyalty")
DATA = {
    "schemas": ("avro/*.avsc", "examples/**/*.avsc", "ids.lock.json"),
    "projections": ("sql/**/*.sql",),
    "loyalty": ("reports/*.sql",),
}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_claimed_by_this_distribution_alone(name: str) -> None:
    """No other installed distribution brings a package of the same name."""
    assert set(packages_distributions()[name]) == {"loyalty-ledger"}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_found_inside_the_repository(name: str) -> None:
    """Importing a package of ours reads this source tree."""
    assert Path(str(import_module(name).__file__)).is_relative_to(ROOT)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel, built from a copy so that nothing is left behind."""
    source = tmp_path_factory.mktemp("source")
    for name in PACKAGES:
        shutil.copytree(
            ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, source]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_every_module_and_data_file(wheel: set[str]) -> None:
    """What runs from the source tree runs from the wheel: no schema and no query is missing."""
    modules = {path for name in PACKAGES for path in (ROOT / name).rglob("*.py")}
    data = {
        path for name, globs in DATA.items() for glob in globs for path in (ROOT / name).glob(glob)
    }

    missing = {path.relative_to(ROOT).as_posix() for path in modules | data} - wheel

    assert missing == set()


def test_a_wheel_holds_no_tests(wheel: set[str]) -> None:
    """`tests` is a name that would eclipse the tests of others."""
    assert not [name for name in wheel if name.startswith("tests/")]
