"""What promotions name in customers' words: groups, clubs, segments, groups of stores."""

from collections.abc import Callable, Iterator, Mapping

from loyalty.rulebook.sections_told import Row
from loyalty.rulebook.speech import Speech
from processors.words.items import Items
from processors.words.segment import Segment, Share


def _groups(speech: Speech) -> Iterator[Row]:
    for name, group in speech.body.groups.items():
        if name in speech.turns:
            # Where all count, it is the same on a line and on a sale.
            one = f" {group.on}" if group.combine in ("best", "first") else ""
            yield name, (name, {"combine": speech.words.say(f"combine {group.combine}{one}")})
    # What follows on each other has a place here, too, with a name that no group can have.
    say, listed = speech.words.say, speech.words.listed
    if len(speech.discounts) > 1:
        order = say("in turn", names=listed(speech.discounts))
        yield "", (say("discounts"), {"order": order})
    for wallet, names in speech.exchanges.items():
        if len(names) > 1:
            title = say("exchanges", points=speech.title(speech.body.wallets, wallet))
            yield f" {wallet}", (title, {"order": say("in turn", names=listed(names))})


def _clubs(speech: Speech) -> Iterator[Row]:
    for name, club in speech.body.clubs.items():
        names = [speech.title(speech.body.wallets, one) for one in club.wallets]
        names += [speech.title(speech.body.tiers, one) for one in club.tiers]
        said = {"joining": speech.words.say(f"club {club.joining}", name=name)}
        if names:
            said["has"] = speech.words.say("club has", names=speech.words.listed(names))
        yield name, (speech.title(speech.body.clubs, name), said)


def _segments(speech: Speech) -> Iterator[Row]:
    for name, segment in speech.body.segments.items():
        what = speech.words.listed(list(_bought(segment, speech)))
        said = {"bought": speech.words.say("segment", what=what)} if what else {}
        yield name, (speech.title(speech.body.segments, name), said)


def _bought(segment: Segment, speech: Speech) -> Iterator[str]:
    say = speech.words.say
    for word in ("more_than_days_ago", "at_most_days_ago"):
        if (days := getattr(segment.last_sale, word, None)) is not None:
            yield say(f"segment {word}", term=speech.term(days))
    for word in ("at_least", "at_most"):
        if (sales := segment.sales) and (count := getattr(sales, word)) is not None:
            number = speech.words.counted(count, say("purchases"))
            yield say(f"segment sales {word}", number=number, window=_window(sales.in_days, speech))
        if (spend := segment.spend) and (most := getattr(spend, word)) is not None:
            amount, window = speech.money(most), _window(spend.in_days, speech)
            yield say(f"segment spend {word}", amount=amount, window=window)
    if (share := segment.share_of_spend) is not None:
        yield say(
            "segment share",
            share=speech.percent(share.at_least),
            window=_window(share.in_days, speech),
            items=speech.items(_items(share)),
        )


def _window(days: int | None, speech: Speech) -> str:
    if days is None:
        return ""
    return speech.words.say("segment window", term=speech.term(days))


def _items(share: Share) -> Items:
    return Items(
        departments=share.departments,
        categories=share.categories,
        brands=share.brands,
        labels=share.labels,
    )


def _store_groups(speech: Speech) -> Iterator[Row]:
    for name, stores in speech.body.store_groups.items():
        names = speech.words.listed(stores)
        yield name, (name, {"stores": speech.words.say("store group", names=names)})


NAMED: Mapping[str, Callable[[Speech], Iterator[Row]]] = {
    "groups": _groups,
    "clubs": _clubs,
    "segments": _segments,
    "store_groups": _store_groups,
}
"""Section → what is told of it, for members on one level."""
