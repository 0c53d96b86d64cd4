"""`loyalty run`: all services in one process."""

from typing import Annotated

import typer

UntilEnd = Annotated[
    bool,
    typer.Option("--until-end", help="Stop when everything is decided and in the tables."),
]


OpenDays = Annotated[
    bool, typer.Option("--keep-days-open", help="Close no business day; `close-day` does.")
]


def run(*, until_end: UntilEnd = False, keep_days_open: OpenDays = False) -> None:
    """Decide events, fill the tables and look up segments, in one process, until SIGTERM or ctrl-c.

    A business day is closed by itself some hours (LOYALTY_CLOSE_DAY_AFTER_MIN) after its midnight
    in the programme's time zone and in those of all stores (LOYALTY_STORES), so that this can be
    left running.  Segments are looked up when a business day has closed in every partition.
    """
    from infra.registry import must_agree
    from loyalty import services
    from loyalty.closing import Closing
    from loyalty.journal import Journal
    from loyalty.serving import service
    from loyalty.shop_files import keep_regions, stores

    with service("run") as s:
        must_agree(s.settings)
        journal = Journal(s.lines)
        known = stores(s.settings.stores)
        keep_regions(s.settings, known)
        closing = None
        if not (until_end or keep_days_open):
            zones = {store.zone for store in known.values() if store.zone}
            closing = Closing(s.settings, s.lines, zones)
        services.everything(
            s.settings,
            journal,
            s.stopped,
            until_end=until_end,
            around=services.Around(s.metrics, s.health, closing, s.lines),
        )
