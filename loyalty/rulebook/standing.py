"""Where each activated programme stands on a day, as rows of a table."""

from collections.abc import Iterator

from loyalty.amounts import day, moment
from loyalty.rulebook.activations import Activation, History
from processors.core.document import check

ACTIVATION_COLUMNS = ("programme", "version", "from", "to", "by", "activated", "state")
STOP_COLUMNS = ("stopped", "on", "by", "because")
WHOLE_COLUMNS = (*ACTIVATION_COLUMNS, "stopped")


def rows(history: History, on: int) -> Iterator[tuple[str, ...]]:
    """A row for each activation, in the order of the log, as it is on a business date."""
    for one in history.activations:
        last = None if one.reason else history.last_day(one)
        ends = "" if last is None or last < one.effective_from else day(last)
        version = str(one.version) if one.version else ""
        at = "" if one.at_ms is None else moment(one.at_ms)
        state = _state(one, history, on)
        yield one.name, version, day(one.effective_from), ends, one.by, at, state


def stop_rows(history: History) -> Iterator[tuple[str, ...]]:
    """A row for each promotion that was stopped."""
    for one in history.stops:
        yield one.promotion_id, day(one.on), one.by, one.because


def whole_rows(history: History, on: int) -> Iterator[tuple[str, ...]]:
    """The row of each activation, and behind it the promotions of it that were stopped.

    A stop holds for every version, since what is told late is decided after it; between several
    stands `|`.
    """
    gone = {one.promotion_id for one in history.stops}
    for one, row in zip(history.activations, rows(history, on), strict=True):
        known = check(one.document).promotions if gone and one.document else ()
        yield *row, "|".join(rule.head.id for rule in known if rule.head.id in gone)


def _state(one: Activation, history: History, on: int) -> str:
    if one.reason:
        return f"refused, {one.reason}"
    if one is history.live(on):
        return "in force"
    last = history.last_day(one)
    if last is not None and last < one.effective_from:
        return "replaced before it began"
    return "to come" if one.effective_from > on else "was in force"
