"""Sales a second that `loyalty publish` reads from a file and writes into the embedded log."""

import csv
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from infra import collector
from infra.settings import Settings
from infra.wiring import publisher_log
from loyalty.people import new_member, register_when_needed
from producers.files.opened import Opened
from producers.files.publishing import Files, Outside
from producers.files.shop import Shop
from producers.files.told import Bad
from producers.people.register import Register
from tests.bench.figures import Figure

TURNS = 3
PEOPLE, STORES, SKUS, DAYS, SEED = 20_000, 100, 2_000, 20, 7
COLUMNS = (
    "store_id",
    "till_id",
    "receipt_no",
    "occurred_at",
    "card",
    "sku",
    "quantity",
    "net",
)
OF_LINE = {"sku", "quantity", "net"}
SHOP = Shop(zone="Europe/Paris", currency="EUR")


def figures(home: Path, events: int) -> Iterator[Figure]:
    """Both kinds of file, each sale of a card, beside a loop that only reads them."""
    written = {"CSV": _csv, "JSON Lines": _json_lines}
    only_read = {"CSV": _read_csv, "JSON Lines": _read_json_lines}
    settings = Settings(home=home)
    with register_when_needed(settings) as register:
        register()
        collector.spare()
        for what, write in written.items():
            file = home / f"sales of {what}"
            write(file, events)
            ours = _best(lambda file=file: _publish(settings, register, file))
            bare = _best(lambda file=file, read=only_read[what]: read(file))
            yield Figure(
                f"sales/s of {what} read and published, one line and a card each",
                events / ours,
                "sales/s",
                "≥ 20,000",
                f"{events / bare:,.0f} by a loop that only reads",
            )


def _publish(settings: Settings, register: Callable[[], Register], file: Path) -> None:
    """As `loyalty publish FILE` does it, but for the start of Postgres."""
    log = publisher_log(settings)
    outside = Outside(log, register, new_member, _refused, lambda _: None)
    Files(outside, SHOP).publish(Opened(file).rows())
    log.close()


def _refused(bad: Bad) -> None:
    raise AssertionError(bad.sentence("the file"))


def _best(work: Callable[[], object]) -> float:
    """Seconds, the best of several turns."""
    seconds = []
    for _ in range(TURNS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _sales(count: int) -> Iterator[dict[str, str]]:
    """One-line receipts, whose numbers count up in each store."""
    chance = Random(SEED)
    for at in range(count):
        day, hour = 1 + at * DAYS // count, 8 + at % 12
        minute, second = chance.randrange(60), chance.randrange(60)
        row = (
            f"S{at % STORES}",
            "1",
            str(at // STORES + 1),
            f"2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}",
            f"C{chance.randrange(PEOPLE):08}",
            f"sku{chance.randrange(SKUS)}",
            "1",
            f"{chance.randrange(100, 5_000) / 100:.2f}",
        )
        yield dict(zip(COLUMNS, row, strict=True))


def _csv(file: Path, count: int) -> None:
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(_sales(count))


def _json_lines(file: Path, count: int) -> None:
    with file.open("w") as out:
        for row in _sales(count):
            line = {name: cell for name, cell in row.items() if name in OF_LINE}
            header = {name: cell for name, cell in row.items() if name not in OF_LINE}
            out.write(json.dumps({"type": "SaleRecorded", **header, "lines": [line]}) + "\n")


def _read_csv(file: Path) -> None:
    with file.open(newline="") as rows:
        for _ in csv.DictReader(rows):
            pass


def _read_json_lines(file: Path) -> None:
    with file.open() as lines:
        for line in lines:
            json.loads(line)
