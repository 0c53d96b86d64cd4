"""Business days close by themselves: each once, in order, when it is over everywhere."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from infra import postgres
from infra.settings import Settings
from infra.wiring import publisher_log
from loyalty import services
from loyalty.closing import BEHIND_DAYS_MAX, Closing, due, follow
from loyalty.journal import Journal
from loyalty.programmes import GROCERY, activation_of
from producers import days
from producers.pos import day_number
from producers.publish import publish
from schemas.codec import encode_event
from schemas.events import MemberEnrolled
from tests.stream.histories import header

NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"
FRIDAY = date(2026, 3, 13)


@pytest.mark.parametrize(
    ("now", "zones", "days"),
    [
        # New York is four hours behind UTC then: three in the morning is 07:00.
        (datetime(2026, 3, 15, 6, 59, tzinfo=UTC), {NEW_YORK}, []),
        (datetime(2026, 3, 15, 7, 0, tzinfo=UTC), {NEW_YORK}, [14]),
        (datetime(2026, 3, 15, 2, 0, tzinfo=UTC), {BERLIN}, [14]),
        (datetime(2026, 3, 15, 2, 0, tzinfo=UTC), {BERLIN, NEW_YORK}, []),
        (datetime(2026, 3, 17, 7, 0, tzinfo=UTC), {NEW_YORK}, [14, 15, 16]),
        (datetime(2026, 3, 14, 12, 0, tzinfo=UTC), {NEW_YORK}, []),
    ],
)
def test_a_day_is_due_when_it_is_over_in_every_zone(
    now: datetime, zones: set[str], days: list[int]
) -> None:
    """Three hours after the last midnight; days that were missed follow one after the other."""
    assert due(FRIDAY, now, zones, 180) == [date(2026, 3, day) for day in days]


def test_history_is_closed_by_hand() -> None:
    """A log of last year must not expire everything because a clock looks at it."""
    now = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
    open_since = FRIDAY + timedelta(days=1)

    assert due(open_since - timedelta(days=BEHIND_DAYS_MAX), now, {NEW_YORK}, 180) is not None
    assert due(open_since - timedelta(days=BEHIND_DAYS_MAX + 1), now, {NEW_YORK}, 180) is None


class Heard:
    """Log lines that a test reads."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, object]]] = []

    def info(self, event: str, **fields: object) -> None:
        """Keep it."""
        self.lines.append((event, fields))

    warning = error = info

    def dates(self, event: str) -> list[object]:
        """The dates that were told of."""
        return [fields["date"] for told, fields in self.lines if told == event]


def told(
    settings: Settings,
    member_on: date,
    zones: Sequence[str],
    *,
    days: int,
    wall: Callable[[], float],
) -> Heard:
    """What a service says until so many days are closed, in a log with a member of one day."""
    log = publisher_log(settings)
    member = MemberEnrolled(header("member|m1|enrolled", "m1", day_number(member_on)))
    publish([activation_of(GROCERY, member_on - timedelta(days=9)), member], log)
    log.close()
    heard = Heard()
    deadline = time.monotonic() + 60

    def stop() -> bool:
        return len(heard.dates("day closed")) >= days or time.monotonic() > deadline

    around = services.Around(closing=Closing(settings, heard, zones, wall))
    services.process(settings, Journal(heard), stop, around=around)
    return heard


@pytest.mark.parametrize(
    ("zones", "closed"), [((), 13), ((BERLIN,), 13), ((BERLIN, "Pacific/Honolulu"), 12)]
)
def test_a_service_closes_a_day_when_its_last_store_has_ended_it(
    tmp_path: Path, zones: tuple[str, ...], closed: int
) -> None:
    """It is one in the morning of the 14th in New York, the programme's zone."""
    settings = Settings(home=tmp_path, partitions=1, close_day_after_min=0)
    night = datetime(2026, 3, 14, 1, 0, tzinfo=ZoneInfo(NEW_YORK)).timestamp()

    heard = told(settings, FRIDAY, zones, days=1, wall=lambda: night)

    assert heard.dates("day closed") == [f"2026-03-{closed}"]


def test_a_day_that_was_said_to_some_partitions_is_said_to_all(tmp_path: Path) -> None:
    """Whoever closed the 12th was killed behind the first partition; the 13th is over now."""
    settings = Settings(home=tmp_path, partitions=2, close_day_after_min=0)
    log = publisher_log(settings)
    publish([days.close_day(FRIDAY - timedelta(days=2))], log)
    publish([MemberEnrolled(header(f"in|{m}", m, day_number(FRIDAY))) for m in "abcdefgh"], log)
    log.publish(0, b"", encode_event(days.close_day(FRIDAY - timedelta(days=1))))
    log.close()
    night = datetime(2026, 3, 14, 1, 0, tzinfo=ZoneInfo(NEW_YORK)).timestamp()

    heard = told(settings, FRIDAY, (), days=6, wall=lambda: night)

    assert sorted(heard.dates("day closed")) == [
        f"2026-03-{day}" for day in (11, 11, 12, 12, 13, 13)
    ]


def test_a_service_that_runs_closes_yesterday_once_in_every_partition(tmp_path: Path) -> None:
    """Given a log with a member, when it runs, then yesterday is closed, and today is not."""
    settings = Settings(home=tmp_path, partitions=2, close_day_after_min=0)
    today = datetime.now(ZoneInfo(NEW_YORK)).date()

    heard = told(settings, today, (), days=2, wall=time.time)

    yesterday = (today - timedelta(days=1)).isoformat()
    assert heard.dates("day over") == [yesterday]
    assert heard.dates("day closed") == [yesterday, yesterday]


def test_days_close_beside_many_processors_by_what_the_tables_say(tmp_path: Path) -> None:
    """It is one in the morning of the 14th in New York: of a member of the 13th, that day is over.

    Nothing is said before the tables know of anybody, and nothing twice.
    """
    settings = Settings(home=tmp_path, partitions=2, close_day_after_min=0)
    log = publisher_log(settings)
    member = MemberEnrolled(header("member|m1|enrolled", "m1", day_number(FRIDAY)))
    publish([activation_of(GROCERY, FRIDAY - timedelta(days=9)), member], log)
    log.close()
    night = datetime(2026, 3, 14, 1, 0, tzinfo=ZoneInfo(NEW_YORK)).timestamp()
    heard = Heard()

    def decided() -> None:
        services.process(settings, Journal(heard), services.never, until=lambda: True)
        services.project(settings, services.never, until=lambda: True)

    with postgres.server(settings):
        decided()
        deadline = time.monotonic() + 30
        follow(
            settings,
            heard,
            (),
            lambda: bool(heard.dates("day over")) or time.monotonic() > deadline,
            wall=lambda: night,
        )
        decided()
        deadline = time.monotonic() + 1
        heard_then = list(heard.lines)
        follow(settings, heard, (), lambda: time.monotonic() > deadline, wall=lambda: night)

    assert heard.dates("day over") == ["2026-03-13"]
    assert heard.dates("day closed") == ["2026-03-13", "2026-03-13"]
    assert heard.lines == heard_then
