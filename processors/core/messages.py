"""Texts for people with places to fill: which there are, and how a text is filled.

A template is in a language of its own; `{points.available}` in it is filled with what the account
has.  A sentence with a place that has nothing to say is left out: who has no voucher reads none
about vouchers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from processors.words.nearest import nearest

LANGUAGE = "en"
"""What is said if the language that is asked for is not there; then the first there is."""
MORE = {"en": "{missing} more for {name}", "de": "noch {missing} für {name}"}
"""What a till says of a promotion that a larger basket would bring, if no template says more."""
MOMENTS = ("before_pay", "receipt")
"""When a text is shown: before the customer pays, and on the receipt."""
OF_WALLET = (
    "earned",
    "available",
    "value",
    "next_last_day",
    "next_last_day_points",
    "spendable_on",
    "to_next_voucher",
)
"""What a place can ask of a wallet, by its name."""
OF_VOUCHERS = ("active", "next_last_day")
OF_TIER = ("next", "missing")
OF_PROMOTION = ("missing",)
"""What a place can ask of a promotion, by its id: how much more the basket needs."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def places(template: str) -> tuple[str, ...]:
    """The places of a template, as they are written in it."""
    return tuple(_PLACE.findall(template))


def known_places(wallets: Iterable[str], promotions: Iterable[str]) -> list[str]:
    """Every place that can be filled in a programme with these wallets and promotions."""
    return [
        *(f"{wallet}.{word}" for wallet in wallets for word in OF_WALLET),
        *(f"vouchers.{word}" for word in OF_VOUCHERS),
        *(f"tier.{word}" for word in OF_TIER),
        *(f"{promotion}.{word}" for promotion in promotions for word in OF_PROMOTION),
    ]


def unknown_placeholders(
    template: str, wallets: Iterable[str], promotions: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Places that nothing fills, each with a hint at the nearest that there is."""
    known = known_places(wallets, promotions)
    for place in places(template):
        if place not in known:
            yield place, nearest(place, known)


def fill(template: str, value: Callable[[str], str | None]) -> str:
    """The template with its places filled; a sentence with an empty place is left out.

    Args:
        template: the text.
        value: place → what to say, None for nothing.
    """
    said = []
    for sentence in _SENTENCE_END.split(template):
        values = {place: value(place) for place in places(sentence)}
        if None not in values.values():
            said.append(_PLACE.sub(lambda match: values[match[1]] or "", sentence))  # noqa: B023  called at once
    return " ".join(said)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, else in `LANGUAGE`, else in the first there is; empty without any."""
    return texts.get(language) or texts.get(LANGUAGE) or next(iter(texts.values()), "")
