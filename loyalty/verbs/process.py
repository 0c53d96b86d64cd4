"""`loyalty process`: the service that decides."""

from typing import Annotated

import typer

UntilEnd = Annotated[
    bool, typer.Option("--until-end", help="Stop when everything in the log is decided.")
]


def process(*, until_end: UntilEnd = False) -> None:
    """Decide every event once and write the ledger, until SIGTERM or ctrl-c.

    Any number of these share the partitions of a Kafka topic.  The embedded log has room for one.
    A partition that cannot go on stands still and says why; the exit code is then 4.
    """
    from infra.registry import must_agree
    from loyalty import services
    from loyalty.journal import Journal
    from loyalty.serving import service

    with service("process") as s:
        must_agree(s.settings)
        journal = Journal(s.lines)
        services.process(
            s.settings,
            journal,
            s.stopped,
            until=lambda: until_end,
            around=services.Around(s.metrics, s.health),
        )
