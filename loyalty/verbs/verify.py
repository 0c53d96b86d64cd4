"""`loyalty verify`: is everything as it must be?"""

from typing import Annotated

import typer

from loyalty.console import err, phases, show
from loyalty.outcome import Code

Digest = Annotated[
    bool, typer.Option("--digest", help="Print one hash per table too, to compare two databases.")
]
LedgerOnly = Annotated[
    bool, typer.Option("--ledger-only", help="Check the ledger, and leave the tables alone.")
]


def verify(*, digest: Digest = False, ledger_only: LedgerOnly = False) -> None:
    """Check the hash chain, every sum, and the tables against the ledger.

    Prints the first thing that is wrong and ends with 1, or says that all is well.
    """
    from infra import settings
    from loyalty import verifying

    current = settings.load()
    with phases() as shown:
        verified = verifying.verify(current, shown, with_tables=not ledger_only)
    verifying.show_partitions(verified)
    if digest:
        show(("table", "digest"), verifying.digests(current).items())
    if verified.wrong:
        err().print(verified.wrong, style="red", markup=False)
        raise typer.Exit(Code.FOUND)
    err().print("All is well.", style="green")
