"""Business days, programmes and receipts: keys and moments that depend on their arguments alone."""

from datetime import UTC, date, datetime

import pytest

from producers import days, pos, programmes


def utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2017, 1, 1), datetime(2017, 1, 2, 5, tzinfo=UTC)),
        (date(2017, 7, 4), datetime(2017, 7, 5, 4, tzinfo=UTC)),
        (date(2017, 3, 12), datetime(2017, 3, 13, 4, tzinfo=UTC)),
        (date(2017, 11, 5), datetime(2017, 11, 6, 5, tzinfo=UTC)),
    ],
)
def test_a_day_closes_at_its_midnight(day: date, end: datetime) -> None:
    """A day ends when the stores' clocks show midnight, summer time or not."""
    header = days.close_day(day).header
    assert header.event_id == f"day|{day.isoformat()}"
    assert header.account_id == ""
    assert utc(header.occurred_at) == end
    assert header.business_date == (day - date(1970, 1, 1)).days


def test_a_moment_is_told_by_the_wall_clock() -> None:
    """The business date is the date on the store's wall, also when UTC is a day further."""
    late = days.moment_of(datetime.fromisoformat("2017-07-04 22:30"))
    assert utc(late.at_ms) == datetime(2017, 7, 5, 2, 30, tzinfo=UTC)
    assert late.utc_offset_min == -240
    assert pos.iso(late.business_date) == "2017-07-04"


def test_a_programme_is_keyed_by_content_and_date() -> None:
    """The same document from the same day is the same event; another day is another."""
    first = programmes.activation("{}", "0123456789abcdef" * 4, date(2016, 11, 14), "me", 3)
    again = programmes.activation("{}", "0123456789abcdef" * 4, date(2016, 11, 14), "me", 3)
    later = programmes.activation("{}", "0123456789abcdef" * 4, date(2016, 11, 15), "me", 3)
    assert first == again
    assert first.header.event_id == "programme|0123456789abcdef|2016-11-14"
    assert later.header.event_id != first.header.event_id
    assert first.effective_from == first.header.business_date
    assert first.min_decider_version == 3


def test_receipts_are_keyed_by_the_words_of_the_shop() -> None:
    """A receipt's key names store, till, day, number and kind, in this order."""
    assert pos.receipt_id("0142", "3", "2017-03-03", "77", "sale") == "0142|3|2017-03-03|77|sale"


def test_shoppers_without_a_card_share_their_store() -> None:
    """Sales without a member belong to the account of the store."""
    assert pos.anonymous_account("0142") == "store:0142"
