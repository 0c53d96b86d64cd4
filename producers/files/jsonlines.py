"""JSON Lines: one event a line, its type in the field `type`."""

from collections.abc import Iterator
from typing import Any

import msgspec

from producers.files.shapes import KINDS, near
from producers.files.source import Source, Text
from producers.files.told import Bad, Told, Trailer

TOTALS = "Totals"
_DECODER = msgspec.json.Decoder(float_hook=str)  # 12.10 stays 12.10
_KNOWN = frozenset(KINDS)


def told(source: Source) -> Iterator[Told | Bad | Trailer]:
    """What each line tells.

    Raises:
        FileUnusable: the file cannot be read.
    """
    for line in source.lines():
        yield _one(line, source)


def _one(line: Text, source: Source) -> Told | Bad | Trailer:
    if line.problem:
        return Bad(line.number, "", line.problem, (line.raw,))
    try:
        fields: Any = _DECODER.decode(line.text)
    except (msgspec.DecodeError, RecursionError):
        return Bad(line.number, "", "it is no JSON", (line.raw,))
    if not isinstance(fields, dict):
        return Bad(line.number, "", "it is no JSON object", (line.raw,))
    name = fields.get("type")
    if name == TOTALS:
        count, amount, digest = [_said(fields.get(key)) for key in ("count", "amount", "sha256")]
        return Trailer(line.number, count, amount, digest, source.digest())
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        hint = near(name, _KNOWN) if isinstance(name, str) else ""
        what = "there is no such event" if name else "it is missing"
        return Bad(line.number, "type", f"{what}{hint}", (line.raw,))
    return Told(kind, fields, (line.number,), (line.raw,))


def _said(value: object) -> str | None:
    return None if value is None else str(value)
