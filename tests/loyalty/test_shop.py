"""A stranger's shop: what `loyalty init` prints can be typed as it is, and it adds up."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

import pytest

from infra.embedded_file import FILE_NAME
from infra.postgres import connect, server
from infra.settings import Settings
from infra.wiring import ledger_log
from loyalty.people import register
from producers.people.identifiers import identifier
from projections.definitions import names
from tests.loyalty.command import here, loyalty

CANARIES = ("Lovelace", "Jacquard", "794600", "7946 00", "engine@example", "26000001", "2600 0001")
ASKING = {"report", "explain"}
IN_PROCESS = {"test", "activate", "publish", "close-day", "enrol"}


class Shop:
    """A shop in a folder of its own, with what each printed step said."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.settings = settings
        self.said: dict[str, CompletedProcess[str]] = {}

    def type(self, *words: str) -> CompletedProcess[str]:
        """Type a command."""
        run = here if words[0] in IN_PROCESS else loyalty
        return run(self.home, *words, **self.settings)

    def answers(self) -> list[CompletedProcess[str]]:
        """What the steps that ask said."""
        return [done for name, done in self.said.items() if name.split()[0] in ASKING]

    def of_member(self, word: str) -> str:
        """What `explain` tells of a member."""
        found = self.type("find", word, "--csv").stdout.splitlines()[1].split(",")[0]
        return self.type("explain", found).stdout


