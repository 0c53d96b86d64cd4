"""The services as processes: they stop cleanly, say what they do, and show their metrics."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from infra import postgres
from infra.settings import Settings
from infra.wiring import publisher_log, worker_log
from loyalty.programmes import GROCERY, IN_FORCE_FROM, activation_of
from producers import simulate
from producers.publish import publish
from tests.infra.test_pages import page
from tests.loyalty.command import loyalty, start
from tests.loyalty.test_oncall import until

Command = subprocess.Popen[str]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose log holds a programme and the year of three members, not decided yet."""
    home = tmp_path_factory.mktemp("published")
    log = publisher_log(Settings(home=home))
    publish([activation_of(GROCERY, IN_FORCE_FROM)], log)
    publish(simulate.events(members=3, stores=2, years=1, seed=5), log)
    log.close()
    return home


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """A suite in the background is started deaf to ctrl-c, and so would be what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    """A copy of that home."""
    for file in published.glob("log.sqlite*"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path


def lines(printed: str) -> list[dict[str, Any]]:
    """The log lines of a service."""
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


def test_process_says_what_it_does(home: Path) -> None:
    """One line for the start, each claim, the switch, each closed day, the end of the log."""
    ran = loyalty(home, "process", "--until-end")

    said = [line["event"] for line in lines(ran.stderr)]
    assert ran.returncode == 0, ran.stderr
    assert (said[0], said[-1]) == ("started", "stopped")
    assert {name: said.count(name) for name in set(said)} == {
        "started": 1,
        "claimed": 4,
        "programme switched": 4,
        "day closed": 4 * 365,
        "caught up": said.count("caught up"),
        "stopped": 1,
    }


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("verb", ["process", "run", "project"])
def test_a_service_that_is_asked_to_stop_ends_well(
    home: Path, verb: str, kind: signal.Signals
) -> None:
    """It finishes what it has in hand, says so, and ends with 0."""
    service = start(home, verb)
    assert service.stderr is not None
    first = service.stderr.readline()

    service.send_signal(kind)
    _, rest = service.communicate()

    assert service.returncode == 0, first + rest
    assert lines(rest)[-1]["event"] == "stopped"


def started(begin: Callable[[], Command], count: int) -> tuple[Command, list[int]]:
    """A command, and the processes it starts, held up as soon as so many listen to ctrl-c.

    They listen as Python does, before our code says anything else.  A command that was over before
    anybody looked is begun again.
    """
    while True:
        command = begin()
        while command.poll() is None:
            with suppress(OSError):  # one that ended while it was looked at
                listed = Path(f"/proc/{command.pid}/task/{command.pid}/children").read_text()
                found = [int(one) for one in listed.split() if listens(Path(f"/proc/{one}"))]
                if len(found) >= count:
                    signal_all(found, signal.SIGSTOP)
                    return command, found
        command.communicate()


def signal_all(processes: Iterable[int], kind: signal.Signals) -> None:
    """The same signal to some processes."""
    for one in processes:
        os.kill(one, kind)


def listens(process: Path) -> bool:
    """Whether a process is one of ours that Python has begun: ctrl-c has a handler there."""
    ours = "spawn_main" in (process / "cmdline").read_text()
    return ours and takes_ctrl_c(process, "SigCgt")


def takes_ctrl_c(process: Path, how: str) -> bool:
    """Whether a process takes ctrl-c so: `SigCgt` with a handler, `SigIgn` not at all."""
    status = (process / "status").read_text().splitlines()
    signals = next(line.split()[1] for line in status if line.startswith(how))
    return bool(int(signals, 16) >> (signal.SIGINT - 1) & 1)


def is_over(process: Path) -> bool:
    """Whether a process has ended, and its parent has not asked yet."""
    return (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.usefixtures("ctrl_c")
def test_a_service_that_is_stopped_with_all_it_starts_ends_well(home: Path) -> None:
    """A service manager stops the whole group, also while the projectors hardly begin."""
    service, children = started(lambda: start(home, "project", projectors="2"), 2)

    signal_all([*children, service.pid], signal.SIGTERM)
    signal_all(children, signal.SIGCONT)
    _, said = service.communicate()

    assert service.returncode == 0, said


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_ends_an_audit_without_a_traceback(home: Path) -> None:
    """The terminal tells all processes of the command."""
    assert loyalty(home, "process", "--until-end").returncode == 0
    audit, children = started(lambda: start(home, "verify", "--ledger-only"), 1)

    # The first one is held up meanwhile: it would end them before they could complain.
    signal_all([audit.pid], signal.SIGSTOP)
    signal_all([*children, audit.pid], signal.SIGINT)
    signal_all(children, signal.SIGCONT)
    for child in (Path(f"/proc/{one}") for one in children):
        while not (takes_ctrl_c(child, "SigIgn") or is_over(child)):
            time.sleep(0.01)
    signal_all([audit.pid], signal.SIGCONT)
    _, said = audit.communicate()

    assert audit.returncode != 0
    assert "Traceback" not in said


def test_a_rebuild_that_is_asked_to_stop_says_that_nothing_has_changed(home: Path) -> None:
    """It ends with the batch at hand, and not with the last one."""
    assert loyalty(home, "run", "--until-end").returncode == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rebuild = start(
        home, "project", "--rebuild", projection_batch_records="10", metrics_port=str(port)
    )
    while not answers(port):
        assert rebuild.poll() is None
    rebuild.terminate()
    _, said = rebuild.communicate()

    assert (rebuild.returncode, "the tables are as they were" in said) == (3, True), said


def answers(port: int) -> bool:
    """Whether a service listens on its port."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def test_what_was_stopped_goes_on(home: Path) -> None:
    """Stopped in the middle and started again, everything is decided once."""
    service = start(home, "process", batch_events="10")
    assert service.stderr is not None
    while '"day closed"' not in service.stderr.readline():
        assert service.poll() is None
    service.terminate()
    service.communicate()

    ran = loyalty(home, "run", "--until-end")
    checked = loyalty(home, "verify")

    assert (ran.returncode, checked.returncode) == (0, 0), ran.stderr + checked.stderr


