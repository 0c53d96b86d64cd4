"""`loyalty rules compare`: what a new version changes, as customers read it."""

from pathlib import Path
from typing import Annotated

import typer

Old = Annotated[Path, typer.Argument(help="The programme as it is, a YAML file.")]
New = Annotated[Path, typer.Argument(help="The programme as it is to be.")]
Lang = Annotated[
    str, typer.Option("--lang", help="In which language, as en or de; titles where they have it.")
]


def compare(old: Old, new: New, *, lang: Lang = "en") -> None:
    """Say in customers' words what is new, what ends, and what changes."""
    from loyalty.programmes import checked_file
    from loyalty.rulebook.comparison import comparison

    for line in comparison(checked_file(old), checked_file(new), lang):
        typer.echo(line)
