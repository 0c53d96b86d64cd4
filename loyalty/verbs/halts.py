"""`loyalty halts`: what stands still, and what to do about it."""

import typer

from loyalty.outcome import Code


def halts() -> None:
    """Tell of every partition that stands still: why, what is not harmed, what to do.

    The exit code is 4 if one does.
    """
    from time import time

    from infra import settings
    from infra.wiring import ledger_log
    from loyalty.oncall.advice import sentences
    from loyalty.oncall.partitions import standings

    current = settings.load()
    log = ledger_log(current)
    try:
        found = standings(log, time)
    finally:
        log.close()
    halted = [one for one in found if one.halted is not None]
    for one in halted:
        if one.halted is not None and one.seat is not None:
            for line in sentences(one.partition, one.halted, one.seat.detail):
                typer.echo(line)
    if halted:
        raise typer.Exit(Code.HALTED)
    typer.echo("No partition stands still.")
