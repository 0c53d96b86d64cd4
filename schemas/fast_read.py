"""A reader for one Avro schema, generated: from bytes straight to our records.

`reader(schema, kinds)` compiles one function per record of the schema, in which every field is a
few statements on local variables; a record within a record is read in place, a call costs more
than most fields.  It reads what our writer writes: every array in one block.  Avro allows more; on
anything else it raises, and the caller asks fastavro, which is the reference: a strange record is
read slower but never differently.

Who has no use for some arrays of numbers names them, and they are passed over: a regular
expression finds the end of so many numbers at a fraction of the price of making them.

A reader raises UNUSUAL for bytes it does not take; bytes behind the record are the caller's to see.
"""

import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from schemas.varint import read_long

Read = Callable[[bytes, int], tuple[Any, int]]
"""The record that starts at an index of the bytes, and the index behind it."""

UNUSUAL = (ValueError, IndexError, KeyError, TypeError)
"""What a reader raises: UnicodeDecodeError is a ValueError."""

_SHORT = tuple((z >> 1) ^ -(z & 1) for z in range(1 << 14))
"""The number of a zigzag value that has one byte, or two."""
_LENGTH = tuple("negative" if z & 1 else z >> 1 for z in range(128))
"""The length in a byte; no word can be added to an index, which is a TypeError."""


def _two_byte_numbers() -> list[int | None]:
    """The number in each pair of bytes, as this machine reads them; None where they are not one."""
    pairs: list[int | None] = [None] * (1 << 16)
    for zigzag in range(1 << 7, 1 << 14):
        coded = bytes((zigzag & 127 | 128, zigzag >> 7))
        pairs[int.from_bytes(coded, sys.byteorder)] = _SHORT[zigzag]
    return pairs


_PAIR = _two_byte_numbers()


def reader(
    schema: Mapping[str, Any], kinds: Mapping[str, type], passed_over: Collection[str] = ()
) -> Read:
    """The function that makes a record of Avro bytes.

    Args:
        schema: the plain schema of a record: names not resolved, no logical types.
        kinds: full name → our type, whose fields are the schema's, in its order.
        passed_over: names of fields, of any record, that are arrays of numbers and stay empty.
    """
    functions = _Functions(kinds, frozenset(passed_over))
    return functions.record(schema, str(schema.get("namespace", "")))


