"""All settings come through one place, which says whence each value is and all that is wrong."""

from pathlib import Path

import pytest

from infra import settings
from loyalty.app import call


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(f"LOYALTY_{name.upper()}", raising=False)
        monkeypatch.delenv(f"LOYALTY_{name.upper()}_FILE", raising=False)


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


def test_a_mistyped_variable_is_pointed_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A setting that nobody reads is worse than a wrong one."""
    monkeypatch.setenv("LOYALTY_PARTITION", "8")

    assert call(["settings"]) == 0

    assert "LOYALTY_PARTITION is set, but there is no such setting" in capsys.readouterr().err


def test_wrong_settings_end_a_command_with_a_sentence_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong use is exit code 2, and no traceback."""
    monkeypatch.setenv("LOYALTY_PARTITIONS", "0")

    assert call(["settings"]) == 2

    assert "LOYALTY_PARTITIONS: " in capsys.readouterr().err
