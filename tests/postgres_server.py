"""A real Postgres for tests: the one of LOYALTY_TEST_POSTGRES, else the embedded one.

Every test has a database of its own, so that tests share one server and nothing else.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from infra import postgres as infra_postgres
from infra.settings import Settings

ROOM_BYTES = 4 << 30


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """Connection parameters of a server that lives as long as the test run; for its owner."""
    given = os.environ.get("LOYALTY_TEST_POSTGRES", "")
    # Not in pytest's own folder: root's Postgres runs as another user, and every pytest that
    # starts on the machine closes that folder to others.
    with TemporaryDirectory(
        prefix="loyalty-postgres-", dir=in_memory(), ignore_cleanup_errors=True
    ) as home:
        settings = Settings(home=Path(home), database_url=SecretStr(given))
        with infra_postgres.server(settings):
            address = infra_postgres.url(settings, "owner")
            if not given:
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute("ALTER SYSTEM SET max_wal_size = '256MB'")
                    connection.execute("SELECT pg_reload_conf()")
            yield address


def in_memory() -> str | None:
    """Where files are in memory, if there is room; a database for every test is many files."""
    if Path("/dev/shm").is_dir() and disk_usage("/dev/shm").free >= ROOM_BYTES:  # noqa: S108
        return "/dev/shm"  # noqa: S108  the folder in it has a name that nobody can guess
    return None


@pytest.fixture
def postgres(postgres_address: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty database of one's own, and of a home folder of one's own."""
    with database(postgres_address, tmp_path) as settings:
        yield settings


@contextmanager
def database(postgres_address: str, home: Path) -> Iterator[Settings]:
    """Settings of an empty database on the server, which is dropped when the `with` ends."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_address, autocommit=True) as connection:
        create = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
        connection.execute(sql.SQL(create).format(sql.Identifier(name)))
        mine = make_conninfo(**{**conninfo_to_dict(postgres_address), "dbname": name})
        yield Settings(home=home, database_url=SecretStr(mine))
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
