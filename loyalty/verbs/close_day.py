"""`loyalty close-day`: a business day is over in every store."""

from datetime import date, datetime, timedelta, timezone
from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import day
from loyalty.outcome import Trouble

_WHERE_DAYS_BEGIN = timezone(timedelta(hours=14))
When = Annotated[
    date | None, typer.Argument(parser=day, metavar="DATE", help="The day, as 2017-03-14.")
]
Follow = Annotated[
    bool,
    typer.Option("--follow", help="Close each day when it is over in every store, until SIGTERM."),
]


def close_day(when: When = None, *, follow: Follow = False) -> None:
    """Say that a business day is over: points mature and expire, reports of the day are final.

    Days are closed one after the other.  Doing it again is harmless.  A day that has begun nowhere
    yet is refused: what is closed stays closed, and sales before it would be too old.
    `loyalty run` does it by itself; beside `process` and `project`, --follow does.
    """
    if follow == (when is not None):
        raise Trouble("Say which day is over, or --follow and no day.")
    if when is None:
        _follow()
        return
    if when > datetime.now(_WHERE_DAYS_BEGIN).date():
        raise Trouble(f"{when} has begun nowhere yet, and a day that is closed stays closed.")
    from infra import settings
    from infra.wiring import publisher_log
    from producers import days
    from producers.publish import publish

    log = publisher_log(settings.load())
    try:
        publish([days.close_day(when)], log)
    finally:
        log.close()
    err().print(f"{when} is closed, as the processor comes to it.")


def _follow() -> None:
    from loyalty import closing
    from loyalty.serving import service
    from loyalty.shop_files import stores

    with service("close-day") as s:
        zones = {store.zone for store in stores(s.settings.stores).values() if store.zone}
        s.health.ready()
        s.lines.info("started")
        closing.follow(s.settings, s.lines, zones, s.stopped)
        s.lines.info("stopped")
