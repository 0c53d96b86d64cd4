"""`loyalty rules schema`: what editors complete and underline programmes by."""

import json
from pathlib import Path
from typing import Annotated

import typer

File = Annotated[
    Path | None,
    typer.Argument(help="A programme: its wallets, vouchers, levels and the like are completed."),
]


def schema(file: File = None) -> None:
    """Print the JSON Schema of programmes, for editors.

    A programme names it in its first line: # yaml-language-server: $schema=FILE.  With a programme
    the schema knows what it defines, so that editors complete those names too.
    """
    from loyalty.programmes import text_of
    from loyalty.rulebook.json_schema import programme_schema
    from processors.core.names import defined_in
    from processors.core.yaml_tree import read_tree

    ids = None if file is None else defined_in(read_tree(text_of(file)).tree)
    typer.echo(json.dumps(programme_schema(ids), indent=2, ensure_ascii=False))
