"""`loyalty programmes`: what was and is in force; one sub-verb per file."""

import typer

from loyalty import console
from loyalty.inputs import AsCsv
from loyalty.verbs.programmes.show import show

programmes = typer.Typer(help="Which programmes were and are in force.")


@programmes.callback(invoke_without_command=True)
def _list(context: typer.Context, *, as_csv: AsCsv = False) -> None:
    """List every version, since when it is in force and who activated it; refused ones too.

    Promotions that were stopped follow, with the reason.
    """
    if context.invoked_subcommand is not None:
        return
    from infra import settings
    from loyalty.rulebook.activations import read_history, today
    from loyalty.rulebook.standing import ACTIVATION_COLUMNS, STOP_COLUMNS, rows, stop_rows

    history = read_history(settings.load())
    console.show(ACTIVATION_COLUMNS, rows(history, today()), as_csv=as_csv)
    if history.stops:
        console.show(STOP_COLUMNS, stop_rows(history), as_csv=as_csv)


programmes.command("show")(show)
