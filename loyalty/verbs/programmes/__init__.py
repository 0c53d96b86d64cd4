"""`loyalty programmes`: what was and is in force; one sub-verb per file."""

import typer

from loyalty import console
from loyalty.inputs import AsCsv
from loyalty.verbs.programmes.show import show

programmes = typer.Typer()


@programmes.callback(invoke_without_command=True)
def _list(context: typer.Context, *, as_csv: AsCsv = False) -> None:
    """List every version: since when it is in force, who activated it, and when; refused ones too.

    Promotions that were stopped follow, with the reason.

    As CSV they are a column of the versions that have them, with | between them.
    """
    if context.invoked_subcommand is not None:
        return
    from infra import settings
    from loyalty.rulebook import standing
    from loyalty.rulebook.activations import read_history, today

    history = read_history(settings.load())
    if as_csv:
        whole = standing.whole_rows(history, today())
        console.show(standing.WHOLE_COLUMNS, whole, as_csv=True)
        return
    console.show(standing.ACTIVATION_COLUMNS, standing.rows(history, today()))
    if history.stops:
        console.show(standing.STOP_COLUMNS, standing.stop_rows(history))


programmes.command("show")(show)
