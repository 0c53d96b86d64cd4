"""Products and stores that a shop keeps in CSV files, read whole."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

from infra import postgres
from infra.settings import Settings
from loyalty.outcome import Trouble
from producers.files.cells import Row
from producers.files.shapes import unknown
from producers.files.shop import (
    PRODUCT_FIELDS,
    STORE_FIELDS,
    Product,
    Shop,
    Store,
    product,
    store,
    zones,
)
from producers.files.source import Source
from producers.files.tabular import FIRST_LINE, Table
from producers.files.values import Wrong
from projections import stores as stores_kept
from projections.install import connected

_Kept = TypeVar("_Kept")
_TOLD_MAX = 10


def shop_of(
    settings: Settings,
    products_file: Path | None,
    stores_file: Path | None,
    zone: str,
    currency: str,
) -> Shop:
    """What rows are filled in with; the stores are those of the settings if no file is given.

    Raises:
        Trouble: a file's rows, the zone or the currency cannot be used.
        FileUnusable: a file cannot be read.
    """
    if zone and zone not in zones():
        raise Trouble(f"There is no time zone {zone}; Europe/Paris is one.")
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise Trouble(f"{currency} is no currency; EUR is one.")
    known = stores(stores_file or settings.stores)
    return Shop(known, products(products_file), zone, currency, settings.phone_prefix)


def products(file: Path | None) -> Mapping[str, Product]:
    """The products of a file by sku; none without a file.

    Raises:
        Trouble: some of its rows cannot be used; the text lists them.
        FileUnusable: the file cannot be read.
    """
    return {} if file is None else _read(file, PRODUCT_FIELDS, product)


def stores(file: Path | None) -> Mapping[str, Store]:
    """The stores of a file by id; none without a file.  Raises as `products`."""
    return {} if file is None else _read(file, STORE_FIELDS, store)


def keep_regions(settings: Settings, known: Mapping[str, Store]) -> None:
    """The regions that stores are in, for the reports; nothing is asked of Postgres without any.

    Raises:
        DatabaseUnavailable: Postgres is out of reach.
    """
    regions = {store_id: store.region for store_id, store in known.items() if store.region}
    if regions:
        with (
            postgres.server(settings),
            connected(settings, "projector", "projections.stores") as connection,
        ):
            stores_kept.keep_regions(connection, regions)


def _read(
    file: Path, known: Collection[str], read: Callable[[Mapping[str, str]], tuple[str, _Kept]]
) -> dict[str, _Kept]:
    source = Source(file)
    table = Table(source)
    place, hint = unknown(table.columns, frozenset(known))
    if place:
        raise Trouble(f"{file}:1, column {place} is none of this file{hint or FIRST_LINE}.")
    found: dict[str, _Kept] = {}
    problems: list[str] = []
    for row in table.rows():
        if not isinstance(row, Row):
            continue
        if row.problem:
            problems.append(row.bad.sentence(str(file)))
            continue
        try:
            key, one = read(dict(zip(table.columns, row.cells, strict=True)))
        except Wrong as wrong:
            problems.append(f"{file}:{row.number}, {wrong.field}, {wrong.reason}")
            continue
        if key in found:
            problems.append(f"{file}:{row.number}, {table.columns[0]}, it is there twice")
        found[key] = one
    if source.cut:
        problems.append(f"{file}, {source.cut}")
    if problems:
        more = [f"… and {len(problems) - _TOLD_MAX} more"] if len(problems) > _TOLD_MAX else []
        raise Trouble("\n".join([*problems[:_TOLD_MAX], *more]))
    return found
