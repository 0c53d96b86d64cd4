"""Kafka for readers of both topics: projectors, audits and explanations."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from confluent_kafka.admin import AdminClient

from infra.kafka import client, group, reader, topics
from infra.log import Identity, Message, Noted, Stored
from infra.settings import Settings


class KafkaLedgerLog:
    """A reader in no group; keeps `infra.log.LedgerLog`.

    Raises:
        LogUnavailable: the broker cannot be reached, or the topics do not exist.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._names = client.names(settings)
        self._identity = topics.identity(settings)
        self._asking = reader.open_asker(settings)

    @property
    def identity(self) -> Identity:
        """The log and the topic it reads."""
        return self._identity

    def ledger_end(self, partition: int) -> int:
        """The offset after the last ledger record, asked of the broker now."""
        return reader.end_of(self._asking, self._names.ledger, partition)

    def input_end(self, partition: int) -> int:
        """The offset after the last input record, asked of the broker now."""
        return reader.end_of(self._asking, self._names.events, partition)

    def read_ledger(self, partition: int, start: int, end: int) -> Iterator[Stored]:
        """The ledger records from `start` up to, not including, `end`."""
        for batch in reader.stretch(self._settings, self._names.ledger, partition, start, end):
            yield from map(client.stored, batch)

    def follow_ledger(
        self, starts: Mapping[int, int], limit: int, wait_s: float
    ) -> Iterator[Mapping[int, Sequence[Stored]]]:
        """Endless batches from the given offsets; an empty one when `wait_s` brought nothing."""
        for batches in reader.follow(self._settings, self._names.ledger, starts, limit, wait_s):
            yield {p: [client.stored(message) for message in batch] for p, batch in batches.items()}

    def read_inputs(self, partition: int, start: int, end: int) -> Iterator[Message]:
        """The input records from `start` up to, not including, `end`."""
        for batch in reader.stretch(self._settings, self._names.events, partition, start, end):
            yield from map(client.input_message, batch)

    def read_input(self, partition: int, offset: int) -> Message | None:
        """One input record by its offset; None if the log does not have it."""
        found = reader.one(self._asking, self._names.events, partition, offset)
        return None if found is None else client.input_message(found)

    def noted(self, partition: int) -> Noted:
        """What the group noted of a partition: the offset, and the words beside it."""
        return group.noted(self._admin, self._settings, partition)

    @cached_property
    def _admin(self) -> AdminClient:
        """One connection for the questions of all partitions; most readers ask none."""
        return client.admin(self._settings)

    def close(self) -> None:
        """Let go of everything."""
        self._asking.close()
