"""A writer for one Avro schema, generated: from our records' fields straight to bytes.

`writer(schema, kind)` compiles one function per record of the schema, each a single join of its
fields' bytes, so nothing is looked up in the schema while writing.  What it writes is, byte for
byte, what fastavro writes from the same record.

Writing raises whatever the wrong type of a field brings (TypeError, AttributeError, KeyError), and
OverflowError for a long of more than 64 bits or an int of more than 32.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from schemas.varint import INTS, LONGS

Write = Callable[[Any], bytes]

_END = b"\x00"
_HARDLY_EVER_TWICE = frozenset(
    {"event_id", "account_id", "member_id", "receipt_no", "lot_id", "sale_id", "original_sale"}
    | {"voucher_id", "document"}
)
"""Fields of which remembering the bytes would only fill the memory."""
WORDS_MAX = 16_384


class _Words(dict[str, bytes]):
    """The bytes of words, each preceded by its length; the first ones met are remembered."""

    def __missing__(self, word: str) -> bytes:
        coded = word.encode()
        coded = LONGS[len(coded)] + coded
        if len(self) < WORDS_MAX:
            self[word] = coded
        return coded


_WORDS = _Words()


def writer(schema: Mapping[str, Any], kinds: Mapping[str, type]) -> Write:
    """The function that turns a record into its Avro bytes.

    Args:
        schema: the plain schema of a record: names not resolved, no logical types.
        kinds: full name → our type, for the records that stand in a union of several.
    """
    functions = _Functions(kinds)
    return functions.record(schema, str(schema.get("namespace", "")))


class _Functions:
    """The functions made so far, one per named type of the schema."""

    def __init__(self, kinds: Mapping[str, type]) -> None:
        self._kinds = kinds
        self._records: dict[str, Write] = {}
        self._fixed: dict[str, int] = {}
        self._scope: dict[str, Any] = {
            "INTS": INTS, "LONGS": LONGS, "WORDS": _WORDS, "END": _END,
            "YES": b"\x01", "NO": b"\x00", "join": b"".join,
            "numbers": _numbers, "words": _words, "rows": _rows, "fixed": _fixed,
        }  # fmt: skip

    def record(self, schema: Mapping[str, Any], namespace: str) -> Write:
        """The writer of one record type."""
        namespace = str(schema.get("namespace", namespace))
        name = f"{namespace}.{schema['name']}"
        parts = ", ".join(
            self._parts(field["type"], f"r.{field['name']}", namespace)
            for field in schema["fields"]
        )
        # The text comes from a checked-in schema and its field names only.
        write: Write = eval(f"lambda r: join(({parts},))", self._scope)  # noqa: S307
        self._records[name] = write
        return write

    def _parts(self, schema: Any, value: str, namespace: str) -> str:
        """The expressions, joined by commas, whose bytes are one value."""
        match schema:
            case "string":
                if value.rsplit(".", 1)[-1] in _HARDLY_EVER_TWICE:
                    return f"LONGS[len(b := {value}.encode())], b"
                return f"WORDS[{value}]"
            case "int":
                return f"INTS[{value}]"
            case "long":
                return f"LONGS[{value}]"
            case "boolean":
                return f"YES if {value} else NO"
            case str():
                return self._named(schema, value, namespace)
            case [*branches]:
                return self._union(branches, value, namespace)
            case {"type": "array", "items": items}:
                return self._array(items, value, namespace)
            case {"type": "enum", "symbols": symbols}:
                table = self._put({symbol: LONGS[i] for i, symbol in enumerate(symbols)})
                return f"{table}[{value}]"
            case {"type": "fixed", "name": name, "size": size}:
                self._fixed[f"{namespace}.{name}"] = size
                return f"fixed({value}, {size})"
            case {"type": "record"}:
                return f"{self._put(self.record(schema, namespace))}({value})"
            case {"type": inner, **rest} if not rest:
                return self._parts(inner, value, namespace)
            case _:
                raise NotImplementedError(f"no writer for {schema}")

    def _named(self, name: str, value: str, namespace: str) -> str:
        full = name if "." in name else f"{namespace}.{name}"
        if full in self._fixed:
            return f"fixed({value}, {self._fixed[full]})"
        return f"{self._put(self._records[full])}({value})"

    def _array(self, items: Any, value: str, namespace: str) -> str:
        match items:
            case "int":
                return f"numbers({value}, INTS)"
            case "long":
                return f"numbers({value}, LONGS)"
            case "string":
                return f"words({value})"
            case _:
                one = eval(  # noqa: S307  as above
                    f"lambda r: join(({self._parts(items, 'r', namespace)},))", self._scope
                )
                return f"rows({value}, {self._put(one)})"

    def _union(self, branches: Sequence[Any], value: str, namespace: str) -> str:
        if branches[0] == "null" and len(branches) == 2:
            parts = self._parts(branches[1], value, namespace)
            return f"END if {value} is None else join((LONGS[1], {parts}))"
        table = {}
        for i, branch in enumerate(branches):
            write = self.record(branch, namespace)
            name = f"{branch.get('namespace', namespace)}.{branch['name']}"
            table[self._kinds[name]] = (LONGS[i], write)
        kinds = self._put(table)
        return f"(k := {kinds}[type({value})])[0], k[1]({value})"

    def _put(self, thing: object) -> str:
        """A name for something that the generated text uses."""
        name = f"x{len(self._scope)}"
        self._scope[name] = thing
        return name


def _numbers(numbers: Sequence[int], coded: Mapping[int, bytes]) -> bytes:
    if not numbers:
        return _END
    return LONGS[len(numbers)] + b"".join(map(coded.__getitem__, numbers)) + _END


def _words(words: Sequence[str]) -> bytes:
    if not words:
        return _END
    coded = [word.encode() for word in words]
    return LONGS[len(words)] + b"".join(LONGS[len(word)] + word for word in coded) + _END


def _rows(rows: Sequence[Any], write: Write) -> bytes:
    if not rows:
        return _END
    return LONGS[len(rows)] + b"".join(map(write, rows)) + _END


def _fixed(value: bytes, size: int) -> bytes:
    if len(value) != size:
        raise ValueError(f"{len(value)} bytes where the schema wants {size}")
    return value
