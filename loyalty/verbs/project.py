"""`loyalty project`: the service that fills the tables."""

from threading import Event
from typing import Annotated

import typer

UntilEnd = Annotated[
    bool, typer.Option("--until-end", help="Stop when the tables hold the whole ledger.")
]
Rebuild = Annotated[
    bool,
    typer.Option(
        "--rebuild", help="Fill a new set of tables beside the live ones, then swap, and stop."
    ),
]


def project(*, rebuild: Rebuild = False, until_end: UntilEnd = False) -> None:
    """Fill the tables in Postgres from the ledger, until SIGTERM or ctrl-c.

    The rows and the place in the ledger are one transaction: nothing is counted twice or left out.
    """
    from loyalty import services
    from loyalty.serving import service

    with service("project") as s:
        if rebuild:
            services.rebuild(s.settings)
            return
        until = Event() if until_end else None
        if until is not None:
            until.set()
        s.lines.info("started")
        services.project(s.settings, s.stop, until)
        s.lines.info("stopped")
