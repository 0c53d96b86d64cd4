"""What only Kafka does: groups, explicit offsets, a real broker's acknowledgements."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic, process_time, sleep

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from infra.kafka import (
    KafkaLedgerLog,
    KafkaPublisherLog,
    KafkaWorkerLog,
    compare_topics,
    create_topics,
)
from infra.local_kafka import SUPER_USER
from infra.log import LogUnavailable, Message, Noted, Polled
from infra.settings import Settings, SettingsInvalid
from tests.guarded_kafka import Guarded
from tests.integration.kafka_attempts import somebody

WITHIN_S = 60


def until(done: Callable[[], bool]) -> None:
    """Call again until it is so; a test that waits in vain fails here."""
    deadline = monotonic() + WITHIN_S
    while not done():
        assert monotonic() < deadline


def settled(*workers: KafkaWorkerLog) -> list[set[int]]:
    """Which partitions each worker has, once every partition is somebody's."""
    theirs: list[set[int]] = [set() for _ in workers]

    def all_given() -> bool:
        for worker, mine in zip(workers, theirs, strict=True):
            told = worker.poll(100, 0.05)
            mine.difference_update(told.lost)
            mine.update(told.assigned)
        return all(theirs) and set().union(*theirs) == {0, 1, 2, 3}

    until(all_given)
    return theirs


def messages_of(worker: KafkaWorkerLog, count: int) -> list[Message]:
    """That many messages, however many polls they take."""
    got: list[Message] = []

    def enough() -> bool:
        got.extend(worker.poll(1000, 0.1).messages)
        return len(got) >= count

    until(enough)
    return got


def publish(settings: Settings, partition: int, values: list[bytes]) -> None:
    with closing(KafkaPublisherLog(settings)) as publisher:
        for value in values:
            publisher.publish(partition, b"key", value)
        publisher.flush()


def test_topics_are_made_as_the_catalogue_says(kafka_settings: Settings) -> None:
    """Topics just made do not differ from the catalogue, and are not made twice."""
    assert compare_topics(kafka_settings) == []
    assert create_topics(kafka_settings) == []


def test_every_difference_of_a_topic_is_a_sentence(kafka_settings: Settings) -> None:
    """A wrong partition count and too few copies are each said, for both topics."""
    other = kafka_settings.model_copy(update={"partitions": 5, "replication": 3})

    said = compare_topics(other)

    assert len(said) == 6
    assert f"{kafka_settings.topic_prefix}loyalty.events has 4 partitions, must have 5." in said


def test_a_missing_topic_is_said(kafka_settings: Settings) -> None:
    """Neither worker nor reader starts without its topics; each says what would make them."""
    other = kafka_settings.model_copy(update={"topic_prefix": "nowhere."})

    for make in (KafkaWorkerLog, KafkaLedgerLog, KafkaPublisherLog):
        with pytest.raises(LogUnavailable, match=r"nowhere\.loyalty\.events does not exist"):
            make(other)


def test_a_worker_refuses_topics_that_differ(kafka_settings: Settings) -> None:
    """A processor does not start on topics that are not as they must be."""
    with pytest.raises(LogUnavailable, match="must have 8"):
        KafkaWorkerLog(kafka_settings.model_copy(update={"partitions": 8}))


def test_partitions_come_paused(kafka_settings: Settings) -> None:
    """Nothing is delivered of a partition before the worker has resumed it."""
    publish(kafka_settings, 2, [b"one", b"two", b"three"])
    with closing(KafkaWorkerLog(kafka_settings)) as worker:
        settled(worker)
        before = [worker.poll(10, 0.2).messages for _ in range(3)]

        worker.seek(2, 1)
        worker.resume(2)
        after = messages_of(worker, 2)

    assert before == [[], [], []]
    assert [(m.partition, m.offset, m.key, m.value) for m in after] == [
        (2, 1, b"key", b"two"),
        (2, 2, b"key", b"three"),
    ]


def test_a_worker_may_go_back(kafka_settings: Settings) -> None:
    """After a seek to an earlier offset the same messages come again, in order."""
    publish(kafka_settings, 0, [b"%d" % number for number in range(50)])
    with closing(KafkaWorkerLog(kafka_settings)) as worker:
        settled(worker)
        worker.seek(0, 0)
        worker.resume(0)
        first = messages_of(worker, 50)
        worker.seek(0, 10)
        again = messages_of(worker, 40)

    assert [m.offset for m in first] == list(range(50))
    assert [m.offset for m in again] == list(range(10, 50))


