"""The command as people run it: a process of its own, in a home of its own."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from loyalty.app import call

ROOT = Path(__file__).parent.parent.parent


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a command: this one, without any setting but those given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOYALTY_")}
    given = {f"LOYALTY_{name.upper()}": value for name, value in settings.items()}
    return {**clean, "LOYALTY_HOME": str(home), **given}


def arguments(*words: str) -> list[str]:
    """The command line of `loyalty <words>`."""
    return [sys.executable, "-m", "loyalty", *words]


def loyalty(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `loyalty <words>` to its end."""
    return subprocess.run(
        arguments(*words),
        cwd=ROOT,
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        check=False,
    )


def here(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same in this process: quicker, for commands that start none of their own."""
    printed, said = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment(home, **settings), clear=True),
        redirect_stdout(printed),
        redirect_stderr(said),
    ):
        code = call(words)
    return subprocess.CompletedProcess(words, code, printed.getvalue(), said.getvalue())


def start(home: Path, *words: str, **settings: str) -> subprocess.Popen[str]:
    """Start `loyalty <words>`; the caller ends it."""
    return subprocess.Popen(
        arguments(*words),
        cwd=ROOT,
        env=environment(home, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
