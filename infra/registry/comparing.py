"""What a schema registry has of our schemas: each version under its subject and its id, or not."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from infra.registry.client import Client
from infra.settings import Settings
from schemas.compatibility import mode_of
from schemas.definitions import fingerprint_of, lock
from schemas.topics import TOPICS


class RegistryDiffers(Exception):
    """The schema registry is no copy of our schemas; the sentence says where, and what to do."""


class State(StrEnum):
    """How the registry stands to one version of one schema."""

    MISSING = "missing"
    SAME = "same"
    DIFFERS = "differs"


class Entry(Struct, frozen=True):
    """One version of one schema, as it must be in a registry.

    Attributes:
        subject: topic and record, joined by a dash (Confluent's TopicRecordNameStrategy).
        full_name: of the record.
        version: counted from 1.
        id: on the wire.
        fingerprint: of the lock.
    """

    subject: str
    full_name: str
    version: int
    id: int
    fingerprint: str

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        return f"{self.subject} version {self.version}"

    @property
    def path(self) -> str:
        """Where the registry has the subject."""
        return f"/subjects/{quote(self.subject, safe='')}"

    @property
    def level_path(self) -> str:
        """Where the registry has what a new version of the subject owes to the old ones."""
        return f"/config/{quote(self.subject, safe='')}"

    @property
    def mode_path(self) -> str:
        """Where the registry has whether ids may be given for the subject."""
        return f"/mode/{quote(self.subject, safe='')}"

    @property
    def level(self) -> str:
        """What a new version owes to all old ones, in the registry's word."""
        return f"{mode_of(self.full_name)}_TRANSITIVE"


class Compared(Struct, frozen=True):
    """An entry and what the registry has of it.

    Attributes:
        sentence: what is wrong; empty if it is the same.
        id_is_ours: of what is missing, whether its id leads to our schema, under other subjects.
    """

    entry: Entry
    state: State
    sentence: str = ""
    id_is_ours: bool = False


def entries(topic_prefix: str) -> tuple[Entry, ...]:
    """Every version of every schema of the topics' catalogue, oldest version first."""
    return tuple(
        Entry(
            f"{topic_prefix}{topic.name}-{name}", name, number, locked["id"], locked["fingerprint"]
        )
        for topic in TOPICS
        for name in topic.schemas
        for number, locked in enumerate(lock()[name], 1)
    )


def compare(settings: Settings) -> list[Compared]:
    """Every entry with what the registry of the settings has of it.

    What the registry has beside our entries is not looked at: it may know versions of newer code,
    or schemas of others.

    Raises:
        RegistryUnavailable: it cannot be reached or refuses.
    """
    client = Client(settings.schema_registry_url)
    return [compare_one(client, entry) for entry in entries(settings.topic_prefix)]


def compare_levels(settings: Settings) -> list[str]:
    """Every subject whose compatibility level is not ours, a sentence each; empty if none.

    Raises:
        RegistryUnavailable: the registry cannot be reached or refuses.
    """
    client = Client(settings.schema_registry_url)
    return [
        f"{entry.subject} has the compatibility level {level or 'not set'}, must be {entry.level}."
        for entry, level in levels(client, settings.topic_prefix)
        if level != entry.level
    ]


def must_agree(settings: Settings) -> None:
    """Whether a service may start, or a command publish: unless a registry is set, and is no copy.

    Nobody else reads the embedded log, so there it is not asked.

    Raises:
        RegistryDiffers: a version is missing or differs.
        RegistryUnavailable: the registry cannot be reached or refuses.
    """
    if not (settings.schema_registry_url and settings.bootstrap_servers):
        return
    wrong = [found.sentence for found in compare(settings) if found.state is not State.SAME]
    if wrong:
        raise RegistryDiffers(
            f"The schema registry is not what our ids say, {len(wrong)} times; `loyalty schemas` "
            f"shows all and `loyalty schemas --register` puts in what is missing: {wrong[0]}"
        )


def compare_one(client: Client, entry: Entry) -> Compared:
    """One entry, and what the registry has of it.

    Raises:
        RegistryUnavailable: it cannot be reached or refuses.
    """
    found = client.get(f"{entry.path}/versions/{entry.version}")
    if found is None:
        holder = schema_of_id(client, entry.id)
        if holder is None or is_ours(holder, entry):
            return Compared(
                entry,
                State.MISSING,
                f"{entry.name} is missing; its id is {entry.id}.",
                id_is_ours=holder is not None,
            )
        return Compared(
            entry,
            State.DIFFERS,
            f"{entry.name} cannot have its id {entry.id}: the registry has another schema there.",
        )
    if not is_ours(found, entry):
        return Compared(entry, State.DIFFERS, f"{entry.name} is another schema than ours.")
    if found.get("id") != entry.id:
        given = found.get("id")
        return Compared(
            entry, State.DIFFERS, f"{entry.name} has the id {given}, must have {entry.id}."
        )
    return Compared(entry, State.SAME)


def levels(client: Client, topic_prefix: str) -> Iterator[tuple[Entry, str]]:
    """The newest entry of each subject, and its compatibility level; empty if it has none."""
    newest = {entry.subject: entry for entry in entries(topic_prefix)}
    for entry in newest.values():
        found = client.get(entry.level_path)
        yield entry, "" if found is None else str(found.get("compatibilityLevel", ""))


def schema_of_id(client: Client, schema_id: int) -> Any:
    """What the registry has under an id; None if nothing."""
    return client.get(f"/schemas/ids/{schema_id}")


def is_ours(found: Any, entry: Entry) -> bool:
    """Whether an answer of the registry holds the schema of an entry, by the lock's measure."""
    if found.get("schemaType", "AVRO") != "AVRO":
        return False
    try:
        return fingerprint_of(found["schema"]) == entry.fingerprint
    except Exception:  # noqa: BLE001  whatever a text is that is no Avro, it is not our schema
        return False
