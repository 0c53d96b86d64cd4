"""Text made by hand for Postgres says exactly what it was made from."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.tables import sale_lines
from projections.tables.days import ISO_DATE, MONTH_OF
from projections.tables.place import Place
from projections.tables.writes import Copy, Unprintable, copy, numbers, texts
from schemas.events import Line, SaleRecorded
from schemas.ledger import Record
from tests.projections.history import day
from tests.stream.histories import header

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


def test_words_of_articles_may_hold_what_columns_may_not(server: psycopg.Connection) -> None:
    """A till may send any word: it takes no column apart, and letters stay as they are."""
    words = ("DE\tLI", "a\nb\r\0", "th\u00e9\u00a0\\ x")
    labels = ("e\tco", '"q"')
    line = Line(1, "sku", *words, "", labels, 1000, 500, (), 500, 0, ())
    sale = SaleRecorded(header("s1", "m1", day("2017-01-01")), "1", "", "", "USD", (line,), ())
    record = Record("s1", "SaleRecorded", b"", "m1", "m1", business_date=day("2017-01-01"))
    rows = sale_lines.Rows({0})
    sale_lines.add(rows, Place(record, 0, 1, 1, ""), sale)
    [written] = sale_lines.writes(rows)
    assert isinstance(written, Copy)
    server.execute(
        "CREATE TEMPORARY TABLE sale_lines (sale_id text, line_no int, account_id text,"
        " department text, category text, brand text, labels text[], net_minor bigint,"
        " currency text, sold_on date, business_date date, ledger_partition int, ledger_seq bigint)"
    )
    with server.cursor() as cursor, cursor.copy(written.statement.encode()) as copying:
        copying.write(written.text)

    found = server.execute("SELECT department, category, brand, labels FROM sale_lines").fetchone()
    assert found == ("DE LI", "a b  ", "th\u00e9\u00a0\\ x", ["e co", '"q"'])
