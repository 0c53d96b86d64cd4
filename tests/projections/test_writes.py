"""Text made by hand for Postgres says exactly what it was made from."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.tables.days import ISO_DATE, MONTH_OF
from projections.tables.writes import Unprintable, copy, numbers, texts
from tests.projections.history import day

printable = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


@pytest.fixture(scope="module")
def server(postgres_address: str) -> Iterator[psycopg.Connection]:
    """A session that keeps nothing."""
    with psycopg.connect(postgres_address) as connection:
        connection.execute("CREATE TEMPORARY TABLE pairs (a text, b bigint)")
        yield connection


@settings(max_examples=200, deadline=None)
@given(values=st.lists(printable | st.sampled_from(['"', ",", "\\", '","', "NULL", "{}", ""])))
def test_array_of_texts_is_read_back(server: psycopg.Connection, values: list[Any]) -> None:
    """Quotes, commas, braces and backslashes are no syntax."""
    assert server.execute("SELECT %s::text[]", (texts(values),)).fetchone() == (values,)


@settings(max_examples=100, deadline=None)
@given(values=st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
def test_array_of_numbers_is_read_back(server: psycopg.Connection, values: list[Any]) -> None:
    """Any number of 64 bits, and NULL."""
    assert server.execute("SELECT %s::bigint[]", (numbers(values),)).fetchone() == (values,)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(printable, st.integers(0, 9)), min_size=1))
def test_copied_rows_are_read_back(server: psycopg.Connection, rows: list[tuple[str, int]]) -> None:
    """Every printable word arrives as it is; the empty one is NULL."""
    write = copy("pairs", "a, b", [f"{word}\t{number}" for word, number in rows])
    server.execute("DELETE FROM pairs")
    with server.cursor() as cursor, cursor.copy(write.statement.encode()) as copying:
        copying.write(write.text)

    found = server.execute("SELECT a, b FROM pairs ORDER BY ctid").fetchall()

    assert found == [(word or None, number) for word, number in rows]


@pytest.mark.parametrize("word", ["a\tb", "a\nb"])
def test_word_with_a_control_character_is_never_written(word: str) -> None:
    """A word that would shift the columns stops the batch instead."""
    with pytest.raises(Unprintable):
        copy("pairs", "a, b", [f"{word}\t1"])


@pytest.mark.parametrize("text", ["1900-01-01", "1969-12-31", "2016-02-29", "2199-12-31"])
def test_days_are_dates(text: str) -> None:
    """A day since 1970 is its ISO date and belongs to its month, before 1970 and in leap years."""
    assert ISO_DATE[day(text)] == text
    assert ISO_DATE[MONTH_OF[day(text)]] == text[:8] + "01"
