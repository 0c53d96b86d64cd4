"""All settings come through one place, which says whence each value is and all that is wrong."""

import json
import os
from pathlib import Path

import pytest

from infra import settings
from loyalty.app import call
from tests.loyalty.command import loyalty


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests."""
    for variable in list(os.environ):
        if variable.startswith("LOYALTY_"):
            monkeypatch.delenv(variable)


def test_every_problem_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to mend one setting to learn of the next."""
    monkeypatch.setenv("LOYALTY_PARTITIONS", "0")
    monkeypatch.setenv("LOYALTY_BATCH_EVENTS", "many")
    monkeypatch.setenv("LOYALTY_DATABASE_URL_FILE", "/does/not/exist")

    with pytest.raises(settings.SettingsInvalid) as caught:
        settings.load()

    named = {line.split(":")[0] for line in str(caught.value).splitlines()}
    assert named == {"LOYALTY_PARTITIONS", "LOYALTY_BATCH_EVENTS", "LOYALTY_DATABASE_URL_FILE"}


def test_a_secret_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container gives its secrets as files."""
    (tmp_path / "url").write_text("postgresql://chain\n")
    monkeypatch.setenv("LOYALTY_DATABASE_URL_FILE", str(tmp_path / "url"))

    assert settings.load().database_url.get_secret_value() == "postgresql://chain"
    assert settings.whence("database_url") == "LOYALTY_DATABASE_URL_FILE"


def test_a_value_and_a_file_for_it_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of the two holds must not be a guess."""
    monkeypatch.setenv("LOYALTY_GROUP", "a")
    monkeypatch.setenv("LOYALTY_GROUP_FILE", "/etc/hostname")

    with pytest.raises(settings.SettingsInvalid, match="set one of the two"):
        settings.load()


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that a makefile exports empty leaves the default."""
    monkeypatch.setenv("LOYALTY_COMPLETE_JOURNEY", "")

    assert settings.load().complete_journey is None
    assert settings.whence("complete_journey") == "default"


def test_the_settings_are_shown_with_their_source_and_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`loyalty settings` can be pasted into a ticket."""
    monkeypatch.setenv("LOYALTY_DATABASE_URL", "postgresql://owner:hunter2@db/loyalty")
    monkeypatch.setenv("LOYALTY_PARTITIONS", "8")

    assert call(["settings", "--csv"]) == 0

    printed = capsys.readouterr().out
    assert "hunter2" not in printed
    assert "\npartitions,8,LOYALTY_PARTITIONS," in printed
    assert "\nreplication,1,default," in printed


@pytest.mark.parametrize("mistyped", ["LOYALTY_PARTITION", "LOYALTY_PARTITIONS_"])
@pytest.mark.parametrize("command", ["settings", "topics"])
def test_a_mistyped_variable_is_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    command: str, mistyped: str,
) -> None:  # fmt: skip
    """A setting that nobody reads is worse than a wrong one: every command names it once."""
    monkeypatch.setenv("LOYALTY_HOME", str(tmp_path))
    monkeypatch.setenv(mistyped, "8")

    assert call([command]) == 0

    said = f"There is no such setting: {mistyped} (did you mean LOYALTY_PARTITIONS?)."
    assert capsys.readouterr().err.count(said) == 1


def test_all_that_are_no_settings_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as Kubernetes gives to what runs beside a service called loyalty; a file is known."""
    monkeypatch.setenv("LOYALTY_PORT_80_TCP", "tcp://10.0.0.7:80")
    monkeypatch.setenv("LOYALTY_METRIC_PORT", "9100")
    monkeypatch.setenv("LOYALTY_VOUCHER_KEY_FILE", "/dev/null")
    told: list[str] = []

    settings.load(told.append)

    nearest = "LOYALTY_METRIC_PORT (did you mean LOYALTY_METRICS_PORT?)"
    assert told == [f"There is no such setting: {nearest}, LOYALTY_PORT_80_TCP."]


def test_a_service_logs_them(tmp_path: Path) -> None:
    """Its standard error is lines for programs, so the warning is one of them."""
    ran = loyalty(tmp_path, "process", "--until-end", partition="8")

    warned = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [line["level"] for line in warned if "LOYALTY_PARTITION " in line.get("why", "")] == [
        "warning"
    ]


def test_wrong_settings_end_a_command_with_a_sentence_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong use is exit code 2, and no traceback."""
    monkeypatch.setenv("LOYALTY_PARTITIONS", "0")

    assert call(["settings"]) == 2

    assert "LOYALTY_PARTITIONS: " in capsys.readouterr().err
