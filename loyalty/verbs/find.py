"""`loyalty find`: which member is meant."""

from typing import Annotated

import typer

from loyalty.console import show
from loyalty.inputs import AsCsv
from loyalty.outcome import Code, Trouble

What = Annotated[
    str,
    typer.Argument(metavar="NAME|PHONE|CARD", help="A part of a name, or a phone, card, e-mail."),
]
FOUND_MAX = 50


def find(what: What, *, as_csv: AsCsv = False) -> None:
    """Find members in the register: by a card, phone or e-mail, or by a part of the name.

    The id that it shows is the one that explain, label and adjust take.
    """
    from infra import settings
    from loyalty.people import members_meant, register
    from producers.people.register import Contact

    if not what.strip():
        raise Trouble("Say whom: a card, phone or e-mail, or a part of the name.")
    current = settings.load()
    with register(current) as known:
        members = members_meant(current, known, what)
        told = {one.member_id: one for one in known.contacts_of([*members, what])}
        found = [told.get(member, Contact(member)) for member in members]
        found += [one for name, one in told.items() if name == what and what not in members]
        if not found:
            found = known.named(what, FOUND_MAX + 1)
    if not found:
        raise Trouble("The register knows nobody by this.", Code.FOUND)
    rows = [(c.member_id, c.name, c.phone, c.email, c.address) for c in found[:FOUND_MAX]]
    show(("member id", "name", "phone", "e-mail", "address"), rows, as_csv=as_csv)
    if len(found) > FOUND_MAX:
        raise Trouble(f"There are more than {FOUND_MAX}: say more of the name.", Code.FOUND)
