"""The register knows members by keyed hashes, and only the role `contacts` reads it."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.identifier_key import KeyUnusable, identifier_key
from infra.postgres import Role, connect
from infra.settings import Settings
from producers.people.identifiers import Identifier, card_account, identifier, reference
from producers.people.register import Contact, Known, OtherKey, Register
from projections.definitions import names
from projections.install import install

KEY = b"a key of the tests, and no other"
CARD = Identifier("card", "260000123456")
PHONE = Identifier("phone", "+442079460018")
ADA = Contact("m-1", "Ada Lovelace", "12 St James's Square", "+442079460018", "ada@example.org")


@pytest.fixture
def installed(postgres: Settings) -> Settings:
    """A database with the register in it."""
    install(postgres)
    return postgres


@pytest.fixture
def connection(installed: Settings) -> Iterator[psycopg.Connection]:
    """In the role `contacts`."""
    with connect(installed, "contacts") as opened:
        yield opened


@pytest.fixture
def register(connection: psycopg.Connection) -> Register:
    return Register(connection, KEY)


def test_an_identifier_leads_to_its_member(register: Register) -> None:
    """A card that was added is known, another is not."""
    mine, other = register.digest(CARD), register.digest(PHONE)
    with register.turn():
        register.add([(mine, "card", "m-1")])

    assert register.look_up([mine, other]) == {mine: Known("m-1")}
    assert register.of_member("m-1") == {mine: "card"}


def test_an_identifier_never_becomes_anothers(register: Register) -> None:
    """Who comes second does not get the card, so that an old file means what it meant."""
    mine = register.digest(CARD)
    register.add([(mine, "card", "m-1")])
    register.add([(mine, "card", "m-2")])

    assert register.look_up([mine]) == {mine: Known("m-1")}


def test_a_blocked_card_says_since_when(register: Register) -> None:
    """The first moment stays, and the card is none of the member's that count."""
    mine = register.digest(CARD)
    register.add([(mine, "card", "m-1")])
    register.block(mine, 1_700_000_000_123)
    register.block(mine, 1_800_000_000_000)

    assert register.look_up([mine]) == {mine: Known("m-1", 1_700_000_000_123)}
    assert register.of_member("m-1") == {}


def test_contacts_are_added_once_and_changed_by_what_is_told(register: Register) -> None:
    """A file that is published again does not undo a change."""
    register.add_contacts([ADA])
    register.change_contacts([Contact("m-1", phone="+15550100")])
    register.add_contacts([ADA])

    [kept] = register.contacts_of(["m-1"])
    assert (kept.name, kept.phone, kept.email) == (ADA.name, "+15550100", ADA.email)
    assert register.named("lovel", 5) == [kept]
    assert register.named("%", 5) == []


def test_who_is_forgotten_is_nowhere(register: Register, connection: psycopg.Connection) -> None:
    """Nothing leads from the number to the person; that it was erased is known."""
    register.add([(register.digest(CARD), "card", "m-1"), (register.digest(PHONE), "phone", "m-1")])
    register.add_contacts([ADA])
    with register.turn():
        register.forget("m-1", 1_700_000_000_000)

    assert register.look_up([register.digest(CARD), register.digest(PHONE)]) == {}
    assert register.contacts_of(["m-1"]) == []
    assert register.forgotten(["m-1", "m-2"]) == {"m-1": 1_700_000_000_000}
    everything = [
        str(row)
        for table in names("people")
        for row in connection.execute(b"SELECT * FROM crm." + table.encode())
    ]
    assert not [row for row in everything if "Ada" in row or "794600" in row or "example" in row]


def test_another_key_is_noticed(register: Register, connection: psycopg.Connection) -> None:
    """With it every card would be unknown, and would open an account of its own."""
    with pytest.raises(OtherKey, match="nobody would be known"):
        Register(connection, KEY + b"2")


def test_the_numbers_are_in_no_row_and_in_no_message(
    register: Register, connection: psycopg.Connection
) -> None:
    """What the database holds of a card is a hash, and what a traceback shows is its kind."""
    register.add([(register.digest(CARD), "card", "m-1")])

    rows = connection.execute(
        "SELECT digest::text, kind, member_id FROM crm.identifiers"
    ).fetchall()
    assert CARD.value not in str(rows)
    assert CARD.value not in repr(CARD)
    assert "Ada" not in repr(ADA)


def test_a_hash_needs_key_kind_and_number(register: Register) -> None:
    """The same digits as card and as phone are two identifiers; another key gives others."""
    digests = {register.digest(Identifier(kind, "+15550100")) for kind in ("card", "phone")}
    assert len(digests) == 2
    one = register.digest(CARD)
    assert card_account(one).startswith("card-")
    assert reference(one) in card_account(one)
    assert identifier("card", "2600 0012 3456") == CARD


@pytest.mark.parametrize("table", names("people"))
@pytest.mark.parametrize("role", ["analyst", "projector"])
def test_nobody_else_reads_the_register(table: str, role: Role, installed: Settings) -> None:
    """Analyst and projector are refused every table of `crm`."""
    with (
        connect(installed, role) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(b"SELECT * FROM crm." + table.encode())


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM reporting.sales",
        "SELECT * FROM live_1.sales",
        "SELECT * FROM projections.generations",
        "CREATE TABLE crm.mine (a int)",
        "DROP TABLE crm.contacts",
        "DELETE FROM crm.forgotten",
        "UPDATE crm.key_mark SET mark = mark",
        "SET ROLE loyalty_owner",
        "CREATE TEMPORARY TABLE mine (a int)",
    ],
)
def test_the_role_contacts_does_nothing_else(attempt: str, connection: psycopg.Connection) -> None:
    """It reads and writes people, and knows nothing of points."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(attempt.encode())


def test_a_database_of_ones_own_needs_a_key_of_ones_own(installed: Settings) -> None:
    """A key that only this machine has would make every card another's elsewhere."""
    with pytest.raises(KeyUnusable, match="LOYALTY_IDENTIFIER_KEY is not set"):
        identifier_key(installed)


def test_the_home_folder_keeps_its_key(tmp_path: Path) -> None:
    """Beside an embedded database the key is made once, for its owner alone to read."""
    settings = Settings(home=tmp_path)
    key = identifier_key(settings)

    assert len(key) == 64
    assert identifier_key(settings) == key
    assert (settings.home / "identifier.key").stat().st_mode & 0o777 == 0o600


def test_a_short_key_is_refused() -> None:
    """It could be guessed."""
    with pytest.raises(KeyUnusable, match="fewer than 16"):
        identifier_key(Settings(identifier_key="secret"))
