"""`loyalty halts`: what stands still, and what to do about it."""

import typer

from loyalty.outcome import Code, Trouble


def halts() -> None:
    """Tell of every partition that stands still: why, what is not harmed, what to do.

    Processors tell it beside the log, projectors in Postgres.  The exit code is 4 if one stands
    still, and else 3 if the log or Postgres cannot be asked.
    """
    from time import time

    from infra import settings
    from infra.wiring import ledger_log
    from loyalty.oncall.page import halts as said_of
    from loyalty.oncall.partitions import standings
    from loyalty.oncall.tables import tables

    current = settings.load()
    log = ledger_log(current)
    try:
        found = standings(log, time)
    finally:
        log.close()
    held = tables(current, found)
    said = said_of(found, held)
    for line in said:
        typer.echo(line)
    if said:
        raise typer.Exit(Code.HALTED)
    if held.out_of_reach:
        raise Trouble(
            "No processor's partition stands still; of the tables it is not known, they cannot be "
            f"asked: {held.trouble}",
            Code.OUT_OF_REACH,
        )
    typer.echo("No partition stands still.")
