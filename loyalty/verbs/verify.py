"""`loyalty verify`: is everything as it must be?"""

from typing import Annotated

import typer

from loyalty.console import err, phases, show
from loyalty.inputs import AsCsv
from loyalty.outcome import Code

Digest = Annotated[
    bool, typer.Option("--digest", help="Print one hash per table too, to compare two databases.")
]
LedgerOnly = Annotated[
    bool, typer.Option("--ledger-only", help="Check the ledger, and leave the tables alone.")
]


def verify(
    *, digest: Digest = False, ledger_only: LedgerOnly = False, as_csv: AsCsv = False
) -> None:
    """Check the hash chain, every sum, and the tables against the ledger.

    Prints the first thing that is wrong and ends with 1, or says that all is well.  With --digest
    and --csv the rows are the hashes alone.
    """
    from infra import settings
    from loyalty import verifying

    current = settings.load()
    with phases() as shown:
        verified = verifying.verify(current, shown, with_tables=not ledger_only)
    if not (digest and as_csv):
        verifying.show_partitions(verified, as_csv=as_csv)
    if digest:
        show(("table", "digest"), verifying.digests(current).items(), as_csv=as_csv)
    if verified.wrong:
        err().print(verified.wrong, style="red", markup=False)
        raise typer.Exit(Code.FOUND)
    err().print("All is well.", style="green")
