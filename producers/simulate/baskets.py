"""What is in a visit's basket, and where it is bought: drawn from the visit alone."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from producers.simulate import catalogue, draws, shape
from producers.simulate.chain import Chain, Visit, store_id
from producers.simulate.earning import PARTS
from schemas.events import Line

TILLS = 6
CASHIERS = 12
MINDFUL_OF_65536 = 11_500
"""On one visit in six a member thinks of the vouchers and stars that are there."""
_HEAD = 4
_TRAITS_KEPT = 4096
_LOW = (1 << 32) - 1


class Traits(Struct, frozen=True, gc=False):
    """What a member is like: the store gone to most, the second, and a taste for the deli."""

    home: int
    second: int
    loves_deli: bool


class Basket(Struct, frozen=True, gc=False):
    """What is bought.

    Attributes:
        store, till: numbers; the store's from 0, the till's from 1.
        cashier: a number within the store, from 1.
        mindful: whether the member thinks of vouchers and stars today.
        variants: of each line, as the catalogue counts them.
        net_minor: to pay.
    """

    store: int
    till: int
    cashier: int
    mindful: bool
    variants: list[int]
    net_minor: int


class Worth(Struct, frozen=True, gc=False):
    """What a basket means to its member.

    Attributes:
        mindful, net_minor: as of the basket.
        parts: what it earns, in parts of a point, if all of it is paid with what earns.
        stars: what it gives.
    """

    mindful: bool
    net_minor: int
    parts: int
    stars: int

    def points(self, paid_otherwise_minor: int) -> int:
        """The points it gives when a part of it is paid with what earns nothing."""
        earning = self.net_minor - paid_otherwise_minor
        return self.parts * earning // (self.net_minor * PARTS)


def traits_of(chain: Chain, member: int) -> Traits:
    """What a member is like; those without a card (-1) have no store of their own."""
    first, second, third, _ = draws.four(chain.seed, draws.TRAITS, member & draws.MASK, 0)
    homes = -(-chain.stores * shape.HOME_STORES_PER_MILLE // 1000)
    low = first & 0xFFFF_FFFF
    # Squaring the draw makes some stores busier than others.
    home = (low * low >> 32) * homes >> 32
    return Traits(home, second % chain.stores, third % catalogue.DELI_LOVERS == 0)


@lru_cache(maxsize=_TRAITS_KEPT)
def _kept_traits(chain: Chain, member: int) -> Traits:
    return traits_of(chain, member)


def basket_of(chain: Chain, visit: Visit) -> Basket:
    """The basket of a visit."""
    traits = _kept_traits(chain, visit.member)
    drawn, pairs = _drawn(chain, visit)
    slots, kinds, net = _slots(traits), catalogue.VARIANT_OF, catalogue.shelf().net
    variants = [slots[article] + kinds[kind & 63] for article, kind in pairs]
    return Basket(
        store=_store(chain, visit, traits, drawn[1]),
        till=1 + drawn[2] % TILLS,
        cashier=1 + (drawn[2] >> 8) % CASHIERS,
        mindful=drawn[3] < MINDFUL_OF_65536,
        variants=variants,
        net_minor=sum([net[variant] for variant in variants]),
    )


def lines_of(basket: Basket) -> tuple[Line, ...]:
    """The lines of the receipt."""
    said = catalogue.shelf().said
    return tuple(
        [Line(number, *said[variant]) for number, variant in enumerate(basket.variants, 1)]
    )


def worth_of(chain: Chain, visit: Visit) -> Worth:
    """What a visit's basket is worth, without the rest of it."""
    drawn, pairs = _drawn(chain, visit)
    slots, kinds = _slots(_kept_traits(chain, visit.member)), catalogue.VARIANT_OF
    shelf = catalogue.shelf()
    worth = shelf.worth_weekend if chain.is_weekend(visit.day) else shelf.worth_weekday
    total = sum([worth[slots[article] + kinds[kind & 63]] for article, kind in pairs])
    return Worth(
        mindful=drawn[3] < MINDFUL_OF_65536,
        net_minor=total & _LOW,
        parts=total >> 32 & _LOW,
        stars=total >> 64,
    )


def receipt_no(visit: Visit) -> str:
    """The number on the receipt: no two of a day are the same, in the whole chain."""
    return str(1 + visit.index * 32 + visit.group)


def store_of(basket: Basket) -> str:
    """The store's name."""
    return store_id(basket.store)


def _slots(traits: Traits) -> Sequence[int]:
    """What a member picks by an article's draw."""
    shelf = catalogue.shelf()
    return shelf.deli_slots if traits.loves_deli else shelf.slots


def _drawn(chain: Chain, visit: Visit) -> tuple[tuple[int, ...], Iterable[tuple[int, int]]]:
    """What is drawn for a visit, and of that the article and the kind of each line."""
    about = visit.day << 8 | visit.group
    drawn = draws.words(chain.seed, draws.VISIT, about, visit.index)
    upto = _HEAD + 2 * catalogue.line_count(drawn[0])
    if upto > len(drawn):
        drawn = draws.words(chain.seed, draws.VISIT, about, visit.index, upto)
    return drawn, zip(drawn[_HEAD:upto:2], drawn[_HEAD + 1 : upto : 2], strict=True)


def _store(chain: Chain, visit: Visit, traits: Traits, draw: int) -> int:
    per_mille = draw * 1000 >> 16
    if visit.member < 0:
        # Whoever has no card shops where everybody does: at the home of some member.
        return traits_of(chain, draw * 65_537 + visit.index).home
    if per_mille < shape.HOME_PER_MILLE:
        return traits.home
    if per_mille < shape.HOME_PER_MILLE + shape.SECOND_PER_MILLE:
        return traits.second
    return draw * 40_503 % chain.stores
