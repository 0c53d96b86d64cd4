"""`loyalty close-day`: a business day is over in every store."""

from datetime import date, datetime, timedelta, timezone
from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import day
from loyalty.outcome import Trouble

_WHERE_DAYS_BEGIN = timezone(timedelta(hours=14))
When = Annotated[date, typer.Argument(parser=day, metavar="DATE", help="The day, as 2017-03-14.")]


def close_day(when: When) -> None:
    """Say that a business day is over: points mature and expire, reports of the day are final.

    Days are closed one after the other.  Doing it again is harmless.  A day that has begun nowhere
    yet is refused: what is closed stays closed, and sales before it would be too old.
    """
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