def test_acknowledgements_give_the_offsets(kafka_settings: Settings) -> None:
    """Each record's offset comes back in order, and the records read back as they were written."""
    records = [b"%d" % number for number in range(3000)]
    with closing(KafkaWorkerLog(kafka_settings)) as worker:
        first = worker.append({0: records, 3: [b"other"]})
        second = worker.append({0: [b"last"]})
        end = worker.ledger_end(0)
        stored = list(worker.read_ledger(0, 0, end))

    assert first == {0: list(range(3000)), 3: [0]}
    assert second == {0: [3000]}
    assert [(s.offset, s.value) for s in stored] == list(enumerate([*records, b"last"]))


def test_a_record_that_cannot_be_written_is_no_offset(kafka_settings: Settings) -> None:
    """A record over the broker's limit fails its partition only, and the next append works."""
    too_large = b"x" * 2_000_000
    with closing(KafkaWorkerLog(kafka_settings)) as worker:
        mixed = worker.append({0: [b"before", too_large, b"behind"], 1: [b"fine"]})
        after = worker.append({0: [b"again"]})
        written = [s.value for s in worker.read_ledger(0, 0, worker.ledger_end(0))]

    assert mixed == {0: None, 1: [0]}
    assert after == {0: [1]}
    assert written == [b"before", b"again"]


def test_a_second_worker_takes_its_share(kafka_settings: Settings) -> None:
    """When a worker joins, the first keeps what stays its own, and is told what it lost."""
    with closing(KafkaWorkerLog(kafka_settings)) as first:
        settled(first)
        told: list[Polled] = []
        with closing(KafkaWorkerLog(kafka_settings)) as second:
            mine: set[int] = set()

            def shared() -> bool:
                told.append(first.poll(10, 0.05))
                mine.update(second.poll(10, 0.05).assigned)
                return len(mine) == 2

            until(shared)
            lost = {partition for polled in told for partition in polled.lost}

        returned: set[int] = set()

        def back() -> bool:
            returned.update(first.poll(10, 0.05).assigned)
            return returned == mine

        until(back)

    assert lost == mine
    assert all(not polled.assigned for polled in told)


def test_serving_the_group_loses_no_message(kafka_settings: Settings) -> None:
    """What runs is paused while the group is served, and goes on where it stood."""
    publish(kafka_settings, 1, [b"one"])
    with closing(KafkaWorkerLog(kafka_settings)) as worker:
        settled(worker)
        worker.seek(1, 0)
        worker.resume(1)
        messages_of(worker, 1)
        worker._serve_group()
        publish(kafka_settings, 1, [b"two"])
        assert [m.value for m in messages_of(worker, 1)] == [b"two"]


def test_the_note_of_what_is_decided_can_be_asked(kafka_settings: Settings) -> None:
    """A committed offset is found by the group's next worker; without one there is none."""
    with closing(KafkaWorkerLog(kafka_settings)) as worker:
        settled(worker)
        assert worker.committed(1) is None
        worker.commit(1, 7)
        until(lambda: worker.committed(1) == 7)
    with closing(KafkaWorkerLog(kafka_settings)) as next_worker:
        assert next_worker.committed(1) == 7


def test_what_the_broker_did_not_take_is_noted_again(guarded: Guarded) -> None:
    """Given a commit that is refused, what was last noted comes to the broker without another."""
    settings = guarded.settings("loyalty-processor")
    topic = f"{settings.topic_prefix}loyalty.events"
    root = somebody(guarded.client(SUPER_USER))
    ban = (ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, "User:loyalty-processor", "*",
           AclOperation.READ, AclPermissionType.DENY)  # fmt: skip
    with (
        closing(KafkaWorkerLog(settings)) as worker,
        closing(KafkaLedgerLog(guarded.settings(SUPER_USER))) as asker,
    ):
        settled(worker)
        for made in root.admin.create_acls([AclBinding(*ban)]).values():
            made.result(WITHIN_S)
        worker.commit(1, 7)
        worker.tell(1, "halted")
        for _ in range(20):
            worker.poll(10, 0.1)
        before = asker.noted(1)
        for lifted in root.admin.delete_acls([AclBindingFilter(*ban)]).values():
            lifted.result(WITHIN_S)

        def known() -> bool:
            worker.poll(10, 0.1)
            return asker.noted(1).offset is not None

        until(known)
        after = asker.noted(1)

    assert before == Noted(None, "")
    assert after == Noted(7, "halted")


