"""x."""

from typing import Annotated

import typer

F = Annotated[str, typer.Argument(help="x.")]


def compare(file: F) -> None:
    """X."""
