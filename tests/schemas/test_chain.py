"""Which records count: the conformance vectors, forgeries, and the layout of the prefix."""

import json
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import chain as chains
from schemas.chain import Accepted, Chain, Halted, Ignored, Kind, Prefix, RecentHashes, accept
from schemas.codec import decode_body, encode_body, frame, parsed, schema_text
from schemas.definitions import readable_ids
from schemas.ledger import Record
from tests.schemas.chain_vectors import FILE, NAME, stored, written
from tests.schemas.chain_vectors import accepted as accepted_vectors

VECTORS = json.loads(FILE.read_text("utf-8"))
READABLE = readable_ids(NAME)
FRAME = frame(NAME)


def chain_of(fields: dict[str, Any]) -> Chain:
    """The chain that a vector states."""
    return Chain(**fields | {"head": bytes.fromhex(fields["head"])})


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_vector(vector: dict[str, Any]) -> None:
    """Every implementation of `accept` gives these verdicts on these bytes."""
    verdict = accept(
        bytes.fromhex(vector["bytes"]),
        chain_of(vector["chain"]),
        RecentHashes(bytes.fromhex(head) for head in vector["recent"]),
        VECTORS["evolve_version"],
        frozenset(VECTORS["schema_ids"]),
    )
    match verdict:
        case Accepted():
            assert vector["verdict"] == "ACCEPTED"
            assert verdict.chain == chain_of(vector["after"])
        case Halted():
            assert vector["verdict"] == verdict.reason
        case _:
            assert vector["verdict"] == verdict


def test_vectors_reach_every_verdict_that_accept_can_give() -> None:
    """No branch of `accept` is without a vector."""
    reached = {vector["verdict"] for vector in VECTORS["vectors"]}
    assert reached == {"ACCEPTED", "UPGRADE_ME", "BAD_GENESIS", "BAD_SOURCE"} | set(Ignored)


def test_vectors_are_what_the_schema_gives_today() -> None:
    """A vector's bytes never change: the prefix is for ever."""
    names = {vector["name"]: vector for vector in VECTORS["vectors"]}
    for vector in accepted_vectors():
        assert written(vector)["chain"] == names[vector[0]]["chain"]
        assert written(vector)["bytes"].startswith(names[vector[0]]["bytes"][:110])


def test_the_prefix_is_the_first_ten_fields_of_the_schema() -> None:
    """The ten fields stand first, in this order, with these types."""
    fields = json.loads(schema_text(NAME))["fields"][:10]
    assert [field["name"] for field in fields] == list(Prefix.__struct_fields__)
    kinds = [
        field["type"] if isinstance(field["type"], str) else field["type"]["type"]
        for field in fields
    ]
    assert kinds == [
        "string", "int", "long", "long", "fixed", "enum", "int", "long", "int", "boolean",
    ]  # fmt: skip
    assert fields[4]["type"]["size"] == 32
    assert fields[5]["type"]["symbols"] == list(Kind)


LONG = st.integers(-(2**63), 2**63 - 1)
INT = st.integers(-(2**31), 2**31 - 1)
PREFIXES = st.builds(
    Prefix,
    generation=st.text(st.characters(codec="utf-8"), max_size=100),
    partition=INT,
    seq=LONG,
    epoch=LONG,
    prev=st.binary(min_size=32, max_size=32),
    kind=st.sampled_from(Kind),
    evolve_version=INT,
    source_offset=LONG,
    source_part=INT,
    final=st.booleans(),
)


@given(PREFIXES)
def test_our_prefix_is_the_one_that_fastavro_reads_and_writes(prefix: Prefix) -> None:
    """Written by hand, a record is the same bytes as written from the schema; so is it read."""
    value = chains.write_prefix(prefix, FRAME) + encode_body(Record(event_id="an event"))
    row = fastavro.schemaless_reader(
        BytesIO(value[5:]), parsed(NAME), None, return_record_name=True
    )
    for name in Prefix.__struct_fields__:
        assert row[name] == getattr(prefix, name)
    again = BytesIO()
    fastavro.schemaless_writer(again, parsed(NAME), row)
    assert FRAME + again.getvalue() == value
    read, body_start = chains.read_prefix(value)
    assert read == prefix
    assert decode_body(value, body_start).event_id == "an event"


def test_a_record_is_known_again_among_the_last_4096_only() -> None:
    """Beyond the last 4,096 a repeated record counts as a stale fork."""
    heads = [sha256(number.to_bytes(4)).digest() for number in range(chains.HASHES_KEPT + 1)]
    recent = RecentHashes(heads)
    assert heads[0] not in recent
    assert all(head in recent for head in heads[1:])


def test_accept_changes_nothing() -> None:
    """Asked twice, it says the same twice: the caller takes the new chain, or does not."""
    chain, recent = Chain("live", 2), RecentHashes()
    value = stored(seq=0, epoch=0, prev=bytes(32), source_offset=-1, kind="GENESIS")
    assert accept(value, chain, recent, 1, READABLE) == accept(value, chain, recent, 1, READABLE)


