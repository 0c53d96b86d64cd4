"""x."""

from typing import Annotated

import typer

F = Annotated[str, typer.Argument(help="x.")]


def terms(file: F) -> None:
    """X."""
