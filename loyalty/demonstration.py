"""The demo: publish a year, decide it, fill the tables, verify, and show what came of it.

Each step goes on where an earlier run left off, so a demo that was killed is simply run again.
The home folder notes which year it holds, so that two years are never mixed in one log.
"""

from itertools import chain
from threading import Event
from time import monotonic

import msgspec
from rich.console import Console

from infra.log import LedgerLog
from infra.settings import Settings
from infra.wiring import ledger_log, publisher_log
from loyalty import services, verifying
from loyalty.console import out, phase, show
from loyalty.explaining import story
from loyalty.feeds import Feed
from loyalty.journal import Journal, Silence
from loyalty.outcome import Code, Trouble
from loyalty.programmes import GROCERY, IN_FORCE_FROM, activation_of
from loyalty.publishing import GoingOn, write
from loyalty.questions import ask
from loyalty.verbs.report import about, known

NOTE = "demo.json"
STORY_LINES_MAX = 24
_REPORTS = ("redemption-rates", "segments")
_HOUSEHOLD = """
SELECT account_id FROM vouchers WHERE status = 'redeemed'
GROUP BY account_id ORDER BY count(*), account_id LIMIT 1
"""


class Note(msgspec.Struct, frozen=True):
    """What the demo wrote into this log: which year, and whether all of it is there."""

    year: str
    published: bool


def run(settings: Settings, feed: Feed) -> None:
    """The whole demo.

    Raises:
        Trouble: the log holds something else, or something wrong was found.
    """
    started = monotonic()
    log = ledger_log(settings)
    try:
        note = _note(settings, feed, log)
        _publish(settings, feed, log, note)
        _process(settings, log)
        _project(settings, log)
        _verify(settings)
        _show(settings, log)
    finally:
        log.close()
    _say_goodbye(settings, note, monotonic() - started)


def _note(settings: Settings, feed: Feed, log: LedgerLog) -> Note:
    """What earlier runs of this demo left; written before the first event is.

    Raises:
        Trouble: the log holds another year, or events that are not the demo's.
    """
    path = settings.home / NOTE
    begin_anew = f"To begin anew: rm -r {settings.home}"
    if path.exists():
        note = msgspec.json.decode(path.read_bytes(), type=Note)
        if note.year != feed.title:
            raise Trouble(f"{settings.home} holds {note.year}, not {feed.title}.  {begin_anew}")
        return note
    if any(log.input_end(partition) for partition in range(log.identity.partitions)):
        raise Trouble(
            "The log holds events that are not the demo's.  Give the demo a home of its own, for "
            "example LOYALTY_HOME=.demo loyalty demo."
        )
    return _write_note(settings, Note(feed.title, published=False))


def _write_note(settings: Settings, note: Note) -> Note:
    settings.home.mkdir(parents=True, exist_ok=True)
    new = settings.home / f"{NOTE}.new"
    new.write_bytes(msgspec.json.encode(note))
    new.replace(settings.home / NOTE)
    return note


def _publish(settings: Settings, feed: Feed, log: LedgerLog, note: Note) -> None:
    """The programme, and the year; what is there already is left out."""
    with phase("publish") as running:
        if note.published:
            running.summary = "all events are there already"
            return
        written = {p: log.input_end(p) for p in range(log.identity.partitions)}
        publisher = GoingOn(publisher_log(settings), written)
        try:
            write(chain([activation_of(GROCERY, IN_FORCE_FROM)], feed.events()), publisher, running)
        finally:
            publisher.close()
        _write_note(settings, Note(feed.title, published=True))


def _process(settings: Settings, log: LedgerLog) -> None:
    total = sum(log.input_end(partition) for partition in range(log.identity.partitions))
    journal = Journal(Silence())
    with phase("process", total) as running:
        services.process(settings, journal, Event(), until_end=True, progress=running.at)
        running.summary = f"{journal.decided_count:,} records"


def _project(settings: Settings, log: LedgerLog) -> None:
    until = Event()
    until.set()
    total = sum(log.ledger_end(partition) for partition in range(log.identity.partitions))
    with phase("project", total) as running:
        services.project(settings, Event(), until, running.at)
        running.summary = f"{running.done:,} ledger records into the tables"


def _verify(settings: Settings) -> None:
    with phase("verify") as running:
        found = verifying.verify(settings)
        running.summary = found.summary
    if found.wrong:
        raise Trouble(found.wrong[0], Code.FOUND)


def _show(settings: Settings, log: LedgerLog) -> None:
    """Redemption rates, segments and one household."""
    queries = known()
    for name in _REPORTS:
        answer = ask(settings, queries[name])
        out().print()
        show(answer.columns, answer.rows, title=about(queries[name]))
    rows = ask(settings, _HOUSEHOLD).rows
    if not rows:
        return
    household = str(rows[0][0])
    lines = story(settings, log, household, None)
    console: Console = out()
    console.print()
    for line in lines[:STORY_LINES_MAX]:
        console.print(line, markup=False)
    if len(lines) > STORY_LINES_MAX:
        console.print(f"  … {len(lines) - STORY_LINES_MAX} more lines", markup=False)


def _say_goodbye(settings: Settings, note: Note, seconds: float) -> None:
    console = out()
    console.print()
    if note.published:
        console.print("This year was here already: nothing was added.", markup=False)
    console.print(f"Done in {seconds:.0f} s.  Try next:", markup=False)
    for command in _NEXT:
        console.print(f"  {command}", markup=False)
    console.print(f"To begin anew: rm -r {settings.home}", markup=False)


_NEXT = (
    ".venv/bin/loyalty report campaigns",
    ".venv/bin/loyalty explain household-1",
    '.venv/bin/loyalty sql "select * from sales_daily order by business_date limit 7"',
)
