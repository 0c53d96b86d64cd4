"""What one part of a programme says about another: every name that is used is defined.

What is defined is read off the tree, so that a definition with a mistake in it is one mistake and
not one more wherever it is used.  Each function checks one section and reports through `say`,
which knows where a path stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from processors.core.levels import WORD as BY_TIER
from processors.core.levels import ladders_of
from processors.core.messages import unknown_placeholders
from processors.core.promotion import Promotion, stages_of
from processors.core.sections import Body, Head
from processors.core.yaml_tree import Document, Found, Path, Tree, place_of
from processors.words.give import Give
from processors.words.nearest import near, nearest
from processors.words.stages import Base, Bonus, Exchange, Factor, Streak
from processors.words.when import Where
from processors.words.who import Who
from schemas.currencies import exponent_of

Say = Callable[[Path, str], None]
Known = Mapping[str, Sequence[str] | None]
"""Section → the ids in it; `levels` has those of all ladders.  None where any id may be in it."""

SECTIONS = (
    "wallets",
    "tiers",
    "perks",
    "vouchers",
    "rewards",
    "segments",
    "store_groups",
    "clubs",
    "campaigns",
    "groups",
)


def defined_in(tree: Tree) -> dict[str, tuple[str, ...]]:
    """Section → its ids, as far as the document says them well."""
    sections = tree if isinstance(tree, dict) else {}
    found = {
        name: tuple(section) if isinstance(section := sections.get(name), dict) else ()
        for name in SECTIONS
    }
    found["levels"] = tuple(level for levels in ladders_of(tree).values() for level in levels)
    rows = sections.get("promotions")
    found["promotions"] = tuple(
        str(row.get("id", ""))
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict)
    )
    return found


def known_in(tree: Tree) -> Known:
    """What is defined, as far as it can be read.

    A section that is no section, or whose own name is misspelt, is one mistake and not one more
    wherever something of it is used: any id may be in it.
    """
    known: dict[str, Sequence[str] | None] = dict(defined_in(tree))
    for name in SECTIONS:
        if _is_unread(tree, name):
            known[name] = None
    ladders = ladders_of(tree)
    if known["tiers"] is None or not all(ladders.values()):
        known["levels"] = None
    if not isinstance(tree.get("promotions"), list):
        known["promotions"] = None
    return known


def _is_unread(tree: Tree, name: str) -> bool:
    if name in tree:
        section = tree[name]
        return not isinstance(section, dict) or (name == "wallets" and not section)
    others = (word for word in tree if word not in Body.model_fields)
    return name == "wallets" or any(near(word, Body.model_fields) == name for word in others)


def mistakes(
    body: Body,
    heads: Sequence[Head | None],
    promotions: Sequence[Promotion | None],
    document: Document,
    known: Known,
    *,
    is_new: bool,
) -> list[Found]:
    """Every name that is used and not defined.

    Args:
        body: the sections, as far as they are right.
        heads: by promotion its common words, as far as they are right.
        promotions: each that is right as a whole.
        document: where all of it stands.
        known: what is defined.
        is_new: whether it was never activated.  What was may name campaigns without defining any.
    """
    found: list[Found] = []

    def say(path: Path, sentence: str) -> None:
        found.append((place_of(document, path), sentence))

    _ladders(body, known, say)
    for name, voucher in body.vouchers.items():
        _person(known, say, ("vouchers", name, "who"), voucher.who)
        _place(known, say, ("vouchers", name, "where"), voucher.where)
    _rewards(body, known, say)
    _clubs_and_campaigns(body, known, say)
    for at, head in enumerate(heads):
        path: Path = ("promotions", at)
        promotion = promotions[at]
        if head is not None:
            _head(head, path, known, say)
            if head.campaign and (is_new or known["campaigns"]):
                _defined(say, (*path, "campaign"), "campaign", head.campaign, known["campaigns"])
        if promotion is not None:
            _stages(body, promotion, path, known, say)
        elif head is not None:
            _as_written(document.tree["promotions"][at], path, known, say)
    _messages(body, known, say)
    return found


def _defined(say: Say, path: Path, what: str, said: str, names: Iterable[str] | None) -> None:
    if names is not None and said not in names:
        say(path, f"no {what} `{said}` is defined{nearest(said, names)}")


def _ladders(body: Body, known: Known, say: Say) -> None:
    for name, ladder in body.tiers.items():
        path: Path = ("tiers", name)
        if ladder.wallet:
            _defined(say, (*path, "wallet"), "wallet", ladder.wallet, known["wallets"])
        elif ladder.measure == "points" and len(known["wallets"] or ()) > 1:
            say((*path, "measure"), "there are several wallets: say in `wallet` whose points count")
        for at, level in enumerate(ladder.levels):
            for perk in level.perks:
                _defined(say, (*path, "levels", at, "perks"), "perk", perk, known["perks"])


def _rewards(body: Body, known: Known, say: Say) -> None:
    for name, reward in body.rewards.items():
        path: Path = ("rewards", name)
        for wallet in reward.costs:
            _defined(say, (*path, "costs", wallet), "wallet", wallet, known["wallets"])
        _person(known, say, (*path, "who"), reward.who)
        _given(known, say, (*path, "give"), reward.give)


def _given(known: Known, say: Say, path: Path, give: Give) -> None:
    for wallet in give.__pydantic_extra__ or {}:
        _wallet_given(known, say, (*path, wallet), wallet)
    if give.voucher is not None:
        _defined(say, (*path, "voucher"), "voucher", give.voucher, known["vouchers"])
    if give.perk is not None:
        _defined(say, (*path, "perk"), "perk", give.perk, known["perks"])


def _wallet_given(known: Known, say: Say, path: Path, wallet: str) -> None:
    wallets = known["wallets"]
    names = None if wallets is None else [*wallets, *Give.model_fields]
    _defined(say, path, "wallet", wallet, names)


def _clubs_and_campaigns(body: Body, known: Known, say: Say) -> None:
    for name, club in body.clubs.items():
        for wallet in club.wallets:
            _defined(say, ("clubs", name, "wallets"), "wallet", wallet, known["wallets"])
        for ladder in club.tiers:
            _defined(say, ("clubs", name, "tiers"), "ladder", ladder, known["tiers"])
    for name, campaign in body.campaigns.items():
        _person(known, say, ("campaigns", name, "audience"), campaign.audience)


def _person(known: Known, say: Say, path: Path, who: Who | None) -> None:
    if who is None:
        return
    for level in who.tiers or ():
        _defined(say, (*path, "tiers"), "level", level, known["levels"])
    for segment in who.segments or ():
        _defined(say, (*path, "segments"), "segment", segment, known["segments"])


def _place(known: Known, say: Say, path: Path, where: Where | None) -> None:
    currencies = (where.currencies if where is not None else None) or ()
    if len({exponent_of(currency) for currency in currencies}) > 1:
        say((*path, "currencies"), "these currencies have minor units of different size")
    for group in (where.store_groups if where is not None else None) or ():
        _defined(say, (*path, "store_groups"), "store group", group, known["store_groups"])


def _head(head: Head, path: Path, known: Known, say: Say) -> None:
    if head.group is not None:
        _defined(say, (*path, "group"), "group", head.group, known["groups"])
    _person(known, say, (*path, "who"), head.who)
    _place(known, say, (*path, "where"), head.where)
    if head.tier:
        _defined(say, (*path, "tier"), "level", head.tier, known["levels"])


def _stages(body: Body, promotion: Promotion, path: Path, known: Known, say: Say) -> None:
    give = getattr(promotion.words, "give", None)
    if isinstance(give, Give):
        _given(known, say, (*path, "give"), give)
    try:
        stages = stages_of(promotion, body.currency)
    except ValueError:  # a coin that the currency does not have, which `sense` tells
        return
    for stage in stages:
        if isinstance(stage, Base | Factor | Exchange):
            _defined(say, _word_for(stage, path), "wallet", stage.wallet, known["wallets"])
        if isinstance(stage, Bonus | Streak | Exchange) and not isinstance(give, Give):
            for thing in stage.gives:
                if thing.kind in ("points", "voucher", "perk"):
                    what = "wallet" if thing.kind == "points" else thing.kind
                    _defined(say, (*path, "give"), what, thing.name, known[f"{what}s"])


def _as_written(row: Tree, path: Path, known: Known, say: Say) -> None:
    """What a promotion with mistakes in its own words gives and takes, as it stands there."""
    for word in ("give", "multiply", "take"):
        goods = row.get(word)
        for name, value in goods.items() if isinstance(goods, dict) else ():
            here = (*path, word, name)
            if name in ("voucher", "perk") and isinstance(value, str):
                _defined(say, here, name, value, known[f"{name}s"])
            elif name not in Give.model_fields and name != BY_TIER:
                _wallet_given(known, say, here, name)


def _word_for(stage: Base | Factor | Exchange, path: Path) -> Path:
    """The word that names a stage's wallet, which a place is known for."""
    match stage:
        case Base():
            return (*path, "give", stage.wallet)
        case Factor():
            return (*path, "multiply", stage.wallet)
        case Exchange():
            return (*path, "take", stage.wallet)


def _messages(body: Body, known: Known, say: Say) -> None:
    wallets, promotions = known["wallets"], known["promotions"]
    if wallets is None or promotions is None:
        return
    for name, texts in body.messages.items():
        for language, template in texts.items():
            for said, hint in unknown_placeholders(template, wallets, promotions):
                say(("messages", name, language), f"nothing fills `{{{said}}}`{hint}")
