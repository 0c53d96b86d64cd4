"""`loyalty verify`: is everything as it must be?"""

from typing import Annotated

import typer

from loyalty.console import err, phases, show
from loyalty.outcome import Code

Digest = Annotated[
    bool, typer.Option("--digest", help="Print one hash per table too, to compare two databases.")
]


def verify(*, digest: Digest = False) -> None:
    """Check the hash chain, every sum, and the tables against the ledger.

    Prints the first thing that is wrong and ends with 1, or says that all is well.
    """
    from infra import settings
    from loyalty import verifying

    current = settings.load()
    with phases() as shown:
        found = verifying.audit(current, shown)
        wrong = found.wrong or verifying.check_tables(current, shown)
    verifying.show_audit(found)
    if digest:
        show(("table", "digest"), verifying.digests(current))
    if wrong:
        err().print(wrong, style="red", markup=False)
        raise typer.Exit(Code.FOUND)
    err().print("All is well.", style="green")
