"""What every client of ours says to librdkafka: addresses, security, and the names of the topics.

librdkafka's own messages go to the logger `loyalty.kafka`, never straight to the terminal.
"""

import logging
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException, Message
from confluent_kafka.admin import AdminClient
from msgspec import Struct

from infra import log
from infra.settings import Settings, SettingsInvalid
from schemas.topics import EVENTS, LEDGER

REQUEST_S = 10.0
"""How long one question to the broker may take before it is asked again."""
PATIENCE_S = 60.0
"""How long a broker may be away before a command at work gives up."""
PATIENCE_AT_START_S = REQUEST_S
"""How long before a command that begins does: its address may be wrong."""

_AGAIN_S = 0.1

Answer = TypeVar("Answer")

REPEATED_EVERY_S = 30.0
"""The same complaint of librdkafka is told once in this time: it repeats each of them for ever."""

logger = logging.getLogger("loyalty.kafka")

_PASSING = frozenset(
    {
        KafkaError._ALL_BROKERS_DOWN,
        # A broker that came back is another one to the client, which drops its handle of the old.
        KafkaError._DESTROY_BROKER,
        KafkaError._TRANSPORT,
        KafkaError._RESOLVE,
        KafkaError._TIMED_OUT,
        KafkaError._MAX_POLL_EXCEEDED,
        KafkaError._WAIT_COORD,
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.NOT_COORDINATOR,
        KafkaError.REBALANCE_IN_PROGRESS,
        KafkaError.ILLEGAL_GENERATION,
        KafkaError.UNKNOWN_MEMBER_ID,
    }
)
"""Errors from which the client recovers by itself, though it does not call them retriable."""

NOT_HEARD_YET = frozenset(
    {
        KafkaError._UNKNOWN_TOPIC,
        KafkaError._UNKNOWN_PARTITION,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
    }
)
"""What a client says of topics that exist before a broker just started has told it of them."""


class Names(Struct, frozen=True):
    """The topics' names on the broker, the prefix of the settings included."""

    events: str
    ledger: str


class Seldom:
    """A filter of log lines that lets each line through once in a while."""

    def __init__(self, every_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._every_s = every_s
        self._now = now
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is new, or was told long ago.  Numbers do not make a line new."""
        line = _NUMBERS.sub("", record.getMessage())
        now = self._now()
        if now - self._told.get(line, -math.inf) < self._every_s:
            return False
        self._told[line] = now
        return True


_NUMBERS = re.compile(r"\d+")
logger.addFilter(Seldom(REPEATED_EVERY_S))


def names(settings: Settings) -> Names:
    """How the topics are called under these settings."""
    return Names(settings.topic_prefix + EVENTS.name, settings.topic_prefix + LEDGER.name)


def configuration(settings: Settings, ours: Mapping[str, Any]) -> dict[str, Any]:
    """One client's configuration: the addresses, the user's file, and what we need to be so.

    Raises:
        SettingsInvalid: the file cannot be read, or sets what the ledger's promises rest on.
    """
    addresses = {"bootstrap.servers": settings.bootstrap_servers, "client.id": "loyalty"}
    # Requests for several partitions follow each other at once, and none waits for an answer.
    quick = {"socket.nagle.disable": True}
    from_file = _from_file(settings)
    if fixed := sorted(from_file.keys() & (ours.keys() | addresses.keys())):
        raise SettingsInvalid(
            f"LOYALTY_KAFKA_CONFIG_FILE: {', '.join(fixed)} cannot be set: we depend on our value"
        )
    return {**addresses, **quick, **from_file, **ours}


def admin(settings: Settings) -> AdminClient:
    """Who asks the broker of topics, groups and rights, and changes them."""
    return AdminClient(configuration(settings, {}), logger=logger)


def _from_file(settings: Settings) -> dict[str, str]:
    """The user's librdkafka settings: one name=value a line, # for a remark."""
    path = settings.kafka_config_file
    if path is None:
        return {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as problem:
        raise SettingsInvalid(f"LOYALTY_KAFKA_CONFIG_FILE: {problem}") from None
    found = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals:
            # The line itself may be a secret and is not repeated.
            raise SettingsInvalid(f"LOYALTY_KAFKA_CONFIG_FILE: {path}:{number} is not name=value")
        found[name.strip()] = value.strip()
    return found


@contextmanager
def saying(attempt: str) -> Iterator[None]:
    """Turn what the client raises into one sentence: what was attempted, and what came of it.

    Raises:
        LogUnavailable: in place of KafkaException.
    """
    try:
        yield
    except KafkaException as problem:
        raise log.LogUnavailable(f"Cannot {attempt}: {problem.args[0]}") from problem


def patiently(
    attempt: str,
    ask: Callable[[], Answer],
    between: Callable[[], None] = lambda: None,
    patience_s: float = PATIENCE_S,
) -> Answer:
    """The answer to a question, asked again while the broker is away.

    Args:
        attempt: what is attempted, for the sentence.
        ask: raises KafkaException as the client does.
        between: called before the question is repeated.
        patience_s: after this time the question is not repeated.

    Raises:
        LogUnavailable: the broker refuses, or was away for too long.
    """
    deadline = time.monotonic() + patience_s
    while True:
        with saying(attempt):
            try:
                return ask()
            except KafkaException as problem:
                error = problem.args[0]
                passes = passing(error) or error.code() in NOT_HEARD_YET
                if not passes or time.monotonic() >= deadline:
                    raise
        between()
        time.sleep(_AGAIN_S)


def passing(error: KafkaError) -> bool:
    """Whether the client recovers by itself, so that there is nothing to do but wait."""
    return not error.fatal() and (error.retriable() or error.code() in _PASSING)


def input_message(message: Message) -> log.Message:
    """One fetched event as the port has it."""
    return log.Message(
        message.partition() or 0,
        message.offset() or 0,
        message.key() or b"",
        message.value() or b"",
        message.timestamp()[1],
    )


def stored(message: Message) -> log.Stored:
    """One fetched ledger record as the port has it."""
    return log.Stored(message.offset() or 0, message.value() or b"", message.timestamp()[1])
