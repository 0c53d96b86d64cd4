"""`loyalty segments`: who is in which segment of the programme."""

from datetime import date
from typing import Annotated

import typer

from loyalty.console import err, show
from loyalty.inputs import AsCsv, day

Day = Annotated[
    date | None,
    typer.Option(
        "--day",
        parser=day,
        metavar="DATE",
        help="As of the close of this business day; as of the last one if it is not said.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change; tell nobody.")]
Follow = Annotated[
    bool,
    typer.Option("--follow", help="Go on, and do so whenever a day has closed, until SIGTERM."),
]


def segments(
    *, on: Day = None, dry_run: DryRun = False, follow: Follow = False, as_csv: AsCsv = False
) -> None:
    """Look up who is in the programme's segments, and publish who enters and who leaves.

    The words of a segment are asked of the tables, as of the last business day that every
    partition has closed; from the day behind it a promotion for the segment sees it.  Doing it
    again for the same day adds nothing.  `loyalty run` does it by itself.
    """
    from infra import postgres
    from infra import settings as all_settings
    from infra.registry import must_agree
    from loyalty import segmenting
    from loyalty.journal import Silence
    from loyalty.outcome import Trouble
    from loyalty.serving import service
    from projections.install import install

    if follow:
        if on or dry_run:
            raise Trouble("--follow publishes each day as it closes: say it alone.")
        with service("segments") as s:
            must_agree(s.settings)
            s.health.ready()
            s.lines.info("started")
            segmenting.follow(s.settings, s.lines, s.stopped)
            s.lines.info("stopped")
        return
    settings = all_settings.load()
    if not dry_run:
        must_agree(settings)
    with postgres.server(settings):
        install(settings)
        with postgres.connect(settings, "analyst") as connection:
            found = segmenting.find(connection, on)
            latest = segmenting.find(connection) if on and not dry_run else found
    if found is None:
        raise Trouble("No business day has closed in every partition yet.")
    if latest is not None and latest.closed.day != found.closed.day:
        raise Trouble(
            f"What holds is published as of the last closed day, {latest.closed.day}; "
            f"with --dry-run {found.closed.day} can be looked at."
        )
    rows = [(one.segment, len(one.entered), len(one.left), one.inside_count) for one in found.moves]
    title = f"Segments as of the close of {found.closed.day}"
    show(("segment", "entered", "left", "inside"), rows, as_csv=as_csv, title=title)
    if dry_run:
        err().print("Nothing was published.")
        return
    count = segmenting.tell(settings, Silence(), found)
    err().print(f"{count:,} events were published, as the processor comes to them.")
