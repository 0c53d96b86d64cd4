"""`loyalty rules` and `loyalty programmes`, as those who write a programme use them."""

import csv
import json
import subprocess
import time
from pathlib import Path

import pytest

from infra.embedded_log import EmbeddedLedgerLog, EmbeddedPublisherLog
from loyalty.amounts import moment
from loyalty.reading import read_entries
from processors.core.document import check
from producers.pos import Moment
from producers.programmes import stop as stop_of
from producers.publish import publish
from schemas import events
from schemas.codec import encode_event
from tests.core.scene import PLAIN, Scene, day, line
from tests.core.test_mistakes import WHOLE
from tests.loyalty.command import here

BASE_TWICE = PLAIN.replace("version: 1", "version: 2").replace("per: 1.00", "per: 0.50")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A programme without mistakes."""
    return written(tmp_path / "plain.yaml", PLAIN)


def written(path: Path, text: str) -> Path:
    """The path of a file with this text."""
    path.write_text(text, "utf-8")
    return path


def loyalty(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A command on one partition in a home of its own."""
    return here(home / "home", *(str(word) for word in words), partitions="1")


def test_every_kind_is_listed_with_its_parameters(tmp_path: Path) -> None:
    """Name, purpose, worked number, each parameter with its type and sentence, an example."""
    told = loyalty(tmp_path, "rules").stdout

    assert "per_amount\n  Points for money" in told
    assert "per               a number above 0, if wanted" in told
    assert "For example: {kind: per_amount, give: {points: 1}, per: 1.00}" in told


def test_a_right_programme_ends_well(tmp_path: Path, file: Path) -> None:
    """Exit code 0."""
    assert loyalty(tmp_path, "rules", "check", file).returncode == 0


def test_mistakes_are_printed_as_an_editor_jumps_to_them(tmp_path: Path) -> None:
    """File and line, the line, a caret; exit code 1."""
    wrong = written(tmp_path / "wrong.yaml", PLAIN.replace("per: 1.00", "par: 1.00"))

    told = loyalty(tmp_path, "rules", "check", wrong)

    assert told.returncode == 1
    assert f"{wrong}:13: there is no word `par` here; did you mean `per`?" in told.stdout
    assert told.stdout.splitlines()[2].strip() == "^"


def test_a_file_that_cannot_be_read_is_wrong_use(tmp_path: Path) -> None:
    """Exit code 2, and no traceback."""
    told = loyalty(tmp_path, "rules", "check", tmp_path / "nowhere.yaml")

    assert (told.returncode, told.stdout) == (2, "")


def test_a_warning_fails_only_when_strict(tmp_path: Path) -> None:
    """What may be said but is hardly meant."""
    text = WHOLE.replace("costs: {points: 500}", "costs: {points: 800}")
    dear = written(tmp_path / "dear.yaml", text)

    told = loyalty(tmp_path, "rules", "check", dear)
    strict = loyalty(tmp_path, "rules", "check", dear, "--strict")

    assert (told.returncode, strict.returncode) == (0, 1)
    assert "Warning: " in told.stdout
    assert "800 points become 5.00, but are worth 8.00 by their `value`" in told.stdout


def test_a_zone_of_nowhere_is_a_mistake(tmp_path: Path) -> None:
    """The time zones are those of the tz database; activation refuses it too."""
    wrong = written(tmp_path / "zone.yaml", PLAIN.replace("Europe/Paris", "Europe/Pariss"))

    assert "did you mean `Europe/Paris`?" in loyalty(tmp_path, "rules", "check", wrong).stdout
    assert loyalty(tmp_path, "activate", wrong, "--from", "2026-01-01").returncode == 2


