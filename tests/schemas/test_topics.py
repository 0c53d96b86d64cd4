"""The catalogue of topics: complete, legal, and the one place that says who holds what."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.definitions import event_name, lock
from schemas.events import EVENT_TYPES
from schemas.topics import EVENTS, LEDGER, TOPICS, Topic, partition_of


def test_every_schema_is_in_exactly_one_topic() -> None:
    """No schema is an orphan, and none lives in two places."""
    held = Counter(schema for topic in TOPICS for schema in topic.schemas)
    assert set(held) == set(lock())
    assert set(held.values()) == {1}


def test_events_hold_every_event_type() -> None:
    """Whatever can be decided can be sent."""
    assert EVENTS.schemas == tuple(event_name(kind) for kind in EVENT_TYPES)
    assert LEDGER.schemas == ("loyalty.ledger.Record",)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_has_a_legal_name_and_says_what_it_is(topic: Topic) -> None:
    """Kafka takes the name, and a person learns what is in it, who writes it and who reads it."""
    assert re.fullmatch(r"loyalty\.[a-z]+(-[a-z]+)*", topic.name)
    assert topic.about.endswith(".")
    assert topic.producers
    assert topic.consumers


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_log_is_kept_for_ever(topic: Topic) -> None:
    """Nothing is deleted or compacted away, and no replica that missed writes becomes the truth."""
    assert topic.config["cleanup.policy"] == "delete"
    assert topic.config["retention.ms"] == topic.config["retention.bytes"] == "-1"
    assert topic.config["unclean.leader.election.enable"] == "false"


@pytest.mark.parametrize(
    ("account_id", "partition"),
    [("", 0), ("hh-1012", 3), ("store:0319", 2), ("käse", 0)],
)
def test_the_partition_of_an_account_is_pinned(account_id: str, partition: int) -> None:
    """Producers in any language, and years, agree where an account lives."""
    assert partition_of(account_id, 4) == partition


@given(st.text(), st.integers(1, 1024))
def test_every_account_has_a_partition(account_id: str, partitions: int) -> None:
    """An account lives in one of the partitions there are."""
    assert 0 <= partition_of(account_id, partitions) < partitions
