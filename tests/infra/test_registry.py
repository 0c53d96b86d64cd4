"""A schema registry is a copy of our ids: it is filled with them, compared, and never believed."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.registry import (
    RegistryDiffers,
    RegistryUnavailable,
    State,
    compare,
    compare_levels,
    entries,
    must_agree,
    register,
)
from infra.settings import Settings
from infra.wiring import publisher_log, publisher_log_of_service
from schemas.definitions import RECORD, lock, published_text
from tests.infra.registry_stand_in import StandIn, served
from tests.loyalty.command import here

SALE_NAME = "loyalty.event.SaleRecorded"
SALE = f"loyalty.events-{SALE_NAME}"
LEDGER = f"loyalty.ledger-{RECORD}"
NOBODY = "127.0.0.1:1"
SERVICES = [("process",), ("run",), ("segments", "--follow")]
PUBLISHERS = [
    ("publish", "--simulate", "--members", "1"),
    ("activate", "programmes/grocery.yaml", "--from", "2026-03-14"),
    ("close-day", "2026-03-14"),
    ("card", "block", "2600 0001"),
    ("segments",),
]


@pytest.fixture
def stand_in() -> StandIn:
    """An empty registry."""
    return StandIn()


@pytest.fixture
def url(stand_in: StandIn) -> Iterator[str]:
    """Where it answers."""
    with served(stand_in) as address:
        yield address


@pytest.fixture
def settings(url: str) -> Settings:
    """Settings that name it, and a Kafka that nobody is."""
    return Settings(schema_registry_url=url, bootstrap_servers=NOBODY)


def fill(stand_in: StandIn) -> None:
    """Make the registry a copy, as `register` would."""
    for one in entries(""):
        text = published_text(one.full_name, one.version)
        stand_in.schemas.setdefault(one.subject, {})[one.version] = one.id, text
        stand_in.levels[one.subject] = one.level


@pytest.fixture
def nowhere() -> str:
    """An address with a password, at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://reader:hunter2@127.0.0.1:{taken.getsockname()[1]}"


def test_an_empty_registry_is_filled(stand_in: StandIn, settings: Settings) -> None:
    """Every version is under its subject with the id of the lock, and nothing stays in IMPORT."""
    assert {one.state for one in compare(settings)} == {State.MISSING}

    registered = register(settings)

    assert registered.refused == ()
    assert {one.state for one in compare(settings)} == {State.SAME}
    assert compare_levels(settings) == []
    found = [(version, id_) for version, (id_, _) in stand_in.schemas[LEDGER].items()]
    assert found == list(enumerate((version["id"] for version in lock()[RECORD]), 1))
    assert stand_in.levels[SALE] == "FULL_TRANSITIVE"
    assert stand_in.levels[LEDGER] == "BACKWARD_TRANSITIVE"
    assert stand_in.modes == {}
    must_agree(settings)


def test_a_second_time_changes_nothing(stand_in: StandIn, settings: Settings) -> None:
    """Nothing is asked for that would change anything."""
    fill(stand_in)

    assert register(settings).done == ()
    assert stand_in.changes == []


def test_a_newer_version_is_put_in_behind_the_others(stand_in: StandIn, settings: Settings) -> None:
    """A mode that somebody set is there again afterwards."""
    fill(stand_in)
    newest, id_ = len(lock()[RECORD]), lock()[RECORD][-1]["id"]
    del stand_in.schemas[LEDGER][newest]
    stand_in.modes[LEDGER] = "READONLY"

    registered = register(settings)

    assert registered.done == (f"{LEDGER} version {newest} was put in under its id {id_}.",)
    assert stand_in.modes == {LEDGER: "READONLY"}


def test_what_the_registry_has_beside_ours_is_not_looked_at(
    stand_in: StandIn, settings: Settings
) -> None:
    """A process of older code may start while newer versions are there already."""
    fill(stand_in)
    stand_in.schemas[SALE][2] = 2000, '"string"'
    stand_in.schemas["somebody else's"] = {1: (2001, '"int"')}

    must_agree(settings)


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ((11, '"string"'), "version 1 is another schema than ours"),
        ((11, "no schema"), "version 1 is another schema than ours"),
        ((77, ""), "version 1 has the id 77, must have 11"),
        (None, "version 1 is missing; its id is 11"),
    ],
)
def test_a_difference_keeps_a_service_from_starting(
    stand_in: StandIn, settings: Settings, version: tuple[int, str] | None, sentence: str
) -> None:
    """It is named in a sentence, and so is the verb."""
    fill(stand_in)
    del stand_in.schemas[SALE][1]
    if version is not None:
        stand_in.schemas[SALE][1] = version[0], version[1] or published_text(SALE_NAME, 1)

    with pytest.raises(RegistryDiffers, match=f"1 times.*`loyalty schemas`.*{SALE} {sentence}"):
        must_agree(settings)


@pytest.mark.parametrize("words", [*SERVICES, *PUBLISHERS])
def test_who_writes_compares_before_anything_else(
    tmp_path: Path, url: str, words: tuple[str, ...]
) -> None:
    """They end with 1, and Kafka was not asked yet: nobody answers there."""
    ran = here(tmp_path, *words, schema_registry_url=url, bootstrap_servers=NOBODY)

    assert ran.returncode == 1
    assert "`loyalty schemas --register` puts in what is missing" in ran.stderr


