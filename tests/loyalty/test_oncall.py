"""On call: what stands still, why, what is not harmed, what to do; and letting it go on."""

import csv
import re
import time
from collections.abc import Callable
from pathlib import Path
from socket import socket
from urllib.error import URLError

import pytest

from infra.metrics import HALTED, Metrics
from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log, worker_log
from loyalty.meter import Meter
from loyalty.oncall.advice import ADVICE, RUNBOOK, sentences
from loyalty.oncall.partitions import waiting
from processors.stream.resuming import LIFTED_BY_A_PERSON
from processors.stream.seat import Seat, written
from processors.stream.watch import NOBODY
from schemas.chain import Halt
from tests.infra.test_pages import page
from tests.loyalty.command import ROOT, here, loyalty, start

Answer = tuple[int, str]

HEADINGS = set(re.findall(r"^### (\w+)$", (ROOT / RUNBOOK).read_text("utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("reason", list(Halt))
def test_every_reason_has_its_sentences_and_a_heading_in_the_runbook(reason: Halt) -> None:
    """What stopped, why, what is not harmed, what to do, where to read on."""
    told = sentences(3, reason, "input offset 7")

    assert told[0] == f"Partition 3 stands still, {reason}: {reason.sentence} (input offset 7)"
    assert [line.split(":")[0].strip() for line in told[1:]] == ["Not harmed", "To do", "More"]
    assert reason.value in HEADINGS


def test_the_runbook_speaks_of_no_other_reason() -> None:
    """A heading that nothing leads to misleads."""
    assert {reason.value for reason in Halt} == HEADINGS


def test_who_is_told_to_resume_can() -> None:
    """The advice names the command where it helps, and only there."""
    assert {reason for reason in Halt if "loyalty resume" in ADVICE[reason].to_do} == {
        reason for reason in LIFTED_BY_A_PERSON if reason is not Halt.UPGRADE_ME
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A log of one partition in which more lies that is no event than is borne."""
    made = tmp_path / "home"
    log = publisher_log(Settings(home=made, partitions=1))
    for number in range(30):
        log.publish(0, b"", b"no event %d" % number)
    log.close()
    return made


STRICT = {"partitions": "1", "refused_in_a_row_max": "10", "refused_of_10000_max": "20"}


def test_a_halt_is_told_by_every_way_of_asking_and_a_person_lifts_it(home: Path) -> None:
    """Given a partition that halts: the process, `status`, `halts` say so; `resume` ends it."""
    ran = loyalty(home, "process", "--until-end", **STRICT, batch_events="5")
    assert ran.returncode == 4
    for said in ("Partition 0 stands still, TOO_MANY_REFUSED", "Not harmed:", "To do:", RUNBOOK):
        assert said in ran.stderr

    halts = here(home, "halts", **STRICT)
    status = here(home, "status", **STRICT)
    assert (halts.returncode, status.returncode) == (4, 4)
    for answer in (halts, status):
        assert "Partition 0 stands still, TOO_MANY_REFUSED" in answer.stdout
    assert "The tables cannot be asked" in status.stdout
    assert "not in tables" in status.stdout

    again = loyalty(home, "process", "--until-end", **STRICT, batch_events="5")
    assert again.returncode == 4, "to start again is not enough"
    lifted = here(home, "resume", "0", "--because", "the till is off", "--by", "ada", **STRICT)
    assert (lifted.returncode, "ada lets partition 0 go on" in lifted.stderr) == (0, True)
    patient = STRICT | {"refused_in_a_row_max": "25"}
    ended = loyalty(home, "process", "--until-end", **patient, batch_events="5")
    assert ended.returncode == 0, ended.stderr
    assert here(home, "halts", **STRICT).stdout == "No partition stands still.\n"


@pytest.mark.parametrize("reason", list(Halt))
def test_every_reason_is_told_on_every_page(tmp_path: Path, reason: Halt) -> None:
    """As a worker that halts for it notes it: `status`, `halts`, exit code, metric, `resume`."""
    seat = Seat("host-7-abc", "0.1", 3, 1, reason.value, "input offset 7")
    assert here(tmp_path, "process", "--until-end", partitions="1").returncode == 0
    worker = worker_log(Settings(home=tmp_path, partitions=1))
    worker.commit(0, 0)
    worker.tell(0, written(seat))
    worker.close()
    metrics = Metrics()
    Meter(metrics, NOBODY).halted(0, reason, "input offset 7")

    for verb in ("status", "halts"):
        ran = here(tmp_path, verb, partitions="1")
        assert ran.returncode == 4
        assert all(line in ran.stdout for line in sentences(0, reason, "input offset 7"))
    assert metrics.value(HALTED, 0, reason) == 1
    lifted = here(tmp_path, "resume", "0", "--because", "seen", "--by", "ada", partitions="1")
    may = reason in LIFTED_BY_A_PERSON
    assert lifted.returncode == (0 if may else 4)
    assert may or ADVICE[reason].to_do in lifted.stderr


def test_a_running_service_says_on_its_port_what_stands_still(home: Path) -> None:
    """It lives and is not ready, its metric is 1, and it ends with 4 when it is asked to stop."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    service = start(home, "process", **STRICT, metrics_port=str(port))
    try:
        ready = until(lambda: page(port, "/readyz"), lambda answer: "stands still" in answer[1])
        assert ready == (503, "partition 0 stands still, TOO_MANY_REFUSED\n")
        assert page(port, "/healthz") == (200, "well\n")
        halted = 'loyalty_halted{partition="0",reason="TOO_MANY_REFUSED"} 1.0'
        assert halted in page(port, "/metrics")[1]
        log = publisher_log(Settings(home=home, partitions=1))
        for number in range(100):
            log.publish(0, b"", b"one more that is no event %d" % number)
        log.close()
        behind = re.compile(r'^loyalty_behind_events\{partition="0"\} 1\d\d', re.MULTILINE)
        told = until(lambda: page(port, "/metrics"), lambda answer: bool(behind.search(answer[1])))
        assert behind.search(told[1]), "what waits for it is counted all the same"
        waited_s = _waited_s(told)
        later = until(lambda: page(port, "/metrics"), lambda one: _waited_s(one) > waited_s + 1)
        assert _waited_s(later) > waited_s + 1, "and so is how long, while nothing is decided"
    finally:
        service.terminate()
        service.communicate(timeout=60)
    assert service.returncode == 4


def _waited_s(metrics: Answer) -> float:
    """How long the oldest event of partition 0 has waited, as the page says."""
    found = re.search(r'^loyalty_behind_seconds\{partition="0"\} (\S+)', metrics[1], re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_how_long_events_wait_is_that_of_the_first_that_is_not_decided(home: Path) -> None:
    """Since the log took it, until now; what is decided waits no more."""
    log = ledger_log(Settings(home=home, partitions=1))
    end = log.input_end(0)
    last = log.read_input(0, end - 1)
    assert last is not None

    assert waiting(log, 0, end - 1, last.timestamp_ms / 1000 + 20) == (1, 20.0)
    assert waiting(log, 0, end, last.timestamp_ms / 1000 + 20) == (0, 0.0)
    log.close()


@pytest.mark.parametrize("verb", ["status", "halts"])
def test_without_postgres_is_told_what_is_known(home: Path, verb: str) -> None:
    """What the log says is shown; then 3, because the tables could not be asked."""
    nowhere = {"database_url": "postgresql://owner@127.0.0.1:1/loyalty", "partitions": "1"}

    ran = here(home, verb, **nowhere)

    said = ran.stdout + ran.stderr
    assert ran.returncode == 3
    assert "nobody yet" in said or "No processor's partition stands still" in said
    assert "cannot be asked: Postgres does not let the analyst in" in " ".join(said.split())


def until(ask: Callable[[], Answer], holds: Callable[[Answer], bool]) -> Answer:
    """The first answer that will do; the last one after half a minute."""
    deadline = time.monotonic() + 30
    while True:
        try:
            answer = ask()
        except URLError:
            answer = (0, "")
        if holds(answer) or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("0", "--because", "why not"), "Partition 0 does not stand still."),
        (("7", "--because", "why not"), "There is no partition 7"),
        (("0", "--because", " "), "--because wants a sentence"),
    ],
)
def test_what_cannot_be_resumed_is_said(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """One sentence and exit code 2."""
    ran = here(tmp_path / "home", "resume", *words, partitions="1")

    assert (ran.returncode, said in ran.stderr) == (2, True), ran.stderr


def test_who_has_no_name_on_the_machine_says_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user of a container need not have one, and somebody must answer for what goes on."""

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("loyalty.oncall.lifting.getuser", nobody)
    assert here(home, "process", "--until-end", **STRICT).returncode == 4

    ran = here(home, "resume", "0", "--because", "the till is off", **STRICT)

    assert (ran.returncode, "--by wants a name" in ran.stderr) == (2, True), ran.stderr


def test_a_new_log_has_a_status(tmp_path: Path) -> None:
    """Before anything ran: nobody holds a partition, and nothing is wrong."""
    ran = here(tmp_path / "home", "status", partitions="2")

    assert ran.returncode == 0
    assert ran.stdout.count("nobody yet") == 2
    assert "No programme is in force." in ran.stdout


def test_other_programs_read_the_partitions_alone(home: Path) -> None:
    """As CSV the rows are on standard output, and what is said of all is beside them."""
    assert here(home, "process", "--until-end", **STRICT).returncode == 4

    ran = here(home, "status", "--csv", **STRICT)

    head, row = csv.reader(ran.stdout.splitlines())
    found = dict(zip(head, row, strict=True))
    assert (ran.returncode, found["partition"], found["stands still"]) == (
        4,
        "0",
        "TOO_MANY_REFUSED",
    )
    assert "Partition 0 stands still, TOO_MANY_REFUSED" in ran.stderr
