"""Many Avro datums of one schema at once, by columns: what makes receiving sales cheap.

Datums of one schema, joined, are the body of an Avro object container, and Polars reads that into
columns several times faster than anything reads one datum after the other.  By itself that is not
safe: one bad datum fails the whole batch, or shifts its neighbours without a word.  So a batch
counts only if all of this holds, and otherwise the caller reads one by one with fastavro:

- there are as many rows as datums;
- every bound of every field, as our types state it, holds for the whole column;
- the length of each row's canonical Avro encoding, computed from the columns, is the length of
  its datum.

The last is a proof that no row has bytes of another.  No encoding of a row is shorter than the
canonical one, so each row took at least its datum's length; all rows together took no more than
all bytes; hence each took exactly its datum, and the datum is the canonical encoding of its row.
That holds for numbers and words, whose other encodings are longer.  (A number cut to the 32 bits of
its column took five bytes at least, and no bound of ours lets in one that needs five.)  A boolean,
which any byte will do for, has none: types with one are not read here.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

import fastavro
import polars as pl
from fastavro.types import Schema
from msgspec.inspect import IntType, StrType, StructType, VarTupleType, type_info

from schemas.varint import write_long

_MARK = bytes(16)
"""The container's mark behind a block; any will do, since there is one block."""


class NotCertain(Exception):
    """The batch may hold something else than it seems: it must be read one by one."""


class BatchReader:
    """Reads datums of one schema into records of one of our types."""

    def __init__(self, schema: Schema, kind: type[Any]) -> None:
        head = BytesIO()
        fastavro.writer(head, schema, [], codec="null", sync_marker=_MARK)
        self._head = head.getvalue()
        shape: Any = type_info(kind)
        self._rows = _Rows(shape)

    def read(self, datums: Sequence[bytes]) -> list[Any]:
        """The record of each datum.

        Raises:
            NotCertain: a datum is not the canonical encoding of a record within its bounds, or
                it cannot be said of this batch.
        """
        body = b"".join(datums)
        block = write_long(len(datums)) + write_long(len(body)) + body + _MARK
        try:
            frame = pl.read_avro(BytesIO(self._head + block))
        # A panic is a BaseException, and whatever else foreign bytes bring says the same.
        except (Exception, pl.exceptions.PanicException) as problem:  # noqa: BLE001
            raise NotCertain(str(problem)) from None
        if len(frame) != len(datums):
            raise NotCertain(f"{len(frame)} rows of {len(datums)} datums")
        records, sizes = self._rows.read(frame)
        if not (pl.Series(list(map(len, datums)), dtype=pl.Int64) == sizes).all():
            raise NotCertain("a row is shorter or longer than its datum")
        return records


_ONE_BYTE_MAX = 63
_TWO_BYTES_MAX = 8191


class _Rows:
    """The columns of one type: what each row is, and how many bytes it has in Avro."""

    def __init__(self, shape: StructType) -> None:
        self._kind: type[Any] = shape.cls
        self._fields: list[tuple[str, Any]] = []
        lengths: list[pl.Expr] = []
        for field in shape.fields:
            match field.type:
                case StructType():
                    self._fields.append((field.name, _Rows(field.type)))
                case VarTupleType():
                    self._fields.append((field.name, _Lists(field.name, field.type)))
                    lengths.append(pl.col(field.name).list.len())
                case StrType():
                    self._fields.append((field.name, field.type))
                    lengths.append(pl.col(field.name).str.len_bytes())
                case IntType():
                    self._fields.append((field.name, field.type))
                case _:
                    raise NotImplementedError(f"no columns of {field.type}")
        self._lengths = lengths

    def read(self, frame: pl.DataFrame) -> tuple[list[Any], "Sizes"]:
        """The records, and the bytes of each.

        Raises:
            NotCertain: a value breaks a bound of its type.
        """
        # One call for all lengths, since each call of Polars costs as much as deciding a sale.
        lengths = frame.select_seq(self._lengths)
        values: list[Sequence[Any]] = []
        sizes: Sizes = 0
        for name, shape in self._fields:
            column = frame.get_column(name)
            more: Sizes
            match shape:
                case _Rows():
                    inner, more = shape.read(column.struct.unnest())
                    values.append(inner)
                case _Lists():
                    inner, more = shape.read(column, lengths.get_column(name))
                    values.append(inner)
                case IntType():
                    values.append(column.to_list())
                    more = _long_sizes(column, shape)
                case _:
                    values.append(column.to_list())
                    more = _word_sizes(lengths.get_column(name), shape)
            sizes = more + sizes
        return list(map(self._kind, *values)), sizes


