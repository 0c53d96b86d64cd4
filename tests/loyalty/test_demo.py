"""The demo from end to end, tiny, on the embedded log and the embedded Postgres."""

import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra import postgres
from infra.settings import Settings
from infra.wiring import ledger_log
from tests.loyalty.command import here, loyalty, start

TINY = ("--members", "8", "--stores", "3")


class Demo:
    """A demo that ran: where, and what it printed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ran = loyalty(home, "demo", *TINY)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One tiny demo for all questions of this module, its Postgres kept running between them."""
    ran = Demo(tmp_path_factory.mktemp("demo") / "home")
    with postgres.server(Settings(home=ran.home)):
        yield ran


def ends(home: Path) -> list[tuple[int, int]]:
    """How many events and ledger records each partition has."""
    log = ledger_log(Settings(home=home))
    try:
        partitions = range(log.identity.partitions)
        return [(log.input_end(p), log.ledger_end(p)) for p in partitions]
    finally:
        log.close()


def rows(home: Path, query: str) -> list[str]:
    """The lines of an answer, without the header."""
    ran = here(home, "sql", query, "--csv")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()[1:]


def test_the_demo_goes_from_receipts_to_redemption_rates(demo: Demo) -> None:
    """It ends well, and shows rates, segments and a household."""
    assert demo.ran.returncode == 0, demo.ran.stderr
    assert "redeemed share" in demo.ran.stdout
    assert "segment id" in demo.ran.stdout
    assert re.search(r"^Member member-\d+$", demo.ran.stdout, flags=re.MULTILINE)


def test_every_phase_says_how_long_it_took(demo: Demo) -> None:
    """Four phases, one line each."""
    said = re.findall(r"^(\w+) +[\d.]+ s  ", demo.ran.stderr, flags=re.MULTILINE)

    assert sorted(said) == ["process", "project", "publish", "verify"]


def test_the_commands_to_try_next_can_be_tried(demo: Demo) -> None:
    """Three of them, and each ends well."""
    commands = re.findall(r"^  \.venv/bin/loyalty (.*)$", demo.ran.stdout, flags=re.MULTILINE)

    assert len(commands) == 3
    for command in commands:
        ran = here(demo.home, *shlex.split(command))
        assert (ran.returncode, bool(ran.stdout)) == (0, True), (command, ran.stderr)


def test_a_voucher_is_found_by_its_code(demo: Demo) -> None:
    """The code that is printed for a member's voucher leads back to it, however it is typed."""
    key = {"voucher_key": "k" * 32}
    (member, *_) = rows(demo.home, "SELECT member_id FROM vouchers WHERE status = 'issued' LIMIT 1")
    printed = here(demo.home, "codes", member, "--csv", **key)
    first = printed.stdout.splitlines()[1]
    code = first.split(",")[0]

    assert code not in "".join(rows(demo.home, "SELECT * FROM vouchers"))
    for typed in (code, code.lower().replace("-", "")):
        assert here(demo.home, "codes", "--find", typed, "--csv", **key).stdout.splitlines()[
            1:
        ] == [first]


@pytest.mark.parametrize(
    ("words", "settings", "code", "said"),
    [
        (("M1",), {}, 2, "LOYALTY_VOUCHER_KEY"),
        ((), {"voucher_key": "k" * 32}, 2, "Say one of both"),
        (("--find", "A1"), {"voucher_key": "k" * 32}, 2, "A1 is no voucher code"),
        (("nobody",), {"voucher_key": "k" * 32}, 1, "no open voucher of nobody"),
    ],
)
def test_what_is_no_question_for_a_code_is_said(
    demo: Demo, words: tuple[str, ...], settings: dict[str, str], code: int, said: str
) -> None:
    """One sentence, and the exit code that scripts know."""
    ran = here(demo.home, "codes", *words, **settings)

    assert (ran.returncode, said in ran.stderr) == (code, True), ran.stderr