def test_run_until_the_end_leaves_nothing_undone(home: Path) -> None:
    """What `run` leaves behind is decided and in the tables: process and project have no more."""
    assert loyalty(home, "run", "--until-end").returncode == 0

    closed = loyalty(home, "sql", "select as_of_on from freshness", "--csv")
    assert closed.stdout.splitlines() == ["as_of_on", "2017-12-31"]


def test_a_run_on_a_log_that_is_taken_leaves_the_tables_alone(home: Path) -> None:
    """A second `run` says who has the log, and does not outrun the projector of the first."""
    held = worker_log(Settings(home=home))
    try:
        ran = loyalty(home, "run", "--until-end")
    finally:
        held.close()

    asked = loyalty(home, "sql", "select 1")
    assert (ran.returncode, asked.returncode) == (3, 3), ran.stderr
    assert "which has room for one" in ran.stderr
    assert "There are no tables yet" in asked.stderr


def test_every_row_of_the_tables_is_compared_where_that_is_asked_for(home: Path) -> None:
    """What sums cannot tell is found and named, and ends with 1; what is undisturbed is well."""
    assert loyalty(home, "run", "--until-end").returncode == 0
    right = loyalty(home, "verify", "--every-row", "--csv")
    settings = Settings(home=home)
    with postgres.server(settings), postgres.connect(settings, "owner") as owner:
        owner.execute("UPDATE live_1.members SET status = 'blocked'")
    summed = loyalty(home, "verify")
    wrong = loyalty(home, "verify", "--every-row", "--csv")

    assert (right.returncode, summed.returncode, wrong.returncode) == (0, 0, 1)
    assert "every row" in right.stderr
    assert right.stderr.endswith("All is well.\n")
    assert "not in them yet" not in right.stderr
    assert wrong.stderr.splitlines()[-1].endswith("its status against the ledger's.")
    assert len(wrong.stdout.splitlines()) == len(right.stdout.splitlines()) == 5


def test_tables_that_are_left_alone_are_not_compared(home: Path) -> None:
    """Who asks for both is told that they contradict each other."""
    ran = loyalty(home, "verify", "--ledger-only", "--every-row")

    assert ran.returncode == 2
    assert "--every-row" in ran.stderr


def test_metrics_are_served_while_a_service_runs(home: Path) -> None:
    """Prometheus finds what was decided."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    service = start(home, "process", metrics_port=str(port))
    assert service.stderr is not None
    try:
        while '"caught up"' not in service.stderr.readline():
            assert service.poll() is None
        ready = 'loyalty_behind_seconds{partition="0"} 0.0'
        _, shown = until(lambda: page(port, "/metrics"), lambda answer: ready in answer[1])
    finally:
        service.terminate()
        service.communicate()

    assert ready in shown, "caught up, no event waits"
    assert "loyalty_projection_behind_seconds " not in shown, "only a projector measures it"
    assert 'loyalty_events_total{partition="0",type="ProgrammeActivated"} 1.0' in shown
    assert 'loyalty_behind_events{partition="0"}' in shown


def test_a_projector_shows_how_far_the_tables_are_behind(home: Path) -> None:
    """Left running it measures, shows it, and ends well."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    service = start(home, "project", metrics_port=str(port))
    measured = "\nloyalty_projection_behind_seconds 0.0"
    try:
        _, shown = until(lambda: page(port, "/metrics"), lambda answer: measured in answer[1])
    finally:
        service.terminate()
        _, said = service.communicate()

    assert measured in shown
    assert "\nloyalty_closed_day_age_seconds " not in shown
    assert service.returncode == 0, said


def test_publishing_a_year_again_changes_no_table(home: Path) -> None:
    """Every event is known by its id."""
    words = ("publish", "--simulate", "--members", "3", "--stores", "2", "--seed", "5")
    assert loyalty(home, "run", "--until-end").returncode == 0
    before = loyalty(home, "verify", "--digest").stdout

    assert loyalty(home, *words).returncode == 0
    assert loyalty(home, "run", "--until-end").returncode == 0

    after = loyalty(home, "verify", "--digest").stdout
    assert after[after.index("digest") :] == before[before.index("digest") :]


def test_the_embedded_topics_are_made_and_listed(tmp_path: Path) -> None:
    """`topics` works without a broker, too."""
    ran = loyalty(tmp_path, "topics")

    assert ran.returncode == 0
    assert "loyalty.events" in ran.stdout
    assert "loyalty.ledger" in ran.stdout


@pytest.mark.parametrize("projectors", ["1", "3"])
def test_the_tables_are_the_same_however_many_projectors_fill_them(
    home: Path, projectors: str
) -> None:
    """Partitions share nothing: one process or three, each partition is projected to its end."""
    assert loyalty(home, "process", "--until-end").returncode == 0

    ran = loyalty(home, "project", "--until-end", projectors=projectors)

    checked = loyalty(home, "verify")
    assert (ran.returncode, checked.returncode) == (0, 0), ran.stderr + checked.stderr
