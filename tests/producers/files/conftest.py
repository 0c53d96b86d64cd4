"""A register in a Postgres of its own, and sample documents as their formats are published."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from infra.postgres import connect
from infra.settings import Settings
from producers.people.register import Register
from projections.install import install
from tests.producers.files.reading import Outcome, publish

SAMPLES = Path(__file__).parent / "samples"
Brought = Callable[[bytes], Outcome]


@pytest.fixture
def bring(postgres: Settings, tmp_path: Path) -> Iterator[Brought]:
    """Publish a document as one whose cards and e-mails are looked up; twice is the same file."""
    install(postgres)
    numbers = count(1)
    with connect(postgres, "contacts") as opened:
        register = Register(opened, b"a key of the tests, and no other")
        yield lambda content: publish(
            tmp_path / "document",
            content,
            register=lambda: register,
            new_member=lambda: f"m-{next(numbers)}",
        )


@pytest.fixture(scope="session")
def till() -> bytes:
    """A POSLog of one morning at one till."""
    return (SAMPLES / "till.xml").read_bytes()


@pytest.fixture(scope="session")
def orders() -> bytes:
    """Five orders of a shop with Shopify."""
    return (SAMPLES / "orders.json").read_bytes()
