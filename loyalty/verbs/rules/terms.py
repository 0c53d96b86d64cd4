"""`loyalty rules terms`: the programme as customers read it."""

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(help="The programme, a YAML file.")]
Lang = Annotated[
    str, typer.Option("--lang", help="In which language, as en or de; titles where they have it.")
]


def terms(file: File, *, lang: Lang = "en") -> None:
    """Print the programme as one page for customers, in markdown.

    Each promotion is one sentence made of its words, with a worked number that the rules computed.
    """
    from loyalty.programmes import checked_file
    from loyalty.rulebook.terms import terms as page

    for line in page(checked_file(file), lang):
        typer.echo(line)
