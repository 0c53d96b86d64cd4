"""The README says what is there."""

import re
from pathlib import Path

from infra.settings import Settings
from loyalty.app import app
from loyalty.outcome import Code
from loyalty.verbs.report import about, known

README = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    """Nobody has to read the code to learn what can be set, and no row is left behind."""
    rows = dict(
        re.findall(r"^\| `(LOYALTY_\w+)` \|(?: `?([^`|]*?)`?)? \|", README, flags=re.MULTILINE)
    )
    fields = Settings.model_fields.items()
    plain = {
        f"LOYALTY_{name.upper()}": "" if field.get_default() is None else str(field.get_default())
        for name, field in fields
    }
    plain["LOYALTY_DATABASE_URL"] = ""

    assert rows == plain


def test_every_exit_code_is_in_the_readme() -> None:
    """Scripts branch on them."""
    told = {int(code) for code in re.findall(r"^\| (\d) \|", README, flags=re.MULTILINE)}

    assert told == set(Code)


def test_every_command_in_the_readme_exists() -> None:
    """What is shown can be typed."""
    shown = set(re.findall(r"(?:^|/)loyalty ([a-z-]+)", README, flags=re.MULTILINE))
    groups = {group.name for group in app.registered_groups}
    there = {command.name for command in app.registered_commands} | groups

    assert shown
    assert shown <= there


def test_every_report_says_what_it_answers() -> None:
    """The list of reports is made of their first lines."""
    assert {name: about(query) for name, query in known().items() if not about(query)} == {}
    assert all(query.startswith("-- ") for query in known().values())
