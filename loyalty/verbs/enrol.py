"""`loyalty enrol`: a member joins."""

from collections.abc import Mapping
from typing import Annotated

import typer

from loyalty.console import err
from loyalty.inputs import At
from loyalty.outcome import Trouble
from producers.people.identifiers import Kind

Card = Annotated[str, typer.Option("--card", help="The number of the member's card.")]
Name = Annotated[str, typer.Option("--name", help="How the member is called.")]
Address = Annotated[str, typer.Option("--address", help="For post.")]
Phone = Annotated[str, typer.Option("--phone", help="With + and country.")]
Email = Annotated[str, typer.Option("--email", help="An e-mail address.")]
Store = Annotated[str, typer.Option("--store", help="The store that enrols.")]
Birthday = Annotated[str, typer.Option("--birthday", help="Month and day, as 02-29.")]
Language = Annotated[str, typer.Option("--language", help="BCP 47, as en.")]
Campaign = Annotated[str, typer.Option("--campaign", help="What brought the member in.")]
Consent = Annotated[
    list[str] | None,
    typer.Option(
        "--consent",
        metavar="PURPOSE/CHANNEL",
        help="To marketing, service or profiling, by email, sms or post; may be repeated.",
    ),
]


def enrol(
    *,
    card: Card = "",
    name: Name = "",
    address: Address = "",
    phone: Phone = "",
    email: Email = "",
    store: Store = "",
    birthday: Birthday = "",
    language: Language = "",
    campaign: Campaign = "",
    consent: Consent = None,
    at: At = "",
) -> None:
    """Enrol a member by card, phone or e-mail, and print the member's id.

    A card that has been used before brings what it has collected along; one of a member who has
    another name is refused.  Name, address, phone and e-mail are kept in the register alone; the
    log and the ledger know only the id.
    """
    from infra import settings
    from loyalty.one_by_one import now, publish_rows
    from loyalty.people import enrolled_before, is_another, register

    row = {
        "type": "MemberEnrolled",
        "occurred_at": at or now(),
        "card": card,
        "name": name,
        "address": address,
        "phone": phone,
        "email": email,
        "store_id": store,
        "birthday": birthday,
        "language": language,
        "campaign_id": campaign,
        "consents": "|".join(consent or ()),
        "actor": "agent",
    }
    current = settings.load()
    # One `with` for both, so that an embedded database is started once.
    with register(current) as known:
        told: Mapping[Kind, str] = {"card": card, "phone": phone, "email": email}
        if is_another(current, known, told, name):
            raise Trouble("That card, phone or e-mail is of a member who has another name.")
        member = "" if at else enrolled_before(current, known, told)
        if member:
            # At another time it would be a conflict with the first in the ledger.
            typer.echo(member)
            err().print("The member has enrolled before; nothing of it is changed.")
            return
        [enrolled, *_] = publish_rows(current, [row])
    typer.echo(enrolled.header.member_id)
    err().print("The member is enrolled, as the processor comes to it.")
