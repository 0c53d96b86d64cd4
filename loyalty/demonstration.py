"""The demo: publish a year, decide it, fill the tables, verify, and show what came of it.

Each step goes on where an earlier run left off, so a demo that was killed is simply run again.
The home folder notes which year it holds, so that two years are never mixed in one log.
"""

from contextlib import ExitStack
from time import monotonic

import msgspec

from infra import postgres
from infra.log import LedgerLog
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty import services, verifying
from loyalty.console import Phases, out, phases, show
from loyalty.explaining import story
from loyalty.feeds import Feed
from loyalty.journal import Journal, Silence
from loyalty.outcome import Code, Trouble
from loyalty.questions import ask
from loyalty.reading import Wanted
from loyalty.second_process import input_ends, second_process
from loyalty.verbs.report import about, in_words, known

NOTE = "demo.json"
EVENTS_TOLD = 3
ROWS_SHOWN = 6
_REPORTS = ("redemption-rates", "campaigns", "segments", "programme-segments")
_HOUSEHOLD = """
SELECT members.account_id
FROM members
LEFT JOIN vouchers ON vouchers.account_id = members.account_id AND vouchers.promotion_id <> ''
GROUP BY members.account_id
ORDER BY
    count(*) FILTER (WHERE vouchers.status = 'redeemed') > 0 DESC,
    count(vouchers.voucher_id) > 0 DESC,
    min(members.sale_count),
    members.account_id
LIMIT 1
"""
"""Who used a voucher made of points, with the fewest sales: short, but with something to tell."""


class Note(msgspec.Struct, frozen=True):
    """What the demo wrote into this log: which year, and whether all was done and found right."""

    year: str
    done: bool


def run(settings: Settings, feed: Feed) -> None:
    """The whole demo.

    Raises:
        Trouble: the log holds something else, or something wrong was found.
    """
    started = monotonic()
    with ExitStack() as held:
        log = ledger_log(settings)
        held.callback(log.close)
        note = _note(settings, feed, log)
        # Held from here to the end, so that the embedded one starts once.
        held.enter_context(postgres.server(settings))
        with phases() as shown:
            if not note.done:
                _work(settings, feed, log, shown)
            wrong = verifying.verify(settings, shown).wrong
        if wrong:
            raise Trouble(wrong, Code.FOUND)
        _write_note(settings, Note(note.year, done=True))
        household = _show(settings, log)
    _say_goodbye(settings, note, household, monotonic() - started)


def _note(settings: Settings, feed: Feed, log: LedgerLog) -> Note:
    """What earlier runs of this demo left; written before the first event is.

    Raises:
        Trouble: the log holds another year, or events that are not the demo's.
    """
    path = settings.home / NOTE
    note = msgspec.json.decode(path.read_bytes(), type=Note) if path.exists() else None
    if note is not None and note.year == feed.title:
        return note
    if not any(input_ends(log).values()):
        return _write_note(settings, Note(feed.title, done=False))
    if note is None:
        raise Trouble(
            "The log holds events that are not the demo's.  Give the demo a home of its own, for "
            "example LOYALTY_HOME=.demo loyalty demo."
        )
    raise Trouble(
        f"{settings.home} holds {note.year}, not {feed.title}.  "
        f"To begin anew: rm -r {settings.home}"
    )


def _write_note(settings: Settings, note: Note) -> Note:
    settings.home.mkdir(parents=True, exist_ok=True)
    new = settings.home / f"{NOTE}.new"
    new.write_bytes(msgspec.json.encode(note))
    new.replace(settings.home / NOTE)
    return note


def _work(settings: Settings, feed: Feed, log: LedgerLog, shown: Phases) -> None:
    """Publish, process and project, side by side."""
    journal = Journal(Silence())
    with second_process(settings, feed) as second:
        shared = second.shared
        publishing = shown.begin("publish")
        processing = shown.begin("process")
        projecting = shown.begin("project")

        def tell(decided: int) -> None:
            publishing.at(shared.events.value)
            processing.at(decided)
            projecting.at(shared.records.value)
            if shared.published.is_set():
                publishing.over(f"{sum(input_ends(log).values()):,} events are in the log")

        services.process(
            settings, journal, second.broken, until=shared.published.is_set, progress=tell
        )
        if second.broken():
            second.join()
        processing.over(f"{journal.decided_count:,} decisions written to the ledger")
        shared.decided.set()
        second.join()
        projecting.over(f"{shared.records.value:,} ledger records put into the tables")


def _show(settings: Settings, log: LedgerLog) -> str:
    """Redemption rates, segments and one household; returns which household."""
    queries = known()
    for name in _REPORTS:
        answer = ask(settings, queries[name])
        cut = f" (the first {ROWS_SHOWN} of {len(answer.rows)})"
        title = about(queries[name]) + (cut if len(answer.rows) > ROWS_SHOWN else "")
        show(in_words(answer.columns), answer.rows[:ROWS_SHOWN], title=title)
    rows = ask(settings, _HOUSEHOLD).rows
    household = str(rows[0][0]) if rows else ""
    console = out()
    told = story(settings, log, Wanted(household), events_max=EVENTS_TOLD) if household else []
    for line in told:
        console.print(line, markup=False)
    return household


def _say_goodbye(settings: Settings, note: Note, household: str, seconds: float) -> None:
    console = out()
    console.print()
    if note.done:
        console.print("This year was here already: nothing was added.", markup=False)
    console.print(f"All is well, in {seconds:.0f} s.  Try next:", markup=False)
    for command in _NEXT:
        console.print(f"  {command.format(household=household)}", markup=False)
    console.print(f"To begin anew: rm -r {settings.home}", markup=False)


_NEXT = (
    ".venv/bin/loyalty explain {household}",
    ".venv/bin/loyalty report campaigns",
    '.venv/bin/loyalty sql "select * from sales_daily order by business_date limit 7"',
)
