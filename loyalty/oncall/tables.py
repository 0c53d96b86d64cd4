"""How the tables stand beside the ledger, asked of Postgres as the analyst."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from infra import postgres
from infra.postgres import DatabaseUnavailable
from infra.settings import Settings
from loyalty.oncall.partitions import Standing
from loyalty.outcome import Trouble
from loyalty.questions import ask

_POSITIONS = "SELECT ledger_partition, ledger_offset FROM positions"
_CLOSED = "SELECT as_of_on FROM freshness"
_REFUSED = """
    SELECT reason, count(*) FROM refusals
    WHERE recorded_at > now() - interval '1 hour' GROUP BY reason ORDER BY count(*) DESC, reason
"""


class Tables(Struct, frozen=True):
    """What the tables say.

    Attributes:
        behind: partition → ledger records that are in no table yet.
        closed: the last business day whose numbers are final; None before the first.
        refused: of the last hour: reason and how often.
        trouble: why they cannot be asked; empty if they can.
    """

    behind: dict[int, int]
    closed: date | None
    refused: Sequence[tuple[str, int]]
    trouble: str = ""


def tables(settings: Settings, partitions: Sequence[Standing]) -> Tables:
    """The tables, or why they cannot be asked: an operator wants the rest all the same."""
    try:
        # Held over all three, so that an embedded server is started once.
        with postgres.server(settings):
            positions = dict(ask(settings, _POSITIONS).rows)
            ((closed,),) = ask(settings, _CLOSED).rows
            refused = ask(settings, _REFUSED).rows
    except (DatabaseUnavailable, Trouble) as problem:
        return Tables({}, None, (), str(problem))
    behind = {
        one.partition: max(one.ledger_end - positions.get(one.partition, 0), 0)
        for one in partitions
    }
    return Tables(behind, closed, [(reason, int(count)) for reason, count in refused])
