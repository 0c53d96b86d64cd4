"""The database made ready: roles, schemas, `crm`, the first set of tables, and the live views.

Everything here can be done again and changes nothing then.
"""

import psycopg
from psycopg import sql

from infra import postgres
from infra.postgres import Role
from infra.settings import Settings
from projections import generations
from projections.definitions import scripts, tables_definition

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('loyalty install'))"


def install(settings: Settings) -> None:
    """Make the database of the settings ready; inside `postgres.server`.

    Raises:
        DatabaseUnavailable: Postgres does not answer.
        TablesUnfit: the live tables were made by other definitions; a rebuild makes new ones.
    """
    with postgres.connect(settings, "owner") as connection:
        prepare(connection, settings)
        generations.fit(connection, settings.generation)


def connected(settings: Settings, role: Role, table: str) -> psycopg.Connection:
    """A connection in a role, of a database that has a table; it is made ready where it has not.

    Inside `postgres.server`.

    Raises:
        DatabaseUnavailable: Postgres does not answer.
    """
    try:
        connection = postgres.connect(settings, role)
    except postgres.DatabaseUnavailable as problem:
        if f'role "{postgres.LOGINS[role]}" does not exist' not in str(problem):
            raise
    else:
        if connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,):
            return connection
        connection.close()
    with postgres.connect(settings, "owner") as owner:
        prepare(owner, settings)
    return postgres.connect(settings, role)


def prepare(connection: psycopg.Connection, settings: Settings) -> None:
    """All but the look at the definitions, over a connection of the owner."""
    with connection.transaction():
        connection.execute(_ONE_AT_A_TIME)
        _roles(connection, settings)
        connection.execute("SET LOCAL ROLE loyalty_owner")
        for kind in ("schemas", "registry", "people"):
            for _, text in scripts(kind):
                connection.execute(text.encode())
        live = generations.live(connection, settings.generation)
        if live is None:
            live = generations.create(connection, settings.generation)
        # Views of this code need tables of this code; until a rebuild the old ones stay.
        made_by_us = live.definition == tables_definition()
        if made_by_us and generations.shown(connection) != generations.sign(live):
            generations.show(connection, live)


def _roles(connection: psycopg.Connection, settings: Settings) -> None:
    """The roles, their passwords, and who may come in at all."""
    for name in ("owner", "projector", "analyst", "contacts"):
        connection.execute(dict(scripts("roles"))[name].encode())
    for role, login in postgres.LOGINS.items():
        secret = postgres.password(settings, role)
        if secret is not None:
            # Only its salted hash travels, so that no server log shows the password.
            hashed = connection.pgconn.encrypt_password(
                secret.encode(), login.encode(), b"scram-sha-256"
            )
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(login), sql.Literal(hashed.decode())
                )
            )
    for _, text in scripts("database"):
        connection.execute(text.encode())
