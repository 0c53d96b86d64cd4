"""`loyalty test`: scenarios of a programme, played without a log or a database."""

from pathlib import Path
from typing import Annotated

import typer

from loyalty.console import err, out
from loyalty.outcome import Code, Trouble

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="Scenario files, such as grocery.test.yaml.")
]
Junit = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the results as JUnit XML too.")
]


def test(files: Files, *, junit: Junit = None) -> None:  # noqa: PT028  # a verb, not a test
    """Play scenario files on their programmes, and tell what is not as they expect.

    Each file names a programme and tells what happens to members: sales, returns, closed days.
    What it expects is compared with what the rules do.  Neither Kafka nor Postgres is needed.
    Ends with 1 if a scenario fails, and with 2 if a file cannot be read.
    """
    from loyalty.scenarios.junit import junit as as_junit
    from loyalty.scenarios.running import run
    from loyalty.scenarios.telling import failed, headline

    reports = []
    for report in run(files):
        reports.append(report)
        style = "red" if report.failed or report.mistakes else "green"
        out().print(headline(report), style=style, markup=False)
        for line in failed(report):
            out().print(line, markup=False)
        if report.mistakes:
            err().print(report.mistakes, style="red", markup=False)
    if junit is not None:
        try:
            junit.write_bytes(as_junit(reports))
        except OSError as problem:
            raise Trouble(f"{junit} cannot be written: {problem}") from None
    if any(report.mistakes for report in reports):
        raise typer.Exit(Code.WRONG_USE)
    if any(report.failed for report in reports):
        raise typer.Exit(Code.FOUND)