Forge = Callable[[random.Random, bytes, list[bytes]], bytes]
"""Given the record that would be accepted next and those before it: one that must not be."""


def changed(**fields: Any) -> Forge:
    """The next record with other fields."""

    def forge(chance: random.Random, following: bytes, before: list[bytes]) -> bytes:
        prefix, start = chains.read_prefix(following)
        now = {name: getattr(prefix, name) for name in Prefix.__struct_fields__}
        now |= {name: make(chance, now[name]) for name, make in fields.items()}
        return chains.write_prefix(Prefix(**now), FRAME) + following[start:]

    return forge


FORGERIES: dict[str, Forge] = {
    "another generation": changed(generation=lambda _chance, was: was + "x"),
    "another partition": changed(partition=lambda chance, was: was + chance.randint(1, 9)),
    "a seq further on": changed(seq=lambda chance, was: was + chance.randint(1, 9)),
    "a seq beyond all": changed(seq=lambda _chance, _was: 2**62),
    "a seq long past": changed(seq=lambda chance, was: chance.randrange(was)),
    "a seq below zero": changed(seq=lambda chance, _was: -chance.randint(1, 9)),
    "a prev of one other bit": changed(
        prev=lambda chance, was: (int.from_bytes(was) ^ 1 << chance.randrange(256)).to_bytes(32)
    ),
    "a prev of zeros": changed(prev=lambda _chance, _was: bytes(32)),
    "a higher epoch": changed(epoch=lambda chance, was: was + chance.randint(1, 9)),
    "a lower epoch": changed(epoch=lambda chance, was: was - chance.randint(1, 9)),
    "a claim without an epoch": changed(kind=lambda _chance, _was: Kind.CLAIM),
    "a new beginning": changed(kind=lambda _chance, _was: Kind.GENESIS),
    "a newer evolve version": changed(evolve_version=lambda _chance, was: was + 1),
    "an event left out": changed(source_offset=lambda chance, was: was + chance.randint(1, 9)),
    "an event beyond all": changed(source_offset=lambda _chance, _was: 2**62),
    "an event of the past": changed(source_offset=lambda chance, was: chance.randrange(was)),
    "a part left out": changed(source_part=lambda chance, was: was + chance.randint(1, 9)),
    "an unknown schema": lambda _chance, following, _before: b"\0\0\x01\0\0" + following[5:],
    "a record of the past": lambda chance, _following, before: chance.choice(before),
    "random bytes": lambda chance, _following, _before: chance.randbytes(chance.randrange(300)),
}


def honest_chain(length: int) -> Iterator[bytes]:
    """A beginning, a claim, and decisions of one event each."""
    head = bytes(32)
    for seq in range(length):
        kind = (Kind.GENESIS, Kind.CLAIM)[seq] if seq < 2 else Kind.DECISION
        prefix = Prefix("live", 2, seq, int(seq > 0), head, kind, 1, max(seq - 2, -1), 0, True)
        value = chains.write_prefix(prefix, FRAME) + encode_body(Record(event_id=f"event {seq}"))
        head = sha256(value).digest()
        yield value


@pytest.mark.parametrize("kind", FORGERIES)
def test_no_forged_record_is_accepted_nor_hides_the_true_one(kind: str) -> None:
    """Of twenty kinds of forged records none counts, and the true next record still does."""
    chance = random.Random(kind)
    *before, following = honest_chain(12)
    chain, recent = Chain("live", 2), RecentHashes()
    for value in before:
        verdict = accept(value, chain, recent, 1, READABLE)
        assert isinstance(verdict, Accepted)
        chain = verdict.chain
        recent.add(chain.head)
    for _ in range(50):
        forged = FORGERIES[kind](chance, following, before)
        assert not isinstance(accept(forged, chain, recent, 1, READABLE), Accepted)
    assert isinstance(accept(following, chain, recent, 1, READABLE), Accepted)


def test_what_is_foretold_is_what_reading_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """With any bit of its bytes changed, the next record's verdict is that of the full reading."""
    *before, following = honest_chain(12)
    head = sha256(before[-1]).digest()
    chain = Chain("live", 2, 10, head, 1, 8, 0, True)
    split = Chain("live", 2, 10, head, 1, 9, 0, False)
    second = changed(source_part=lambda _chance, _was: 1)(random.Random(0), following, before)
    verdicts = []
    values = [
        mutant
        for value in (following, second)
        for at in range(60)
        for mutant in (
            value[:at],
            *(value[:at] + bytes((value[at] ^ 1 << bit,)) + value[at + 1 :] for bit in range(8)),
        )
    ]
    for _ in range(2):
        verdicts.append(
            [
                accept(value, at, RecentHashes(), 1, READABLE)
                for value in (following, second, *values)
                for at in (chain, split, Chain("live", 2))
            ]
        )
        monkeypatch.setattr(chains, "_next_decision", lambda *_: None)
    assert verdicts[0] == verdicts[1]
    assert sum(isinstance(verdict, Accepted) for verdict in verdicts[0]) > 2
