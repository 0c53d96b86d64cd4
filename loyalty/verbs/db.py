"""`loyalty db`: where the tables are, for other Postgres clients."""

from enum import StrEnum
from typing import Annotated

import typer

from loyalty.console import err
from loyalty.outcome import Code, Trouble
from loyalty.stopping import asked_to_stop

db = typer.Typer(help="Where the tables are, for psql, notebooks and other clients.")


class Role(StrEnum):
    """Who connects."""

    ANALYST = "analyst"
    PROJECTOR = "projector"
    CONTACTS = "contacts"
    OWNER = "owner"


AsRole = Annotated[Role, typer.Option("--role", help="Whose address; an analyst only reads.")]
Wait = Annotated[
    bool, typer.Option("--wait", help="Start the embedded Postgres and keep it until ctrl-c.")
]


@db.callback()
def _group() -> None:
    """Where the tables are, for psql, notebooks and other clients."""


@db.command("url")
def url(*, role: AsRole = Role.ANALYST, wait: Wait = False) -> None:
    """Print the address of the database, with the password if it has one.

    The embedded Postgres runs while a loyalty command does; --wait keeps it running.
    """
    from infra import postgres, settings

    current = settings.load()
    if not wait:
        try:
            typer.echo(postgres.url(current, role.value))
        except postgres.DatabaseUnavailable as problem:
            start = "`loyalty db url --wait` starts the embedded one."
            raise Trouble(f"{str(problem).capitalize()}.  {start}", Code.OUT_OF_REACH) from None
        return
    with asked_to_stop() as stop, postgres.server(current):
        typer.echo(postgres.url(current, role.value))
        err().print("Postgres runs until ctrl-c.")
        stop.wait()
