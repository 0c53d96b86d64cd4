"""How large the numbers of a new programme may be: those that multiply into points and money.

They are far beyond what a programme means and far below what a ledger counts, so that a coin or a
decimal that was mistaken is told before it is in force.  What was activated holds, whatever its
numbers; what it comes to is bounded by the decision (`TOO_MANY_POINTS`).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from processors.core.promotion import Promotion, currency_of, stages_of
from processors.core.sections import Body
from processors.core.yaml_tree import Document, Found, Path, place_of
from processors.words.give import Give
from processors.words.stages import Base, Factor
from schemas.currencies import money

Say = Callable[[Path, str], None]
RATE_MAX: Final = 10_000
"""Most points for the smallest coin."""
GIFT_MAX: Final = 1_000_000_000
"""Most points given at once, or for one article."""
FACTOR_MAX: Final = 1_000
"""Most by which points are multiplied."""
AMOUNT_MAX: Final = 10_000_000_000
"""Most money that is given or that points are worth, in units of the currency."""
USES_MAX: Final = 1_000_000
"""Most uses of a voucher, as of one that is offered."""


def mistakes(body: Body, promotions: Sequence[Promotion | None], document: Document) -> list[Found]:
    """The numbers that are too large.

    Args:
        body: the sections, as far as they are right.
        promotions: each that is right as a whole.
        document: where all of it stands.
    """
    found: list[Found] = []

    def say(path: Path, sentence: str) -> None:
        found.append((place_of(document, path), sentence))

    for name, voucher in body.vouchers.items():
        _amount(say, ("vouchers", name, "off", "amount"), voucher.off.amount)
        if voucher.uses > USES_MAX:
            say(("vouchers", name, "uses"), f"`uses`: must be {USES_MAX} or less")
    for name, wallet in body.wallets.items():
        if wallet.value is not None:
            _amount(say, ("wallets", name, "value", "amount"), wallet.value.amount)
    for name, reward in body.rewards.items():
        _gives(say, ("rewards", name, "give"), reward.give)
    for at, promotion in enumerate(promotions):
        if promotion is not None:
            _promotion(say, ("promotions", at), promotion, body.currency)
    return found


def _amount(say: Say, path: Path, amount: Fraction | None) -> None:
    if amount is not None and amount > AMOUNT_MAX:
        say(path, f"`{path[-1]}`: must be {AMOUNT_MAX} or less")


def _gives(say: Say, path: Path, give: Give) -> None:
    for wallet, points in (give.__pydantic_extra__ or {}).items():
        _points(say, (*path, wallet), Fraction(points), "at once")
    _amount(say, (*path, "gift_card"), give.gift_card)
    if give.donation is not None:
        _amount(say, (*path, "donation", "amount"), give.donation.amount)


def _points(say: Say, path: Path, points: Fraction, each: str, most: int = GIFT_MAX) -> None:
    if points > most:
        say(path, f"`{path[-1]}`: at most {most:,} points {each}")


def _promotion(say: Say, path: Path, promotion: Promotion, own: str) -> None:
    give = getattr(promotion.words, "give", None)
    if isinstance(give, Give):
        _gives(say, (*path, "give"), give)
        return
    currency = currency_of(promotion.head, own)
    try:
        stages = stages_of(promotion, own)
    except ValueError:  # a coin that there is not was told
        return
    for stage in stages:
        if isinstance(stage, Base):
            rate = Fraction(stage.numerator, stage.denominator)
            here = (*path, "give", stage.wallet)
            if stage.measure == "amount":
                _points(say, here, rate, f"for {money(1, currency)} {currency}", RATE_MAX)
            else:
                _points(say, here, rate * 1000, "for an article")
        elif isinstance(stage, Factor) and stage.numerator > FACTOR_MAX * stage.denominator:
            here = (*path, "multiply", stage.wallet)
            say(here, f"`{stage.wallet}`: at most {FACTOR_MAX:,} times")
