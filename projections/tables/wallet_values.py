"""`wallet_values`: what a point of each wallet is worth, by programme; internal.

`balances` shows the worth of what is available, at the programme in force in its partition.  A
wallet whose points are worth more on a higher level has no value of its own.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import ProgrammeActivated

_INSERT = """
    INSERT INTO wallet_values (ledger_partition, ledger_seq, wallet, units, amount, currency)
    SELECT u.partition, u.seq, u.wallet, NULLIF(u.units, '')::numeric,
        NULLIF(u.amount, '')::numeric, u.currency
    FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
        AS u (partition, seq, wallet, units, amount, currency)
"""

Rows = list[tuple[int, int, str, str, str, str]]
"""(partition, seq, wallet, units, amount, currency); a wallet may have no value."""


def _activated(rows: Rows, place: Place, effect: ProgrammeActivated) -> None:
    document = json.loads(effect.document)
    for wallet, terms in document["wallets"].items():
        units, amount = _value(terms.get("value") or {})
        rows.append((place.partition, place.seq, wallet, units, amount, document["currency"]))


def _value(said: Mapping[str, Any]) -> tuple[str, str]:
    """So many units are worth this amount; both empty if that is not said, or differs by level."""
    units, amount = said.get("units"), said.get("amount")
    if units is None or amount is None or isinstance(units, dict) or isinstance(amount, dict):
        return "", ""
    return str(units), str(amount)


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {ProgrammeActivated: _activated}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's wallets with their values."""
    if not rows:
        return
    partitions, seqs, wallets, units, amounts, currencies = zip(*rows, strict=True)
    yield Change(
        _INSERT,
        (
            numbers(partitions), numbers(seqs), texts(wallets), texts(units),
            texts(amounts), texts(currencies),
        ),
    )  # fmt: skip
