"""`loyalty codes`: what is printed on a voucher, and which voucher a code is of."""

from typing import Annotated

import typer

from loyalty.console import show
from loyalty.inputs import AsCsv
from loyalty.outcome import Code, Trouble

Member = Annotated[
    str | None,
    typer.Argument(help="A member by id, card, phone or e-mail: the codes of its vouchers."),
]
Find = Annotated[
    str | None, typer.Option(metavar="CODE", help="A code, as it was read out: its voucher.")
]


def codes(member: Member = None, *, find: Find = None, as_csv: AsCsv = False) -> None:
    """Print the codes of a member's open vouchers, or find the voucher that a code is of.

    A code is made of the voucher's id and LOYALTY_VOUCHER_KEY, here and at every till that prints
    one; it is stored nowhere.  Use the same key for as long as vouchers are open.
    """
    from infra import settings
    from loyalty.voucher_finding import COLUMNS, key_of, of_code, of_member

    if (member is None) == (find is None):
        raise Trouble("Say one of both: a member, or --find CODE.")
    current = settings.load()
    key = key_of(current)
    if member is not None:
        found = of_member(current, member, key)
        nothing = f"The tables know no open voucher of {member}."
    else:
        found = of_code(current, str(find), key)
        nothing = f"No open voucher has the code {find}."
    if not found:
        raise Trouble(nothing, Code.FOUND)
    show(COLUMNS, found, as_csv=as_csv)