def test_a_campaign_of_nowhere_is_refused_by_whoever_takes_a_programme(tmp_path: Path) -> None:
    """With its zone, at once; 1 is what a check finds, and 2 a file that cannot be used."""
    text = PLAIN.replace("Europe/Paris", "Europe/Pariss").replace("base,", "base, campaign: c,")
    wrong = written(tmp_path / "wrong.yaml", text)
    at = "2026-01-14T09:00:00"
    asked = f"programme: wrong.yaml\nat: {at}\nstore: S\nlines: [{{sku: A, gross: 1.00}}]\n"
    basket = written(tmp_path / "basket.yaml", asked)
    nothing = "{member: A, points: {available: 0}}"
    closed = f"{{name: a, events: [close_day: 2026-03-15], expect: [{nothing}]}}"
    played = f"programme: wrong.yaml\nscenarios: [{closed}]\n"
    scenario = written(tmp_path / "wrong.test.yaml", played)

    for code, words in (
        (1, ("rules", "check", wrong)),
        (2, ("activate", wrong, "--from", "2026-01-01")),
        (2, ("quote", basket)),
        (2, ("test", scenario)),
    ):
        ended = loyalty(tmp_path, *words)
        told = ended.stdout + ended.stderr
        assert ended.returncode == code, told
        assert "there is no time zone `Europe/Pariss`; did you mean `Europe/Paris`?" in told
        assert "no campaign `c` is defined" in told


def test_a_file_cannot_follow_one_whose_ids_it_changes(tmp_path: Path, file: Path) -> None:
    """An id keeps its kind, and the version grows; otherwise each is a mistake on its line."""
    text = PLAIN.replace(
        "kind: per_amount, give: {points: 1}, per: 1.00", "kind: percent_off, percent: 5"
    )
    other = written(tmp_path / "other.yaml", text)

    told = loyalty(tmp_path, "rules", "check", other, "--against", file)

    assert told.returncode == 1
    assert "`base` was per_amount and cannot become percent_off: give it another id" in told.stdout
    assert "is not higher than version 1, which is activated" in told.stdout
    assert loyalty(tmp_path, "rules", "check", file, "--against", file).returncode == 0


def activated(home: Path, *files: tuple[Path, str]) -> None:
    """Each programme is activated from its day, and decided."""
    for file, first_day in files:
        assert loyalty(home, "activate", file, "--from", first_day, "--by", "Ada").returncode == 0
    assert loyalty(home, "process", "--until-end").returncode == 0


def test_an_id_that_was_something_else_is_not_activated(tmp_path: Path, file: Path) -> None:
    """The mistake is said with its line before anything is published."""
    activated(tmp_path, (file, "2020-01-01"))
    base = "kind: per_amount, give: {points: 1}, per: 0.50"
    second = BASE_TWICE.replace(base, "kind: percent_off, percent: 10")
    other = written(tmp_path / "other.yaml", second)

    told = loyalty(tmp_path, "activate", other, "--from", "2021-01-01")
    assert loyalty(tmp_path, "process", "--until-end").returncode == 0

    assert told.returncode == 2
    assert "`base` was per_amount and cannot become percent_off: give it another id" in told.stderr
    assert len(loyalty(tmp_path, "programmes", "--csv").stdout.splitlines()) == 2


def test_a_version_that_is_not_higher_is_not_activated(tmp_path: Path, file: Path) -> None:
    """The earlier one again, or another document of the same version, as `rules check` says it."""
    second = written(tmp_path / "second.yaml", BASE_TWICE)
    activated(tmp_path, (file, "2020-01-01"), (second, "2021-01-01"))
    other = written(tmp_path / "other.yaml", BASE_TWICE.replace("per: 0.50", "per: 0.25"))

    for lower in (file, other):
        told = loyalty(tmp_path, "activate", lower, "--from", "2022-01-01")
        checked = loyalty(tmp_path, "rules", "check", lower, "--against", "live")
        assert (told.returncode, checked.returncode) == (2, 1)
        for said in (told.stderr, checked.stdout):
            assert "is not higher than version 2, which is activated" in said
    assert loyalty(tmp_path, "process", "--until-end").returncode == 0

    assert len(loyalty(tmp_path, "programmes", "--csv").stdout.splitlines()) == 3
    assert loyalty(tmp_path, "activate", second, "--from", "2021-01-01").returncode == 0


