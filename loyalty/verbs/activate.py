"""`loyalty activate`: a programme comes into force."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import day, must_lead_to_nobody

File = Annotated[Path, typer.Argument(help="The programme, a YAML file.")]
From = Annotated[
    date,
    typer.Option(
        "--from",
        parser=day,
        metavar="DATE",
        help="The first business date it decides, as 2017-03-14.",
    ),
]


By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers for it.")]


def activate(file: File, *, first_day: From, by: By = "") -> None:
    """Check a programme and bring it into force from a business date on, in every partition.

    Mistakes are listed all at once, each with its line; so is a version that is not higher than the
    last, and an id that was something else in one that was activated before.  What was decided by
    then stays as it is.  Doing it again is harmless.
    """
    from infra import settings
    from infra.wiring import publisher_log
    from loyalty import amounts
    from loyalty.programmes import activation_of
    from loyalty.rulebook.activations import closed_through, must_follow, read_history
    from producers.publish import publish

    must_lead_to_nobody("--by", by)
    event = activation_of(file, first_day, by)
    found = settings.load()
    log = publisher_log(found)
    try:
        must_follow(file, read_history(found))
        closed = closed_through(found)
        publish([event], log)
    finally:
        log.close()
    err().print(f"{file.name} is in force from {first_day} on, as the processor comes to it.")
    if closed is not None and event.effective_from <= closed:
        err().print(
            f"The days through {amounts.day(closed)} are closed: what was decided of them stays as "
            "it is, and only what is told late is decided by it.",
            style="yellow",
        )