class _Functions:
    """The functions made so far, one per named type of the schema that is not read in place."""

    def __init__(self, kinds: Mapping[str, type], passed_over: frozenset[str]) -> None:
        self._kinds = kinds
        self._passed_over = passed_over
        self._records: dict[str, Read] = {}
        self._fixed: dict[str, int] = {}
        self._scope: dict[str, Any] = {
            "number": _number, "longs": _longs, "behind_longs": _behind_longs, "words": _words,
            "length": _length, "count": _count, "SHORT": _SHORT, "LENGTH": _LENGTH,
            "unusual": _unusual,
        }  # fmt: skip

    def record(self, schema: Mapping[str, Any], namespace: str) -> Read:
        """The reader of one record type, as a function."""
        lines = self._in_place(schema, "record", namespace)
        body = "\n    ".join([*lines, "return record, at"])
        # The text comes from a checked-in schema only.
        made: dict[str, Read] = {}
        exec(f"def read(v, at):\n    {body}\n", self._scope, made)  # noqa: S102
        namespace = str(schema.get("namespace", namespace))
        self._records[f"{namespace}.{schema['name']}"] = made["read"]
        return made["read"]

    def _in_place(self, schema: Mapping[str, Any], target: str, namespace: str) -> list[str]:
        """The lines that read a record into a local variable."""
        namespace = str(schema.get("namespace", namespace))
        lines = []
        targets = []
        for i, field in enumerate(schema["fields"]):
            targets.append(f"{target}_{i}")
            if field["name"] in self._passed_over:
                lines += [
                    f"{target}_{i} = ()",
                    "if v[at]: at = behind_longs(v, at)",
                    "else: at += 1",
                ]
            else:
                lines += self._statements(field["type"], f"{target}_{i}", namespace)
        kind = self._put(self._kinds[f"{namespace}.{schema['name']}"])
        return [*lines, f"{target} = {kind}({', '.join(targets)})"]

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
                    "n = v[at]; at += 1",
                    f"if n < 128: {target} = SHORT[n]",
                    f"elif (m := v[at]) < 128: {target} = SHORT[m << 7 | n & 127]; at += 1",
                    f"else: {target}, at = number(v, at - 1)",
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
                # A type that has a name may be named again further on, which takes a function.
                self.record(schema, namespace)
                return self._in_place(schema, target, namespace)
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
                return [
                    f"if v[at]: {target}, at = {many}(v, at)",
                    f"else: {target} = (); at += 1",
                ]
            case _:
                one = self._statements(items, f"{target}_one", namespace)
        return [
            f"{target} = ()",
            "if v[at]:",
            f"    {target}_n, at = count(v, at)",
            f"    {target}_all = []",
            f"    for _ in range({target}_n):",
            *(f"        {line}" for line in one),
            f"        {target}_all.append({target}_one)",
            f"    {target} = tuple({target}_all)",
            "    if v[at]: unusual()",
            "at += 1",
        ]

    def _union(self, branches: Sequence[Any], target: str, namespace: str) -> list[str]:
        if branches[0] != "null" or len(branches) != 2:
            readers = {2 * i: self.record(one, namespace) for i, one in enumerate(branches)}
            return [f"{target}, at = {self._put(readers)}[v[at]](v, at + 1)"]
        present = self._statements(branches[1], target, namespace)
        return [
            "n = v[at]; at += 1",
            f"if n == 0: {target} = None",
            "elif n == 2:",
            *(f"    {line}" for line in present),
            "else: unusual()",
        ]

    def _put(self, thing: object) -> str:
        """A name for something that the generated text uses."""
        name = f"x{len(self._scope)}"
        self._scope[name] = thing
        return name


def _unusual() -> None:
    raise ValueError("not as our writer writes it")


def _number(value: bytes, at: int) -> tuple[int, int]:
    """A number of any length; three bytes are a day or an amount, six are a time."""
    first = value[at]
    if first < 128:
        return _SHORT[first], at + 1
    second = value[at + 1]
    if second < 128:
        return _SHORT[second << 7 | first & 127], at + 2
    third = value[at + 2]
    low = first & 127 | (second & 127) << 7 | (third & 127) << 14
    if third < 128:
        return (low >> 1) ^ -(low & 1), at + 3
    fourth = value[at + 3]
    if fourth > 127 and (fifth := value[at + 4]) > 127 and (sixth := value[at + 5]) < 128:
        high = fourth & 127 | (fifth & 127) << 7 | sixth << 14
        return (high << 20 | low >> 1) ^ -(low & 1), at + 6
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
            numbers.append(_SHORT[second << 7 | first & 127])
            at += 2
        else:
            number, at = _number(value, at)
            numbers.append(number)
    return tuple(numbers), at


class _Runs(dict[int, Callable[[bytes, int], re.Match[bytes] | None]]):
    """How many → the match of so many numbers, of up to nine bytes each, and the array's end."""

    def __missing__(self, count: int) -> Callable[[bytes, int], re.Match[bytes] | None]:
        run = re.compile(rb"(?:[\x80-\xff]{0,8}[\x00-\x7f]){%d}\x00" % count).match
        if count <= _RUNS_KEPT:
            self[count] = run
        return run


_RUNS_KEPT = 1000
_RUNS = _Runs()


def _behind_longs(value: bytes, at: int) -> int:
    """The index behind an array of numbers that nobody wants to know."""
    count, at = _count(value, at)
    found = _RUNS[count](value, at)
    if found is None:
        raise ValueError("not as our writer writes it")
    return found.end()


def _words(value: bytes, at: int) -> tuple[tuple[str, ...], int]:
    count, at = _count(value, at)
    words = []
    for _ in range(count):
        length, at = _length(value, at)
        words.append(value[at : (at := at + length)].decode())
    if value[at]:
        raise ValueError("not as our writer writes it")
    return tuple(words), at + 1
