"""What a worker's journal says: one line per thing that matters, never one per event."""

from typing import Any

import pytest

from infra import metrics as names
from infra.metrics import Metrics
from loyalty.journal import REFUSALS_TOLD_EVERY_S, Journal, Silence
from loyalty.meter import Meter
from loyalty.oncall.advice import ADVICE, RUNBOOK
from processors.stream.tally import Tally
from schemas.chain import Halt, Ignored
from schemas.ledger import DayClosed, ProgrammeActivated, Record


class Kept:
    """Log lines in a list, to read them."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **fields: Any) -> None:
        """Keep the line."""
        self.lines.append((event, fields))

    warning = info
    error = info


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def refused(event_id: str, reason: str = "DUPLICATE") -> Record:
    return Record(event_id=event_id, account_id="H7", decision="REFUSED", reason=reason)


def tallied(*records: Record) -> Tally:
    """A batch of these, of the third partition."""
    tally = Tally(2)
    for offset, record in enumerate(records, 1904):
        tally.add(record, offset, final=True)
    return tally


def test_refusals_are_one_line_a_minute_and_reason_with_an_example() -> None:
    """A till that repeats itself all day does not fill the disk."""
    kept, clock = Kept(), Clock()
    journal = Journal(kept, clock)

    journal.decided(0, tallied(refused("a"), refused("b"), refused("c", "TOO_OLD")), 0.1, 0)
    journal.stepped(caught_up=False)
    assert kept.lines == []

    clock.now = REFUSALS_TOLD_EVERY_S
    journal.stepped(caught_up=False)
    assert [(f["reason"], f["count"], f["example"]) for _, f in kept.lines] == [
        ("DUPLICATE", 2, "a"),
        ("TOO_OLD", 1, "c"),
    ]


def test_what_cannot_be_read_is_told_by_its_place_in_the_input() -> None:
    """It has no id to look for."""
    kept = Kept()
    journal = Journal(kept, Clock())

    journal.decided(2, tallied(refused("", "UNREADABLE"), refused("", "UNREADABLE")), 0.1, 0)
    journal.stopped()

    assert kept.lines[0][1]["example"] == "input 2/1904"


def test_refusals_not_yet_told_are_told_at_the_end() -> None:
    """Stopping loses no line."""
    kept = Kept()
    journal = Journal(kept, Clock())

    journal.decided(0, tallied(refused("a")), 0.1, 0)
    journal.stopped()

    assert [event for event, _ in kept.lines] == ["refused", "stopped"]


def test_the_end_of_the_input_is_told_when_it_is_reached_anew() -> None:
    """Idling is not news, nor is a pause of the tills."""
    kept, clock = Kept(), Clock()
    journal = Journal(kept, clock)

    for now, caught_up in ((0, False), (1, True), (2, True), (3, False), (4, True)):
        clock.now = now
        journal.stepped(caught_up=caught_up)
    assert len(kept.lines) == 1

    for now, caught_up in ((70, False), (71, True)):
        clock.now = now
        journal.stepped(caught_up=caught_up)
    assert [event for event, _ in kept.lines] == ["caught up", "caught up"]


def test_closed_days_and_programmes_are_told() -> None:
    """What changes for all accounts of a partition is a line."""
    kept = Kept()
    records = [
        Record(
            decision="ACCEPTED", effects=(ProgrammeActivated("grocery", 2, "{}", "", 17239, 1),)
        ),
        Record(decision="ACCEPTED", effects=(DayClosed(17240),)),
        Record(account_id="H7", decision="ACCEPTED"),
    ]

    Journal(kept, Clock()).decided(3, tallied(*records), 0.1, 0)

    assert kept.lines == [
        (
            "programme switched",
            {
                "partition": 3,
                "programme": "grocery",
                "version": 2,
                "effective_from": "2017-03-14",
            },
        ),
        ("day closed", {"partition": 3, "date": "2017-03-15"}),
    ]


def test_a_halt_is_told_with_its_reason_in_words() -> None:
    """Who is woken at night reads sentences: why, what is not harmed, what to do, and where."""
    kept = Kept()

    Journal(kept, Clock()).halted(2, Halt.INPUT_GAP, "offset 7 after 5")

    [(event, fields)] = kept.lines
    assert event == "halted"
    assert fields["why"] == Halt.INPUT_GAP.sentence
    assert fields["detail"] == "offset 7 after 5"
    assert fields["unharmed"] == ADVICE[Halt.INPUT_GAP].unharmed
    assert fields["to_do"] == ADVICE[Halt.INPUT_GAP].to_do
    assert fields["runbook"] == f"{RUNBOOK}, INPUT_GAP"


@pytest.fixture
def metrics() -> Metrics:
    """Metrics of which nothing is counted yet."""
    return Metrics()


def test_what_is_decided_is_counted(metrics: Metrics) -> None:
    """Events by partition and type, refusals by reason."""
    meter = Meter(metrics, Journal(Silence(), Clock()))

    sale = Record(event_type="SaleRecorded", account_id="H7")
    meter.decided(1, tallied(refused("a"), sale), 0.1, 0)

    assert metrics.value(names.EVENTS, 1, "SaleRecorded") == 1
    assert metrics.value(names.REFUSALS, "DUPLICATE") == 1


def test_a_halt_shows_until_the_partition_is_released(metrics: Metrics) -> None:
    """An alarm ends when the partition is somebody else's."""
    meter = Meter(metrics, Journal(Silence(), Clock()))

    meter.halted(2, Halt.DEFECT, "")
    assert metrics.value(names.HALTED, 2, "DEFECT") == 1

    meter.released(2)
    assert metrics.value(names.HALTED, 2, "DEFECT") is None


def test_a_halt_shows_until_the_partition_goes_on(metrics: Metrics) -> None:
    """Resumed by a person, it is claimed anew by the same process, which never let it go."""
    meter = Meter(metrics, Journal(Silence(), Clock()))
    meter.halted(2, Halt.TOO_MANY_REFUSED, "")
    meter.halted(3, Halt.DEFECT, "")

    meter.opened(2, 7)

    assert metrics.value(names.HALTED, 2, "TOO_MANY_REFUSED") is None
    assert metrics.value(names.HALTED, 3, "DEFECT") == 1


def test_what_is_behind_shows_until_the_partition_is_released(metrics: Metrics) -> None:
    """What is decided does not change it; a partition that is not held has nothing to show."""
    meter = Meter(metrics, Journal(Silence(), Clock()))

    meter.behind(0, 6, 20.5)
    meter.decided(0, tallied(refused("a")), 0.1, 0)
    assert metrics.value(names.BEHIND_EVENTS, 0) == 6
    assert metrics.value(names.BEHIND_SECONDS, 0) == 20.5

    meter.released(0)
    assert metrics.value(names.BEHIND_EVENTS, 0) is None
    assert metrics.value(names.BEHIND_SECONDS, 0) is None


def test_everything_is_passed_on(metrics: Metrics) -> None:
    """Counting hides nothing from the journal behind it."""
    kept = Kept()
    meter = Meter(metrics, Journal(kept, Clock()))

    meter.opened(0, 3)
    meter.displaced(0, 4)
    meter.resynced(0)
    meter.ignored(0, {Ignored.ORPHAN: 2})
    meter.released(0)

    assert [event for event, _ in kept.lines] == [
        "claimed",
        "displaced",
        "read the ledger again",
        "released",
    ]
    assert metrics.value(names.IGNORED, "ORPHAN") == 2
