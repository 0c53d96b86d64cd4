"""`loyalty resume`: a person lets a halted partition go on."""

from typing import Annotated

import typer

from loyalty.console import err

Partition = Annotated[int, typer.Argument(min=0, help="The partition, as `halts` names it.")]
Because = Annotated[
    str, typer.Option("--because", metavar="TEXT", help="Why, in a sentence that is kept.")
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers; you if not said.")]


def resume(partition: Partition, *, because: Because, by: By = "") -> None:
    """Let a halted partition be tried again, after somebody has looked.

    Who and why are written into its ledger as a claim.  Only some halts can be lifted so; for the
    others something has to be restored, and `loyalty halts` says what.
    """
    from infra import settings
    from loyalty.oncall.lifting import lift

    name = lift(settings.load(), partition, because, by)
    err().print(
        f"{name} lets partition {partition} go on.  Whoever holds it tries again within seconds; "
        "if no process runs, the next one that starts does."
    )
