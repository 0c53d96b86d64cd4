"""Who may do what in Kafka follows from the topics' catalogue."""

import pytest

from schemas.principals import PRINCIPALS, READERS_GROUP, Operation, Principal, allows, grants
from schemas.topics import TOPICS, Topic


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
@pytest.mark.parametrize("principal", PRINCIPALS, ids=lambda principal: principal.name)
def test_the_catalogue_says_who_reads_and_writes(principal: Principal, topic: Topic) -> None:
    """Producers write, consumers read, and nobody else does either."""
    may = principal.topics.get(topic.name, frozenset())

    assert (Operation.WRITE in may) == (principal.name in topic.producers)
    assert (Operation.READ in may) == (principal.name in topic.consumers)


def test_everybody_of_the_catalogue_is_known() -> None:
    """Whoever produces or consumes has a login."""
    named = {name for topic in TOPICS for name in (*topic.producers, *topic.consumers)}

    assert named <= {principal.name for principal in PRINCIPALS}


@pytest.mark.parametrize("operation", [Operation.DELETE, Operation.ALTER, Operation.ALTER_CONFIGS])
def test_only_the_admin_changes_a_topic(operation: Operation) -> None:
    """Nobody who handles points can delete, grow or reconfigure a topic."""
    able = {p.name for p in PRINCIPALS for may in p.topics.values() if operation in may}

    assert able == {"admin"}


def test_the_admin_handles_no_points() -> None:
    """Whoever can change a topic neither reads nor writes it."""
    (admin,) = [principal for principal in PRINCIPALS if principal.name == "admin"]

    for may in admin.topics.values():
        assert not may & {Operation.READ, Operation.WRITE}
    assert not admin.group


def test_only_processors_join_their_group() -> None:
    """Nobody else can take partitions away from them."""
    assert {p.name for p in PRINCIPALS if Operation.READ in p.group} == {"processor"}


def test_grants_name_the_topics_in_full() -> None:
    """A prefix and another group's name go into every grant, and none is said twice."""
    listed = grants("shop.", "deciders")

    assert len(set(listed)) == len(listed)
    assert {grant.name for grant in listed if grant.resource == "group"} == {
        "deciders",
        READERS_GROUP,
    }
    assert {grant.name for grant in listed if grant.resource == "topic"} == {
        f"shop.{topic.name}" for topic in TOPICS
    }


def test_who_only_writes_events_has_a_quota() -> None:
    """Tills and files cannot crowd out the processors, and nobody who decides is slowed down."""
    limited = {principal.name: principal.quota for principal in PRINCIPALS if principal.quota}

    assert set(limited) == {"publisher"}
    assert limited["publisher"].configs == "producer_byte_rate=10000000,request_percentage=50"
    assert limited["publisher"].about == (
        "Writes at most 10,000,000 bytes a second to each broker, "
        "and takes at most 50 % of the time of one of its threads."
    )


def test_reading_implies_describing() -> None:
    """Kafka describes a topic to whoever may read it, and its settings to who may change them."""
    assert allows(frozenset({Operation.READ}), Operation.DESCRIBE)
    assert not allows(frozenset({Operation.READ}), Operation.DESCRIBE_CONFIGS)
    assert allows(frozenset({Operation.ALTER_CONFIGS}), Operation.DESCRIBE_CONFIGS)
    assert not allows(frozenset(), Operation.DESCRIBE)
