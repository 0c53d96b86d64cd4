"""A real Apicurio is filled with our schemas under our ids, and whoever reads by it reads right."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import fastavro
import pytest

from infra.registry import (
    RegistryUnavailable,
    State,
    compare,
    compare_levels,
    entries,
    must_agree,
    register,
)
from infra.registry.client import Client
from infra.settings import Settings
from schemas.codec import FRAME_BYTES
from schemas.definitions import RECORD, lock, published_text
from tests.loyalty.command import here
from tests.schemas import examples

SALE = "loyalty.event.SaleRecorded"
MESSAGES = [
    *(f"ledger_record/{version}" for version in range(1, len(lock()[RECORD]) + 1)),
    "sale_recorded/1",
    "member_erased/1",
]


def settings_of(url: str, prefix: str = "") -> Settings:
    """Settings with a registry, and a Kafka that nobody is."""
    return Settings(schema_registry_url=url, topic_prefix=prefix, bootstrap_servers="127.0.0.1:1")


@pytest.fixture(scope="module")
def filled(apicurio: str) -> str:
    """The registry with all of our schemas, which it got while it was empty."""
    settings = settings_of(apicurio)
    assert Client(apicurio).get("/subjects") == []
    registered = register(settings)
    assert registered.refused == ()
    assert len(registered.done) > len(entries(""))
    return apicurio


def test_what_was_put_in_is_the_same(filled: str) -> None:
    """Every version of every schema has the id of the lock; events owe more than the ledger."""
    settings = settings_of(filled)

    assert {one.state for one in compare(settings)} == {State.SAME}
    assert compare_levels(settings) == []
    config = "/config/loyalty.events-loyalty.event.SaleRecorded"
    assert Client(filled).get(config)["compatibilityLevel"] == "FULL_TRANSITIVE"
    config = f"/config/loyalty.ledger-{RECORD}"
    assert Client(filled).get(config)["compatibilityLevel"] == "BACKWARD_TRANSITIVE"
    must_agree(settings)


def test_putting_in_again_changes_nothing(filled: str) -> None:
    """What is there is left as it is."""
    registered = register(settings_of(filled))

    assert (registered.done, registered.refused) == ((), ())


def test_a_second_chain_has_the_same_schemas_under_the_same_ids(filled: str) -> None:
    """Its topics have another prefix; what an id leads to already is put in no second time."""
    settings = settings_of(filled, f"{uuid4().hex}.")
    assert all(one.id_is_ours for one in compare(settings))

    registered = register(settings)

    assert registered.refused == ()
    assert {one.state for one in compare(settings)} == {State.SAME}
    assert compare_levels(settings) == []


@pytest.mark.parametrize("folder", MESSAGES)
def test_a_message_is_read_by_what_the_registry_has(filled: str, folder: str) -> None:
    """The id in front of a message leads to its schema, also where it is an old version's."""
    file = min((examples.FOLDER / folder).glob("*.json"))
    value = examples.framed(file)

    found = Client(filled).get(f"/schemas/ids/{int.from_bytes(value[1:FRAME_BYTES])}")
    schema = fastavro.parse_schema(json.loads(found["schema"]))
    datum: Any = fastavro.schemaless_reader(BytesIO(value[FRAME_BYTES:]), schema, None)

    told = json.loads(file.read_text("utf-8"))
    if "header" in told:
        assert datum["header"]["event_id"] == told["header"]["event_id"]
    else:
        assert datum["seq"] == told["prefix"]["seq"]
        assert len(datum["effects"]) == len(told["body"]["effects"])


def test_an_event_that_old_code_cannot_read_is_refused_by_the_registry(filled: str) -> None:
    """The compatibility level is in force: nobody else adds a version that breaks readers."""
    schema = json.loads(published_text(SALE, 1))
    schema["fields"].append({"name": "note", "type": "string"})

    with pytest.raises(RegistryUnavailable, match="409"):
        Client(filled).send(
            "POST", f"/subjects/loyalty.events-{SALE}/versions", {"schema": json.dumps(schema)}
        )


def test_another_schema_in_the_registry_keeps_services_from_starting(
    filled: str, tmp_path: Path
) -> None:
    """Somebody was there before us: the sentence says what differs, and names the verb."""
    prefix = f"{uuid4().hex}."
    subject = f"{prefix}loyalty.events-{SALE}"
    schema = {**json.loads(published_text(SALE, 1)), "fields": []}
    wanted = {"schema": json.dumps(schema)}
    Client(filled).send("POST", f"/subjects/{subject}/versions", wanted)

    ran = here(
        tmp_path,
        "process",
        schema_registry_url=filled,
        topic_prefix=prefix,
        bootstrap_servers="127.0.0.1:1",
    )

    assert ran.returncode == 1
    assert "`loyalty schemas --register`" in ran.stderr
    assert f"{subject} version 1 is another schema than ours" in ran.stderr
