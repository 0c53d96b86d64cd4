"""`loyalty run`: both services in one process."""

from typing import Annotated

import typer

UntilEnd = Annotated[
    bool,
    typer.Option("--until-end", help="Stop when everything is decided and in the tables."),
]


def run(*, until_end: UntilEnd = False) -> None:
    """Decide events and fill the tables, in one process, until SIGTERM or ctrl-c."""
    from loyalty import services
    from loyalty.journal import Journal
    from loyalty.serving import service

    with service("run") as s:
        journal = Journal(s.lines)
        services.both(
            s.settings, journal, s.stop.is_set, until=lambda: until_end, metrics=s.metrics
        )
