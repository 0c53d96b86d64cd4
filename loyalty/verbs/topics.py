"""`loyalty topics`: the topics as they must be."""

import typer

from loyalty.console import err, show
from loyalty.inputs import AsCsv
from loyalty.outcome import Code

_COLUMNS = ("topic", "partitions to be", "what it holds")


def topics(*, as_csv: AsCsv = False) -> None:
    """Create the topics that are missing, and compare those that exist with what they must be.

    Every difference is named, and the exit code is 1 if there is one: the processor refuses to
    start on topics that could lose an event.
    """
    from infra import settings
    from schemas.topics import TOPICS

    current = settings.load()
    prefix = current.topic_prefix
    rows = [(prefix + topic.name, current.partitions, topic.about) for topic in TOPICS]
    if not current.bootstrap_servers:
        from infra.wiring import publisher_log

        publisher_log(current).close()
        show(_COLUMNS, rows, as_csv=as_csv)
        err().print(f"Both lie in the embedded log in {current.home}.")
        return
    from infra.kafka import compare_topics, create_topics

    made = create_topics(current) if compare_topics(current) else []
    differences = compare_topics(current)
    show(_COLUMNS, rows, as_csv=as_csv)
    for name in made:
        err().print(f"{name} was created.")
    for difference in differences:
        err().print(difference, style="red", markup=False)
    if differences:
        raise typer.Exit(Code.FOUND)
