"""The tables of `reporting` as Postgres knows them, written out for people.

`projections/README.md` holds exactly this text behind its introduction; a test compares them.
"""

import psycopg

_VIEWS = """
    SELECT c.relname, obj_description(c.oid, 'pg_class')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'reporting' AND c.relkind = 'v' ORDER BY c.relname
"""
_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum)
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'reporting' AND c.relname = %s AND a.attnum > 0 ORDER BY a.attnum
"""


def describe(connection: psycopg.Connection) -> str:
    """Every view with its columns, types and comments, as Markdown."""
    parts = []
    for view, about in connection.execute(_VIEWS).fetchall():
        rows = [
            f"| `{name}` | {kind.replace('timestamp with time zone', 'timestamptz')} | {says} |"
            for name, kind, says in connection.execute(_COLUMNS, (view,))
        ]
        head = f"### {view}\n\n{about}\n\n| column | type | what it says |\n|---|---|---|\n"
        parts.append(head + "\n".join(rows) + "\n")
    return "\n".join(parts)


def main() -> None:
    """Print the description of the installed tables: `python -m projections.describe`."""
    from infra import postgres  # noqa: PLC0415  only this entry needs a server
    from infra.settings import load  # noqa: PLC0415  see above

    settings = load()
    with postgres.server(settings), postgres.connect(settings, "owner") as connection:
        print(describe(connection))  # noqa: T201  this is what it is for


if __name__ == "__main__":
    main()
