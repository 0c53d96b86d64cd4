"""Publishing: where events go, and what is counted."""

from datetime import date

from msgspec import Struct

from infra.log import Identity
from producers import days, pos, programmes
from producers.publish import publish
from schemas.codec import decode_event, encode_event
from schemas.events import Event
from schemas.topics import partition_of

PARTITIONS = 4
DAY = date(2017, 3, 3)


class Written(Struct):
    """A log of lists: what was handed over, and whether it was flushed behind the last one."""

    sent: list[tuple[int, bytes, bytes]]
    durable: int = 0

    @property
    def identity(self) -> Identity:
        """Four partitions of nowhere."""
        return Identity("test", "test", PARTITIONS)

    def publish(self, partition: int, key: bytes, value: bytes) -> None:
        """Keep it."""
        self.sent.append((partition, key, value))

    def flush(self) -> None:
        """Note how much was there."""
        self.durable = len(self.sent)

    def close(self) -> None:
        """Nothing to let go of."""


def enrolled(member: str) -> Event:
    return pos.enrolment(member, days.start_of(DAY), "0142")


def test_an_account_goes_to_its_own_partition() -> None:
    """An event lies in the partition that its account's name gives, under the account's bytes."""
    log = Written([])
    publish([enrolled(f"m-{number}") for number in range(50)], log)
    for partition, key, value in log.sent:
        account = decode_event(value).header.account_id
        assert key == account.encode()
        assert partition == partition_of(account, PARTITIONS)
    assert {partition for partition, _, _ in log.sent} == set(range(PARTITIONS))


def test_days_and_programmes_go_everywhere() -> None:
    """A closed day and a programme reach every partition once, with an empty key."""
    log = Written([])
    programme = programmes.activation("{}", "ab" * 32, DAY, "someone")
    publish([programme, days.close_day(DAY)], log)
    expected = [
        (partition, b"", encode_event(event))
        for event in (programme, days.close_day(DAY))
        for partition in range(PARTITIONS)
    ]
    assert log.sent == expected


def test_counts_tell_events_from_messages() -> None:
    """The counts name each type, every message, and the first and last business date."""
    log = Written([])
    done = publish([enrolled("a"), enrolled("b"), days.close_day(DAY)], log)
    assert done.events == {"MemberEnrolled": 2, "BusinessDayClosed": 1}
    assert done.event_count == 3
    assert done.messages == 2 + PARTITIONS
    assert (done.first_business_date, done.last_business_date) == (17_228, 17_228)


def test_nothing_to_publish_has_no_dates() -> None:
    """No events are no error: nothing is written, and there is no span."""
    done = publish([], Written([]))
    assert (done.events, done.messages) == ({}, 0)
    assert (done.first_business_date, done.last_business_date) == (None, None)


def test_all_is_durable_on_return() -> None:
    """When publishing returns, everything handed over has been flushed."""
    log = Written([])
    publish([enrolled("a"), days.close_day(DAY)], log)
    assert log.durable == len(log.sent) == 1 + PARTITIONS


def test_progress_ends_with_the_whole() -> None:
    """Progress is told on the way and ends with the number of all events."""
    told: list[tuple[int, int]] = []
    events = [enrolled(f"m-{number}") for number in range(2_500)]
    publish(events, Written([]), lambda count, day: told.append((count, day)))
    assert told == [(1_000, 17_228), (2_000, 17_228), (2_500, 17_228)]
