"""Every login on every topic, each operation: what is listed works, and all else is refused."""

import shlex
from contextlib import closing
from itertools import product

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from infra.kafka import (
    KafkaLedgerLog,
    KafkaPublisherLog,
    KafkaWorkerLog,
    compare_topics,
    create_topics,
)
from infra.kafka.acls import apply_acls, wanted
from infra.kafka.client import logger
from infra.local_kafka import SUPER_USER
from infra.log import LogUnavailable
from infra.settings import Settings
from infra.wiring import append_to_ledger
from loyalty.app import call
from processors.stream.worker import Worker
from schemas.principals import PRINCIPALS, Operation, allows
from schemas.topics import TOPICS
from tests.guarded_kafka import LOGINS, STRANGER, Guarded
from tests.integration import kafka_attempts
from tests.integration.kafka_attempts import ON_CLUSTER, ON_TOPICS, let, somebody

FOREIGN = "somebody.orders"
"""A topic of another system in the same cluster."""

BY_LOGIN = {principal.login: principal for principal in PRINCIPALS}


def granted(login: str, topic: str) -> frozenset[Operation]:
    """What the list says, the topic without its prefix."""
    principal = BY_LOGIN.get(login)
    return frozenset() if principal is None else principal.topics.get(topic, frozenset())


@pytest.fixture
def foreign(guarded: Guarded) -> str:
    """A topic that no grant of ours names."""
    root = somebody(guarded.client(SUPER_USER))
    kafka_attempts.open_group(root)
    name = guarded.settings(SUPER_USER).topic_prefix + FOREIGN
    for made in root.admin.create_topics([NewTopic(name, 4, 1)], operation_timeout=10).values():
        made.result()
    return name


@pytest.mark.parametrize("login", LOGINS)
def test_topics(login: str, guarded: Guarded, foreign: str) -> None:
    """Of all operations on all topics exactly the listed ones work."""
    settings = guarded.settings(login)
    names = {topic.name: settings.topic_prefix + topic.name for topic in TOPICS}
    names[FOREIGN] = foreign
    client = somebody(guarded.client(login))
    wrong = []
    for topic, operation in product(names, Operation):
        attempt = ON_TOPICS[operation]
        was_let = let(lambda: attempt(client, names[topic]))  # noqa: B023  called at once
        if was_let != allows(granted(login, topic), operation):
            wrong.append((topic, operation, was_let))
        if was_let and operation is Operation.DELETE:
            create_topics(guarded.settings("loyalty-admin"))

    assert wrong == []


@pytest.mark.parametrize("login", LOGINS)
def test_groups(login: str, guarded: Guarded) -> None:
    """Only processors move their group, some look at it, and nobody touches another one."""
    settings = guarded.settings(login)
    client = somebody(guarded.client(login))
    may = BY_LOGIN[login].group if login in BY_LOGIN else frozenset()
    topic = settings.topic_prefix + TOPICS[0].name

    for group, rights in ((settings.group, may), ("somebody.elses", frozenset[Operation]())):
        moved = let(lambda: kafka_attempts.move_group(client, group, topic))  # noqa: B023
        seen = let(lambda: kafka_attempts.describe_group(client, group))  # noqa: B023
        deleted = let(lambda: kafka_attempts.delete_group(client, group))  # noqa: B023

        expected = [allows(rights, operation) for operation in (Operation.READ, Operation.DESCRIBE)]
        assert [moved, seen, deleted] == [*expected, False]


@pytest.mark.parametrize("login", LOGINS)
def test_the_cluster(login: str, guarded: Guarded) -> None:
    """No login grants rights, lists them, changes the broker or makes topics of other names."""
    client = somebody(guarded.client(login))

    assert [one.__name__ for one in ON_CLUSTER if let(lambda: one(client))] == []  # noqa: B023


def test_the_super_user_is_let(guarded: Guarded) -> None:
    """The attempts fail because of who tries, not because of what they try."""
    client = somebody(guarded.client(SUPER_USER))

    for attempt in (kafka_attempts.list_grants, kafka_attempts.describe_broker):
        assert let(lambda: attempt(client))  # noqa: B023  called at once


def test_a_wrong_password_is_not_let_in(guarded: Guarded) -> None:
    """Who somebody is has to be proved."""
    impostor = {**guarded.client("loyalty-admin"), "sasl.password": "guessed"}

    with pytest.raises(KafkaException):
        AdminClient(impostor, logger=logger).list_topics(timeout=3)


