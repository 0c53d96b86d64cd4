"""One attempt for each thing that can be done in Kafka: whether the broker lets it be done.

An attempt that is allowed changes nothing that another one would notice.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from infra.kafka.client import logger
from schemas.principals import Operation


class Client(NamedTuple):
    """Somebody at the broker.

    Attributes:
        login: the client settings that say who.
        admin: a client that lives as long as its answers are waited for.
    """

    login: Mapping[str, str]
    admin: AdminClient


def somebody(login: Mapping[str, str]) -> Client:
    """A client for these settings."""
    return Client(login, AdminClient(dict(login), logger=logger))


WITHIN_S = 15.0
OPEN_GROUP = "test-open-to-all"
"""A group that everybody may look for, so that reading a topic is a question of the topic alone."""
REFUSED = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
}
DONE_BEFORE = {
    KafkaError.TOPIC_ALREADY_EXISTS,
    KafkaError.GROUP_ID_NOT_FOUND,
    KafkaError.NON_EMPTY_GROUP,
}
"""What the broker says of the thing itself, after it has let somebody do it."""


def let(ask: Callable[[], Any]) -> bool:
    """Whether the broker let it be done.

    Raises:
        KafkaException: it went wrong in another way than by being refused.
    """
    try:
        ask()
    except KafkaException as problem:
        code = problem.args[0].code()
        if code in REFUSED:
            return False
        if code not in DONE_BEFORE:
            raise
    return True


def _result(futures: Mapping[Any, Any]) -> Any:
    (future,) = futures.values()
    return future.result(WITHIN_S)


def read(client: Client, topic: str) -> None:
    ours = {"group.id": OPEN_GROUP, "enable.partition.eof": True}
    consumer = Consumer({**client.login, **ours}, logger=logger)
    with closing(consumer):
        # Who may not even see a topic never hears of it again: the client goes on looking for it.
        seen = consumer.list_topics(topic, WITHIN_S).topics[topic].error
        if seen is not None:
            raise KafkaException(seen)
        consumer.assign([TopicPartition(topic, 0, 0)])
        message = consumer.poll(WITHIN_S)
        assert message is not None
        error = message.error()
        if error is not None and error.code() != KafkaError._PARTITION_EOF:
            raise KafkaException(error)


def write(client: Client, topic: str) -> None:
    errors: list[KafkaError] = []

    def delivered(error: KafkaError | None, _message: Any) -> None:
        errors.extend([] if error is None else [error])

    producer = Producer({**client.login, "acks": "all"}, logger=logger)
    producer.produce(topic, b"a value", partition=0, on_delivery=delivered)
    assert producer.flush(WITHIN_S) == 0
    for error in errors:
        raise KafkaException(error)


def create(client: Client, topic: str) -> None:
    _result(client.admin.create_topics([NewTopic(topic, 1, 1)], validate_only=True))


def delete(client: Client, topic: str) -> None:
    _result(client.admin.delete_topics([topic], operation_timeout=WITHIN_S))


def alter(client: Client, topic: str) -> None:
    more = [NewPartitions(topic, 8)]
    _result(client.admin.create_partitions(more, validate_only=True))


def describe(client: Client, topic: str) -> None:
    _result(client.admin.describe_topics(TopicCollection([topic])))


def describe_configs(client: Client, topic: str) -> None:
    asked = [ConfigResource(ResourceType.TOPIC, topic)]
    _result(client.admin.describe_configs(asked))


def alter_configs(client: Client, topic: str) -> None:
    _alter_configs(client, ResourceType.TOPIC, topic, "retention.ms")


ON_TOPICS: Mapping[Operation, Callable[[Client, str], None]] = {
    Operation.READ: read,
    Operation.WRITE: write,
    Operation.CREATE: create,
    Operation.DELETE: delete,
    Operation.ALTER: alter,
    Operation.DESCRIBE: describe,
    Operation.DESCRIBE_CONFIGS: describe_configs,
    Operation.ALTER_CONFIGS: alter_configs,
}


def describe_group(client: Client, group: str) -> None:
    _result(client.admin.describe_consumer_groups([group]))


def move_group(client: Client, group: str, topic: str) -> None:
    place = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0, 0)])
    moved = _result(client.admin.alter_consumer_group_offsets([place]))
    for partition in moved.topic_partitions:
        if partition.error is not None:
            raise KafkaException(partition.error)


def delete_group(client: Client, group: str) -> None:
    _result(client.admin.delete_consumer_groups([group]))


def grant(client: Client) -> None:
    all_of_it = AclBinding(
        ResourceType.TOPIC, "loyalty.", ResourcePatternType.PREFIXED, "User:mallory", "*",
        AclOperation.ALL, AclPermissionType.ALLOW,
    )  # fmt: skip
    _result(client.admin.create_acls([all_of_it]))


def list_grants(client: Client) -> None:
    every = AclBindingFilter(
        ResourceType.ANY, None, ResourcePatternType.ANY, None, None,  # type: ignore[arg-type]
        AclOperation.ANY, AclPermissionType.ANY,
    )  # fmt: skip
    # The client hands an empty list to whom the broker refuses; here there are always some.
    if not client.admin.describe_acls(every).result(WITHIN_S):
        raise KafkaException(KafkaError(KafkaError.CLUSTER_AUTHORIZATION_FAILED))


def alter_broker(client: Client) -> None:
    _alter_configs(client, ResourceType.BROKER, "1", "log.retention.ms")


def describe_broker(client: Client) -> None:
    asked = [ConfigResource(ResourceType.BROKER, "1")]
    _result(client.admin.describe_configs(asked))


def create_another(client: Client) -> None:
    create(client, "somebody.elses")


def open_group(client: Client) -> None:
    """Let everybody look for the group that attempts to read are made with."""
    look = AclBinding(
        ResourceType.GROUP, OPEN_GROUP, ResourcePatternType.LITERAL, "User:*", "*",
        AclOperation.DESCRIBE, AclPermissionType.ALLOW,
    )  # fmt: skip
    _result(client.admin.create_acls([look]))


ON_CLUSTER = (grant, list_grants, alter_broker, describe_broker, create_another)


def _alter_configs(client: Client, kind: ResourceType, name: str, key: str) -> None:
    entry = ConfigEntry(key, "1000", incremental_operation=AlterConfigOpType.SET)
    asked = [ConfigResource(kind, name, incremental_configs=[entry])]
    _result(client.admin.incremental_alter_configs(asked, validate_only=True))
