"""Of every reason to halt: what is not harmed, what to do, and where the runbook says more."""

from msgspec import Struct

from schemas.chain import Halt

RUNBOOK = "infra/RUNBOOK.md"


class Advice(Struct, frozen=True):
    """What an operator is told beside the reason's own sentence."""

    unharmed: str
    to_do: str


_OTHERS = "The other partitions go on, and no point is lost: events wait in the log."
ADVICE: dict[Halt, Advice] = {
    Halt.UPGRADE_ME: Advice(
        _OTHERS, "Start the newer version of this software; older ones cannot go on from here."
    ),
    Halt.BAD_GENESIS: Advice(
        "Nothing was decided on this ledger by this process.",
        "Look at LOYALTY_BOOTSTRAP_SERVERS, LOYALTY_TOPIC_PREFIX and LOYALTY_GENERATION: ledger "
        "and events are not of one pair, or a topic was made anew.",
    ),
    Halt.BAD_SOURCE: Advice(
        _OTHERS, "Keep both topics as they are, and report this: some code wrote a wrong record."
    ),
    Halt.SUMS_DIFFER: Advice(
        _OTHERS,
        "Keep both topics as they are, run `loyalty verify`, and report what it names first.",
    ),
    Halt.LEDGER_LOST: Advice(
        "The events are all there; what is missing can be decided again from them.",
        "Restore the ledger topic from its copy, whole; never let a new one begin.",
    ),
    Halt.INPUT_CHANGED: Advice(
        "The ledger holds what was decided, as it was decided.",
        "Restore the event topic from its copy; find out who wrote or deleted in it.",
    ),
    Halt.INPUT_GAP: Advice(
        "What lies before the gap is decided.",
        "Find out which event is missing: a transactional producer, or retention that deletes.",
    ),
    Halt.TOO_MANY_REFUSED: Advice(
        "Each refused message is recorded with its reason; nothing of them counts.",
        'See `loyalty sql "select * from refusals order by recorded_at desc"`, stop what sends '
        "them, then `loyalty resume PARTITION --because TEXT`.",
    ),
    Halt.DEFECT: Advice(
        _OTHERS,
        "Report the event's offset and the place in the code; with a mended version start anew, "
        "or try again by `loyalty resume PARTITION --because TEXT`.",
    ),
}


_TABLES = (
    "No decision reads the tables, and those of the other partitions go on; those of this one keep "
    "what they held before."
)
_TO_DO_FOR_TABLES: dict[Halt, str] = {
    # No claim lifts it: a projector tries again when it starts.
    Halt.DEFECT: "Report the record's number and the place in the code; start the projector of a "
    "mended version.",
}


def advice(reason: Halt, *, in_tables: bool = False) -> Advice:
    """What is not harmed and what to do when a worker, or else a projector, halts for this."""
    if not in_tables:
        return ADVICE[reason]
    return Advice(_TABLES, _TO_DO_FOR_TABLES.get(reason, ADVICE[reason].to_do))


def sentences(partition: int, reason: Halt, detail: str, *, in_tables: bool = False) -> list[str]:
    """What stands still, why, what is not harmed, what to do, and where to read on."""
    given = advice(reason, in_tables=in_tables)
    where = " in the tables" if in_tables else ""
    return [
        f"Partition {partition} stands still{where}, {reason}: {reason.sentence} ({detail})",
        f"  Not harmed: {given.unharmed}",
        f"  To do: {given.to_do}",
        f"  More: {RUNBOOK}, {reason}",
    ]


def fields(
    partition: int, reason: Halt, detail: str, *, in_tables: bool = False
) -> dict[str, str | int]:
    """The same as the fields of the log line `halted`."""
    given = advice(reason, in_tables=in_tables)
    return {
        "partition": partition,
        "of": "tables" if in_tables else "ledger",
        "reason": reason,
        "why": reason.sentence,
        "detail": detail,
        "unharmed": given.unharmed,
        "to_do": given.to_do,
        "runbook": f"{RUNBOOK}, {reason}",
    }
