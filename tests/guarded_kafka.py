"""A real Kafka in which everybody logs in and may do only what was granted, for tests of that."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.kafka import create_topics
from infra.kafka.acls import apply_acls
from infra.local_kafka import SUPER_USER, LocalKafka
from infra.settings import Settings
from schemas.principals import PRINCIPALS
from tests.kafka_broker import settings_on

STRANGER = "loyalty-nobody"
"""Somebody who can log in, and was granted nothing."""

LOGINS = [*(principal.login for principal in PRINCIPALS), STRANGER]


class Guarded:
    """The broker, and settings for each login; both topics are there, and the grants."""

    def __init__(self, broker: LocalKafka, folder: Path) -> None:
        self.broker = broker
        self._folder = folder
        self._plain = settings_on(broker.bootstrap_servers, folder)

    def settings(self, login: str) -> Settings:
        """Settings as this login's programs have them."""
        file = self._folder / f"{login}.properties"
        lines = [f"{name}={value}\n" for name, value in self.broker.login(login).items()]
        file.write_text("".join(lines), "utf-8")
        return self._plain.model_copy(update={"kafka_config_file": file})

    def client(self, login: str) -> dict[str, str]:
        """The client settings of this login."""
        return {
            "bootstrap.servers": self.broker.bootstrap_servers,
            **self.broker.login(login),
        }


@pytest.fixture(scope="session")
def guarded_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """A broker that lives as long as the test run."""
    passwords = {login: f"password-of-{login}" for login in (SUPER_USER, *LOGINS)}
    with LocalKafka(tmp_path_factory.mktemp("guarded-kafka"), passwords=passwords) as broker:
        yield broker


@pytest.fixture
def guarded(guarded_broker: LocalKafka, tmp_path: Path) -> Guarded:
    """Topics of one's own on it: the super user grants the rights, the admin makes the topics."""
    made = Guarded(guarded_broker, tmp_path)
    assert apply_acls(made.settings(SUPER_USER)) == []
    assert len(create_topics(made.settings("loyalty-admin"))) == 2
    return made