def test_a_second_demo_adds_nothing_and_says_how_to_begin_anew(demo: Demo) -> None:
    """Neither an event nor a ledger record is added."""
    before = ends(demo.home)

    again = loyalty(demo.home, "demo", *TINY)

    assert again.returncode == 0, again.stderr
    assert ends(demo.home) == before
    assert "nothing was added" in again.stdout
    assert f"rm -r {demo.home}" in again.stdout


def test_another_year_is_not_mixed_into_the_first(demo: Demo) -> None:
    """One home holds one year."""
    before = ends(demo.home)

    other = loyalty(demo.home, "demo", "--members", "9", "--stores", "3")

    assert other.returncode == 2
    assert f"rm -r {demo.home}" in other.stderr
    assert ends(demo.home) == before


def test_events_that_are_not_the_demos_are_left_alone(tmp_path: Path) -> None:
    """The demo does not run on top of somebody's work."""
    assert loyalty(tmp_path, "close-day", "2017-01-01").returncode == 0

    ran = loyalty(tmp_path, "demo", *TINY)

    assert ran.returncode == 2
    assert "LOYALTY_HOME" in ran.stderr


def test_a_demo_of_a_wrong_folder_says_so_and_leaves_no_trace(tmp_path: Path) -> None:
    """What the second process cannot do is told by the first, and another try may be another."""
    wrong = loyalty(tmp_path, "demo", "--journey", str(tmp_path))
    right = loyalty(tmp_path, "demo", "--members", "2", "--stores", "1")

    assert wrong.returncode == 2
    assert "neither transactions.parquet" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    assert right.returncode == 0, right.stderr


def test_a_killed_demo_goes_on(demo: Demo, tmp_path: Path) -> None:
    """Killed half-way and run again, it ends with the tables of an undisturbed one."""
    killed = start(tmp_path, "demo", *TINY)
    while not (tmp_path / "demo.json").exists() or not sum(e for e, _ in ends(tmp_path)):
        assert killed.poll() is None, killed.communicate()
    killed.kill()
    killed.communicate()

    again = loyalty(tmp_path, "demo", *TINY)

    assert again.returncode == 0, again.stderr
    assert [e for e, _ in ends(tmp_path)] == [e for e, _ in ends(demo.home)]
    assert digests(tmp_path) == digests(demo.home)


def digests(home: Path) -> str:
    """One hash per table."""
    ran = loyalty(home, "verify", "--digest")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout[ran.stdout.index("digest") :]


def test_a_rebuild_gives_the_same_rows(demo: Demo) -> None:
    """Tables are a function of the ledger."""
    before = digests(demo.home)

    rebuilt = loyalty(demo.home, "project", "--rebuild")

    assert rebuilt.returncode == 0, rebuilt.stderr
    assert digests(demo.home) == before


EARNING_SALE = "select min(sale_id) from points_entries where kind = 'earned'"


def test_a_sale_is_explained_down_to_the_line(demo: Demo) -> None:
    """Each promotion's points, with programme version, amount and lines."""
    [sale_id] = rows(demo.home, EARNING_SALE)

    told = here(demo.home, "explain", sale_id)

    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"Sale {sale_id}: sale on ")
    assert re.search(r"\(grocery v2\) gave \d+ \w+ on [\d.]+ \(line \d+: \d+", told.stdout)


def test_a_receipt_number_that_many_sales_have_is_asked_back(demo: Demo) -> None:
    """Tills count from 1 every day; the sales meant are listed."""
    shared = "from sales group by receipt_no having count(*) between 2 and 9 order by 1 limit 1"
    [found] = rows(demo.home, f"select receipt_no, min(sale_id), max(sale_id) {shared}")
    receipt_no, *sales = found.split(",")

    told = here(demo.home, "explain", receipt_no)

    assert told.returncode == 2
    assert [sale for sale in sales if sale not in told.stderr] == []


def test_a_balance_is_explained_as_it_is_in_the_tables(demo: Demo) -> None:
    """The sentences and the tables are two readings of one ledger."""
    for row in rows(demo.home, "select account_id, wallet, available, pending from balances"):
        account, wallet, available, pending = row.split(",")
        told = here(demo.home, "explain", account, "--last", "0").stdout
        if wallet.startswith("tier:"):
            assert re.search(
                rf"^Level \S+ on {wallet.removeprefix('tier:')}\b.* counted", told, re.MULTILINE
            )
        else:
            assert f"{wallet}: {available} available, {pending} pending" in told


