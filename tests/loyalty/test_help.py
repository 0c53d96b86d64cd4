"""`loyalty --help` explains it all: no command and no option is without a sentence."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from loyalty.app import app, call


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, groups opened.  Any: typer's own classes are private."""
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        yield from ((f"{name} {n}", c) for n, c in below.items()) if below else [(name, command)]


COMMANDS = list(commands())
WANTED = {
    "demo", "init", "enrol", "find", "label", "adjust", "forget", "card replace", "card block",
    "publish", "activate", "close-day", "process", "project", "segments", "run", "quote", "test",
    "status", "halts", "resume",
    "explain", "codes", "report", "sql", "verify", "topics", "schemas", "acls", "settings",
    "db url", "rules schema", "rules check", "rules terms", "rules compare", "rules stop",
    "programmes show",
}  # fmt: skip


def test_the_commands_are_these() -> None:
    """No command comes or goes unnoticed."""
    assert {name for name, _ in COMMANDS} == WANTED


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_command_says_what_it_does(name: str, command: Any) -> None:
    """The help of a command begins with a sentence."""
    first = (command.help or "").split("\n\n")[0]

    assert first.endswith("."), name


@pytest.mark.parametrize(
    ("name", "parameter"), [(name, p) for name, c in COMMANDS for p in c.params]
)
def test_an_option_says_what_it_does(name: str, parameter: Any) -> None:
    """Every argument and option has its own help."""
    assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize("name", sorted(WANTED))
def test_help_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` of a command ends well and shows how it is called."""
    code = call([*name.split(), "--help"])

    assert code == 0
    assert f"loyalty {name}" in capsys.readouterr().out


def test_the_first_page_names_every_command_and_the_exit_codes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who only knows the word `loyalty` finds everything else from there."""
    assert call(["--help"]) == 0

    page = capsys.readouterr().out
    assert [name for name in WANTED if name.split()[0] not in page] == []
    assert "Exit codes" in page
