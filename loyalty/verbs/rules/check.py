"""`loyalty rules check`: is a programme right?"""

from pathlib import Path
from typing import Annotated

import typer

from loyalty.console import err
from loyalty.outcome import Code

File = Annotated[Path, typer.Argument(help="The programme, a YAML file.")]
Against = Annotated[
    str,
    typer.Option(
        metavar="live|FILE",
        help="What it is to follow: the programme activated last, or another file.",
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="End with 1 for a warning too.")]


def check(file: File, *, against: Against = "", strict: Strict = False) -> None:
    """Name every mistake at once: its line, the line itself, and the nearest known word.

    Warnings are what a programme may say but hardly means.  Against the programme that it is to
    follow, an id must have kept its kind, and the version must be higher.

    Ends with 1 if there are mistakes, and with 2 if the file cannot be read; other commands cannot
    use a programme with mistakes, and end with 2.
    """
    from loyalty.rulebook.judgement import judge

    judgement = judge(file, against)
    for mistake in judgement.mistakes:
        typer.echo(str(mistake))
    for doubt in judgement.doubts:
        typer.echo(f"Warning: {doubt}")
    if judgement.mistakes:
        err().print(f"{len(judgement.mistakes)} to mend.", style="red")
        raise typer.Exit(Code.FOUND)
    warned = f", {len(judgement.doubts)} to look at" if judgement.doubts else ""
    err().print(f"{file} has no mistake{warned}.", style="yellow" if warned else "green")
    if strict and judgement.doubts:
        raise typer.Exit(Code.FOUND)
