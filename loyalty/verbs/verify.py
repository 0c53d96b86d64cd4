"""`loyalty verify`: is everything as it must be?"""

from typing import Annotated

import typer

Digest = Annotated[
    bool, typer.Option("--digest", help="Print one hash per table too, to compare two databases.")
]


def verify(*, digest: Digest = False) -> None:
    """Check the hash chain, every sum, and the tables against the ledger.

    Prints the first thing that is wrong and ends with 1, or says that all is well.
    """
