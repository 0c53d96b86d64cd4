"""`loyalty status`: how everything stands, on one page."""

import typer

from loyalty.outcome import Code


def status() -> None:
    """Show each partition with its owner, what is behind, closed days, programmes, refusals.

    It asks the log and the tables, and disturbs neither.  The exit code is 4 if a partition
    stands still, and 3 if the log cannot be asked.
    """
    from time import time

    from infra import settings
    from infra.wiring import ledger_log
    from loyalty.oncall.page import show
    from loyalty.oncall.partitions import standings
    from loyalty.oncall.tables import tables

    current = settings.load()
    log = ledger_log(current)
    try:
        found = standings(log, time)
    finally:
        log.close()
    show(found, tables(current, found))
    if any(one.halted for one in found):
        raise typer.Exit(Code.HALTED)
