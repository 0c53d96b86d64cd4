"""A year's first events, read, decided, written and folded; prints what came out, as hashes.

Run as a text in the folder whose modules it is to import.
"""

from hashlib import sha256
from itertools import islice

from infra.log import Identity, Message, Stored
from loyalty.programmes import GROCERY, IN_FORCE_FROM, activation_of
from processors.core.decide import decide
from processors.stream.fold import Fold, genesis_of
from processors.stream.tip import Tip
from processors.stream.writing import Writing
from producers import simulate
from schemas.chain import Kind, read_prefix
from schemas.codec import decode_body_without_lines, encode_event
from schemas.ledger import Record
from schemas.wire import source

EVENTS, MEMBERS, STORES, SEED = 3_000, 60, 10, 7
ONE = Identity("", "", 1)


def written() -> tuple[list[bytes], str]:
    """The ledger records of one partition's events, and the digest of its state."""
    fold = Fold("live", 0, ONE)
    genesis = Tip(fold.chain).mark(Kind.GENESIS, Record(genesis=genesis_of(ONE)))
    fold.take(Stored(0, genesis, 0))
    year = simulate.events(MEMBERS, STORES, years=1, seed=SEED)
    events = [activation_of(GROCERY, IN_FORCE_FROM), *islice(year, EVENTS)]
    messages = [Message(0, at, b"", encode_event(event), 0) for at, event in enumerate(events)]
    writing = Writing(fold, decide, messages.__getitem__, lambda _: None)
    for _ in writing.decide(messages):
        pass
    values = writing.values
    writing.acknowledged(range(1, 1 + len(values)))
    writing.commit()
    return [genesis, *values], fold.state.digest()


def read(values: list[bytes]) -> tuple[str, str]:
    """The digest of the state folded from the records, and a hash of what they say."""
    fold = Fold("live", 0, ONE)
    said = sha256()
    for offset, value in enumerate(values):
        said.update(repr(fold.take(Stored(offset, value, 0))).encode())
        said.update(repr(decode_body_without_lines(value, read_prefix(value)[1])).encode())
    return fold.state.digest(), said.hexdigest()


if __name__ == "__main__":
    records, state = written()
    known = "" if source.__spec__ is None else source.__spec__.origin
    print(known, len(records), sha256(b"".join(records)).hexdigest(), state, *read(records))  # noqa: T201
