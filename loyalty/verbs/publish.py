"""`loyalty publish`: a year of events into the log."""

from pathlib import Path
from typing import Annotated

import typer

from loyalty.console import phase, show
from loyalty.inputs import Members, Seed, Stores, Years
from loyalty.outcome import Trouble

Journey = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Publish the real year, The Complete Journey, of this folder."
    ),
]
Simulate = Annotated[bool, typer.Option("--simulate", help="Publish a simulated chain.")]


def publish(
    *,
    journey: Journey = None,
    simulate: Simulate = False,
    members: Members = 2_500,
    stores: Stores = 457,
    years: Years = 1,
    seed: Seed = 1,
) -> None:
    """Write the events of a year into the log: sales, returns, enrolments, offers, closed days.

    Publishing the same again is harmless: the processor knows every event by its id.
    """
    from infra import settings
    from infra.wiring import publisher_log
    from loyalty.feeds import Feed
    from loyalty.publishing import write

    if (journey is None) == (not simulate):
        raise Trouble("Say which events: either --journey DIR or --simulate.")
    feed = Feed(journey, members, stores, years, seed)
    log = publisher_log(settings.load())
    try:
        with phase("publish") as running:
            published = write(feed.events(), log, running)
    finally:
        log.close()
    show(("event", "count"), published.events.items())
