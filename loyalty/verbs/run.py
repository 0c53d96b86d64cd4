"""`loyalty run`: all services in one process."""

from typing import Annotated

import typer

UntilEnd = Annotated[
    bool,
    typer.Option("--until-end", help="Stop when everything is decided and in the tables."),
]


def run(*, until_end: UntilEnd = False) -> None:
    """Decide events, fill the tables and look up segments, in one process, until SIGTERM or ctrl-c.

    Segments are looked up when a business day has closed in every partition.
    """
    from loyalty import services
    from loyalty.journal import Journal
    from loyalty.serving import service

    with service("run") as s:
        journal = Journal(s.lines)
        services.everything(
            s.settings, journal, s.lines, s.stop.is_set, until_end=until_end, metrics=s.metrics
        )
