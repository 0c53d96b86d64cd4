"""Fixtures that every test may ask for; each lives in the module named after what it starts."""

import gc

import pytest

from infra import collector
from infra.compile import ROOT, Twins, twins

pytest_plugins = [
    "tests.apicurio_server",
    "tests.kafka_broker",
    "tests.guarded_kafka",
    "tests.postgres_server",
]


def pytest_configure() -> None:
    """No test runs on machine code of other sources than these: it would test what was."""
    if twins(ROOT) is Twins.STALE:
        raise pytest.UsageError(
            "the compiled modules are not those of the sources: `make compiled` compiles them "
            "anew, `python -m infra.compile --remove` lets the sources run as they are"
        )


@pytest.fixture(scope="module", autouse=True)
def _spared() -> None:
    """What earlier modules left is not looked at again and again while this one runs."""
    gc.collect()
    collector.spare()