class _Lists:
    """A column of lists, as tuples."""

    def __init__(self, name: str, shape: VarTupleType) -> None:
        self._count_max = min(shape.max_length or 0, _TWO_BYTES_MAX)
        self._items = pl.col(name).filter(pl.col(name).list.len() > 0).explode()
        self._shape: Any = shape.item_type
        self._rows = _Rows(shape.item_type) if isinstance(shape.item_type, StructType) else None

    def read(self, column: pl.Series, counts: pl.Series) -> tuple[list[Any], "Sizes"]:
        """The tuples, and the bytes of each.

        Raises:
            NotCertain: a list is too long, or a value in it breaks a bound of its type.
        """
        highest: Any = counts.max()
        if not highest:
            return [()] * len(counts), 1
        if highest > self._count_max:
            raise NotCertain("a list is too long")
        flat = column.to_frame().select_seq(self._items).to_series()
        if self._rows:
            items, item_sizes = self._rows.read(flat.struct.unnest())
        else:
            items, item_sizes = flat.to_list(), _word_sizes(flat.str.len_bytes(), self._shape)
        together = tuple(items)
        ends = counts.cum_sum()
        rows = [together[start:end] for start, end in pairwise([0, *ends.to_list()])]
        # A block is its count, its items and a zero behind it; no items are only the zero.
        frames = (counts > 0).cast(pl.UInt32) + 1
        if highest > _ONE_BYTE_MAX:
            frames += (counts > _ONE_BYTE_MAX).cast(pl.UInt32)
        if isinstance(item_sizes, int):
            return rows, counts * item_sizes + frames
        return rows, _sums(item_sizes, ends) + frames


Sizes = pl.Series | int
"""The bytes of each row's canonical encoding: one number where all have the same."""


def _sums(sizes: pl.Series, ends: pl.Series) -> pl.Series:
    """The sum of the sizes before each end, and from the end before it."""
    through = pl.Series([0], dtype=pl.UInt32).append(sizes.cum_sum())
    at_end: pl.Series = through[ends]
    return at_end - at_end.shift(1, fill_value=0)


def _long_sizes(column: pl.Series, shape: IntType) -> Sizes:
    low: Any = column.min()
    high: Any = column.max()
    if column.null_count() or low < shape.ge or high > shape.le:
        raise NotCertain("a number is missing or out of its bounds")
    sizes: Sizes = 1
    bound = 64
    while low < -bound or high >= bound:
        longer = (column >= bound).cast(pl.UInt32)
        if low < -bound:
            longer += (column < -bound).cast(pl.UInt32)
        sizes = longer + sizes
        bound <<= 7
    return sizes


def _word_sizes(lengths: pl.Series, shape: StrType) -> Sizes:
    """The bound of a word counts characters, this counts bytes: in doubt, one by one."""
    low: Any = lengths.min()
    high: Any = lengths.max()
    longest = min(shape.max_length or 0, _TWO_BYTES_MAX)
    if lengths.null_count() or low < (shape.min_length or 0) or high > longest:
        raise NotCertain("a word is missing, too short or too long")
    if low == high:
        return int(low) + 1 + int(low > _ONE_BYTE_MAX)
    sizes: pl.Series = lengths + 1
    if high > _ONE_BYTE_MAX:
        sizes += (lengths > _ONE_BYTE_MAX).cast(pl.UInt32)
    return sizes
