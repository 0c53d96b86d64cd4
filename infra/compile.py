"""The modules that every sale goes through, compiled to machine code where a C compiler is at hand.

`python -m infra.compile` puts a compiled twin beside each of them, which Python prefers to the
source.  Twin and source do the same; without twins everything runs, only slower.  `--remove`
removes the twins, so that a source can be changed and tried without compiling.
"""

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("producers", "processors", "projections", "schemas", "infra", "loyalty")
HOT = (
    "schemas/varint.py",
    "schemas/chain.py",
    "schemas/buckets.py",
    "schemas/codec.py",
    "schemas/events.py",
    "schemas/ledger.py",
    "schemas/records.py",
    "schemas/verdicts.py",
    "schemas/wire/source.py",
    "schemas/wire/sink.py",
    "schemas/wire/event/*.py",
    "schemas/wire/effect/*.py",
    "schemas/wire/ledger/*.py",
    "producers/files/drafting.py",
    "producers/files/receipts.py",
    "producers/files/shapes.py",
    "producers/files/tabular.py",
    "producers/files/totals.py",
    "producers/files/values.py",
    "processors/words/allocation.py",
    "processors/words/calendar.py",
    "processors/words/caps.py",
    "processors/words/floor.py",
    "processors/words/occasion.py",
    "processors/words/person.py",
    "processors/words/stages.py",
    "processors/core/account.py",
    "processors/core/activation.py",
    "processors/core/articles.py",
    "processors/core/basket.py",
    "processors/core/calendar_index.py",
    "processors/core/capping.py",
    "processors/core/celebrating.py",
    "processors/core/climbing.py",
    "processors/core/close_day.py",
    "processors/core/correction.py",
    "processors/core/decide.py",
    "processors/core/draft.py",
    "processors/core/earning.py",
    "processors/core/evolve.py",
    "processors/core/exchange.py",
    "processors/core/giving.py",
    "processors/core/holding.py",
    "processors/core/judging.py",
    "processors/core/ladder.py",
    "processors/core/left.py",
    "processors/core/linear.py",
    "processors/core/lot.py",
    "processors/core/lots.py",
    "processors/core/marking.py",
    "processors/core/membership.py",
    "processors/core/merging.py",
    "processors/core/message.py",
    "processors/core/original.py",
    "processors/core/overlay.py",
    "processors/core/packing.py",
    "processors/core/partition.py",
    "processors/core/payment.py",
    "processors/core/programme.py",
    "processors/core/quoted.py",
    "processors/core/receipt_book.py",
    "processors/core/remembering.py",
    "processors/core/rejudging.py",
    "processors/core/restoring.py",
    "processors/core/returning.py",
    "processors/core/reversing.py",
    "processors/core/rule.py",
    "processors/core/selling.py",
    "processors/core/streaking.py",
    "processors/core/terms.py",
    "processors/core/undoing.py",
    "processors/core/voucher.py",
    "processors/core/vouching.py",
    "processors/stream/input.py",
    "processors/stream/tally.py",
    "processors/stream/tip.py",
    "processors/stream/writing.py",
    "projections/fold.py",
    "projections/reading.py",
    "projections/tables/balances.py",
    "projections/tables/members.py",
    "projections/tables/open_points.py",
    "projections/tables/place.py",
    "projections/tables/points_daily.py",
    "projections/tables/points_entries.py",
    "projections/tables/redemption_cohorts.py",
    "projections/tables/sales.py",
    "projections/tables/sales_daily.py",
)
"""The modules that are compiled, together, so that they call each other directly.

No `msgspec.Struct` may be defined in them: a compiled class loses the words of its definition.
"""
LIBRARY = "schemas.hot"
"""The library that all twins lie in; each twin itself is only a door to it.

It lies inside a package, to be found from every folder.  What a compiled module says of itself
as `__file__` is therefore wrong, and nothing asks for it.
"""
SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))


class Twins(StrEnum):
    """What there is beside the sources."""

    ABSENT = "absent"
    CURRENT = "current"
    STALE = "stale"


def hot(root: Path) -> list[Path]:
    """The sources to compile, in order; empty modules are not worth it."""
    found = {path for pattern in HOT for path in root.glob(pattern)}
    return sorted(path for path in found if path.stat().st_size)


def twins(root: Path) -> Twins:
    """Whether there are compiled twins, and whether they are those of the sources."""
    if not any(_compiled(root)):
        return Twins.ABSENT
    stamp = _stamp(root)
    if stamp.exists() and stamp.read_text("utf-8") == _digest(root):
        return Twins.CURRENT
    return Twins.STALE


def remove(root: Path) -> None:
    """Remove every compiled twin: the sources are what runs."""
    for path in _compiled(root):
        path.unlink()
    _stamp(root).unlink(missing_ok=True)


def compile_hot(root: Path) -> str:
    """Compile what is hot, if it can be done and is not done yet.

    Returns:
        What was done, or why not, in one sentence.
    """
    if twins(root) is Twins.CURRENT:
        return "the compiled modules are those of the sources"
    remove(root)
    missing = _missing()
    if missing is not None:
        return f"nothing is compiled, for {missing}; the same sources run as they are, slower"
    digest, sources = _digest(root), hot(root)
    _build(root, [path.relative_to(root).as_posix() for path in sources])
    _stamp(root).write_text(digest, "utf-8")
    return f"{len(sources)} modules are compiled"


def _missing() -> str | None:
    """What compiling needs and this machine lacks."""
    compiler = str(sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"there is no C compiler `{compiler}`"
    if not (Path(sysconfig.get_path("include")) / "Python.h").exists():
        return "the headers of Python are not installed"
    if find_spec("mypyc") is None or find_spec("setuptools") is None:
        return "mypy and setuptools are not installed"
    return None


def _build(root: Path, sources: list[str]) -> None:
    """Translate the sources to C and compile them in place."""
    # Both are tools of who builds; who only runs has neither.
    from mypyc.build import mypycify  # noqa: PLC0415
    from setuptools import Distribution  # noqa: PLC0415

    os.chdir(root)
    extensions = mypycify(
        ["--follow-imports=silent", *sources],
        # The third level makes more code than the caches like, and takes nearly twice as long.
        opt_level="2",
        debug_level="0",
        group_name=LIBRARY,
        target_dir="build/hot",
    )
    build = Distribution({"name": "hot", "ext_modules": extensions}).get_command_obj("build_ext")
    build.inplace = True
    # Objects of an earlier run may be of another Python or of other options.
    build.force = True
    build.build_temp = "build/hot"
    build.ensure_finalized()
    build.run()


def _compiled(root: Path) -> Iterator[Path]:
    """Every compiled module of ours for this Python."""
    for package in PACKAGES:
        yield from (root / package).rglob(f"*{SUFFIX}")


def _digest(root: Path) -> str:
    """A hash of all that the twins are made from."""
    whole = sha256(SUFFIX.encode())
    for path in hot(root):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def _stamp(root: Path) -> Path:
    """Where the hash of the compiled sources is kept."""
    return root / "schemas" / f"hot{SUFFIX}.sha256"


if __name__ == "__main__":
    if sys.argv[1:] == ["--remove"]:
        remove(ROOT)
    else:
        print(compile_hot(ROOT))  # noqa: T201
