"""`loyalty status`: how everything stands, on one page."""

import typer

from loyalty.inputs import AsCsv
from loyalty.outcome import Code


def status(*, as_csv: AsCsv = False) -> None:
    """Show each partition with its owner, what is behind, closed days, programmes, refusals.

    With --csv the partitions alone are on standard output, for other programs.

    It asks the log and the tables, and disturbs neither.  The exit code is 4 if a partition
    stands still, of a processor or in the tables, and 3 if the log or Postgres cannot be asked.
    """
    from time import time

    from infra import settings
    from infra.wiring import ledger_log
    from loyalty.oncall.page import halts, show
    from loyalty.oncall.partitions import standings
    from loyalty.oncall.tables import tables

    current = settings.load()
    log = ledger_log(current)
    try:
        found = standings(log, time)
    finally:
        log.close()
    held = tables(current, found)
    show(found, held, as_csv=as_csv)
    if halts(found, held):
        raise typer.Exit(Code.HALTED)
    if held.out_of_reach:
        raise typer.Exit(Code.OUT_OF_REACH)
