"""`loyalty programmes show`: the document of a version."""

from typing import Annotated

import typer

from loyalty.outcome import Trouble

Which = Annotated[
    str,
    typer.Argument(metavar="live|VERSION", help="What is in force today, or a version's number."),
]


def show(which: Which = "live") -> None:
    """Print a programme that was activated, as YAML; with a higher version it can be again."""
    from infra import settings
    from loyalty.rulebook.activations import live_programme, read_history
    from loyalty.rulebook.readable import readable
    from processors.core.document import check

    history = read_history(settings.load())
    if which == "live":
        document = live_programme(history).document
    else:
        found = [one.document for one in history.accepted if str(one.version) == which]
        if not found:
            known = ", ".join(dict.fromkeys(str(one.version) for one in history.accepted))
            raise Trouble(f"No version {which} was activated; there are: {known or 'none'}.")
        document = check(found[-1]).document
    typer.echo(readable(document))
