"""What one part of a programme says about another: every name that is used is defined.

What is defined is read off the tree, so that a definition with a mistake in it is one mistake and
not one more wherever it is used.  Each function checks one section and reports through `say`,
which knows where a path stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from processors.core.levels import ladders_of
from processors.core.messages import unknown_placeholders
from processors.core.promotion import Promotion
from processors.core.sections import Body
from processors.core.yaml_tree import Document, Found, Path, Tree, place_of
from processors.words.give import Give
from processors.words.nearest import nearest
from processors.words.occasion import Where
from processors.words.stages import Base, Bonus, Exchange, Factor, Streak
from processors.words.who import Who
from schemas.currencies import exponent_of

Say = Callable[[Path, str], None]
Known = Mapping[str, Sequence[str]]
"""Section → the ids in it; `levels` has those of all ladders."""

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


def mistakes(body: Body, promotions: Sequence[Promotion | None], document: Document) -> list[Found]:
    """Every name that is used and not defined."""
    found: list[Found] = []
    known = defined_in(document.tree)

    def say(path: Path, sentence: str) -> None:
        found.append((place_of(document, path), sentence))

    _ladders(body, known, say)
    for name, voucher in body.vouchers.items():
        _person(known, say, ("vouchers", name, "who"), voucher.who)
        _place(known, say, ("vouchers", name, "where"), voucher.where)
    _rewards(body, known, say)
    _clubs_and_campaigns(body, known, say)
    for at, promotion in enumerate(promotions):
        if promotion is not None:
            _promotion(body, promotion, ("promotions", at), known, say)
    _messages(body, known, say)
    return found


def _defined(say: Say, path: Path, what: str, said: str, names: Iterable[str]) -> None:
    names = list(names)
    if said not in names:
        say(path, f"no {what} `{said}` is defined{nearest(said, names)}")


def _ladders(body: Body, known: Known, say: Say) -> None:
    for name, ladder in body.tiers.items():
        path: Path = ("tiers", name)
        if ladder.wallet or (ladder.measure == "points" and len(known["wallets"]) > 1):
            _defined(say, (*path, "wallet"), "wallet", ladder.wallet, known["wallets"])
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
        names = [*known["wallets"], *Give.model_fields]
        _defined(say, (*path, wallet), "wallet", wallet, names)
    if give.voucher is not None:
        _defined(say, (*path, "voucher"), "voucher", give.voucher, known["vouchers"])
    if give.perk is not None:
        _defined(say, (*path, "perk"), "perk", give.perk, known["perks"])


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


def _promotion(body: Body, promotion: Promotion, path: Path, known: Known, say: Say) -> None:
    head = promotion.head
    if head.group is not None:
        _defined(say, (*path, "group"), "group", head.group, known["groups"])
    if head.campaign and known["campaigns"]:
        _defined(say, (*path, "campaign"), "campaign", head.campaign, known["campaigns"])
    _person(known, say, (*path, "who"), head.who)
    _place(known, say, (*path, "where"), head.where)
    if head.tier:
        _defined(say, (*path, "tier"), "level", head.tier, known["levels"])
    _stages(body, promotion, path, known, say)


def _stages(body: Body, promotion: Promotion, path: Path, known: Known, say: Say) -> None:
    give = getattr(promotion.words, "give", None)
    if isinstance(give, Give):
        _given(known, say, (*path, "give"), give)
    where = promotion.head.where
    currency = ((where.currencies if where else None) or (body.currency,))[0]
    try:
        stages = promotion.kind.build(promotion.words, exponent_of(currency))
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
    for name, texts in body.messages.items():
        for language, template in texts.items():
            for said, hint in unknown_placeholders(template, known["wallets"], known["promotions"]):
                say(("messages", name, language), f"nothing fills `{{{said}}}`{hint}")
