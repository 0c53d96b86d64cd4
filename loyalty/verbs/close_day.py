"""`loyalty close-day`: a business day is over in every store."""

from datetime import date
from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import day

When = Annotated[date, typer.Argument(parser=day, metavar="DATE", help="The day, as 2017-03-14.")]


def close_day(when: When) -> None:
    """Say that a business day is over: points mature and expire, reports of the day are final.

    Days are closed one after the other.  Doing it again is harmless.
    """
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
