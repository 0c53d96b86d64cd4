"""`loyalty init`: a shop of one's own."""

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from loyalty.outcome import Trouble

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")]
_FILES = ("programme.yaml", "programme.test.yaml", "products.csv", "stores.csv", "sales.csv")


def init(folder: Folder) -> None:
    """Make a folder with a small shop: a programme with tests, products, stores and ten sales.

    The sales are of the last two days.  What to type next is printed, and can be typed as it is.
    """
    second = date.today() - timedelta(1)  # noqa: DTZ011  the shop is where the person is
    first = second - timedelta(1)
    try:
        folder.mkdir(parents=True)
        for name in _FILES:
            text = (files("loyalty") / "shop" / name).read_text("utf-8")
            if name == "sales.csv":
                text = text.replace("FIRST", first.isoformat()).replace(
                    "SECOND", second.isoformat()
                )
            (folder / name).write_text(text, "utf-8")
    except FileExistsError:
        raise Trouble(f"{folder} is there already; name a folder that is not.") from None
    except OSError as problem:
        raise Trouble(f"{folder} cannot be written: {problem.strerror}.") from None
    for line in next_steps(folder, first, second):
        typer.echo(line)


def next_steps(folder: Path, first: date, second: date) -> list[str]:
    """What to type next, as a shell reads it."""
    programme, tests, products, stores, sales = (quote(str(folder / name)) for name in _FILES)
    card = '--card "2600 0001" --name "Ada Lovelace" --store S1'
    return [
        f"loyalty test {tests}",
        f"loyalty activate {programme} --from {first}",
        f"loyalty enrol {card} --at {first}T08:00:00Z",
        f"loyalty publish {sales} --products {products} --stores {stores}",
        f"loyalty close-day {first}",
        f"loyalty close-day {second}",
        "loyalty run --until-end",
        "loyalty report stores",
        "loyalty explain 1001",
    ]
