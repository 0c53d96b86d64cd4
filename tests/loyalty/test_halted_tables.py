"""A projector that stands still shows it while it runs, as a processor does."""

import json
from collections.abc import Iterator
from pathlib import Path
from socket import socket
from subprocess import Popen

import pytest

from infra import postgres
from infra.embedded_log import append_one
from infra.health import Health
from infra.metrics import HALTED, Metrics
from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log
from loyalty import services
from loyalty.meter import Meter
from loyalty.oncall.advice import fields, sentences
from processors.stream.tip import Tip
from processors.stream.watch import NOBODY
from schemas.chain import Halt, Kind
from schemas.ledger import Record
from schemas.records import replace
from tests.infra.test_pages import page
from tests.loyalty.command import here, loyalty, start
from tests.loyalty.test_closing import Heard
from tests.loyalty.test_oncall import until
from tests.stream.histories import history
from tests.stream.ledgers import walk

TWO = {"partitions": "2"}


def other_sums(home: Path) -> None:
    """A CHECKPOINT of partition 0 says that a wallet holds one point more than it does."""
    log = ledger_log(Settings(home=home, partitions=2))
    now = walk(0, 2, list(log.read_ledger(0, 0, log.ledger_end(0))))
    log.close()
    totals = now.state.totals()
    first, *others = totals.wallets
    more = replace(first, issued=first.issued + 1, available=first.available + 1)
    wrong = replace(totals, wallets=(more, *others))
    append_one(home, 2, 0, Tip(now.chain).mark(Kind.CHECKPOINT, Record(totals=wrong)))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A shop whose events are all decided and in the tables; then partition 0 tells other sums."""
    log = publisher_log(Settings(home=tmp_path, partitions=2))
    for message in history(1, 2, 60, malformed=0):
        log.publish(message.partition, message.key, message.value)
    log.close()
    assert loyalty(tmp_path, "run", "--until-end", **TWO).returncode == 0
    other_sums(tmp_path)
    return tmp_path


@pytest.fixture
def port() -> int:
    """One that nobody listens on."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        taken: int = free.getsockname()[1]
        return taken


@pytest.fixture(params=["1", "2"], ids=["one projector", "two projectors"])
def service(home: Path, port: int, request: pytest.FixtureRequest) -> Iterator[Popen[str]]:
    """`loyalty project` at work on it."""
    running = start(home, "project", **TWO, projectors=request.param, metrics_port=str(port))
    try:
        yield running
    finally:
        running.terminate()
        running.communicate(timeout=60)


def test_a_halt_in_the_tables_shows_while_the_service_runs(
    home: Path, port: int, service: Popen[str]
) -> None:
    """/readyz, the metric, `status` and `halts` say it at once; the log in one line, not more."""
    ready = until(lambda: page(port, "/readyz"), lambda answer: "stands still" in answer[1])
    metrics = page(port, "/metrics")[1]
    asked = [here(home, verb, **TWO) for verb in ("halts", "status")]
    service.terminate()
    _, said = service.communicate(timeout=60)
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    halted = [line for line in lines if line["event"] == "halted"]

    assert ready == (503, "partition 0 stands still in the tables, SUMS_DIFFER\n")
    assert 'loyalty_halted{partition="0",reason="SUMS_DIFFER"} 1.0' in metrics
    assert [(line["partition"], line["of"], line["reason"]) for line in halted] == [
        (0, "tables", "SUMS_DIFFER")
    ]
    told = sentences(0, Halt.SUMS_DIFFER, halted[0]["detail"], in_tables=True)
    assert [one.returncode for one in asked] == [4, 4]
    for text in (said, *(one.stdout for one in asked)):
        assert all(line in text for line in told)
    assert service.returncode == 4


def test_tables_that_went_on_stand_still_no_more(home: Path) -> None:
    """What was noted of a halt holds only where the tables stand; nobody has to take it back."""
    assert loyalty(home, "project", "--until-end", **TWO, projectors="1").returncode == 4
    before = here(home, "halts", **TWO)
    move = (
        "UPDATE live_1.positions SET ledger_seq = 7, head = sha256('') WHERE ledger_partition = 0"
    )
    _as_owner(home, move)

    assert before.returncode == 4
    assert here(home, "halts", **TWO).stdout == "No partition stands still.\n"


def _as_owner(home: Path, statement: str) -> None:
    settings = Settings(home=home, partitions=2)
    with postgres.server(settings), postgres.connect(settings, "owner") as owner:
        owner.execute(statement.encode())


def test_what_a_worker_takes_off_the_page_the_projector_beside_it_shows_again() -> None:
    """In one process both count by partition and reason, and each halts for itself."""
    around = services.Around(metrics := Metrics(), health := Health(), lines=(heard := Heard()))
    worker, show = Meter(metrics, NOBODY), services._shown(around)
    halts = {0: (Halt.DEFECT, "record 7")}
    health.ready()

    show(halts)
    worker.opened(0, 1)
    health.ready()
    show(halts)

    assert metrics.value(HALTED, 0, "DEFECT") == 1
    assert health.idle() == "partition 0 stands still in the tables, DEFECT"
    assert heard.lines == [("halted", fields(0, Halt.DEFECT, "record 7", in_tables=True))]
