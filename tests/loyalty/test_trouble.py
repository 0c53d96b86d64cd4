"""Expected trouble is a sentence and an exit code, never a traceback."""

import os
import socket
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from infra.embedded_log import LOCK_NAME, EmbeddedPublisherLog, EmbeddedWorkerLog
from loyalty.app import call
from loyalty.inputs import day
from tests.loyalty.command import ROOT, arguments, environment, here, start


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and no setting of the machine that runs the tests."""
    for name in list(os.environ):
        if name.startswith("LOYALTY_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LOYALTY_HOME", str(tmp_path))
    return tmp_path


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_date_is_written_in_one_way() -> None:
    """Year, month, day."""
    assert day("2017-03-14") == date(2017, 3, 14)


def test_a_wrong_date_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """What is no date is said to be none, with an example of one."""
    assert call(["close-day", "14.3.2017"]) == 2

    assert "14.3.2017 is no date; write it as 2017-03-14" in capsys.readouterr().err


def test_a_missing_programme_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is wrong use."""
    assert call(["activate", "nowhere.yaml", "--from", "2017-03-14"]) == 2

    assert "nowhere.yaml cannot be read" in capsys.readouterr().err


def test_all_mistakes_of_a_programme_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with file, line and the nearest known word; nothing is published."""
    file = tmp_path / "spring.yaml"
    file.write_text("programme: spring\nversion: 1\nzne: UTC\npromotions:\n  - {id: a, kind: x}\n")

    assert call(["activate", str(file), "--from", "2017-03-14"]) == 2

    said = capsys.readouterr().err
    assert f"{file}:3: " in said
    assert "did you mean `zone`" in said
    assert f"{file}:5: " in said
    assert not list(tmp_path.glob("log*"))


def test_a_list_of_people_in_the_place_of_products_is_not_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its first line stands where columns are named, and is told by its place alone."""
    file = tmp_path / "list.csv"
    file.write_text("sku,Lovelace\nHopper,+442079460018\n")

    assert call(["publish", str(file), "--products", str(file)]) == 2

    said = capsys.readouterr().err
    assert f"{file}:1, column 2 is none of this file" in said
    assert "lovelace" not in said.lower()


