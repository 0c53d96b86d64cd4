"""A reader for one Avro schema, generated: from bytes straight to our records.

`reader(schema, kinds)` compiles one function per record of the schema, in which every field is a
few statements on local variables; a record within a record is read in place.  It reads what our
writer writes: every array in one block.  Avro allows more; on anything else it raises, and the
caller asks fastavro, which is the reference: a strange record is read slower but never differently.

Where our types state bounds, a value that may break one is unusual too: a word by its bytes, which
are at least its characters, a number by itself.

Words that repeat endlessly, such as those of an article, are remembered by their bytes: of a type
that is named for it, words that stand together are looked up together.

Who has no use for some arrays of numbers names them, and they are passed over: a regular
expression finds the end of so many numbers at a fraction of the price of making them.

A reader raises UNUSUAL for bytes it does not take; bytes behind the record are the caller's to see.
"""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from schemas import fast_values
from schemas.bounds import UNBOUNDED, Bounds, bounds_of

Read = Callable[[bytes, int], tuple[Any, int]]
"""The record that starts at an index of the bytes, and the index behind it."""

UNUSUAL = (ValueError, IndexError, KeyError, TypeError)
"""What a reader raises: UnicodeDecodeError is a ValueError."""


def reader(
    schema: Mapping[str, Any],
    kinds: Mapping[str, type],
    passed_over: Collection[str] = (),
    remembered: Collection[str] = (),
) -> Read:
    """The function that makes a record of Avro bytes.

    Args:
        schema: the plain schema of a record: names not resolved, no logical types.
        kinds: full name → our type, whose fields are the schema's, in its order.
        passed_over: names of fields, of any record, that are arrays of numbers and stay empty.
        remembered: names of records whose words repeat.
    """
    functions = _Functions(kinds, frozenset(passed_over), frozenset(remembered))
    return functions.record(schema, str(schema.get("namespace", "")))


