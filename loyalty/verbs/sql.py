"""`loyalty sql`: a question of one's own to the tables."""

from typing import Annotated

import typer

from loyalty.console import show
from loyalty.inputs import AsCsv

Query = Annotated[str, typer.Argument(help='For example: "select * from balances limit 5".')]


def sql(query: Query, *, as_csv: AsCsv = False) -> None:
    """Ask the tables in SQL, as the analyst: the schema reporting, to read only.

    The embedded database is started if it does not run.  Rows that a terminal is too narrow for
    are shown value by value.  `loyalty report` without a name lists questions that are ready to
    ask.
    """
    from infra import settings
    from loyalty.questions import ask

    answer = ask(settings.load(), query)
    show(answer.columns, answer.rows, as_csv=as_csv)