def test_a_difference_is_left_for_a_person(stand_in: StandIn, settings: Settings) -> None:
    """A subject of others under our name stays as it is, and so does who has our id."""
    stand_in.schemas[SALE] = {1: (77, published_text(SALE_NAME, 1))}
    stand_in.schemas["theirs"] = {1: (1, '"string"')}

    registered = register(settings)

    assert stand_in.schemas[SALE][1][0] == 77
    assert LEDGER not in stand_in.schemas
    assert not {SALE, LEDGER} & set(stand_in.levels)
    assert registered.refused == ()
    found = {one.sentence for one in compare(settings) if one.state is State.DIFFERS}
    assert found == {
        f"{SALE} version 1 has the id 77, must have 11.",
        f"{LEDGER} version 1 cannot have its id 1: the registry has another schema there.",
    }


def test_what_got_another_id_is_taken_back(stand_in: StandIn, settings: Settings) -> None:
    """A registry that passes over ids is told of, with the id given and the id wanted."""
    stand_in.takes_ids = False

    registered = register(settings)

    assert len(registered.refused) == len(entries(""))
    assert f"{SALE} version 1 must have the id 11, was given the id 1000" in registered.refused[0]
    assert not any(stand_in.schemas.values())
    assert stand_in.levels == {}


def test_a_registry_without_the_mode_gets_nothing(stand_in: StandIn, settings: Settings) -> None:
    """Where ids cannot be given, none are made up."""
    stand_in.has_modes = False

    with pytest.raises(RegistryUnavailable, match="answers 405 to PUT /mode/"):
        register(settings)

    assert stand_in.schemas == {}


def test_the_verb_fills_compares_and_complains(tmp_path: Path, stand_in: StandIn, url: str) -> None:
    """1 while anything is missing or differs, 0 when the registry is a copy."""
    empty = here(tmp_path, "schemas", schema_registry_url=url)
    filled = here(tmp_path, "schemas", "--register", "--csv", schema_registry_url=url)
    stand_in.levels[SALE] = "NONE"
    lax = here(tmp_path, "schemas", schema_registry_url=url)

    assert [ran.returncode for ran in (empty, filled, lax)] == [1, 0, 1]
    assert f"{SALE} version 1 is missing; its id is 11." in empty.stderr
    assert f"\n{SALE},1,11,same\n" in filled.stdout
    assert f"{SALE} has the compatibility level NONE, must be FULL_TRANSITIVE." in lax.stderr


def test_the_topics_prefix_is_the_subjects(settings: Settings) -> None:
    """Subjects are named after the topics as they are on the broker."""
    prefixed = settings.model_copy(update={"topic_prefix": "shop-7."})

    register(prefixed)

    assert {one.state for one in compare(prefixed)} == {State.SAME}
    assert {one.state for one in compare(settings)} == {State.MISSING}


def test_without_the_setting_nothing_changes(tmp_path: Path) -> None:
    """The ids are listed, nobody is asked, and there is nothing to put schemas into."""
    listed = here(tmp_path, "schemas", "--csv")
    nothing = here(tmp_path, "schemas", "--register")

    assert (listed.returncode, nothing.returncode) == (0, 2)
    assert f"\n{SALE},1,11\n" in listed.stdout
    assert "LOYALTY_SCHEMA_REGISTRY_URL" in nothing.stderr
    must_agree(Settings(bootstrap_servers=NOBODY))


@pytest.mark.parametrize("words", [("schemas",), ("schemas", "--register"), *SERVICES, *PUBLISHERS])
def test_a_registry_out_of_reach_ends_a_command_with_3(
    tmp_path: Path, nowhere: str, words: tuple[str, ...]
) -> None:
    """One sentence, without the password."""
    ran = here(tmp_path, *words, schema_registry_url=nowhere, bootstrap_servers=NOBODY)

    assert ran.returncode == 3
    assert "The schema registry at http://***@127.0.0.1:" in ran.stderr
    assert "hunter2" not in ran.stderr


def test_a_service_that_runs_goes_on_while_the_registry_is_away(
    kafka_settings: Settings, nowhere: str
) -> None:
    """A day is closed without it; a person's command is not begun."""
    away = kafka_settings.model_copy(update={"schema_registry_url": nowhere})

    publisher_log_of_service(away).close()
    with pytest.raises(RegistryUnavailable):
        publisher_log(away)


def test_the_embedded_log_asks_no_registry(nowhere: str) -> None:
    """Nobody but us reads it."""
    must_agree(Settings(schema_registry_url=nowhere))


def test_name_and_password_of_the_url_are_told_to_the_registry_alone(
    tmp_path: Path, stand_in: StandIn, url: str
) -> None:
    """They go along with every request, and `loyalty settings` does not show them."""
    with_login = url.replace("://", "://reader:h%40nter@")

    here(tmp_path, "schemas", schema_registry_url=with_login)
    shown = here(tmp_path, "settings", "--csv", schema_registry_url=with_login)

    assert stand_in.logins == {"Basic cmVhZGVyOmhAbnRlcg=="}
    assert "http://***@127.0.0.1:" in shown.stdout
    assert "h%40nter" not in shown.stdout


def test_what_is_no_registry_is_not_taken_for_an_empty_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, stand_in: StandIn
) -> None:
    """A page that is not found is no schema that is missing."""
    monkeypatch.setattr(stand_in, "answer", lambda *_: (404, "no such page"))

    with pytest.raises(RegistryUnavailable, match="answers 404 to GET"):
        compare(settings)


def test_every_published_text_is_the_one_of_its_id() -> None:
    """What is put in under an id has the fingerprint that the lock gives it."""
    for entry in entries(""):
        text = json.loads(published_text(entry.full_name, entry.version))
        assert f"{text['namespace']}.{text['name']}" == entry.full_name
