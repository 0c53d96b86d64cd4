"""A real Kafka in which everybody logs in and may do only what was granted, for tests of that."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from infra import kafka_jars
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

    def tool(self, main_class: str, arguments: Sequence[str]) -> str:
        """What one of Kafka's own tools prints when the super user runs it."""
        login = self.broker.login(SUPER_USER)
        user, password = login["sasl.username"], login["sasl.password"]
        file = self._folder / "super-user.properties"
        file.write_text(
            f"security.protocol={login['security.protocol']}\n"
            f"sasl.mechanism={login['sasl.mechanism']}\n"
            "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required "
            f'username="{user}" password="{password}";\n',
            "utf-8",
        )
        ran = subprocess.run(
            [kafka_jars.java(), "-cp", kafka_jars.classpath(), main_class, *arguments],
            cwd=self._folder, capture_output=True, check=False, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

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