def test_a_balance_can_be_explained_as_of_a_day(demo: Demo) -> None:
    """Nothing that came later is told."""
    [member] = rows(demo.home, "select account_id from members order by sale_count desc limit 1")

    told = here(demo.home, "explain", member, "--at", "2017-03-31").stdout

    assert "March 2017" in told
    assert not re.search(r"on \d+ (April|May|December) 2017 at store", told)


def test_a_report_can_be_had_as_csv(demo: Demo) -> None:
    """Column names first, then rows."""
    ran = here(demo.home, "report", "redemption-rates", "--csv")

    assert ran.returncode == 0
    assert ran.stdout.startswith("wallet_or_voucher,instrument,issued,")


def test_a_report_says_below_its_numbers_what_they_leave_out(demo: Demo) -> None:
    """What stands at the head of its file is for its readers; other programs want rows alone."""
    read = here(demo.home, "report", "vouchers")
    csv = here(demo.home, "report", "vouchers", "--csv")

    assert " ".join(read.stdout.split()).endswith("what they took off is missing from taken_off.")
    assert "missing" not in csv.stdout


def test_every_report_can_be_asked(demo: Demo) -> None:
    """The list names nothing that does not work."""
    listed = here(demo.home, "report", "--csv").stdout.splitlines()[1:]

    assert listed
    for name in (line.split(",")[0] for line in listed):
        ran = here(demo.home, "report", name)
        assert ran.returncode == 0, (name, ran.stderr)


def test_an_analyst_only_reads(demo: Demo) -> None:
    """`sql` can change nothing and see nothing but reports."""
    for query in (
        "delete from sales",
        "create table mine (x int)",
        "select * from pg_authid",
        "commit; set session characteristics as transaction read write; delete from sales",
    ):
        ran = here(demo.home, "sql", query)
        assert ran.returncode == 2, query
        assert "Traceback" not in ran.stderr


def test_a_changed_ledger_is_found(demo: Demo, tmp_path: Path) -> None:
    """One byte of one record is enough; verify names the place and ends with 1."""
    for file in demo.home.glob("log*"):
        shutil.copy(file, tmp_path / file.name)
    change_one_byte(tmp_path)

    ran = loyalty(tmp_path, "verify", "--ledger-only")

    assert ran.returncode == 1
    assert ran.stderr.strip().splitlines()[-1].startswith("Partition 2: ")


def change_one_byte(home: Path) -> None:
    """Change the last byte of a record in the middle of partition 2."""
    [path] = home.glob("log*.sqlite")
    with sqlite3.connect(path) as db:
        ids = [row[0] for row in db.execute("select place from ledger order by place")]
        middle = [place for place in ids if place >> 40 == 2][50]
        [(value,)] = db.execute("select value from ledger where place = ?", (middle,)).fetchall()
        changed = value[:-1] + bytes([value[-1] ^ 1])
        db.execute("update ledger set value = ? where place = ?", (changed, middle))
    db.close()


def test_what_is_not_there_is_said(demo: Demo) -> None:
    """Unknown members and reports are wrong use, told in a sentence."""
    nobody = here(demo.home, "explain", "nobody")
    nothing = here(demo.home, "report", "nothing")

    assert (nobody.returncode, nothing.returncode) == (2, 2)
    assert "no member and no receipt nobody" in nobody.stderr
    assert "redemption-rates" in nothing.stderr


def test_the_database_stays_while_somebody_waits(demo: Demo) -> None:
    """`db url --wait` gives an address that works until it is stopped."""
    waiting = start(demo.home, "db", "url", "--wait")
    try:
        assert waiting.stdout is not None
        url = waiting.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            [count] = connection.execute("select count(*) from sales").fetchone() or [0]
        assert count > 0
    finally:
        waiting.terminate()
        waiting.communicate()
    assert waiting.returncode == 0
