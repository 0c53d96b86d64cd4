"""The register of members: `crm.identifiers` and `crm.contacts`, in the role `contacts`.

An identifier belongs to one member for ever, so that a file means the same whenever it is
published.  Numbers reach Postgres as keyed hashes, the key never does.

Exceptions:
    OtherKey    the identifiers were hashed with another key
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
from msgspec import Struct

from producers.people.identifiers import Identifier, Kind, digest, key_mark

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('loyalty register'))"
_LOOK_UP = "SELECT digest, member_id, blocked_at FROM crm.identifiers WHERE digest = ANY(%b)"
_ADD = """
INSERT INTO crm.identifiers (digest, kind, member_id)
SELECT * FROM unnest(%s::bytea[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""
_OF_MEMBER = "SELECT digest, kind, blocked_at FROM crm.identifiers WHERE member_id = %s"
_BLOCK = """
UPDATE crm.identifiers SET blocked_at = %s WHERE digest = %s AND blocked_at IS NULL
"""
_FORGOTTEN = "SELECT member_id, forgotten_at FROM crm.forgotten WHERE member_id = ANY(%s)"
_MEMBERS = """
SELECT member_id FROM crm.identifiers WHERE member_id = ANY(%(ids)s)
UNION SELECT member_id FROM crm.contacts WHERE member_id = ANY(%(ids)s)
UNION SELECT member_id FROM crm.forgotten WHERE member_id = ANY(%(ids)s)
"""
_ADD_CONTACT = """
INSERT INTO crm.contacts (member_id, name, address, phone, email) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_CHANGE_CONTACT = """
INSERT INTO crm.contacts AS old (member_id, name, address, phone, email) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (member_id) DO UPDATE SET
    name = COALESCE(NULLIF(excluded.name, ''), old.name),
    address = COALESCE(NULLIF(excluded.address, ''), old.address),
    phone = COALESCE(NULLIF(excluded.phone, ''), old.phone),
    email = COALESCE(NULLIF(excluded.email, ''), old.email)
"""
_CONTACTS_OF = """
SELECT member_id, name, address, phone, email FROM crm.contacts WHERE member_id = ANY(%s)
ORDER BY member_id
"""
_BY_NAME = """
SELECT member_id, name, address, phone, email FROM crm.contacts
WHERE strpos(lower(name), lower(%s)) > 0 ORDER BY name, member_id LIMIT %s
"""
_FORGET = (
    "DELETE FROM crm.contacts WHERE member_id = %s",
    "DELETE FROM crm.identifiers WHERE member_id = %s",
)
_FORGET_FOR_GOOD = "INSERT INTO crm.forgotten VALUES (%s, %s) ON CONFLICT DO NOTHING"
_TELL = "INSERT INTO crm.told SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
_TOLD = "SELECT event_id FROM crm.told WHERE event_id = ANY(%s)"
_MARK = "INSERT INTO crm.key_mark (mark) VALUES (%s) ON CONFLICT DO NOTHING"
_MARKED = "SELECT mark FROM crm.key_mark"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class OtherKey(Exception):
    """The key is not the one that the register was begun with; its cards would all be unknown."""


class Known(Struct, frozen=True):
    """Whose an identifier is.  blocked_at: UTC milliseconds from which it counts no more."""

    member_id: str
    blocked_at: int | None = None


class Contact(Struct, frozen=True):
    """How to reach a member; a text that was not told is empty."""

    member_id: str
    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""

    def __repr__(self) -> str:
        """The member alone: no message may tell the rest."""
        return f"<contact of {self.member_id}>"


class Register:
    """The register over an open connection of the role `contacts`."""

    def __init__(self, connection: psycopg.Connection, key: bytes) -> None:
        """Raises: OtherKey."""
        self._connection = connection
        self._key = key
        connection.execute(_MARK, (key_mark(key),))
        row = connection.execute(_MARKED).fetchone()
        if row is None or row[0] != key_mark(key):
            raise OtherKey(
                "LOYALTY_IDENTIFIER_KEY is not the key that cards, phones and e-mails were hashed "
                "with: with this one nobody would be known."
            )

    def digest(self, one: Identifier) -> bytes:
        """The keyed hash of an identifier."""
        return digest(self._key, one)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One transaction, in which nobody else changes the register."""
        with self._connection.transaction():
            self._connection.execute(_ONE_AT_A_TIME)
            yield

    def look_up(self, digests: Collection[bytes]) -> Mapping[bytes, Known]:
        """Digest → whose it is, of those that are known."""
        if not digests:
            return {}
        rows = self._connection.execute(_LOOK_UP, (list(digests),), binary=True).fetchall()
        return {row[0]: Known(row[1], _milliseconds(row[2])) for row in rows}

    def add(self, identifiers: Sequence[tuple[bytes, Kind, str]]) -> None:
        """Digest, kind and member of each; one that is there stays as it is."""
        if identifiers:
            digests, kinds, members = zip(*identifiers, strict=True)
            self._connection.execute(_ADD, (list(digests), list(kinds), list(members)))

    def of_member(self, member_id: str) -> Mapping[bytes, Kind]:
        """The identifiers of a member that count."""
        rows = self._connection.execute(_OF_MEMBER, (member_id,))
        return {bytes(row[0]): row[1] for row in rows if row[2] is None}

    def block(self, one: bytes, at_ms: int) -> None:
        """From this moment on the card counts no more; an earlier moment stays."""
        self._connection.execute(_BLOCK, (_EPOCH + timedelta(milliseconds=at_ms), one))

    def forgotten(self, member_ids: Collection[str]) -> Mapping[str, int]:
        """Which of the members were erased, and when, in UTC milliseconds."""
        if not member_ids:
            return {}
        rows = self._connection.execute(_FORGOTTEN, (list(member_ids),))
        return {row[0]: _since_epoch(row[1]) for row in rows}

    def members_among(self, ids: Collection[str]) -> frozenset[str]:
        """Which of these are members' ids, of erased members too."""
        if not ids:
            return frozenset()
        rows = self._connection.execute(_MEMBERS, {"ids": list(ids)})
        return frozenset(row[0] for row in rows)

    def add_contacts(self, contacts: Sequence[Contact]) -> None:
        """Of members that are new; what is known of the others stays."""
        self._write(_ADD_CONTACT, contacts)

    def change_contacts(self, contacts: Sequence[Contact]) -> None:
        """What is told replaces what was known; an empty text changes nothing."""
        self._write(_CHANGE_CONTACT, contacts)

    def _write(self, statement: str, contacts: Sequence[Contact]) -> None:
        if contacts:
            rows = [(c.member_id, c.name, c.address, c.phone, c.email) for c in contacts]
            with self._connection.cursor() as cursor:
                cursor.executemany(statement.encode(), rows)

    def contacts_of(self, member_ids: Collection[str]) -> list[Contact]:
        """The contacts of members, as far as there are any."""
        if not member_ids:
            return []
        return [
            Contact(*row) for row in self._connection.execute(_CONTACTS_OF, (list(member_ids),))
        ]

    def named(self, part: str, most: int) -> list[Contact]:
        """Members whose name holds these letters, at most so many."""
        return [Contact(*row) for row in self._connection.execute(_BY_NAME, (part, most))]

    def told(self, event_ids: Collection[str]) -> frozenset[str]:
        """Which of these befell a member or a card before, and are in the log."""
        if not event_ids:
            return frozenset()
        rows = self._connection.execute(_TOLD, (list(event_ids),))
        return frozenset(row[0] for row in rows)

    def tell(self, event_ids: Collection[str]) -> None:
        """These are in the log now."""
        if event_ids:
            self._connection.execute(_TELL, (list(event_ids),))

    def forget(self, member_id: str, at_ms: int) -> None:
        """Delete all that leads from the member to a person, and keep that it was done."""
        for statement in _FORGET:
            self._connection.execute(statement.encode(), (member_id,))
        moment = _EPOCH + timedelta(milliseconds=at_ms)
        self._connection.execute(_FORGET_FOR_GOOD, (member_id, moment))


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else _since_epoch(moment)


def _since_epoch(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
