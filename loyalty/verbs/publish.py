"""`loyalty publish`: events into the log, from files or from a year."""

from pathlib import Path
from typing import Annotated

import typer

from loyalty.console import phase, show
from loyalty.inputs import Members, Seed, Years
from loyalty.outcome import Trouble

FilesToRead = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FILE…",
        help="JSON Lines, CSV of sales, returns or enrolments, POSLog, Shopify orders.",
    ),
]
Products = Annotated[
    Path | None,
    typer.Option("--products", metavar="FILE", help="CSV: sku, department, category, brand, …"),
]
StoresOrFile = Annotated[
    str,
    typer.Option(
        "--stores",
        metavar="FILE|NUMBER",
        help="CSV: store_id, zone, region, currency; of a simulated chain, how many stores.",
    ),
]
Zone = Annotated[
    str, typer.Option("--zone", help="The time zone of stores that name none, as Europe/Paris.")
]
Currency = Annotated[str, typer.Option("--currency", help="Of rows that name none, as EUR.")]
Rejects = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="FILE", help="Keep refused rows here, unchanged."),
]
Journey = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Publish the real year, The Complete Journey, of this folder."
    ),
]
Simulate = Annotated[bool, typer.Option("--simulate", help="Publish a simulated chain.")]


STORES_SIMULATED = 457


def publish(
    files: FilesToRead = None,
    *,
    products: Products = None,
    stores: StoresOrFile = "",
    zone: Zone = "",
    currency: Currency = "",
    rejects: Rejects = None,
    journey: Journey = None,
    simulate: Simulate = False,
    members: Members = 2_500,
    years: Years = 1,
    seed: Seed = 1,
) -> None:
    """Write events into the log: those of files, or those of a whole year.

    A row names its member by member_id, card, phone or email.  A row that is refused is told with
    its line, its field and why, and stops nothing else; the command then ends with 1.  Publishing
    the same again is harmless: every event is known by its id, which is made of its content.
    """
    from infra import settings

    current = settings.load()
    if files:
        if journey is not None or simulate:
            raise Trouble("Publish either files or a year.")
        from loyalty.files import publish_files
        from loyalty.shop_files import keep_regions, shop_of

        shop = shop_of(current, products, Path(stores) if stores else None, zone, currency)
        keep_regions(current, shop.stores)
        publish_files(current, files, shop, rejects)
        return
    if (journey is None) == (not simulate):
        raise Trouble("Say which events: FILE…, or either --journey DIR or --simulate.")
    if stores and not stores.isdecimal():
        raise Trouble("--stores of a simulated chain is a number.")
    from infra.wiring import publisher_log
    from loyalty.feeds import Feed
    from loyalty.publishing import write

    feed = Feed(journey, members, int(stores or STORES_SIMULATED), years, seed)
    log = publisher_log(current)
    try:
        with phase("publish") as running:
            published = write(feed.events(), log, running)
    finally:
        log.close()
    show(("event", "count"), published.events.items())
