"""`loyalty rules stop`: one promotion ends, in every store."""

from typing import Annotated

import typer

from loyalty.console import err

Promotion = Annotated[str, typer.Argument(help="The promotion's id.")]
Because = Annotated[
    str, typer.Option("--because", metavar="TEXT", help="Why, in a sentence that is kept.")
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers for it.")]


def stop(promotion: Promotion, *, because: Because, by: By = "") -> None:
    """End a promotion in every store, by an event in every partition of the log.

    Whatever is decided behind that place gets nothing more of it; what it gave stays.  The id stays
    stopped in later versions too: what is to return gets another one.  A stop that was cut off is
    typed again; the first reason holds.
    """
    from infra import settings
    from loyalty.amounts import day
    from loyalty.rulebook.stopping_one import stop_event
    from producers.publish import publish

    current = settings.load()
    event = stop_event(current, promotion, because, by)
    from infra.wiring import publisher_log

    log = publisher_log(current)
    try:
        publish([event], log)
    finally:
        log.close()
    err().print(
        f"{promotion} is stopped since {day(event.header.business_date)}: {event.because}\n"
        f"It gives nothing more: from here on in all {log.identity.partitions} partitions, as the "
        "processor comes to it.  `loyalty programmes` shows when it has."
    )
