"""A reader for one Avro schema, generated: from bytes straight to our records.

`reader(schema, kinds)` compiles one function per record of the schema, in which every field is a
few statements on local variables.  It reads what our writer writes: every array in one block.  Avro
allows more; on anything else it raises, and the caller asks fastavro, which is the reference: a
strange record is read slower but never differently.

A reader raises UNUSUAL for bytes it does not take; bytes behind the record are the caller's to see.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from schemas.varint import read_long

Read = Callable[[bytes, int], tuple[Any, int]]
"""The record that starts at an index of the bytes, and the index behind it."""

UNUSUAL = (ValueError, IndexError, KeyError, TypeError)
"""What a reader raises: UnicodeDecodeError is a ValueError."""

_SHORT = tuple((z >> 1) ^ -(z & 1) for z in range(128))
"""The number in a byte that is a whole one."""
_LENGTH = tuple("negative" if z & 1 else z >> 1 for z in range(128))
"""The length in such a byte; no word can be added to an index, which is a TypeError."""


def _two_byte_numbers() -> list[int | None]:
    """The number in each pair of bytes, as this machine reads them; None where they are not one."""
    pairs: list[int | None] = [None] * (1 << 16)
    for zigzag in range(1 << 7, 1 << 14):
        coded = bytes((zigzag & 127 | 128, zigzag >> 7))
        pairs[int.from_bytes(coded, sys.byteorder)] = (zigzag >> 1) ^ -(zigzag & 1)
    return pairs


_PAIR = _two_byte_numbers()


def reader(schema: Mapping[str, Any], kinds: Mapping[str, type]) -> Read:
    """The function that makes a record of Avro bytes.

    Args:
        schema: the plain schema of a record: names not resolved, no logical types.
        kinds: full name → our type, whose fields are the schema's, in its order.
    """
    functions = _Functions(kinds)
    return functions.record(schema, str(schema.get("namespace", "")))


class _Functions:
    """The functions made so far, one per named type of the schema."""

    def __init__(self, kinds: Mapping[str, type]) -> None:
        self._kinds = kinds
        self._records: dict[str, Read] = {}
        self._fixed: dict[str, int] = {}
        self._scope: dict[str, Any] = {
            "number": _number, "longs": _longs, "words": _words, "rows": _rows,
            "length": _length, "SHORT": _SHORT, "LENGTH": _LENGTH, "unusual": _unusual,
        }  # fmt: skip

    def record(self, schema: Mapping[str, Any], namespace: str) -> Read:
        """The reader of one record type."""
        namespace = str(schema.get("namespace", namespace))
        name = f"{namespace}.{schema['name']}"
        lines = []
        targets = []
        for i, field in enumerate(schema["fields"]):
            targets.append(f"f{i}")
            lines += self._statements(field["type"], f"f{i}", namespace)
        kind = self._put(self._kinds[name])
        body = "\n    ".join([*lines, f"return {kind}({', '.join(targets)}), at"])
        # The text comes from a checked-in schema only.
        made: dict[str, Read] = {}
        exec(f"def read(v, at):\n    {body}\n", self._scope, made)  # noqa: S102
        self._records[name] = made["read"]
        return made["read"]

    def _statements(self, schema: Any, target: str, namespace: str) -> list[str]:
        """The lines that read one value into a local variable."""
        match schema:
            case "string":
                return [
                    "n = v[at]; at += 1",
                    "if n > 127: n, at = length(v, at - 1)",
                    "else: n = LENGTH[n]",
                    f"{target} = v[at:(at := at + n)].decode() if n else ''",
                ]
            case "int" | "long":
                return [
                    "n = v[at]",
                    f"if n > 127: {target}, at = number(v, at)",
                    f"else: {target} = SHORT[n]; at += 1",
                ]
            case "boolean":
                return ["n = v[at]; at += 1", "if n > 1: unusual()", f"{target} = n == 1"]
            case str():
                return self._named(schema, target, namespace)
            case [*branches]:
                return self._union(branches, target, namespace)
            case {"type": "array", "items": items}:
                return self._array(items, target, namespace)
            case {"type": "enum", "symbols": symbols}:
                table = self._put({2 * i: symbol for i, symbol in enumerate(symbols)})
                return [f"{target} = {table}[v[at]]; at += 1"]
            case {"type": "fixed", "name": name, "size": size}:
                self._fixed[f"{namespace}.{name}"] = size
                return [f"{target} = v[at:(at := at + {size})]"]
            case {"type": "record"}:
                return [f"{target}, at = {self._put(self.record(schema, namespace))}(v, at)"]
            case {"type": inner, **rest} if not rest:
                return self._statements(inner, target, namespace)
            case _:
                raise NotImplementedError(f"no reader for {schema}")

    def _named(self, name: str, target: str, namespace: str) -> list[str]:
        full = name if "." in name else f"{namespace}.{name}"
        if full in self._fixed:
            return [f"{target} = v[at:(at := at + {self._fixed[full]})]"]
        return [f"{target}, at = {self._put(self._records[full])}(v, at)"]

    def _array(self, items: Any, target: str, namespace: str) -> list[str]:
        match items:
            case {"type": "int" | "long" | "string" as inner, **rest} if not rest:
                return self._array(inner, target, namespace)
            case "int" | "long" | "string":
                many = "words" if items == "string" else "longs"
                call = f"{many}(v, at)"
            case [*branches]:
                call = f"rows(v, at, {self._put(self._one_of(branches, namespace))})"
            case {"type": "record"}:
                call = f"rows(v, at, {self._put(self.record(items, namespace))})"
            case _:
                raise NotImplementedError(f"no reader for an array of {items}")
        return [
            f"if v[at]: {target}, at = {call}",
            f"else: {target} = (); at += 1",
        ]

    def _union(self, branches: Sequence[Any], target: str, namespace: str) -> list[str]:
        if branches[0] != "null" or len(branches) != 2:
            return [f"{target}, at = {self._put(self._one_of(branches, namespace))}(v, at)"]
        present = self._statements(branches[1], target, namespace)
        return [
            "n = v[at]; at += 1",
            f"if n == 0: {target} = None",
            "elif n == 2:",
            *(f"    {line}" for line in present),
            "else: unusual()",
        ]

    def _one_of(self, branches: Sequence[Any], namespace: str) -> Read:
        readers = {2 * i: self.record(branch, namespace) for i, branch in enumerate(branches)}

        def read(value: bytes, at: int) -> tuple[Any, int]:
            return readers[value[at]](value, at + 1)

        return read

    def _put(self, thing: object) -> str:
        """A name for something that the generated text uses."""
        name = f"x{len(self._scope)}"
        self._scope[name] = thing
        return name


def _unusual() -> None:
    raise ValueError("not as our writer writes it")


def _number(value: bytes, at: int) -> tuple[int, int]:
    first = value[at]
    if first < 128:
        return _SHORT[first], at + 1
    second = value[at + 1]
    if second < 128:
        zigzag = first & 127 | second << 7
        return (zigzag >> 1) ^ -(zigzag & 1), at + 2
    third = value[at + 2]
    if third < 128:
        zigzag = first & 127 | (second & 127) << 7 | third << 14
        return (zigzag >> 1) ^ -(zigzag & 1), at + 3
    number, end = read_long(value, at)
    if end - at > 9:
        raise ValueError("perhaps more than 64 bits")
    return number, end


def _count(value: bytes, at: int) -> tuple[int, int]:
    count, at = _number(value, at)
    # Every item has a byte at least, so a count beyond the bytes is a mutant's.
    if not 0 < count <= len(value) - at:
        raise ValueError("not as our writer writes it")
    return count, at


def _length(value: bytes, at: int) -> tuple[int, int]:
    length, at = _number(value, at)
    if length < 0:
        raise ValueError("not as our writer writes it")
    return length, at


def _longs(value: bytes, at: int) -> tuple[tuple[int, ...], int]:
    count, at = _count(value, at)
    one_byte_each = value[at : at + count]
    if one_byte_each.isascii():
        numbers = tuple(map(_SHORT.__getitem__, one_byte_each))
        at += count
    else:
        numbers, at = _longer(value, at, count)
    if value[at]:
        raise ValueError("not as our writer writes it")
    return numbers, at + 1


def _longer(value: bytes, at: int, count: int) -> tuple[tuple[int, ...], int]:
    two_bytes_each = memoryview(value)[at : at + 2 * count]
    if len(two_bytes_each) == 2 * count:
        pairs = tuple(map(_PAIR.__getitem__, two_bytes_each.cast("H")))
        if None not in pairs:
            return cast("tuple[int, ...]", pairs), at + 2 * count
    numbers = []
    for _ in range(count):
        first = value[at]
        if first < 128:
            numbers.append(_SHORT[first])
            at += 1
        elif (second := value[at + 1]) < 128:
            zigzag = first & 127 | second << 7
            numbers.append((zigzag >> 1) ^ -(zigzag & 1))
            at += 2
        else:
            number, at = _number(value, at)
            numbers.append(number)
    return tuple(numbers), at


def _words(value: bytes, at: int) -> tuple[tuple[str, ...], int]:
    count, at = _count(value, at)
    words = []
    for _ in range(count):
        length, at = _length(value, at)
        words.append(value[at : (at := at + length)].decode())
    if value[at]:
        raise ValueError("not as our writer writes it")
    return tuple(words), at + 1


def _rows(value: bytes, at: int, read: Read) -> tuple[tuple[Any, ...], int]:
    count, at = _count(value, at)
    rows = []
    for _ in range(count):
        row, at = read(value, at)
        rows.append(row)
    if value[at]:
        raise ValueError("not as our writer writes it")
    return tuple(rows), at + 1
