"""Kafka as a log: the adapter of `infra.log` over confluent-kafka, and its topics."""

from infra.kafka.appending import append_one
from infra.kafka.ledger import KafkaLedgerLog
from infra.kafka.publisher import KafkaPublisherLog
from infra.kafka.topics import compare_topics, create_topics
from infra.kafka.worker import KafkaWorkerLog

__all__ = [
    "KafkaLedgerLog",
    "KafkaPublisherLog",
    "KafkaWorkerLog",
    "append_one",
    "compare_topics",
    "create_topics",
]