def test_publishing_needs_to_know_what(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither or both of two ways is wrong use."""
    assert call(["publish"]) == 2
    assert call(["publish", "--simulate", "--journey", "somewhere"]) == 2

    assert capsys.readouterr().err.count("either --journey DIR or --simulate") == 2


def test_a_folder_without_the_year_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing is said by its name."""
    assert call(["publish", "--journey", str(tmp_path)]) == 2

    assert f"{tmp_path}: neither transactions.parquet" in capsys.readouterr().err


def test_a_broker_out_of_reach_is_said(tmp_path: Path) -> None:
    """No broker is exit code 3, and where to look, whoever needs it."""
    nowhere = f"127.0.0.1:{free_port()}"
    lines = (("process", "--until-end"), ("project", "--until-end"), ("topics",))
    # All at once, for each of them waits for a while.
    commands = [start(tmp_path, *words, bootstrap_servers=nowhere) for words in lines]

    for command in commands:
        _, said = command.communicate()
        assert command.returncode == 3, said
        assert "`loyalty settings` shows which log" in said
        assert "Traceback" not in said


def test_a_database_out_of_reach_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No Postgres is exit code 3."""
    monkeypatch.setenv(
        "LOYALTY_DATABASE_URL", f"postgresql://owner@127.0.0.1:{free_port()}/loyalty"
    )

    assert call(["sql", "select 1"]) == 3

    assert "Postgres does not let the analyst in" in capsys.readouterr().err


@pytest.mark.parametrize(
    "address",
    [
        "owner:pa55word@localhost/loyalty",
        "postgresql://owner:pa55word%@localhost/loyalty",
        "postgresql://owner:pa55word/@localhost/loyalty",
        "postgresql://owner:pa55word@localhost:pa55word/loyalty",
    ],
)
@pytest.mark.parametrize("words", [("sql", "select 1"), ("verify",), ("find", "Ada"), ("status",)])
def test_an_address_that_is_none_does_not_show_its_password(
    words: tuple[str, ...],
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Which setting it is is said, and how it is written, but not what it holds."""
    monkeypatch.setenv("LOYALTY_DATABASE_URL", address)
    monkeypatch.setenv("LOYALTY_IDENTIFIER_KEY", "a key of the tests")

    assert call(words) == 2

    said = capsys.readouterr()
    assert "LOYALTY_DATABASE_URL is no address of a Postgres" in said.err
    assert "pa55word" not in said.err + said.out


@pytest.mark.parametrize(
    "words",
    [("status",), ("process", "--until-end"), ("close-day", "2026-03-14"), ("find", "Ada")],
)
def test_a_home_that_cannot_be_one_is_said(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As where a disk may only be read, or a file has the folder's name."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("LOYALTY_HOME", str(tmp_path / "file" / "home"))

    assert call(words) in {2, 3}

    assert str(tmp_path / "file") in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("close-day", "9999-12-31"),
        ("close-day", "0001-01-01"),
        ("explain", "1", "--at", "1650-01-01"),
    ],
)
def test_a_date_of_no_shop_is_wrong_use(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """What no file may say, no command may."""
    assert call(words) == 2

    assert "lies outside 1900 to 2199" in capsys.readouterr().err


def test_a_day_that_has_not_begun_is_not_closed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped year would let all points end, and every sale until then be too old."""
    assert call(["close-day", "2199-03-14"]) == 2

    assert "2199-03-14 has begun nowhere yet" in capsys.readouterr().err
    assert not (home / "log.sqlite").exists()
    assert call(["close-day", datetime.now(UTC).date().isoformat()]) == 0


@pytest.mark.parametrize("verb", ["find", "explain"])
def test_nobody_is_no_question(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty word, as of a variable that is not set, would be in everybody's name."""
    assert call([verb, " "]) == 2

    assert capsys.readouterr().err.startswith("Say wh")


def test_before_the_first_projection_there_are_no_tables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who asks too early is told what to run."""
    assert call(["sql", "select 1"]) == 3

    assert "`loyalty project --until-end` makes them" in capsys.readouterr().err


def test_the_embedded_database_has_no_address_while_it_rests(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who asks for it is told how to keep it running."""
    assert call(["db", "url"]) == 3

    assert "`loyalty db url --wait`" in capsys.readouterr().err


def test_a_second_processor_on_the_embedded_log_names_the_first(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The embedded log has room for one."""
    first = EmbeddedWorkerLog(home, 4)
    try:
        assert call(["process", "--until-end"]) == 3
    finally:
        first.close()

    assert f"process {os.getpid()} works on the embedded log" in capsys.readouterr().err


def test_a_full_disk_puts_the_embedded_log_out_of_reach(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Already where who works on it is written down: it is no wrong use of the command."""
    home.mkdir(parents=True, exist_ok=True)
    (home / LOCK_NAME).symlink_to("/dev/full")

    assert call(["process", "--until-end"]) == 3

    assert "the embedded log failed" in capsys.readouterr().err


def test_a_taken_port_for_metrics_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service that cannot be watched does not start."""
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        monkeypatch.setenv("LOYALTY_METRICS_PORT", str(taken.getsockname()[1]))

        assert call(["process", "--until-end"]) == 2

    assert "cannot show metrics" in capsys.readouterr().err


def test_a_partition_that_stands_still_is_exit_code_four(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """More than a hundred messages in a row that are no events halt their partition."""
    log = EmbeddedPublisherLog(home, 4)
    for number in range(102):
        log.publish(1, b"", b"not an event %d" % number)
    log.close()

    assert call(["process", "--until-end"]) == 4

    said = capsys.readouterr().err
    assert "Partition 1 stands still, TOO_MANY_REFUSED" in said
    assert '"event": "halted"' in said


def test_a_word_of_another_encoding_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """As a terminal in Latin-1 sends a name with an umlaut."""
    assert call(["explain", "M\udcfcller"]) == 2

    assert "the terminal writes in another encoding" in capsys.readouterr().err


def test_a_full_disk_under_a_result_is_said(tmp_path: Path) -> None:
    """Half a result is none, and its exit code says so."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            arguments("settings", "--csv"),
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (ran.returncode, ran.stderr) == (
        2,
        "Not all could be written: No space left on device.\n",
    )


def test_an_unknown_command_is_wrong_use() -> None:
    """As every command line has it."""
    assert call(["frobnicate"]) == 2


def test_a_defect_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only trouble of the outside world is made into a sentence."""

    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("infra.settings.load", broken)

    with pytest.raises(ZeroDivisionError):
        call(["settings"])


def test_an_embedded_log_has_one_generation(tmp_path: Path) -> None:
    """Another one is refused before anything is claimed, and the first goes on as it was."""
    assert here(tmp_path, "process", "--until-end").returncode == 0

    for service in ("process", "run"):
        told = here(tmp_path, service, "--until-end", generation="two")
        assert told.returncode == 2
        assert "holds the generation live and no other" in told.stderr
        assert "LEDGER_LOST" not in told.stderr
    assert here(tmp_path, "process", "--until-end").returncode == 0
    other = here(tmp_path / "its own", "process", "--until-end", generation="two")
    assert other.returncode == 0
