"""Tables held against a ledger that was written by hand.

Such a ledger tells the tables everything and a processor too little, so its chain is walked alone.
"""

import psycopg

from infra.log import LedgerLog
from projections.positions import Position
from projections.reading import Fetch
from projections.verify import Refold, Wrong, check_sums
from schemas.chain import Chain, RecentHashes


def check_tables(connection: psycopg.Connection, log: LedgerLog) -> Wrong | None:
    """Every check, one partition after the other; the first thing that is wrong, or None."""
    wrong = check_sums(connection)
    for partition in range(log.identity.partitions):
        wrong = wrong or check_fold(connection, log, partition)
    return wrong


def check_fold(connection: psycopg.Connection, log: LedgerLog, partition: int) -> Wrong | None:
    """One partition's rows against its ledger, read from the beginning."""
    tables = Refold(connection, partition)
    stored = log.read_ledger(partition, 0, log.ledger_end(partition))
    ledger = Fetch(stored, Position(Chain("live", partition)), RecentHashes())
    for here in ledger.places():
        tables.take(here.seq, here.record)
    return tables.wrong(ledger.chain)
