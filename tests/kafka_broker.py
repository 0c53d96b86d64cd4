"""A real Kafka for tests: the one of LOYALTY_TEST_KAFKA, else in Docker, else started by pip alone.

Every test has topics and a group of its own, so that tests share one broker and nothing else.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from confluent_kafka.admin import AdminClient

from infra.kafka import create_topics
from infra.local_kafka import LocalKafka
from infra.settings import Settings

PARTITIONS = 4


@pytest.fixture(scope="session")
def kafka_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a broker that lives as long as the test run."""
    if given := os.environ.get("LOYALTY_TEST_KAFKA"):
        yield given
    elif docker_answers():
        from testcontainers.community.kafka import KafkaContainer  # noqa: PLC0415  slow, and rarely needed

        with KafkaContainer().with_kraft() as container:
            yield container.get_bootstrap_server()
    else:
        with LocalKafka(tmp_path_factory.mktemp("kafka")) as broker:
            yield broker.bootstrap_servers


@pytest.fixture
def kafka_settings(kafka_address: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a log of one's own on the broker, with both topics made."""
    settings = settings_on(kafka_address, tmp_path)
    made = create_topics(settings)
    yield settings
    admin = AdminClient({"bootstrap.servers": kafka_address})
    for deleted in admin.delete_topics(made).values():
        deleted.result()


def settings_on(address: str, home: Path) -> Settings:
    """Settings of topics and a group that nobody else has."""
    name = uuid4().hex[:12]
    return Settings(
        home=home,
        bootstrap_servers=address,
        topic_prefix=f"test-{name}.",
        group=f"test-{name}",
        partitions=PARTITIONS,
    )


def docker_answers() -> bool:
    """Whether a Docker engine runs here and may be used."""
    # Asked in a process of its own: the client leaves a socket open where nobody answers.
    asked = subprocess.run(
        [sys.executable, "-c", "import docker; docker.from_env().ping()"],
        capture_output=True, check=False,
    )  # fmt: skip
    return asked.returncode == 0