@contextmanager
def opened(**settings: str) -> Iterator[Shop]:
    """A shop after all steps that `init` prints."""
    # The server is held here, so that it starts once; not in pytest's own folder, which is closed
    # to the user that root's Postgres runs as.
    with (
        TemporaryDirectory(prefix="loyalty-shop-", ignore_cleanup_errors=True) as folder,
        server(Settings(home=Path(folder) / ".loyalty")),
    ):
        made = Shop(Path(folder) / ".loyalty", **settings)
        for line in here(made.home, "init", f"{folder}/shop").stdout.splitlines():
            words = shlex.split(line)[1:]
            made.said[" ".join(words[:2])] = done = made.type(*words)
            assert done.returncode == 0, f"{line}\n{done.stderr}"
        yield made


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A shop on the embedded log."""
    with opened() as made:
        yield made


@pytest.mark.long
def test_the_same_steps_do_the_same_on_kafka(shop: Shop, kafka_settings: Settings) -> None:
    """A broker changes where events lie, and nothing else that anybody is told."""
    names = ("bootstrap_servers", "topic_prefix", "group")
    with opened(**{name: getattr(kafka_settings, name) for name in names}) as on_kafka:
        told = [re.sub(r"ledger \d+/\d+", "", done.stdout) for done in on_kafka.answers()]

    assert told == [re.sub(r"ledger \d+/\d+", "", done.stdout) for done in shop.answers()]


def test_the_ten_sales_arrive(shop: Shop) -> None:
    """Two stores, two days, no receipt missing."""
    [published] = [done for name, done in shop.said.items() if name.startswith("publish")]

    assert "145.60 EUR" in published.stdout
    assert "4 days whole, 0 with gaps" in published.stderr


def test_a_receipt_is_explained_by_the_number_on_the_paper(shop: Shop) -> None:
    """8.00 of tea and 4.00 of cake are 12 points, and the tea counts twice."""
    told = shop.said["explain 1001"].stdout

    assert "gave 12 points on 12.00 (line 1: 8, line 2: 4)" in told
    assert "own-brand (corner-shop v1) gave 8 points on 8.00 (line 1: 8)" in told


def test_no_answer_of_several_questions_is_left_out(shop: Shop) -> None:
    """Two questions are refused together; one may have a setting before it, and a semicolon."""
    several = shop.type("sql", "select 1; select 2")
    one = shop.type("sql", "set datestyle to german; select 1 as a;", "--csv")

    assert (several.returncode, several.stdout) == (2, "")
    assert "ask one at a time" in several.stderr
    assert one.stdout == "a\n1\n"


def test_a_refused_receipt_is_explained_by_the_number_on_the_paper(shop: Shop) -> None:
    """Whoever brings the paper is told why nothing came of it, by store and day too."""
    folder = shop.home.parent
    (folder / "unknown.csv").write_text(
        "store_id,till_id,receipt_no,occurred_at,card,original_business_date,"
        "original_receipt_no,line_no,quantity,net\n"
        "S1,1,9077,2026-03-14T13:00:00Z,2600 0001,2026-03-14,9076,1,1,8.00\n",
        "utf-8",
    )
    assert shop.type("publish", str(folder / "unknown.csv"), "--currency", "EUR").returncode == 0
    shop.type("run", "--until-end")

    told = shop.type("explain", "9077").stdout

    assert "It was refused, SALE_UNKNOWN" in told
    assert shop.type("explain", "9077", "--store", "S1", "--day", "2026-03-14").stdout == told
    assert shop.type("explain", "9077", "--store", "S2").returncode == 2


def test_a_number_of_many_receipts_is_narrowed_by_store_and_day(shop: Shop) -> None:
    """The newest are listed, and how many more there are; what stands on one paper is told whole.

    78 is an exchange: a return, and what was bought instead.
    """
    folder = shop.home.parent
    head, first, *_ = (folder / "shop" / "sales.csv").read_text("utf-8").splitlines()
    day = date.fromisoformat(first.split(",")[3][:10])
    rows = [
        f"S{store},{till},77,{on}T12:00:00,,TEA,1,8.00,8.00,cash"
        for on in (day, day + timedelta(1))
        for store in (1, 2)
        for till in (1, 2, 3)
    ]
    rows.append(f"S1,1,78,{day}T13:00:00,,TEA,1,8.00,8.00,cash")
    (folder / "many.csv").write_text("\n".join([head, *rows]), "utf-8")
    (folder / "back.csv").write_text(
        "store_id,till_id,receipt_no,occurred_at,original_till_id,original_business_date,"
        f"original_receipt_no,line_no,quantity,net\nS1,1,78,{day}T13:00:00,1,{day},77,1,1,8.00\n",
        "utf-8",
    )
    for file in ("many.csv", "back.csv"):
        words = ("--zone", "Europe/Paris", "--currency", "EUR")
        assert shop.type("publish", str(folder / file), *words).returncode == 0
    shop.type("run", "--until-end")

    many = shop.type("explain", "77")
    of_store = shop.type("explain", "77", "--store", "S2", "--day", str(day))
    exchange = shop.type("explain", "78").stdout

    newest = [line.strip() for line in many.stderr.splitlines()[1:-1]]
    assert many.returncode == 2
    assert many.stderr.startswith("12 sales and returns have receipt number 77; say which")
    assert newest == sorted(newest[:6]) + sorted(newest[6:])
    assert [one.split("|")[2] for one in newest] == [str(day + timedelta(1))] * 6 + [str(day)] * 4
    assert many.stderr.splitlines()[-1] == "  … 2 more"
    assert of_store.stderr.startswith("3 sales and returns have receipt number 77")
    assert exchange.startswith(f"Sale S1|1|{day}|78|sale: sale on")
    assert f"\nReturn S1|1|{day}|78|return: return on" in exchange
    assert f"Of sale S1|1|{day}|77|sale came back: line 1, 1 for 8.00." in exchange


def test_publishing_again_changes_nothing(shop: Shop) -> None:
    """Every event is known by its id."""
    before = shop.of_member("Ada")
    folder = shop.home.parent / "shop"
    again = shop.type(
        "publish", str(folder / "sales.csv"), "--products", str(folder / "products.csv"),
        "--stores", str(folder / "stores.csv"),
    )  # fmt: skip
    shop.type("run", "--until-end")

    assert again.returncode == 0
    after = shop.of_member("Ada")
    assert after.startswith(before)
    assert after.count("DUPLICATE") == 3


def test_a_time_on_the_wall_is_that_of_the_store(shop: Shop) -> None:
    """`LOYALTY_STORES` knows where a store is; without it the time has to say its distance."""
    words = ("enrol", "--card", "2600 0088", "--store", "S1", "--at", "2026-03-14T08:00:00")
    stores = str(shop.home.parent / "shop" / "stores.csv")

    alone = here(shop.home, *words)
    known = here(shop.home, *words, stores=stores)

    assert (alone.returncode, known.returncode) == (2, 0), known.stderr
    assert "occurred_at: it has no distance from UTC" in alone.stderr


def test_a_region_is_what_the_stores_file_told_last(shop: Shop) -> None:
    """It cuts old sales too, is not the ledger's, so a rebuild keeps it, and silence is no news."""
    before = regions(shop)
    folder = shop.home.parent / "shop"
    told = shop.home.parent / "stores.csv"
    told.write_text("store_id,region\nS1,south\nS2,\n", "utf-8")
    again = shop.type(
        "publish", str(folder / "sales.csv"), "--stores", str(told),
        "--zone", "Europe/Paris", "--currency", "EUR",
    )  # fmt: skip
    moved = regions(shop)
    rebuilt = shop.type("project", "--rebuild")

    assert (again.returncode, rebuilt.returncode) == (0, 0), again.stderr + rebuilt.stderr
    assert before == {"north": "1", "south": "1"}
    assert moved == regions(shop) == {"south": "2"}
    assert "S1,south," in shop.type("report", "stores", "--csv").stdout


