"""Left running: a stream of sales, days that close by themselves in it, and a rolling restart."""

import os
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest

from infra.settings import Settings
from infra.wiring import publisher_log
from loyalty.programmes import GROCERY, IN_FORCE_FROM, activation_of
from producers import simulate
from producers.publish import publish
from schemas.events import BusinessDayClosed, Event
from tests.recovery.line import WITHIN_S, Child, Line, Tables, line

SECONDS = int(os.environ.get("LOYALTY_TEST_SOAK_S", "480"))
EVENTS_A_SECOND = 500
EVENTS_OF_A_MEMBER = 100
RESTARTS = 8
SLICE_S = 0.1
DAYS_MIN = 7
MIB = 2**20


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_week_that_runs_by_itself_ends_with_the_right_tables(
    kafka_settings: Settings, tmp_path: Path
) -> None:
    """500 events a second, a business day in few seconds, one service restarted after the other.

    Then nothing is behind, the tables are those of an undisturbed run, and no service takes more
    memory than its state can explain.
    """
    events = week(SECONDS * EVENTS_A_SECOND)
    with line(kafka_settings) as run:
        services = [run.start("process"), run.start("process"), run.start("project")]
        largest = stream(run, events, services, SECONDS // RESTARTS)
        run.finish(*services)
        run.run("verify")
        found = run.tables()
    assert found == undisturbed(tmp_path, events)
    # Members and their receipts are some tens of MiB; the rest is Python and its libraries.
    assert largest < 400 * MIB


def week(count: int) -> Sequence[Event]:
    """Events of a small chain, of more than a week."""
    made = [activation_of(GROCERY, IN_FORCE_FROM)]
    # A member is some 130 events in two years.
    members = count // EVENTS_OF_A_MEMBER
    events = [*made, *islice(simulate.events(members, 20, years=2, seed=11), count)]
    assert len(events) == len(made) + count
    assert sum(isinstance(one, BusinessDayClosed) for one in events) >= DAYS_MIN
    return events


def stream(
    run: Line, events: Sequence[Event], services: list[Child], restart_every_s: int
) -> float:
    """Publish evenly, restarting one service after the other; the largest memory seen, in bytes."""
    log = publisher_log(run.settings)
    largest, turn = 0.0, 0
    started = restarted = time.monotonic()
    for number, some in enumerate(sliced(events, int(EVENTS_A_SECOND * SLICE_S))):
        publish(some, log)
        ahead = started + (number + 1) * SLICE_S - time.monotonic()
        time.sleep(max(ahead, 0))
        if time.monotonic() - restarted >= restart_every_s:
            restarted = time.monotonic()
            largest = max(largest, *(resident(one) for one in services))
            services[turn].stop()
            services[turn] = run.start(*services[turn].verb)
            turn = (turn + 1) % len(services)
    log.close()
    return max(largest, *(resident(one) for one in services))


def sliced(events: Sequence[Event], size: int) -> Iterator[Sequence[Event]]:
    """Slices of so many."""
    for start in range(0, len(events), size):
        yield events[start : start + size]


def resident(child: Child) -> float:
    """How much memory a process has now, in bytes."""
    pages = Path(f"/proc/{child.process.pid}/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def undisturbed(home: Path, events: Sequence[Event]) -> Tables:
    """The tables of the same events on the embedded log, where nothing happened."""
    settings = Settings(home=home, partitions=4)
    with line(settings) as calm:
        log = publisher_log(settings)
        publish(events, log)
        log.close()
        # What kept up with the stream needs no longer for it when it is all there.
        calm.run("process", "--until-end", within_s=SECONDS + WITHIN_S)
        calm.run("project", "--until-end", within_s=SECONDS + WITHIN_S)
        return calm.tables()
