"""`loyalty report`: questions that are ready to ask, one SQL file each in `loyalty/reports/`."""

from collections.abc import Iterable
from importlib.resources import files
from itertools import takewhile
from typing import Annotated

import typer

from loyalty.console import out, show
from loyalty.inputs import AsCsv
from loyalty.outcome import Trouble

Name = Annotated[str, typer.Argument(help="Which report; without a name they are listed.")]


def report(name: Name = "", *, as_csv: AsCsv = False) -> None:
    """Redemption rates, segments, campaigns and more, from the tables as they stand."""
    from infra import settings
    from loyalty.questions import ask

    queries = known()
    if not name:
        show(("report", "what it says"), [(n, about(q)) for n, q in queries.items()], as_csv=as_csv)
        return
    if name not in queries:
        raise Trouble(f"There is no report {name}; there are {', '.join(queries)}.")
    answer = ask(settings.load(), queries[name])
    columns = answer.columns if as_csv else in_words(answer.columns)
    show(columns, answer.rows, as_csv=as_csv, title=about(queries[name]))
    if not as_csv and (said := remarks(queries[name])):
        out().print(said, markup=False)


def known() -> dict[str, str]:
    """The reports by name, with their queries."""
    found = sorted(
        (file.name.removesuffix(".sql"), file.read_text("utf-8"))
        for file in (files("loyalty") / "reports").iterdir()
        if file.name.endswith(".sql")
    )
    return dict(found)


def about(query: str) -> str:
    """What a report says: the comment on its first line."""
    return query.partition("\n")[0].removeprefix("--").strip()


def remarks(query: str) -> str:
    """What a reader of its numbers must know: the comment behind its first line; empty for none."""
    head = takewhile(lambda line: line.startswith("--"), query.splitlines()[1:])
    return "\n".join(line.removeprefix("--").strip() for line in head)


def in_words(columns: Iterable[str]) -> list[str]:
    """Column names as people read them, and as a narrow terminal can wrap them."""
    return [name.replace("_", " ") for name in columns]