def test_an_input_record_is_found_by_its_offset(kafka_settings: Settings) -> None:
    """The log gives the one record asked for, and None for what it does not have."""
    publish(kafka_settings, 1, [b"one", b"two"])
    with closing(KafkaLedgerLog(kafka_settings)) as reader:
        found = reader.read_input(1, 1)
        missing = reader.read_input(1, 2), reader.read_input(1, 1000), reader.read_input(0, 0)
        stretch = [(one.offset, one.value) for one in reader.read_inputs(1, 0, 9)]
        ends = [reader.input_end(partition) for partition in range(4)]

    assert found is not None
    assert (found.partition, found.offset, found.key, found.value) == (1, 1, b"key", b"two")
    assert missing == (None, None, None)
    assert stretch == [(0, b"one"), (1, b"two")]
    assert ends == [0, 2, 0, 0]


def test_who_has_asked_for_a_record_rests(kafka_settings: Settings) -> None:
    """What came with the answer stays queued, and no thread looks for ever whether it still is."""
    publish(kafka_settings, 1, [b"one", b"two", b"three"])
    with closing(KafkaWorkerLog(kafka_settings)) as worker:
        assert worker.read_input(1, 0) is not None
        before = process_time()
        sleep(2.0)
        assert process_time() - before < 0.5


def test_the_ledger_is_followed_from_where_one_stands(kafka_settings: Settings) -> None:
    """A follower gets what is there behind its offsets, then nothing, then what is new."""
    with (
        closing(KafkaWorkerLog(kafka_settings)) as worker,
        closing(KafkaLedgerLog(kafka_settings)) as reader,
    ):
        worker.append({0: [b"a", b"b"], 1: [b"c"]})
        batches = reader.follow_ledger({0: 1, 1: 0, 2: 0, 3: 0}, 100, 0.2)
        seen: dict[int, list[tuple[int, bytes]]] = {}

        def heard(count: int) -> Callable[[], bool]:
            def enough() -> bool:
                for partition, batch in next(batches).items():
                    seen.setdefault(partition, []).extend((s.offset, s.value) for s in batch)
                return sum(map(len, seen.values())) == count

            return enough

        until(heard(2))
        assert next(batches) == {}
        worker.append({0: [b"d"]})
        until(heard(3))
        batches.close()  # type: ignore[attr-defined]  # it is a generator

    assert seen == {0: [(1, b"b"), (2, b"d")], 1: [(0, b"c")]}


def test_both_sides_see_the_same_log(kafka_settings: Settings) -> None:
    """Cluster, topic id and partition count are the same for whoever asks; topics differ."""
    with (
        closing(KafkaWorkerLog(kafka_settings)) as worker,
        closing(KafkaLedgerLog(kafka_settings)) as reader,
        closing(KafkaPublisherLog(kafka_settings)) as publisher,
    ):
        assert worker.identity == reader.identity == publisher.identity
        assert worker.identity.partitions == 4
        assert worker.identity.cluster_id
        assert worker.identity.input_topic_id


def test_a_publisher_stops_at_the_first_refusal(kafka_settings: Settings) -> None:
    """After an event that cannot be written nothing more is taken, and the flush says why."""
    publisher = KafkaPublisherLog(kafka_settings)
    with pytest.raises(LogUnavailable, match="takes no more events"):
        publisher.publish(0, b"key", b"x" * 2_000_000)
    with pytest.raises(LogUnavailable):
        publisher.publish(0, b"key", b"fine")
    with pytest.raises(LogUnavailable):
        publisher.flush()
    with pytest.raises(LogUnavailable):
        publisher.close()


def test_a_broker_that_is_not_there_is_said() -> None:
    """An address where nobody listens ends in one sentence, not in a hang."""
    nowhere = Settings(bootstrap_servers="127.0.0.1:1")
    with pytest.raises(LogUnavailable, match=r"Cannot ask for the topic loyalty\.events"):
        KafkaLedgerLog(nowhere)


def test_the_users_file_cannot_weaken_the_ledger(kafka_settings: Settings, tmp_path: Path) -> None:
    """Security settings may come from a file; what the promises rest on may not."""
    path = tmp_path / "kafka.conf"
    settings = kafka_settings.model_copy(update={"kafka_config_file": path})

    path.write_text("# nothing but a name\nsocket.keepalive.enable = true\n")
    with closing(KafkaPublisherLog(settings)) as publisher:
        publisher.publish(0, b"key", b"value")

    path.write_text("acks=1\n")
    with pytest.raises(SettingsInvalid, match="acks cannot be set"):
        KafkaPublisherLog(settings)

    path.write_text("acks=1\nsasl.password\n")
    with pytest.raises(SettingsInvalid, match=":2 is not name=value"):
        KafkaPublisherLog(settings)
