"""One ledger record from outside the consumer group: the claim by which a person resumes."""

from confluent_kafka import KafkaError, KafkaException

from infra.kafka import client
from infra.kafka.producer import open_producer
from infra.log import LogUnavailable
from infra.settings import Settings


def append_one(settings: Settings, partition: int, value: bytes) -> None:
    """Append one record to the ledger of a partition, and wait until it is durable.

    Raises:
        LogUnavailable: the broker cannot be reached or refuses.
    """
    failed: list[KafkaError] = []

    def reported(error: KafkaError | None, _: object) -> None:
        if error is not None:
            failed.append(error)

    topic = client.names(settings).ledger
    producer = open_producer(settings, {})
    with client.saying(f"write to {topic}"):
        producer.produce(topic, value, partition=partition, on_delivery=reported)
        left = producer.flush(client.PATIENCE_S)
        if failed:
            raise KafkaException(failed[0])
    if left:
        producer.purge()
        raise LogUnavailable(f"{topic} took nothing for a minute")
