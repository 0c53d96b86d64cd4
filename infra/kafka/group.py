"""What the processors' consumer group notes of a partition, asked by who is no member of it."""

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from infra.kafka import client
from infra.log import Noted
from infra.settings import Settings


def noted(admin: AdminClient, settings: Settings, partition: int) -> Noted:
    """The committed offset of a partition, and the words beside it.

    Raises:
        LogUnavailable: the broker cannot be reached or refuses.
    """
    place = TopicPartition(client.names(settings).events, partition)
    wanted = ConsumerGroupTopicPartitions(settings.group, [place])

    def ask() -> TopicPartition:
        asked = admin.list_consumer_group_offsets([wanted], request_timeout=client.REQUEST_S)
        found: TopicPartition = asked[settings.group].result().topic_partitions[0]
        if found.error is not None:
            raise KafkaException(found.error)
        return found

    found = client.patiently(f"ask what is noted of partition {partition}", ask)
    return Noted(found.offset if found.offset >= 0 else None, found.metadata or "")