def test_programs_work_with_what_they_have(guarded: Guarded) -> None:
    """Each program does all of its work as its own login: nothing that it needs is missing."""
    settings = {principal.name: guarded.settings(principal.login) for principal in PRINCIPALS}
    assert compare_topics(settings["admin"]) == []
    with closing(KafkaPublisherLog(settings["publisher"])) as publisher:
        for partition in range(4):
            publisher.publish(partition, b"key", b"no event at all")

    worker = Worker(KafkaWorkerLog(settings["processor"]), owner="test", code_version="test")
    worker.run(lambda: worker.caught_up() or bool(worker.halted))
    assert worker.halted == {}
    assert set(worker.positions()) == {0, 1, 2, 3}
    worker.close()
    append_to_ledger(settings["processor"], 0, b"no record at all")

    with closing(KafkaLedgerLog(settings["projector"])) as ledger:
        records = next(iter(ledger.follow_ledger(dict.fromkeys(range(4), 0), 100, 10)))
        assert any(records.values())
        assert [one.value for one in ledger.read_inputs(0, 0, 1)] == [b"no event at all"]
    with closing(KafkaLedgerLog(settings["auditor"])) as both:
        assert list(both.read_ledger(0, 0, both.ledger_end(0)))
        message = both.read_input(0, 0)
        assert message is not None
        assert message.value == b"no event at all"
        assert both.noted(0).offset == 1
    with closing(KafkaLedgerLog(settings["operator"])) as looked_up:
        assert list(looked_up.read_ledger(1, 0, looked_up.ledger_end(1)))
        assert looked_up.noted(1).offset == 1
    with closing(KafkaPublisherLog(settings["operator"])) as publisher:
        publisher.publish(1, b"key", b"what follows")


def test_a_program_that_was_granted_nothing_says_so(guarded: Guarded) -> None:
    """What the broker refuses is one sentence."""
    with pytest.raises(LogUnavailable, match="uthoriz"):
        KafkaLedgerLog(guarded.settings(STRANGER))


def test_a_broker_that_lets_everybody_do_everything_is_told_of(kafka_settings: Settings) -> None:
    """Where no authorizer is at work, grants would mean nothing."""
    with pytest.raises(LogUnavailable, match="No Authorizer is configured"):
        apply_acls(kafka_settings)


def test_granting_again_changes_nothing_and_more_is_named(guarded: Guarded) -> None:
    """The list can be applied at every deploy; a right beyond it is told, and stays."""
    settings = guarded.settings(SUPER_USER)
    mine = {grant.name for grant in wanted(settings)}
    assert apply_acls(settings) == []

    beyond = settings.model_copy(update={"group": f"{settings.group}-other"})
    assert apply_acls(beyond) == []
    kafka_attempts.grant(somebody(guarded.client(SUPER_USER)))
    prefixed = settings.model_copy(update={"topic_prefix": "loyalty."})
    (told, *others) = apply_acls(prefixed)

    assert told == (
        "User:mallory is allowed all on the prefixed topic loyalty. from *, which is not listed."
    )
    assert len(others) == 1
    assert "loyalty." not in mine


@pytest.fixture
def as_super_user(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the super user, for commands."""
    settings = guarded.settings(SUPER_USER)
    monkeypatch.setenv("LOYALTY_BOOTSTRAP_SERVERS", settings.bootstrap_servers)
    monkeypatch.setenv("LOYALTY_KAFKA_CONFIG_FILE", str(settings.kafka_config_file))
    monkeypatch.setenv("LOYALTY_TOPIC_PREFIX", settings.topic_prefix)
    monkeypatch.setenv("LOYALTY_GROUP", settings.group)
    return settings


def test_the_command_prints_and_applies(
    as_super_user: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --apply every grant is a word of a printed command; with it the broker has them."""
    settings = as_super_user

    assert call(["acls"]) == 0
    printed = capsys.readouterr().out
    assert call(["acls", "--apply"]) == 0

    assert printed.count("--operation") == len(wanted(settings))
    for grant in wanted(settings):
        (line,) = [
            line
            for line in printed.splitlines()
            if f"User:{grant.login} " in line and line.endswith(f"--{grant.resource} {grant.name}")
        ]
        assert f"--operation {grant.operation} " in line


def test_the_quotas_are_those_that_the_broker_keeps(
    guarded: Guarded, as_super_user: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is printed for quotas, with --apply as without, Kafka's own tool takes as it is."""
    servers = as_super_user.bootstrap_servers
    assert call(["acls"]) == 0
    everything = capsys.readouterr().out
    assert call(["acls", "--apply"]) == 0
    left = capsys.readouterr().out

    assert everything.endswith(left)
    (line,) = [line for line in left.splitlines() if not line.startswith("#")]
    tool, *arguments = shlex.split(line)
    assert tool == "kafka-configs.sh"
    guarded.tool("kafka.admin.ConfigCommand", arguments)
    asked = ["--bootstrap-server", servers, "--command-config", "super-user.properties"]
    kept = guarded.tool(
        "kafka.admin.ConfigCommand", [*asked, "--describe", "--entity-type", "users"]
    )

    (quota,) = [line for line in kept.splitlines() if line.startswith("Quota configs for")]
    who, _, limits = quota.partition(" are ")
    assert who.endswith("user-principal 'loyalty-publisher'")
    told = dict(limit.split("=") for limit in limits.split(", "))
    assert {name: float(limit) for name, limit in told.items()} == {
        "producer_byte_rate": 10_000_000,
        "request_percentage": 50,
    }
