"""`loyalty schemas`: which schema has which id, and what a schema registry says to that."""

from typing import Annotated

import typer

from loyalty.console import err, show
from loyalty.inputs import AsCsv
from loyalty.outcome import Code, Trouble

Register = Annotated[
    bool, typer.Option("--register", help="Put into the registry what it misses, then compare.")
]


def schemas(*, register: Register = False, as_csv: AsCsv = False) -> None:
    """Show every version of every schema with its id, and compare a schema registry with them.

    No registry is needed: the ids are ours and stay.  With LOYALTY_SCHEMA_REGISTRY_URL set it must
    have the same schemas under the same ids, for others who read the topics.  What differs is
    named and never changed, and the exit code is then 1: on Kafka no service starts so, and
    no command publishes.
    """
    from infra import registry, settings

    current = settings.load()
    columns = ("subject", "version", "id", "in the registry")
    if not current.schema_registry_url:
        if register:
            raise Trouble(
                "There is no registry to put schemas into; set LOYALTY_SCHEMA_REGISTRY_URL."
            )
        wanted = registry.entries(current.topic_prefix)
        show(columns[:3], [(one.subject, one.version, one.id) for one in wanted], as_csv=as_csv)
        err().print("No registry is set, and none is needed.")
        return
    refused: tuple[str, ...] = ()
    if register:
        registered = registry.register(current)
        refused = registered.refused
        for sentence in registered.done:
            err().print(sentence, markup=False)
    compared = registry.compare(current)
    rows = [(one.entry.subject, one.entry.version, one.entry.id, one.state) for one in compared]
    show(columns, rows, as_csv=as_csv)
    found = [one.sentence for one in compared if one.sentence]
    wrong = [*refused, *found, *registry.compare_levels(current)]
    for sentence in wrong:
        err().print(sentence, style="red", markup=False)
    if wrong:
        raise typer.Exit(Code.FOUND)
