"""Who enters and leaves, as events."""

from datetime import date

from producers.segments import Moves, moved
from schemas.codec import decode_event, encode_event
from schemas.events import SegmentEntered, SegmentLeft
from schemas.topics import partition_of

MOVES = Moves("lapsed", "a" * 64, ("zoe", "ann"), {"bob": "b" * 64}, 7)
DAY = date(2026, 3, 28)
SEQS = {0: 70, 1: 81}


def test_an_event_names_segment_account_day_and_place() -> None:
    """It holds from the day behind the closed one, and says where the ledger was read to."""
    events = list(moved(MOVES, DAY, SEQS, "Europe/Paris"))

    assert [event.header.event_id for event in events] == [
        "segment|lapsed|bob|2026-03-29|out",
        "segment|lapsed|ann|2026-03-29|in",
        "segment|lapsed|zoe|2026-03-29|in",
    ]
    assert [type(event) for event in events] == [SegmentLeft, SegmentEntered, SegmentEntered]
    assert [event.header.account_id for event in events] == ["bob", "ann", "zoe"]
    assert {event.header.business_date for event in events} == {
        (date(2026, 3, 29) - date(1970, 1, 1)).days
    }
    assert {event.definition_hash for event in events} == {"a" * 64}
    assert [event.ledger_seq for event in events] == [
        SEQS[partition_of(account, 2)] for account in ("bob", "ann", "zoe")
    ]


def test_they_are_the_same_bytes_whoever_finds_them_again() -> None:
    """Nothing but the arguments is in them, and the log takes them."""
    first, again = (
        [encode_event(event) for event in moved(moves, DAY, SEQS)]
        for moves in (MOVES, Moves("lapsed", "a" * 64, ("ann", "zoe"), {"bob": "b" * 64}, 7))
    )

    assert first == again
    assert [decode_event(value) for value in first] == list(moved(MOVES, DAY, SEQS))


def test_who_leaves_what_is_no_longer_defined_names_the_words_of_the_entry() -> None:
    """There are no others."""
    [event] = moved(Moves("lapsed", "", (), {"bob": "b" * 64}, 0), DAY, SEQS)

    assert event.definition_hash == "b" * 64
