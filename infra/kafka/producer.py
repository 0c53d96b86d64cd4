"""The producer settings that the ledger's promises rest on."""

from collections.abc import Mapping
from typing import Any

from confluent_kafka import Producer

from infra.kafka import client
from infra.settings import Settings

_DURABLE = {
    "enable.idempotence": True,
    "acks": "all",
    # Never give one record up: a record lost in the middle would leave a gap behind it.
    "message.timeout.ms": 0,
    "message.max.bytes": 1_048_576,
    # librdkafka ends the linger when it is flushed, so this costs no latency.
    "linger.ms": 5,
}


def open_producer(settings: Settings, more: Mapping[str, Any]) -> Producer:
    """A producer that writes each record once, in order, and durably."""
    return Producer(client.configuration(settings, {**_DURABLE, **more}), logger=client.logger)
