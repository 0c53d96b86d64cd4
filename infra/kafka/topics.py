"""The topics on the broker: made as the catalogue says, and compared with it."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

from infra.kafka import client
from infra.log import Identity, LogUnavailable
from infra.settings import Settings
from schemas.topics import TOPICS, Topic

_REPLICATION_WITH_A_SPARE = 3
_AGAIN_S = 0.05


def create_topics(settings: Settings) -> list[str]:
    """Make the topics that are missing; those that exist are left as they are.

    Returns:
        The names made.

    Raises:
        LogUnavailable: the broker cannot be reached or refuses.
    """
    admin = client.admin(settings)
    wanted = [
        NewTopic(
            settings.topic_prefix + topic.name,
            num_partitions=settings.partitions,
            replication_factor=settings.replication,
            config=dict(_config(topic, settings)),
        )
        for topic in TOPICS
    ]
    made = []
    for name, future in admin.create_topics(wanted, operation_timeout=client.REQUEST_S).items():
        with client.saying(f"create the topic {name}"):
            try:
                future.result()
                made.append(name)
            except KafkaException as problem:
                if problem.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise
    for name in made:
        _wait_until_led(admin, name)
    return made


def compare_topics(settings: Settings) -> list[str]:
    """Every difference between the topics and the catalogue, a sentence each; empty if none.

    Raises:
        LogUnavailable: the broker cannot be reached or refuses.
    """
    admin = client.admin(settings)
    return [line for topic in TOPICS for line in _differences(admin, topic, settings)]


def identity(settings: Settings) -> Identity:
    """The cluster and the input topic, as a ledger's first record names them.

    Raises:
        LogUnavailable: the broker cannot be reached, or the topic does not exist.
    """
    admin = client.admin(settings)
    name = client.names(settings).events
    found = _describe(admin, name)
    if found is None:
        raise LogUnavailable(_missing(name))
    cluster = _asked(
        "ask the cluster for its id",
        lambda: admin.describe_cluster(request_timeout=client.REQUEST_S).result(),
    )
    return Identity(str(cluster.cluster_id), str(found.topic_id), len(found.partitions))


def _wait_until_led(admin: AdminClient, name: str) -> None:
    """A topic is made by the controller first; brokers hear of it a moment later."""
    deadline = time.monotonic() + client.PATIENCE_AT_START_S
    while True:
        found = _describe(admin, name)
        if found is not None and all(partition.leader for partition in found.partitions):
            return
        if time.monotonic() > deadline:
            raise LogUnavailable(f"{name} was made, but no broker knows it yet")
        time.sleep(_AGAIN_S)


def _config(topic: Topic, settings: Settings) -> Mapping[str, str]:
    """The broker settings of a topic: the catalogue's, and as many copies as must be in step."""
    in_step = 2 if settings.replication >= _REPLICATION_WITH_A_SPARE else 1
    return {**topic.config, "min.insync.replicas": str(in_step)}


def _differences(admin: AdminClient, topic: Topic, settings: Settings) -> Iterator[str]:
    name = settings.topic_prefix + topic.name
    found = _describe(admin, name)
    if found is None:
        yield _missing(name)
        return
    if len(found.partitions) != settings.partitions:
        yield f"{name} has {len(found.partitions)} partitions, must have {settings.partitions}."
    copies = min(len(partition.replicas) for partition in found.partitions)
    if copies != settings.replication:
        yield f"{name} is replicated {copies} times, must be {settings.replication} times."
    resource = ConfigResource(ResourceType.TOPIC, name)

    def ask() -> Any:
        asked = admin.describe_configs([resource], request_timeout=client.REQUEST_S)
        return asked[resource].result()

    entries = _asked(f"ask for the settings of {name}", ask)
    for key, wanted in _config(topic, settings).items():
        value = entries[key].value if key in entries else "not set"
        if value != wanted:
            yield f"{name} has {key} = {value}, must be {wanted}."


def _describe(admin: AdminClient, name: str) -> Any:
    """What the broker says of a topic; None if there is none.  The client gives it no type."""

    def ask() -> Any:
        asked = admin.describe_topics(TopicCollection([name]), request_timeout=client.REQUEST_S)
        try:
            return asked[name].result()
        except KafkaException as problem:
            if problem.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                return None
            raise

    return _asked(f"ask for the topic {name}", ask)


def _asked(attempt: str, ask: Callable[[], Any]) -> Any:
    return client.patiently(attempt, ask, patience_s=client.PATIENCE_AT_START_S)


def _missing(name: str) -> str:
    return f"{name} does not exist; `loyalty topics` creates it."
