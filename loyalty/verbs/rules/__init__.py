"""`loyalty rules`: for the people who write programmes; one sub-verb per file."""

import typer

from loyalty.verbs.rules.check import check
from loyalty.verbs.rules.compare import compare
from loyalty.verbs.rules.schema import schema
from loyalty.verbs.rules.stop import stop
from loyalty.verbs.rules.terms import terms

rules = typer.Typer(help="Write programmes: the promotion kinds, checks, and words for customers.")


@rules.callback(invoke_without_command=True)
def _kinds(context: typer.Context) -> None:
    """Print every promotion kind with its parameters and a worked number.

    The sub-commands check a programme, complete it in editors, and say it in customers' words.
    """
    if context.invoked_subcommand is not None:
        return
    from loyalty.rulebook.kinds_told import told

    for line in told():
        typer.echo(line)


for _verb in (check, schema, terms, compare, stop):
    rules.command(_verb.__name__)(_verb)
