"""`loyalty project`: the service that fills the tables."""

from typing import Annotated

import typer

from loyalty.console import phase
from loyalty.outcome import Code, Trouble

_STOPPED = "The rebuild was stopped before its end; the tables are as they were."
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
            with phase("rebuild") as running:

                def tell(records: int) -> None:
                    running.at(records)
                    if s.stopped():
                        raise Trouble(_STOPPED, Code.OUT_OF_REACH)

                s.health.ready()
                services.rebuild(s.settings, tell)
                running.summary = f"{running.done:,} ledger records put into new tables"
            return
        s.lines.info("started")
        s.health.ready()
        around = services.Around(s.metrics, s.health, lines=s.lines)
        services.project(s.settings, s.stopped, until=lambda: until_end, around=around)
        s.lines.info("stopped")
