"""Segments: the events by which accounts enter them and leave.

Every event made here is a function of its arguments alone: what is found once more for the same
day is published as the same bytes, and is a duplicate.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from producers.days import CHAIN_ZONE, start_of
from producers.pos import header_of, iso
from schemas.events import SegmentEntered, SegmentLeft
from schemas.topics import partition_of


class Moves(Struct, frozen=True):
    """What the close of a business day changes of one segment.

    Attributes:
        segment: its id in the programme.
        definition_hash: SHA-256 of the words by which it was found, hexadecimal.
        entered: accounts that are in it from the next day on.
        left: account → the hash of the words by which it had entered; no longer in it.
        inside_count: how many accounts are in it after that.
    """

    segment: str
    definition_hash: str
    entered: Collection[str]
    left: Mapping[str, str]
    inside_count: int


def moved(
    moves: Moves, closed_day: date, seqs: Mapping[int, int], zone: str = CHAIN_ZONE
) -> Iterator[SegmentEntered | SegmentLeft]:
    """The events of one segment, who left first, each by account.

    They belong to the business day behind the closed one, from which they hold.

    Args:
        moves: who enters and leaves.
        closed_day: as of which it was found.
        seqs: partition → the place in its ledger where it closed the day; all partitions.
        zone: in which the day ends.
    """
    moment = start_of(closed_day + timedelta(days=1), zone)
    on = iso(moment.business_date)
    for kind, accounts, way in (
        (SegmentLeft, moves.left, "out"),
        (SegmentEntered, moves.entered, "in"),
    ):
        for account in sorted(accounts):
            yield kind(
                header_of(f"segment|{moves.segment}|{account}|{on}|{way}", account, moment),
                segment=moves.segment,
                definition_hash=moves.definition_hash or moves.left.get(account, ""),
                ledger_seq=seqs[partition_of(account, len(seqs))],
            )
