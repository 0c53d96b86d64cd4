"""Which records of an account belong to what it was at the end of a day.  Pure."""

from collections.abc import Iterable, Iterator

from loyalty.holdings import Entry
from processors.core.account import Account
from processors.core.evolve import evolve
from processors.core.lots import CannotEvolve
from processors.core.packing import pack, unpack
from schemas import ledger
from schemas.ledger import Record


def as_of(entries: Iterable[Entry], last_day: int) -> list[Entry]:
    """The records dated up to a day, but for those that use what is dated after it.

    The ledger is in the order in which things were told.  What was told late could spend points
    that came later: without these it does not fit, nor does what undoes it.

    Args:
        entries: all records of the account, in order.
        last_day: days since 1970, included.
    """
    account = Account()
    kept: list[Entry] = []
    left_out: set[str] = set()
    for entry in entries:
        record = entry.record
        after = None
        if record.business_date <= last_day and left_out.isdisjoint(_undone_by(record)):
            after = _after(account, record)
        if after is not None:
            account = after
            kept.append(entry)
        elif record.decision == "ACCEPTED":
            left_out.add(record.event_id)
    return kept


def _after(account: Account, record: Record) -> Account | None:
    """The account after a record; None if the record does not fit it."""
    if record.decision != "ACCEPTED":
        return account
    try:
        return evolve(unpack(pack(account)), record)
    except CannotEvolve:
        return None


def _undone_by(record: Record) -> Iterator[str]:
    """The events that a record gives something back of."""
    if record.sale is not None and record.sale.original_sale:
        yield record.sale.original_sale
    for effect in record.effects:
        match effect:
            case ledger.PointsRestored():
                yield effect.original_event
            case ledger.VoucherRestored():
                yield effect.sale_id
            case _:
                pass
