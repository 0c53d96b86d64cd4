"""Writes `chain_vectors.json`: `python -m tests.schemas.chain_vectors`.

The bytes are made with fastavro from the schema alone, so that the vectors say what the wire
format is and not what our reader takes it for.  They are of the first version of the schema, but
for one that says it is not.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import fastavro

from schemas.codec import encode_body
from schemas.definitions import lock, parsed, plain, readable_ids, schema_text
from schemas.ledger import Record

FILE = Path(__file__).with_name("chain_vectors.json")
NAME = "loyalty.ledger.Record"
WIRE_ID, SECOND_WIRE_ID = (version["id"] for version in lock()[NAME][:2])
KINDS = ["GENESIS", "CLAIM", "DECISION", "CHECKPOINT"]
PREVIOUS = sha256(b"the record before").digest()

START = {"seq": -1, "head": bytes(32), "epoch": 0, "source_offset": -1, "source_part": 0}
GOING = {"seq": 41, "head": PREVIOUS, "epoch": 3, "source_offset": 30, "source_part": 0}


def stored(wire_id: int = WIRE_ID, kinds: int = 4, **fields: Any) -> bytes:
    """The bytes of an empty record with this prefix; `kinds` > 4 adds kinds of the future."""
    prefix = {
        "generation": "live", "partition": 2, "seq": 42, "epoch": 3, "prev": PREVIOUS,
        "kind": "DECISION", "evolve_version": 1, "source_offset": 31, "source_part": 0,
        "final": True,
    } | fields  # fmt: skip
    body = fastavro.schemaless_reader(
        BytesIO(encode_body(Record())), _body_schema(), None, return_record_name=True
    )
    out = BytesIO()
    out.write(b"\0" + wire_id.to_bytes(4))
    fastavro.schemaless_writer(out, _schema(kinds), prefix | body)
    return out.getvalue()


def _schema(kinds: int) -> Any:
    if kinds == len(KINDS):
        return parsed(NAME)
    schema = plain(json.loads(schema_text(NAME)))
    symbols = KINDS + [f"FUTURE_{number}" for number in range(len(KINDS), kinds)]
    schema["fields"][5]["type"]["symbols"] = symbols
    return fastavro.parse_schema(schema)


def _body_schema() -> Any:
    schema = plain(json.loads(schema_text(NAME)))
    fixed = schema["fields"][4]["type"]
    body = schema["fields"][10:]
    next(field for field in body if field["name"] == "event_digest")["type"] = fixed
    return fastavro.parse_schema({**schema, "fields": body})


Vector = tuple[str, bytes, dict[str, Any], Any]


def foreign() -> Iterator[Vector]:
    """What is no record of this partition."""
    whole = stored()
    yield "no bytes", b"", GOING, "FOREIGN"
    yield "four bytes", whole[:4], GOING, "FOREIGN"
    yield "the frame alone", whole[:5], GOING, "FOREIGN"
    yield "another magic byte", b"\1" + whole[1:], GOING, "FOREIGN"
    yield "cut inside the generation", whole[:8], GOING, "FOREIGN"
    yield "cut inside prev", whole[:30], GOING, "FOREIGN"
    yield "cut before final", whole[: len(whole) - len(encode_body(Record())) - 1], GOING, "FOREIGN"
    yield "a generation of negative length", whole[:5] + b"\1" + whole[6:], GOING, "FOREIGN"
    yield "a generation that is no UTF-8", whole[:6] + b"\xff" + whole[7:], GOING, "FOREIGN"
    yield "a number of more than ten bytes", whole[:10] + b"\xff" * 12, GOING, "FOREIGN"
    yield "final is neither yes nor no", _final_is_two(whole), GOING, "FOREIGN"
    yield "another generation", stored(generation="spring"), GOING, "FOREIGN"
    yield "no generation", stored(generation=""), GOING, "FOREIGN"
    yield "another partition", stored(partition=3), GOING, "FOREIGN"
    yield "a partition below zero", stored(partition=-1), GOING, "FOREIGN"


def _final_is_two(whole: bytes) -> bytes:
    at = len(whole) - len(encode_body(Record())) - 1
    return whole[:at] + b"\2" + whole[at + 1 :]


def ignored() -> Iterator[Vector]:
    """What belongs here and does not extend the chain."""
    known = stored(seq=41)
    yield "the last record again", known, GOING | {"recent": [sha256(known).digest()]}, "DUPLICATE"
    old = stored(seq=7, source_offset=2)
    yield "an old record again", old, GOING | {"recent": [sha256(old).digest()]}, "DUPLICATE"
    yield "an old seq, other bytes", stored(seq=41), GOING, "STALE_FORK"
    yield "a seq below zero", stored(seq=-5), GOING, "STALE_FORK"
    yield "a second beginning", stored(seq=0, kind="GENESIS", prev=bytes(32)), GOING, "STALE_FORK"
    yield "one seq too far", stored(seq=43), GOING, "ORPHAN"
    yield "a seq beyond all", stored(seq=2**62), GOING, "ORPHAN"
    yield "another record before it", stored(prev=sha256(b"").digest()), GOING, "ORPHAN"
    yield "a higher epoch without a claim", stored(epoch=4), GOING, "ORPHAN"
    yield "a lower epoch", stored(epoch=2), GOING, "ORPHAN"
    yield "a claim of the same epoch", stored(kind="CLAIM"), GOING, "ORPHAN"
    yield "a claim that skips an epoch", stored(kind="CLAIM", epoch=5), GOING, "ORPHAN"
    yield "a claim of an older epoch", stored(kind="CLAIM", epoch=3 - 1), GOING, "ORPHAN"
    stale = stored(prev=bytes(32), evolve_version=99)
    yield "newer, and not on this chain", stale, GOING, "ORPHAN"
    lost = stored(wire_id=9999, epoch=9)
    yield "an unknown schema, and not of this epoch", lost, GOING, "ORPHAN"
    yield "not the first of an empty ledger", stored(), START, "ORPHAN"


def halted() -> Iterator[Vector]:
    """What extends the chain and cannot be applied."""
    first = {"seq": 0, "epoch": 0, "prev": bytes(32), "source_offset": -1}
    inside = GOING | {"final": False, "source_part": 4}
    yield "a newer evolve version", stored(evolve_version=2), GOING, "UPGRADE_ME"
    yield "a schema id that nobody knows", stored(wire_id=9999), GOING, "UPGRADE_ME"
    yield "a kind of the future", stored(kind="FUTURE_4", kinds=5), GOING, "UPGRADE_ME"
    yield "a far kind of the future", stored(kind="FUTURE_63", kinds=64), GOING, "UPGRADE_ME"
    yield "a decision at the beginning", stored(**first, kind="DECISION"), START, "BAD_GENESIS"
    claim = stored(**first | {"epoch": 1}, kind="CLAIM")
    yield "a claim at the beginning", claim, START, "BAD_GENESIS"
    yield "a beginning in the middle", stored(kind="GENESIS"), GOING, "BAD_GENESIS"
    yield "an event left out", stored(source_offset=32), GOING, "BAD_SOURCE"
    yield "an event decided again", stored(source_offset=30), GOING, "BAD_SOURCE"
    yield "an event long past", stored(source_offset=0), GOING, "BAD_SOURCE"
    yield "an event beyond all", stored(source_offset=2**62), GOING, "BAD_SOURCE"
    yield "an event that begins at part 1", stored(source_part=1), GOING, "BAD_SOURCE"
    yield "a part after the final one", stored(source_offset=30, source_part=1), GOING, "BAD_SOURCE"
    yield "the next event inside one", stored(source_offset=31), inside, "BAD_SOURCE"
    skipped = stored(source_offset=30, source_part=6)
    yield "a part left out", skipped, inside, "BAD_SOURCE"
    again = stored(source_offset=30, source_part=4)
    yield "a part decided again", again, inside, "BAD_SOURCE"
    restarted = stored(source_offset=30, source_part=0)
    yield "an event begun again inside it", restarted, inside, "BAD_SOURCE"


def accepted() -> Iterator[Vector]:
    """What counts, and the source it leaves behind."""
    inside = GOING | {"final": False, "source_part": 4}
    genesis = stored(seq=0, epoch=0, prev=bytes(32), source_offset=-1, kind="GENESIS")
    yield "the beginning", genesis, START, (-1, 0, True)
    yield "a claim", stored(kind="CLAIM", epoch=4, source_offset=30), GOING, (30, 0, True)
    yield "a claim inside an event", stored(kind="CLAIM", epoch=4), inside, (30, 4, False)
    yield "a checkpoint", stored(kind="CHECKPOINT", source_offset=7), GOING, (30, 0, True)
    yield "a checkpoint inside an event", stored(kind="CHECKPOINT"), inside, (30, 4, False)
    yield "the next event", stored(), GOING, (31, 0, True)
    yield "the first part of the next event", stored(final=False), GOING, (31, 0, False)
    part = {"source_offset": 30, "source_part": 5}
    yield "the next part", stored(**part, final=False), inside, (30, 5, False)
    yield "the last part", stored(**part), inside, (30, 5, True)
    yield "an older evolve version", stored(evolve_version=0), GOING, (31, 0, True)
    yield "the second version of the schema", stored(wire_id=SECOND_WIRE_ID), GOING, (31, 0, True)


def written(vector: Vector) -> dict[str, Any]:
    """A vector as it stands in the file."""
    name, value, state, verdict = vector
    state = {"final": True, "recent": []} | state
    row = {
        "name": name,
        "bytes": value.hex(),
        "chain": {"generation": "live", "partition": 2}
        | {key: given for key, given in state.items() if key != "recent"}
        | {"head": state["head"].hex()},
        "recent": [head.hex() for head in state["recent"]],
    }
    if isinstance(verdict, str):
        return row | {"verdict": verdict}
    offset, part, final = verdict
    after = {
        "seq": state["seq"] + 1,
        "head": sha256(value).hexdigest(),
        "epoch": state["epoch"] + (name.startswith("a claim")),
        "source_offset": offset,
        "source_part": part,
        "final": final,
    }
    return row | {"verdict": "ACCEPTED", "after": row["chain"] | after}


def main() -> None:
    """Write the file."""
    vectors = [*foreign(), *ignored(), *halted(), *accepted()]
    lines = ",\n".join(json.dumps(written(vector)) for vector in vectors)
    head = {
        "about": "accept(bytes, chain) -> verdict, for code of evolve version 1",
        "schema_ids": sorted(readable_ids(NAME)),
        "evolve_version": 1,
    }
    FILE.write_text(f'{json.dumps(head)[:-1]}, "vectors": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
