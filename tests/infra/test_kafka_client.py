"""What every Kafka client of ours shares, without a broker."""

import logging

import pytest
from confluent_kafka import KafkaError, KafkaException

from infra.kafka import client
from infra.kafka.client import Seldom
from infra.log import LogUnavailable
from infra.settings import Settings


def line(text: str) -> logging.LogRecord:
    return logging.LogRecord("loyalty.kafka", logging.ERROR, "", 0, text, None, None)


def test_a_complaint_is_told_once_in_a_while() -> None:
    """The same line comes through again only after the time; another line comes at once."""
    clock = [0.0]
    seldom = Seldom(30.0, lambda: clock[0])

    first = seldom.filter(line("refused after 3ms"))
    again = seldom.filter(line("refused after 17ms"))
    other = seldom.filter(line("reset by peer"))
    clock[0] = 31.0
    later = seldom.filter(line("refused after 4ms"))

    assert [first, again, other, later] == [True, False, True, True]


def test_what_passes_is_asked_again() -> None:
    """A question is repeated while the broker is away, and something is done in between."""
    answers = [KafkaError(KafkaError._TRANSPORT), KafkaError(KafkaError.NOT_COORDINATOR)]
    between: list[int] = []

    def ask() -> int:
        if answers:
            raise KafkaException(answers.pop())
        return 7

    assert client.patiently("ask", ask, lambda: between.append(len(answers))) == 7
    assert between == [1, 0]


def test_what_does_not_pass_is_said_at_once() -> None:
    """A refusal by the broker is one sentence with what was attempted."""

    def ask() -> int:
        raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))

    with pytest.raises(LogUnavailable, match=r"^Cannot read the ledger: .*TOPIC_AUTHORIZATION"):
        client.patiently("read the ledger", ask, lambda: None)


def test_topics_have_the_prefix() -> None:
    """One broker can hold several systems, told apart by the prefix of the settings."""
    assert client.names(Settings(topic_prefix="north.")) == client.Names(
        "north.loyalty.events", "north.loyalty.ledger"
    )
