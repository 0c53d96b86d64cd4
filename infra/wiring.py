"""Which log the settings mean: Kafka where its addresses are set, else the embedded log."""

from infra.log import LedgerLog, PublisherLog, WorkerLog
from infra.settings import Settings, SettingsInvalid
from schemas.chain import read_prefix

# Each adapter is imported where it is chosen: a machine that works on the embedded log loads no
# Kafka client, and the other way round.


def worker_log(settings: Settings) -> WorkerLog:
    """A worker's seat at the log.

    Raises:
        LogUnavailable: the log cannot be reached, or another process works on the embedded one.
        SettingsInvalid: the embedded one holds another generation.
    """
    if settings.bootstrap_servers:
        from infra.kafka import KafkaWorkerLog  # noqa: PLC0415  see above

        return KafkaWorkerLog(settings)
    from infra.embedded_log import EmbeddedWorkerLog  # noqa: PLC0415  see above

    log = EmbeddedWorkerLog(settings.home, settings.partitions)
    try:
        _must_be_its_generation(settings, log)
    except BaseException:
        log.close()
        raise
    return log


def ledger_log(settings: Settings) -> LedgerLog:
    """A reader of both topics.

    Raises:
        LogUnavailable: the log cannot be reached.
    """
    if settings.bootstrap_servers:
        from infra.kafka import KafkaLedgerLog  # noqa: PLC0415  see above

        return KafkaLedgerLog(settings)
    from infra.embedded_log import EmbeddedLedgerLog  # noqa: PLC0415  see above

    return EmbeddedLedgerLog(settings.home, settings.partitions)


def publisher_log(settings: Settings) -> PublisherLog:
    """A writer of events; on Kafka a schema registry that is set must be a copy of our schemas.

    Raises:
        LogUnavailable: the log cannot be reached.
        RegistryDiffers, RegistryUnavailable: the registry is no copy, or out of reach.
    """
    if settings.schema_registry_url:
        from infra.registry import must_agree  # noqa: PLC0415  few have one

        must_agree(settings)
    return publisher_log_of_service(settings)


def publisher_log_of_service(settings: Settings) -> PublisherLog:
    """The same for a service: it was compared at its start, and goes on while the registry is away.

    Raises:
        LogUnavailable: the log cannot be reached.
    """
    if settings.bootstrap_servers:
        from infra.kafka import KafkaPublisherLog  # noqa: PLC0415  see above

        return KafkaPublisherLog(settings)
    from infra.embedded_log import EmbeddedPublisherLog  # noqa: PLC0415  see above

    return EmbeddedPublisherLog(settings.home, settings.partitions)


def append_to_ledger(settings: Settings, partition: int, value: bytes) -> None:
    """Append one record to a ledger partition beside whoever holds it; only claims are so written.

    Raises:
        LogUnavailable: the log cannot be reached.
    """
    if settings.bootstrap_servers:
        from infra.kafka import append_one  # noqa: PLC0415  see above

        append_one(settings, partition, value)
        return
    from infra.embedded_log import append_one as append_to_file  # noqa: PLC0415  see above

    append_to_file(settings.home, settings.partitions, partition, value)


def _must_be_its_generation(settings: Settings, log: WorkerLog) -> None:
    """An embedded log notes what is decided for one generation alone: another one seems lost."""
    for partition in range(log.identity.partitions):
        for first in log.read_ledger(partition, 0, 1):
            found = _generation_of(first.value)
            if found not in {None, settings.generation}:
                raise SettingsInvalid(
                    f"LOYALTY_GENERATION: the embedded log in {settings.home} holds the generation "
                    f"{found} and no other; {settings.generation} needs a home folder of its own, "
                    "or Kafka."
                )


def _generation_of(value: bytes) -> str | None:
    """Of a ledger record; None of what is none, which is for whoever reads the chain."""
    try:
        return read_prefix(value)[0].generation
    except (ValueError, IndexError):
        return None