class _Functions:
    """The functions made so far, one per named type of the schema that is not read in place."""

    def __init__(
        self, kinds: Mapping[str, type], passed_over: frozenset[str], remembered: frozenset[str]
    ) -> None:
        self._kinds = kinds
        self._passed_over = passed_over
        self._remembered = remembered
        self._records: dict[str, Read] = {}
        self._fixed: dict[str, int] = {}
        self._scope: dict[str, Any] = {
            name: getattr(fast_values, name) for name in fast_values.ASKED_FOR
        }

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
        kind = self._kinds[f"{namespace}.{schema['name']}"]
        bounds = bounds_of(kind)
        lines: list[str] = []
        fields = schema["fields"]
        together = _words_together(fields) if schema["name"] in self._remembered else range(0)
        for i, field in enumerate(fields):
            here = f"{target}_{i}"
            if field["name"] in self._passed_over:
                lines += [
                    f"{here} = ()",
                    "if v[at]: at = behind_longs(v, at)",
                    "else: at += 1",
                ]
            elif i in together:
                if i == together[0]:
                    words = [fields[j]["name"] for j in together]
                    lines += self._together(
                        [f"{target}_{j}" for j in together], [bounds[name] for name in words]
                    )
            else:
                lines += self._statements(field["type"], here, namespace, bounds[field["name"]])
        targets = [f"{target}_{i}" for i in range(len(fields))]
        return [*lines, f"{target} = {self._put(kind)}({', '.join(targets)})"]

    def _together(self, targets: Sequence[str], bounds: Sequence[Bounds]) -> list[str]:
        """The lines that read several words by looking up all their bytes at once."""
        known = self._put({})
        limits = self._put(tuple(bounds))
        return [
            "start = at",
            *(
                "n = v[at]; at = at + 1 + LENGTH[n] if n < 128 else behind_word(v, at)"
                for _ in targets
            ),
            f"words_ = {known}.get(v[start:at])",
            f"if words_ is None: words_ = remember({known}, {limits}, v, start, at)",
            f"{', '.join(targets)} = words_",
        ]

    def _statements(
        self, schema: Any, target: str, namespace: str, bounds: Bounds = UNBOUNDED
    ) -> list[str]:
        """The lines that read one value into a local variable."""
        match schema:
            case "string":
                return [
                    "n = v[at]; at += 1",
                    "if n > 127: n, at = length(v, at - 1)",
                    "else: n = LENGTH[n]",
                    *_checked("n", bounds, 0, sys.maxsize),
                    f"{target} = v[at:(at := at + n)].decode() if n else ''",
                ]
            case "int" | "long":
                return _number_lines(target, bounds)
            case "boolean":
                return ["n = v[at]; at += 1", "if n > 1: unusual()", f"{target} = n == 1"]
            case str():
                return self._named(schema, target, namespace)
            case [*branches]:
                return self._union(branches, target, namespace)
            case {"type": "array", "items": items}:
                return [
                    "if v[at]:",
                    *(f"    {line}" for line in self._array(items, target, namespace, bounds)),
                    *(f"    {line}" for line in _checked(f"len({target})", bounds, 0, sys.maxsize)),
                    f"else: {target} = (); at += 1",
                ]
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
                return self._statements(inner, target, namespace, bounds)
            case _:
                raise NotImplementedError(f"no reader for {schema}")

    def _named(self, name: str, target: str, namespace: str) -> list[str]:
        full = name if "." in name else f"{namespace}.{name}"
        if full in self._fixed:
            return [f"{target} = v[at:(at := at + {self._fixed[full]})]"]
        return [f"{target}, at = {self._put(self._records[full])}(v, at)"]

    def _array(self, items: Any, target: str, namespace: str, bounds: Bounds) -> list[str]:
        """The lines that read an array which is not empty."""
        inner = bounds.items or UNBOUNDED
        match items:
            case {"type": "int" | "long" | "string" as plain, **rest} if not rest:
                return self._array(plain, target, namespace, bounds)
            case "string":
                most = sys.maxsize if inner.most is None else inner.most
                return [f"{target}, at = words(v, at, {most})"]
            case "int" | "long":
                return [f"{target}, at = longs(v, at)"]
            case _:
                one = self._statements(items, f"{target}_one", namespace, inner)
        return [
            f"{target}_n, at = count(v, at)",
            f"{target}_all = []",
            f"for _ in range({target}_n):",
            *(f"    {line}" for line in one),
            f"    {target}_all.append({target}_one)",
            f"{target} = tuple({target}_all)",
            "if v[at]: unusual()",
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


def _number_lines(target: str, bounds: Bounds) -> list[str]:
    """The lines that read a number, of one byte, of two, or of more."""
    natural = bounds.least == 0
    short = "NATURAL" if natural else "SHORT"
    return [
        "n = v[at]; at += 1",
        f"if n < 128: {target} = {short}[n]",
        f"elif (m := v[at]) < 128: {target} = {short}[m << 7 | n & 127]; at += 1",
        "else:",
        f"    {target}, at = number(v, at - 1)",
        *(f"    {line}" for line in _checked(target, bounds, -(1 << 63), 1 << 63)),
        *_checked(target, bounds, 0 if natural else -(1 << 13), (1 << 13) - 1),
    ]


def _words_together(fields: Sequence[Mapping[str, Any]]) -> range:
    """The places of the longest run of words among the fields of a record."""
    longest = range(0)
    start = 0
    for i, field in enumerate([*fields, {"type": "end"}]):
        if field["type"] != "string":
            longest = max(longest, range(start, i), key=len)
            start = i + 1
    return longest


def _checked(value: str, bounds: Bounds, least: int, most: int) -> list[str]:
    """The line that refuses what breaks a bound, if a value between these can."""
    low = bounds.least if bounds.least is not None and bounds.least > least else None
    high = bounds.most if bounds.most is not None and bounds.most < most else None
    if low is None and high is None:
        return []
    if low is None:
        return [f"if {value} > {high}: unusual()"]
    if high is None:
        return [f"if {value} < {low}: unusual()"]
    return [f"if not {low} <= {value} <= {high}: unusual()"]
