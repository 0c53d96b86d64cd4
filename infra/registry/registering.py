"""Putting our schemas into a registry, under the ids that they have on the wire.

A registry gives ids itself unless it is told otherwise, and how it is told differs.  Confluent's
and most others take an id while a subject is in the mode IMPORT.  Apicurio passes over that id; it
takes ids through its own import, for contents, and a subject with such a content has that id.
"""

import io
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from zipfile import ZIP_DEFLATED, ZipFile

from msgspec import Struct

from infra.registry.client import Client
from infra.registry.comparing import Entry, State, compare_one, entries, levels
from infra.settings import Settings
from schemas.definitions import published_text

_CCOMPAT = "/apis/ccompat/"
_APICURIO = "/apis/registry/v3"


class Registered(Struct, frozen=True):
    """What was done: a sentence each for what was put in, and for what could not be."""

    done: tuple[str, ...]
    refused: tuple[str, ...]


def register(settings: Settings) -> Registered:
    """Put in what is missing, and set the compatibility level of each subject of ours.

    A subject in which anything differs is left as it is: to mend it is for a person.

    Raises:
        RegistryUnavailable: the registry cannot be reached, or refuses something; what was put in
            before stays, and doing it again goes on from there.
    """
    client = Client(settings.schema_registry_url)
    compared = [compare_one(client, entry) for entry in entries(settings.topic_prefix)]
    spoilt = {found.entry.subject for found in compared if found.state is State.DIFFERS}
    missing = [
        found.entry
        for found in compared
        if found.state is State.MISSING and found.entry.subject not in spoilt
    ]
    done, refused = [], []
    if missing:
        there = {found.entry.id for found in compared if found.id_is_ours}
        if _is_apicurio(client):
            put_in = _by_import(client, missing, there)
        else:
            put_in = _by_mode(client, missing)
        for entry, refusal in put_in:
            if refusal:
                refused.append(refusal)
                spoilt.add(entry.subject)
            else:
                done.append(f"{entry.name} was put in under its id {entry.id}.")
    for entry, level in levels(client, settings.topic_prefix):
        if level != entry.level and entry.subject not in spoilt:
            client.send("PUT", entry.level_path, {"compatibility": entry.level})
            done.append(f"{entry.subject} has the compatibility level {entry.level} now.")
    return Registered(tuple(done), tuple(refused))


def _by_mode(client: Client, missing: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """The way of Confluent's: each entry, and why it could not be put in, if it could not."""
    for _, versions in groupby(missing, key=lambda entry: entry.subject):
        entry, *later = versions
        before = client.get(entry.mode_path)
        # Without force a registry takes a subject that is not empty for one of others.
        client.send("PUT", f"{entry.mode_path}?force=true", {"mode": "IMPORT"})
        try:
            for one in (entry, *later):
                wanted = {"schema": _text(one), "id": one.id, "version": one.version}
                client.send("POST", f"{one.path}/versions", wanted)
        finally:
            if before is None:
                client.send("DELETE", entry.mode_path)
            else:
                client.send("PUT", entry.mode_path, before)
        yield from _as_wanted(client, (entry, *later))


def _by_import(
    client: Client, missing: Sequence[Entry], there: Collection[int]
) -> Iterator[tuple[Entry, str]]:
    """Apicurio's way: each entry, and why it could not be put in, if it could not.

    Only contents are imported.  The subjects are then made as everybody makes them, by which they
    get their order, their newest version and the checks of the registry.

    Args:
        client: of the registry.
        missing: what is to be put in.
        there: the ids that lead to our contents already.
    """
    contents = [entry for entry in missing if entry.id not in there]
    if contents:
        client.post_beside(
            f"{client.url.partition(_CCOMPAT)[0]}{_APICURIO}/admin/import?requireEmptyRegistry=false",
            _archive(contents),
            {"Content-Type": "application/zip", "X-Registry-Preserve-ContentId": "true"},
        )
    for _, versions in groupby(missing, key=lambda entry: entry.subject):
        for entry in versions:
            client.send("POST", f"{entry.path}/versions", {"schema": _text(entry)})
            (answer,) = _as_wanted(client, (entry,))
            yield answer
            if answer[1]:
                # A later version would get the number of this one.
                break


def _as_wanted(client: Client, made: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Each entry that was made, and if the registry made something else of it, what; taken back."""
    for entry in made:
        if compare_one(client, entry).state is State.SAME:
            yield entry, ""
            continue
        found = client.send("POST", entry.path, {"schema": _text(entry)})
        for how in ("", "?permanent=true"):
            client.send("DELETE", f"{entry.path}/versions/{found['version']}{how}")
        got = f"the id {found['id']} as version {found['version']}"
        yield entry, f"{entry.name} must have the id {entry.id}, was given {got}; taken back."


def _is_apicurio(client: Client) -> bool:
    """Whether the registry is an Apicurio: its compatible API lies beside one of its own."""
    root, found, _ = client.url.partition(_CCOMPAT)
    if not found:
        return False
    system = client.get_beside(f"{root}{_APICURIO}/system/info")
    return str(system.get("name", "")).startswith("Apicurio")


def _archive(contents: Iterable[Entry]) -> bytes:
    """The contents with their ids, as Apicurio's import takes them."""
    archive = io.BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        manifest = {"systemName": "loyalty", "systemVersion": "3.0.0", "exportVersion": "3.0"}
        file.writestr("loyalty.Manifest.json", json.dumps(manifest))
        for entry in contents:
            text = _text(entry).encode()
            digest = sha256(text).hexdigest()
            about = {
                "contentId": entry.id,
                "contentHash": digest,
                "artifactType": "AVRO",
                "contentType": "application/json",
            }
            file.writestr(f"content/{digest}.Content.json", json.dumps(about))
            file.writestr(f"content/{digest}.Content.data", text)
    return archive.getvalue()


def _text(entry: Entry) -> str:
    """The schema of an entry as it was published, without line breaks."""
    return json.dumps(
        json.loads(published_text(entry.full_name, entry.version)),
        ensure_ascii=False,
        separators=(",", ":"),
    )
