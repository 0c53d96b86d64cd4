"""How the tables stand beside the ledger, asked of Postgres as the analyst."""

from collections.abc import Sequence
from datetime import date

import psycopg
from msgspec import Struct

from infra import postgres
from infra.postgres import DatabaseUnavailable
from infra.settings import Settings
from loyalty.oncall.partitions import Standing
from loyalty.outcome import Trouble
from loyalty.questions import ask
from schemas.chain import Halt

_POSITIONS = "SELECT ledger_partition, ledger_offset, halted, halted_detail FROM positions"
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
        halted: partition → why its projector stands still, and where.
        trouble: why they cannot be asked; empty if they can.
        out_of_reach: whether that is because Postgres does not answer.
    """

    behind: dict[int, int]
    closed: date | None
    refused: Sequence[tuple[str, int]]
    halted: dict[int, tuple[Halt, str]] = {}
    trouble: str = ""
    out_of_reach: bool = False


def tables(settings: Settings, partitions: Sequence[Standing]) -> Tables:
    """The tables, or why they cannot be asked: an operator wants the rest all the same."""
    try:
        # Held over all three, so that an embedded server is started once.
        with postgres.server(settings):
            positions = ask(settings, _POSITIONS).rows
            ((closed,),) = ask(settings, _CLOSED).rows
            refused = ask(settings, _REFUSED).rows
    except Trouble as problem:
        return Tables({}, None, (), trouble=str(problem))
    except (DatabaseUnavailable, psycopg.OperationalError) as problem:
        return Tables({}, None, (), trouble=str(problem).strip(), out_of_reach=True)
    offsets = {partition: offset for partition, offset, *_ in positions}
    behind = {
        one.partition: max(one.ledger_end - offsets.get(one.partition, 0), 0) for one in partitions
    }
    halted = {p: (Halt(reason), detail) for p, _, reason, detail in positions if reason}
    return Tables(behind, closed, [(reason, int(count)) for reason, count in refused], halted)
