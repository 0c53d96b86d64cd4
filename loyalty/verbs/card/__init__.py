"""`loyalty card`: cards that were lost, stolen or worn out."""

import typer

from loyalty.verbs.card.block import block
from loyalty.verbs.card.replace import replace

card = typer.Typer(help="Cards that were lost, stolen or worn out.")


@card.callback()
def _group() -> None:
    """Cards that were lost, stolen or worn out."""


card.command("replace")(replace)
card.command("block")(block)
