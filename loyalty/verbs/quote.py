"""`loyalty quote`: what a till will show before payment."""

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[
    Path,
    typer.Argument(help="A YAML or JSON file: programme, member, store, time, vouchers, lines."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the answer as JSON: the contract for tills.")
]
Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="LANGUAGE",
        help="In which language the till and its customer are told, as en or de.",
    ),
]


def quote(file: File, *, as_json: AsJson = False, lang: Lang = "en") -> None:
    """Price one basket by a programme: discounts by line, vouchers, points to be earned, prompts.

    It is decided by the same rules as the sale itself, and needs neither Kafka nor Postgres.
    A file with mistakes is refused with all of them, each with its line.
    """
    from loyalty.basket_file import read
    from loyalty.quote_answer import contract, tell
    from loyalty.rulebook.languages import language
    from processors.core import quote as engine

    asked = read(file)
    answer = engine.quote(asked.overlay, asked.basket, lang)
    words = language(lang)
    if as_json:
        typer.echo(contract(asked, answer, words))
    else:
        tell(asked, answer, words)