def test_a_first_day_that_is_closed_is_told(tmp_path: Path, file: Path) -> None:
    """Given closed days, who activates from one of them hears what the new version decides."""
    activated(tmp_path, (file, "2020-01-01"))
    assert loyalty(tmp_path, "close-day", "2020-03-14").returncode == 0
    assert loyalty(tmp_path, "process", "--until-end").returncode == 0
    second = written(tmp_path / "second.yaml", BASE_TWICE)

    late = loyalty(tmp_path, "activate", second, "--from", "2020-03-14")
    in_time = loyalty(tmp_path, "activate", second, "--from", "2020-03-15")

    warning = "The days through 14 March 2020 are closed: what was decided of them stays as it is"
    assert (late.returncode, in_time.returncode) == (0, 0)
    assert warning in late.stderr
    assert "closed" not in in_time.stderr


def test_when_each_version_was_activated_is_listed(tmp_path: Path, file: Path) -> None:
    """The moment at which it came into the log, not the day from which it decides."""
    before = moment(time.time_ns() // 10**6)
    activated(tmp_path, (file, "2020-01-01"))

    (row,) = listed(tmp_path)

    assert row["activated"] in {before, moment(time.time_ns() // 10**6)}


def listed(home: Path) -> list[dict[str, str]]:
    """The rows of `programmes`."""
    return list(csv.DictReader(loyalty(home, "programmes", "--csv").stdout.splitlines()))


def test_what_is_live_is_what_was_activated(tmp_path: Path, file: Path) -> None:
    """Versions with their days, who activated them, and the document that reads back the same."""
    second = written(tmp_path / "second.yaml", BASE_TWICE)
    activated(tmp_path, (file, "2020-01-01"), (second, "2021-01-01"))

    rows = [{**row, "activated": ""} for row in listed(tmp_path)]
    shown = loyalty(tmp_path, "programmes", "show", "live").stdout
    first = loyalty(tmp_path, "programmes", "show", "1").stdout

    assert [list(row.values()) for row in rows] == [
        ["plain", "1", "1 January 2020", "31 December 2020", "Ada", "", "was in force", ""],
        ["plain", "2", "1 January 2021", "", "Ada", "", "in force", ""],
    ]
    assert check(shown).document_hash == check(BASE_TWICE).document_hash
    assert check(first).document_hash == check(PLAIN).document_hash
    assert loyalty(tmp_path, "rules", "check", file, "--against", "live").returncode == 1


def test_a_refused_activation_is_listed_and_changes_nothing(tmp_path: Path, file: Path) -> None:
    """Who published an unchecked document finds it here, with the reason."""
    activated(tmp_path, (file, "2020-01-01"))
    log = EmbeddedPublisherLog(tmp_path / "home", 1)
    publish([wrong_activation()], log)
    log.close()
    assert loyalty(tmp_path, "process", "--until-end").returncode == 0

    assert [(row["by"], row["from"], row["state"]) for row in listed(tmp_path)] == [
        ("Ada", "1 January 2020", "in force"),
        ("Bob", "1 January 2020", "refused, INVALID_PROGRAMME"),
    ]


def wrong_activation() -> events.ProgrammeActivated:
    """An activation of what is no programme."""
    header = Scene("").header("programme|wrong|2020-01-01", "", "2020-01-01")
    return events.ProgrammeActivated(header, "{}", "ab", day("2020-01-01"), activated_by="Bob")


def test_nothing_is_live_before_the_first_activation(tmp_path: Path) -> None:
    """A sentence and exit code 2, not a traceback."""
    loyalty(tmp_path, "topics")

    assert loyalty(tmp_path, "programmes", "show").returncode == 2
    assert loyalty(tmp_path, "rules", "stop", "base", "--because", "x").returncode == 2


def sold(home: Path, number: str) -> None:
    """A sale of 50.00 is published and decided."""
    log = EmbeddedPublisherLog(home / "home", 1)
    publish([Scene("").sale(number, [line(1, 5000)])], log)
    log.close()
    assert loyalty(home, "process", "--until-end").returncode == 0


def test_from_the_stop_on_nothing_is_given(tmp_path: Path, file: Path) -> None:
    """A sale before the stop earns 50, the next one nothing; both are in the ledger."""
    activated(tmp_path, (file, "2020-01-01"))
    sold(tmp_path, "1")
    stopped = loyalty(tmp_path, "rules", "stop", "base", "--because", "A wrong price.")
    sold(tmp_path, "2")

    before = loyalty(tmp_path, "explain", "0142|1|2026-03-14|1|sale").stdout
    after = loyalty(tmp_path, "explain", "0142|1|2026-03-14|2|sale").stdout
    again = loyalty(tmp_path, "rules", "stop", "base", "--because", "Once more.")

    assert stopped.returncode == 0
    assert "base (plain v1) gave 50 points" in before
    assert "It changed nothing" in after
    assert again.returncode == 0
    assert "A wrong price." in again.stderr
    assert "A wrong price." in loyalty(tmp_path, "programmes").stdout
    assert (
        "give it another id"
        in loyalty(tmp_path, "rules", "check", file, "--against", "live").stdout
    )


def test_a_stop_that_was_cut_off_is_typed_again(tmp_path: Path, file: Path) -> None:
    """Given a stop that reached one of two partitions, the second one stops it in both, once."""

    def two(*words: object) -> subprocess.CompletedProcess[str]:
        return here(tmp_path, *(str(word) for word in words), partitions="2")

    assert two("activate", file, "--from", "2020-01-01").returncode == 0
    stop = stop_of("plain", 1, "base", "A wrong price.", Moment(0, 0, day("2026-03-14")))
    log = EmbeddedPublisherLog(tmp_path, 2)
    log.publish(0, b"", encode_event(stop))
    log.close()
    assert two("process", "--until-end").returncode == 0
    again = two("rules", "stop", "base", "--because", "Once more.")
    assert two("process", "--until-end").returncode == 0

    ledger = EmbeddedLedgerLog(tmp_path, 2)
    stops = [
        [one.record.decision for one in read_entries(ledger, "live", partition, is_of_a_stop)]
        for partition in range(2)
    ]
    ledger.close()
    assert again.returncode == 0
    assert stops == [["ACCEPTED", "REFUSED"], ["ACCEPTED"]]


def is_of_a_stop(value: bytes) -> bool:
    """Whether a ledger record is of a stop."""
    return b"PromotionStopped" in value


def test_as_csv_versions_and_what_was_stopped_are_one_table(tmp_path: Path, file: Path) -> None:
    """Each row has the columns of the one header; stopped ones stand at the versions they are in.

    Without `--csv` the reasons follow as a table of their own.
    """
    tea = "  - {id: tea, kind: per_item, give: {points: 1}, items: {categories: [TEA]}}\n"
    second = written(tmp_path / "second.yaml", BASE_TWICE + tea)
    activated(tmp_path, (file, "2020-01-01"), (second, "2021-01-01"))
    for promotion in ("tea", "base"):
        why = f"No more {promotion}."
        assert loyalty(tmp_path, "rules", "stop", promotion, "--because", why).returncode == 0
    assert loyalty(tmp_path, "process", "--until-end").returncode == 0

    lines = loyalty(tmp_path, "programmes", "--csv").stdout.splitlines()
    shown = loyalty(tmp_path, "programmes").stdout
    header, *rows = csv.reader(lines)

    assert [len(row) for row in rows] == [len(header)] * 2
    assert [dict(zip(header, row, strict=True))["stopped"] for row in rows] == ["base", "base|tea"]
    assert [why in shown for why in ("No more tea.", "No more base.")] == [True, True]


def test_only_what_there_is_can_be_stopped(tmp_path: Path, file: Path) -> None:
    """A misspelt promotion is named with the nearest; nothing is published."""
    activated(tmp_path, (file, "2020-01-01"))

    told = loyalty(tmp_path, "rules", "stop", "bese", "--because", "A wrong price.")

    assert told.returncode == 2
    assert "did you mean `base`?" in told.stderr


def test_why_a_promotion_was_stopped_leads_to_no_person(tmp_path: Path, file: Path) -> None:
    """An e-mail address is refused before it lies in the log for ever, typed or in a file."""
    activated(tmp_path, (file, "2020-01-01"))
    why = "ada@example.org has seen it"
    row = {
        "type": "PromotionStopped",
        "occurred_at": "2026-03-14T10:00:00Z",
        "promotion_id": "base",
    }
    lines = written(tmp_path / "stop.jsonl", json.dumps({**row, "because": why}))

    typed = loyalty(tmp_path, "rules", "stop", "base", "--because", why)
    resumed = loyalty(tmp_path, "resume", "0", "--because", why)
    published = loyalty(tmp_path, "publish", lines)

    assert [one.returncode for one in (typed, resumed, published)] == [2, 2, 1]
    for one in (typed, resumed, published):
        assert "an e-mail address or a phone number" in " ".join(one.stderr.split())
        assert "ada@" not in one.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("activate", "FILE", "--from", "2030-01-01"),
        ("rules", "stop", "base", "--because", "A wrong price."),
        ("resume", "0", "--because", "It was looked at."),
        ("publish", "LINES"),
    ],
    ids=lambda words: words[0],
)
def test_who_answers_for_something_is_named_and_not_reached(
    words: tuple[str, ...], tmp_path: Path, file: Path
) -> None:
    """The name is kept for ever, and with it an e-mail address would be."""
    who = "chief@example.org"
    row = {"type": "MemberLabelled", "member_id": "m-1", "label": "vip", "on": True, "by": who}
    lines = written(
        tmp_path / "labels.jsonl", json.dumps({**row, "occurred_at": "2026-03-14T10:00:00Z"})
    )
    activated(tmp_path, (file, "2020-01-01"))
    typed = [{"FILE": str(file), "LINES": str(lines)}.get(word, word) for word in words]
    by = () if words[0] == "publish" else ("--by", who)

    done = loyalty(tmp_path, *typed, *by)

    assert done.returncode in {1, 2}
    assert "an e-mail address or a phone number" in " ".join(done.stderr.split())
    assert who not in done.stderr


def test_a_receipt_is_printed_in_the_language_of_the_member(tmp_path: Path) -> None:
    """`explain` of a sale ends with what its receipt said of points."""
    activated(tmp_path, (written(tmp_path / "whole.yaml", WHOLE), "2020-01-01"))
    scene = Scene("")
    log = EmbeddedPublisherLog(tmp_path / "home", 1)
    enrolled = events.MemberEnrolled(scene.header("member|A", "A", "2026-03-01"), language="de")
    publish([enrolled], log)
    log.close()
    sold(tmp_path, "1")

    told = loyalty(tmp_path, "explain", "0142|1|2026-03-14|1|sale").stdout

    assert told.splitlines()[-1] == "  On the receipt: Heute 50 Punkte."


def test_a_programme_is_told_and_compared(tmp_path: Path, file: Path) -> None:
    """Both verbs print markdown, and end well."""
    other = written(tmp_path / "other.yaml", BASE_TWICE)

    page = loyalty(tmp_path, "rules", "terms", file)
    compared = loyalty(tmp_path, "rules", "compare", file, other)

    assert (page.returncode, compared.returncode) == (0, 0)
    assert page.stdout.startswith("# plain\n")
    assert "was “1 point for every 1.00 EUR”, now “1 point for every 0.50 EUR”" in compared.stdout
