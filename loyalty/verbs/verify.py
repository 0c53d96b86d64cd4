"""`loyalty verify`: is everything as it must be?"""

from typing import Annotated

import typer

from loyalty.console import err, phases, show
from loyalty.inputs import AsCsv
from loyalty.outcome import Code, Trouble

Digest = Annotated[
    bool, typer.Option("--digest", help="Print one hash per table too, to compare two databases.")
]
LedgerOnly = Annotated[
    bool, typer.Option("--ledger-only", help="Check the ledger, and leave the tables alone.")
]

EveryRow = Annotated[
    bool,
    typer.Option(
        "--every-row",
        help="Compare every row of the tables, as far as they are projected, with others that are "
        "filled beside them for this.  Takes somewhat longer than `project --rebuild`, and as much "
        "room in Postgres as the tables.",
    ),
]


def verify(
    *,
    digest: Digest = False,
    ledger_only: LedgerOnly = False,
    every_row: EveryRow = False,
    as_csv: AsCsv = False,
) -> None:
    """Check the hash chain, every sum, and the tables against the ledger.

    Of the tables these are sums, balances and intervals; --every-row leaves no column out, and does
    not mind a projector that goes on meanwhile.

    Prints the first thing that is wrong and ends with 1, or says that all is well.  With --digest
    and --csv the rows are the hashes alone.
    """
    from infra import settings
    from loyalty import verifying

    if ledger_only and every_row:
        raise Trouble("--ledger-only leaves the tables alone: leave out that, or --every-row.")
    current = settings.load()
    with phases() as shown:
        verified = verifying.verify(
            current, shown, with_tables=not ledger_only, every_row=every_row
        )
    if not (digest and as_csv):
        verifying.show_partitions(verified, as_csv=as_csv)
    if digest:
        show(("table", "digest"), verifying.digests(current).items(), as_csv=as_csv)
    if verified.wrong:
        err().print(verified.wrong, style="red", markup=False)
        raise typer.Exit(Code.FOUND)
    err().print("All is well.", style="green")
