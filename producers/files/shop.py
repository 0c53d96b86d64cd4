"""What a shop knows and its tills did not send: each store's time zone, each article's place.

Pure; `loyalty` reads the files.
"""

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from msgspec import Struct, field

from producers.files.values import Wrong, text, words
from schemas.bounds import Bounds

_WORD = Bounds(None, 200)
_LABELS = Bounds(None, 32, _WORD)
PRODUCT_FIELDS = ("sku", "department", "category", "brand", "supplier", "labels")
STORE_FIELDS = ("store_id", "zone", "region", "currency")


class Product(Struct, frozen=True):
    """Where an article belongs; what is not known is empty."""

    department: str = ""
    category: str = ""
    brand: str = ""
    supplier: str = ""
    labels: tuple[str, ...] = ()


class Store(Struct, frozen=True):
    """A store's time zone and, if it is said, its currency and its region."""

    zone: str = ""
    currency: str = ""
    region: str = ""


class Shop(Struct, frozen=True):
    """What rows are filled in with.

    Attributes:
        stores, products: by store_id and sku.
        zone, currency: of stores that say none; empty if none is known.
        phone_prefix: of phone numbers without a country.
    """

    stores: Mapping[str, Store] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    zone: str = ""
    currency: str = ""
    phone_prefix: str = ""

    def zone_of(self, store_id: str) -> str:
        """The time zone of a store; empty if it is not known."""
        store = self.stores.get(store_id)
        return (store.zone if store is not None else "") or self.zone

    def currency_of(self, store_id: str) -> str:
        """The currency of a store; empty if it is not known."""
        store = self.stores.get(store_id)
        return (store.currency if store is not None else "") or self.currency


@cache
def zones() -> frozenset[str]:
    """The time zones that there are."""
    return frozenset(available_timezones())


def product(row: Mapping[str, str]) -> tuple[str, Product]:
    """The sku and the product of one row of a products file.

    Raises:
        Wrong: a field cannot be used.
    """
    sku = text("sku", row.get("sku", ""), Bounds(1, 200))
    department, category, brand, supplier = [
        text(name, row.get(name, ""), _WORD) for name in PRODUCT_FIELDS[1:5]
    ]
    labels = words("labels", row.get("labels", ""), _LABELS)
    return sku, Product(department, category, brand, supplier, labels)


def store(row: Mapping[str, str]) -> tuple[str, Store]:
    """The id and the store of one row of a stores file.

    Raises:
        Wrong: a field cannot be used.
    """
    store_id = text("store_id", row.get("store_id", ""), Bounds(1, 200))
    zone = text("zone", row.get("zone", ""), _WORD)
    if zone and zone not in zones():
        raise Wrong("zone", "there is no such time zone; Europe/Paris is one")
    currency = text("currency", row.get("currency", ""), Bounds(None, 3))
    region = text("region", row.get("region", ""), _WORD)
    return store_id, Store(zone, currency, region)