def regions(shop: Shop) -> dict[str, str]:
    """How many stores each region has, as its report says."""
    rows = shop.type("report", "regions", "--csv").stdout.splitlines()[1:]
    return dict(row.split(",")[:2] for row in rows)


def test_what_is_later_than_the_day_asked_about_is_said_to_be(shop: Shop) -> None:
    """And not to be unknown, or told as if it had happened."""
    sale = shop.type("explain", "1001", "--at", "2001-01-01")
    member = shop.type("explain", "2600 0001", "--at", "2001-01-01")

    assert (sale.returncode, member.returncode) == (2, 2)
    assert sale.stderr.strip().endswith(", after 1 January 2001.")
    assert "the ledger knows nothing up to 1 January 2001" in member.stderr


def test_wrong_rows_are_told_kept_and_end_with_1(shop: Shop) -> None:
    """The rejects can be mended and published by themselves."""
    file, rejects = shop.home.parent / "late.csv", shop.home.parent / "rejects.csv"
    head = (shop.home.parent / "shop" / "sales.csv").read_text("utf-8").splitlines()[0]
    wrong = "S1,1,9001,2026-03-14T10:00:00,,TEA,1,8.00,8.oo,cash"
    file.write_text(f"{head}\n{wrong}\n", "utf-8")
    done = shop.type("publish", str(file), "--zone", "Europe/Paris", "--currency", "EUR",
                     "--rejects", str(rejects))  # fmt: skip

    assert done.returncode == 1
    assert f"{file}:2, net, it is no amount; write it as 12.50" in done.stderr
    assert rejects.read_text("utf-8") == f"{head}\n{wrong}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("publish", "nowhere.csv"), "cannot be read"),
        (("publish", "README.md", "--simulate"), "either files or a year"),
        (("publish", "README.md", "--zone", "Mars/Olympus"), "no time zone Mars/Olympus"),
        (("publish", "README.md", "--currency", "euro"), "no currency"),
        (("publish", "--simulate", "--stores", "many"), "is a number"),
        (("enrol", "--name", "Ada"), "neither member_id nor card"),
        (("enrol", "--phone", "12"), "phone: it is no phone number"),
        (("enrol", "--card", "2600 0077", "--at", "soon"), "occurred_at: it is no time"),
        (
            ("enrol", "--card", "2600 0077", "--consent", "marketing/mail"),
            "consents.channel: it is none of email, sms and post",
        ),
        (("init", "."), "is there already"),
    ],
)
def test_wrong_use_is_one_sentence(words: tuple[str, ...], said: str, shop: Shop) -> None:
    """And exit code 2."""
    done = here(shop.home, *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_people_are_found_labelled_corrected_and_given_another_card(shop: Shop) -> None:
    """Each command takes a card, and what it did is told by `explain`."""
    number = "2600 0003"
    for words in (
        ("enrol", "--card", number, "--name", "Grace Hopper", "--email", "grace@example.org"),
        ("label", "vip", "grace@example.org", "--by", "Chief"),
        ("adjust", number, "25", "--because", "goodwill", "--approved-by", "Chief"),
        ("card", "replace", number, "2600 0042"),
        ("card", "block", "2600 0042", "--because", "lost"),
        ("run", "--until-end"),
    ):
        done = shop.type(*words)
        assert done.returncode == 0, done.stderr
    told = shop.of_member("hopper")

    for sentence in (
        "label vip put on",
        "a correction of +25 points: goodwill (approved by Chief)",
        "counts no more: replaced",
        "in place of card",
        "counts no more: lost",
    ):
        assert sentence in told
    assert shop.type("find", "nobody at all").returncode == 1


def test_a_card_is_blocked_once_whoever_blocks_it_again(shop: Shop) -> None:
    """Lost and blocked, then replaced, is the ordinary way; the ledger refuses none of it."""
    old, new = "2600 0061", "2600 0062"
    for words in (
        ("enrol", "--card", old, "--name", "Rosalind Lost"),
        ("card", "block", old, "--because", "lost"),
        ("card", "block", old, "--because", "stolen"),
        ("card", "replace", old, new),
        ("run", "--until-end"),
    ):
        done = shop.type(*words)
        assert done.returncode == 0, done.stderr
    told = shop.type("explain", new).stdout

    assert "counts no more: lost" in told
    assert "in place of card" in told
    assert "refused" not in told


def test_a_block_that_was_cut_off_is_told_when_it_is_typed_again(shop: Shop) -> None:
    """The register had it, and the log did not: to type it again tells the log, once."""
    number = "2600 0065"
    settings = Settings(home=shop.home)
    shop.type("enrol", "--card", number, "--name", "Mary Halfway")
    with register(settings) as known, known.turn():
        card = identifier("card", number, settings.phone_prefix)
        assert card is not None
        known.block(known.digest(card), 1_800_000_000_000)

    typed = [shop.type("card", "block", number, "--because", "lost") for _ in range(2)]
    shop.type("run", "--until-end")

    assert [one.returncode for one in typed] == [0, 0]
    assert shop.of_member("halfway").count("counts no more: lost") == 1


def test_what_is_typed_again_is_told_once(shop: Shop) -> None:
    """Whoever doubts that a command was heard types it again; a card has one in its place."""
    first, second, third = "2600 0091", "2600 0092", "2600 0093"
    enrol = ("enrol", "--card", first, "--name", "Ida Twice")
    done = [shop.type(*enrol) for _ in range(2)]
    ends = input_ends(shop.home)
    replaced = [shop.type("card", "replace", first, second) for _ in range(2)]
    another = shop.type("card", "replace", first, third)
    shop.type("run", "--until-end")

    assert [one.returncode for one in (*done, *replaced, another)] == [0, 0, 0, 0, 2]
    assert done[0].stdout == done[1].stdout
    assert "has enrolled before; nothing of it is changed" in done[1].stderr
    assert "another card stands in for it already" in another.stderr
    assert sum(input_ends(shop.home)) == sum(ends) + 2
    asked = "select count(*) from refusals where event_type in ('MemberEnrolled', 'CardAssigned')"
    assert shop.type("sql", asked, "--csv").stdout.split() == ["count", "0"]


def test_codes_are_printed_for_the_card_in_hand(shop: Shop) -> None:
    """Whoever stands at the counter has a card, a phone or an e-mail address, and no id."""
    enrolled = shop.type("enrol", "--card", "2600 0071", "--email", "voucher@example.org")
    shop.type("adjust", "2600 0071", "50", "--because", "goodwill", "--approved-by", "Chief")
    shop.type("run", "--until-end")
    key = {"voucher_key": "k" * 32}
    by_id = here(shop.home, "codes", enrolled.stdout.strip(), "--csv", **key)

    assert ",five-off," in by_id.stdout, by_id.stderr
    for word in ("2600-0071", "Voucher@example.org"):
        assert here(shop.home, "codes", word, "--csv", **key).stdout == by_id.stdout
    assert here(shop.home, "codes", "2600 9999", "--csv", **key).returncode == 1


def test_a_member_is_explained_with_the_card_in_hand(shop: Shop) -> None:
    """However it is written, a card tells what its member's id does, and is not repeated."""
    by_id = shop.of_member("Ada")
    for written in ("2600 0001", "2600-0001", "26000001"):
        told = shop.type("explain", written)
        assert (told.returncode, told.stdout) == (0, by_id), told.stderr


def test_a_card_that_nobody_enrolled_with_has_an_account_too(shop: Shop) -> None:
    """13.50 of cake are 13 points, on the account that the card's first sale opened."""
    told = shop.type("explain", "2600 0004").stdout

    assert told.startswith("Member card-")
    assert "points: 13 available" in told
    assert "2600" not in told


def test_a_card_that_is_nobodys_is_refused(shop: Shop) -> None:
    """One sentence, and the same whether or not there is a register to ask."""
    for home in (shop.home, shop.home.parent / "nowhere"):
        told = here(home, "explain", "2600 9999")
        assert told.returncode == 2
        assert told.stderr.strip() == (
            "The ledger knows no member and no receipt 2600 9999, and nobody is registered with "
            "such a card, phone or e-mail."
        )


def test_an_account_is_explained_without_the_register(shop: Shop) -> None:
    """Who knows the id needs neither the database nor the key; a card then cannot be looked up."""
    known = shop.type("find", "Ada", "--csv").stdout.splitlines()[1].split(",")[0]
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    by_id = here(shop.home, "explain", known, database_url=nowhere)
    by_card = here(
        shop.home, "explain", "2600 0001", database_url=nowhere, identifier_key="another key" * 2
    )

    assert by_id.stdout == shop.type("explain", known).stdout
    assert by_card.returncode == 3
    assert "whether it is a card, phone or e-mail could not be looked up" in by_card.stderr


def test_a_card_is_not_called_nobodys_where_the_register_is_unknown(
    kafka_settings: Settings,
) -> None:
    """On a broker others have enrolled people, so without their database nothing is claimed."""
    names = ("bootstrap_servers", "topic_prefix", "group")
    on_kafka = {name: getattr(kafka_settings, name) for name in names}
    told = here(kafka_settings.home, "explain", "2600 0001", **on_kafka)

    assert told.returncode == 3
    assert "LOYALTY_DATABASE_URL does not say where the register is." in told.stderr


@pytest.mark.parametrize(
    "mistyped", ["2600 0O01", "ada@example.com", "+44 20 7946 0099", "vips.txt"]
)
@pytest.mark.parametrize(
    "verb",
    [
        ("label", "vip"),
        ("forget", "--yes"),
        ("adjust", "25", "--because", "goodwill", "--approved-by", "Chief"),
    ],
    ids=lambda verb: verb[0],
)
def test_nothing_happens_to_whom_nobody_knows(
    shop: Shop, verb: tuple[str, ...], mistyped: str
) -> None:
    """A mistyped number opens no account, erases nobody, and is not in the log for ever."""
    before = input_ends(shop.home)
    words = (verb[0], mistyped, *verb[1:]) if verb[0] != "label" else (*verb, mistyped)

    done = here(shop.home, *words)

    assert done.returncode == 2, done.stderr
    assert "Nobody is registered with such a card, phone or e-mail" in done.stderr
    assert input_ends(shop.home) == before


@pytest.mark.parametrize(
    "words",
    [
        ("card", "block", "2600 0001"),
        ("adjust", "2600 0001", "25", "--approved-by", "Chief"),
        ("forget", "2600 0001", "--yes"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("because", ["she wrote from ada@example.org", "call +44 20 7946 0018"])
def test_a_reason_tells_no_address_and_no_number(
    shop: Shop, words: tuple[str, ...], because: str
) -> None:
    """Events and ledger keep it for ever, where nobody can be forgotten."""
    before = input_ends(shop.home)

    done = here(shop.home, *words, "--because", because)

    assert (done.returncode, input_ends(shop.home)) == (2, before)
    assert "reason: it holds an e-mail address or a phone number" in done.stderr
    assert because not in done.stderr


@pytest.mark.parametrize(
    ("name", "code"), [("Eve Other", 2), ("  ada  LOVELACE ", 0), ("", 0)], ids=repr
)
def test_a_card_of_one_person_enrols_no_other(shop: Shop, name: str, code: int) -> None:
    """A mistyped card, or one that a family shares: whoever has another name is no member by it."""
    member = shop.type("enrol", "--card", "2600 0001", "--name", "Ada Lovelace").stdout.split()[0]
    before = input_ends(shop.home)

    again = here(shop.home, "enrol", "--card", "2600 0001", "--name", name)

    assert again.returncode == code, again.stderr
    if code:
        assert "of a member who has another name" in again.stderr
        assert input_ends(shop.home) == before
    else:
        assert again.stdout.split()[0] == member


def test_a_correction_of_nothing_is_not_made(shop: Shop) -> None:
    """The ledger would refuse it, and nobody would look there."""
    before = input_ends(shop.home)

    done = here(shop.home, "adjust", "2600 0001", "0", "--because", "", "--approved-by", "Chief")

    assert (done.returncode, input_ends(shop.home)) == (2, before)
    assert "A correction gives points or takes some; this one does neither." in done.stderr


def test_a_list_with_a_stranger_labels_nobody(shop: Shop) -> None:
    """Which of them it is is told by its place, not by its number."""
    file = shop.home.parent / "vips.csv"
    file.write_text("2600 0001\n2600 9998\n\n2600 9999\n", "utf-8")
    before = input_ends(shop.home)

    done = here(shop.home, "label", "vip", str(file))

    assert done.returncode == 2
    assert "Of 3 it is number 2, 3." in done.stderr
    assert input_ends(shop.home) == before


def test_a_member_whom_only_the_ledger_knows_is_corrected(shop: Shop) -> None:
    """Sales may name members by an id of the till's own, whom nobody ever enrolled here."""
    file = shop.home.parent / "own.csv"
    file.write_text(
        "store_id,receipt_no,occurred_at,member_id,sku,net\nS1,7001,2026-03-14T10:00,own-7,TEA,3.50\n"
    )
    sold = here(shop.home, "publish", str(file), "--zone", "Europe/Paris", "--currency", "EUR")
    early = here(shop.home, "label", "vip", "own-7")
    shop.type("run", "--until-end")
    late = here(shop.home, "label", "vip", "own-7")

    assert (sold.returncode, early.returncode, late.returncode) == (0, 2, 0), late.stderr


def input_ends(home: Path) -> list[int]:
    """How many events each partition of the log has."""
    log = ledger_log(Settings(home=home))
    try:
        return [log.input_end(partition) for partition in range(log.identity.partitions)]
    finally:
        log.close()


def test_a_question_that_takes_too_long_is_wrong_use(shop: Shop) -> None:
    """Postgres answers, so nobody is told to look for it."""
    query = "set local statement_timeout = 1; select pg_sleep(1)"
    done = here(shop.home, "sql", query)

    assert done.returncode == 2
    assert "Postgres gave this up, ask for less" in done.stderr


@pytest.mark.parametrize(
    "query",
    [
        "delete from balances",
        "update stores set region = ''",
        "create table mine (a int)",
        "drop view reporting.sales",
        "select * from crm.contacts",
    ],
)
def test_an_analyst_only_reads(shop: Shop, query: str) -> None:
    """Wrong use, in one sentence, without what Postgres would advise its owner."""
    done = here(shop.home, "sql", query)

    assert (done.returncode, done.stdout) == (2, "")
    assert "An analyst only reads, and only the schema reporting" in done.stderr
    assert "HINT" not in done.stderr


@pytest.mark.parametrize("query", ["", "  ", "/* nothing */", "set local timezone = 'UTC'"])
def test_a_question_that_asks_nothing_is_wrong_use(shop: Shop, query: str) -> None:
    """An empty line would be taken for an empty table."""
    done = here(shop.home, "sql", query)

    assert (done.returncode, done.stdout) == (2, "")
    assert "This asks nothing" in done.stderr


def test_a_setting_may_stand_before_a_question(shop: Shop) -> None:
    """What is shown is what the question found."""
    done = here(shop.home, "sql", "set local timezone = 'UTC'; select 1 as one", "--csv")

    assert (done.returncode, done.stdout) == (0, "one\n1\n"), done.stderr


def test_what_is_read_is_not_written_over(shop: Shop) -> None:
    """Mended rejects are published with the words of the day before: they are still there."""
    file = shop.home.parent / "rejects-again.csv"
    text = (shop.home.parent / "shop" / "sales.csv").read_text("utf-8")
    file.write_text(text, "utf-8")

    done = shop.type("publish", str(file), "--zone", "Europe/Paris", "--rejects", str(file))

    assert done.returncode == 2
    assert "name another file for --rejects" in done.stderr
    assert file.read_text("utf-8") == text


def test_a_full_disk_under_the_rejects_is_said(shop: Shop) -> None:
    """One sentence, and no traceback."""
    file = shop.home.parent / "wrong.csv"
    file.write_text("store_id,receipt_no,occurred_at,sku,net\nS1,1,2026-03-14T10:00,TEA,8.oo\n")

    done = here(shop.home, "publish", str(file), "--zone", "UTC", "--rejects", "/dev/full")

    assert done.returncode == 2
    assert "/dev/full cannot be written: No space left on device." in done.stderr


def test_who_is_forgotten_is_nowhere_and_the_books_are_right(shop: Shop) -> None:
    """Names and numbers are in no table and not in the log; `verify` finds nothing wrong."""
    enrolled = shop.type("enrol", "--card", "2600 0001", "--phone", "+44 20 7946 0018")
    assert enrolled.returncode == 2
    assert "without it" in enrolled.stderr
    joined = shop.type(
        "enrol", "--card", "2600 0055", "--name", "Mary Jacquard", "--phone", "+44 20 7946 0019",
        "--email", "engine@example.org",
    )  # fmt: skip
    for member in ("2600 0001", joined.stdout.strip()):
        assert shop.type("forget", member, "--yes").returncode == 0
    assert shop.type("run", "--until-end").returncode == 0

    assert shop.type("find", "2600 0001").returncode == 1
    assert shop.type("explain", "2600 0001").returncode == 2
    assert shop.type("find", "Jacquard").returncode == 1
    verified = shop.type("verify")
    assert verified.returncode == 0, verified.stderr
    log = b"".join(file.read_bytes() for file in shop.home.glob(f"{FILE_NAME}*"))
    everything = "".join(_rows(shop.home)) + verified.stderr
    for canary in CANARIES:
        assert canary not in everything
        assert canary.encode() not in log


def _rows(home: Path) -> Iterator[str]:
    """Every row of the register and of what analysts read."""
    with connect(Settings(home=home), "owner") as owner:
        tables = [f"crm.{name}" for name in names("people")]
        tables += [f"reporting.{name}" for name in names("views")]
        for table in tables:
            yield from (str(row) for row in owner.execute(b"SELECT * FROM " + table.encode()))


def test_a_thousand_people_are_in_the_register_alone(shop: Shop) -> None:
    """Of 1,000 names, phones and e-mails none is in the log, the ledger, a view or a message."""
    file = shop.home.parent / "members.csv"
    people = [
        f"2026-03-01T09:00Z,77{n:08},Canary Nr{n}x,{n} Lane,+4420{n:08},canary{n}@example.org"
        for n in range(1_000)
    ]
    file.write_text("\n".join(["occurred_at,card,name,address,phone,email", *people]), "utf-8")
    done = shop.type("publish", str(file))
    ran = shop.type("run", "--until-end")

    assert done.returncode == 0, done.stderr
    log = b"".join(part.read_bytes() for part in shop.home.glob(f"{FILE_NAME}*"))
    with connect(Settings(home=shop.home), "owner") as owner:
        tables = [f"reporting.{name}" for name in names("views")]
        shown = [
            str(row) for one in tables for row in owner.execute(b"SELECT * FROM " + one.encode())
        ]
        kept = owner.execute("SELECT count(*) FROM crm.contacts WHERE name LIKE 'Canary%'")
        assert kept.fetchone() == (1_000,)
    everything = "".join([*shown, done.stdout, done.stderr, ran.stdout, ran.stderr])
    for n in range(1_000):
        for canary in (f"Nr{n}x", f"4420{n:08}", f"canary{n}@", f"77{n:08}"):
            assert canary not in everything
            assert canary.encode() not in log
