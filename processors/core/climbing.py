"""Levels: what a sale adds to a ladder, and how an account moves on it."""

from collections.abc import Callable, Mapping, Sequence

from processors.core.draft import Draft
from processors.core.giving import give_for
from processors.core.ladder import Ladder
from processors.core.programme import Programme
from schemas import ledger
from schemas.events import Header
from schemas.ledger import NEVER


def measured(draft: Draft, ladder: Ladder, on: int | None = None) -> int:
    """What counts for a ladder on a day, the draft's if not said.

    The window is that of the day, whether or not the days before it have closed: a sale on New
    Year's Day has nothing of the old year, and a late one of the old year nothing of the new.
    """
    wallet = draft.account.wallets.get(ladder.wallet)
    if wallet is None:
        return 0
    day = draft.business_date if on is None else on
    until = ladder.counts_until(day, draft.account.enrolled_on)
    if wallet.first_end >= day and wallet.last_earned <= until:
        return wallet.left
    return sum([lot.left for lot in wallet.lots if lot.last_day >= day and lot.earned_on <= until])


def place(draft: Draft, ladder: Ladder) -> int:
    """How high the account stands."""
    standing = draft.account.tiers.get(ladder.name)
    return 0 if standing is None else ladder.place(standing.level)


def counted_of_sale(ladder: Ladder, money: Sequence[int], points: Sequence[int]) -> list[int]:
    """What a sale adds to a ladder, by line."""
    match ladder.measure:
        case "spend":
            return list(money)
        case "points":
            return list(points)
        case "visits":
            return [1, *[0] * (len(money) - 1)] if money else []


def count_sale(draft: Draft, ladder: Ladder, by_line: Sequence[int]) -> None:
    """Add a sale to a ladder."""
    amount = sum(by_line)
    if amount <= 0:
        return
    draft.touch(ladder.wallet)
    draft.add(
        ledger.PointsEarned(
            ladder.wallet,
            draft.next_id(),
            amount,
            amount,
            (),
            tuple(by_line),
            "",
            "",
            "",
            draft.business_date,
            ladder.counts_until(draft.business_date, draft.account.enrolled_on),
        )
    )


def climb(
    draft: Draft, programme: Programme, header: Header, *, from_what_is_gone: bool = True
) -> None:
    """Move up to what is earned, and give what comes with the level.

    The day that counts is the header's: the close of a day moves up to what the next day earns.
    A sale that is told late ends nothing earlier: the higher level is kept at least as long as the
    lower one was to be.  A level that the ladder no longer has counts as the lowest, or, unless a
    move is `from_what_is_gone`, stays what it is.
    """
    day = header.business_date
    for ladder in programme.ladders.values():
        if not ladder.is_for(draft.account.labels):
            continue
        standing = draft.account.tiers.get(ladder.name)
        gone = standing is not None and standing.level not in ladder.levels
        if gone and not from_what_is_gone:
            continue
        counted = measured(draft, ladder, day)
        before, earned = place(draft, ladder), ladder.earned(counted)
        if earned > before:
            last_day = max(ladder.kept_until(day), _kept_anyhow(draft, ladder))
            move(draft, ladder, earned, "reached", last_day, counted=counted)
            rules = programme.triggered["tier_reached"]
            mine = tuple(rule for rule in rules if rule.head.tier == ladder.levels[earned])
            give_for(draft, programme, header, mine)


def _kept_anyhow(draft: Draft, ladder: Ladder) -> int:
    """Until when the level is kept that an account earned before; 0 if there is no such day."""
    standing = draft.account.tiers.get(ladder.name)
    if standing is None or standing.locked or standing.last_day >= NEVER:
        return 0
    return standing.last_day


def fall(
    draft: Draft,
    programme: Programme,
    counted: Mapping[str, int],
    is_paid_for: Callable[[str], bool],
) -> set[str]:
    """After a return: a level that what is left no longer earns is lost at once.

    A level earned in an earlier window stays, and so does one that is kept without being earned:
    what came back did not earn it.

    Args:
        draft: the account, from which was taken what came back.
        programme: the rules of today.
        counted: ladder → what counted before, on the day of the return.
        is_paid_for: whether a voucher, by its id, made a refund smaller, and so stays.

    Returns:
        The levels lost.
    """
    day = draft.business_date
    lost: set[str] = set()
    for ladder in programme.ladders.values():
        standing = draft.account.tiers.get(ladder.name)
        if standing is None or standing.locked or ladder.words.returns != "earned_level":
            continue
        still_counts = ladder.counts_until(standing.since, draft.account.enrolled_on) >= day
        before, left = place(draft, ladder), measured(draft, ladder)
        was_earned = ladder.earned(counted[ladder.name]) >= before
        kept = ladder.kept_until(day)
        lower, last_day, locked = _no_lower(draft, ladder, ladder.earned(left), kept, day)
        if still_counts and was_earned and lower < before:
            lost |= set(ladder.levels[lower + 1 : before + 1])
            move(draft, ladder, lower, "returned", last_day, locked=locked)
    _take_back(draft, programme, lost, is_paid_for)
    return lost


def still_reached(draft: Draft, ladder: Ladder, level: str) -> bool:
    """Whether an account has a level of its own doing, now that what came back was taken from it.

    It earns it, or holds it from a window that is over, of which nobody knows what counted.
    """
    if level not in ladder.levels:
        return False
    at, standing = ladder.levels.index(level), draft.account.tiers.get(ladder.name)
    if ladder.earned(measured(draft, ladder)) >= at:
        return True
    if standing is None or place(draft, ladder) < at:
        return False
    return ladder.counts_until(standing.since, draft.account.enrolled_on) < draft.business_date


def _take_back(
    draft: Draft, programme: Programme, lost: set[str], is_paid_for: Callable[[str], bool]
) -> None:
    """Unused vouchers that came with a level go with it."""
    heads = (one.head for one in programme.promotions)
    gone = {one.id for one in heads if one.trigger == "tier_reached" and one.tier in lost}
    for voucher in list(draft.account.vouchers):
        mine = voucher.promotion_id in gone and voucher.uses_left
        if mine and not is_paid_for(voucher.voucher_id):
            draft.add(cancelled(voucher.voucher_id, draft, "level lost"))


def cancelled(voucher_id: str, draft: Draft, reason: str) -> ledger.VoucherCancelled:
    """The effect that takes an open voucher back."""
    one = next(one for one in draft.account.vouchers if one.voucher_id == voucher_id)
    return ledger.VoucherCancelled(
        one.voucher_id, one.voucher, one.promotion_id, one.campaign_id, one.issued_on, reason
    )


def review(draft: Draft, programme: Programme) -> None:
    """At the end of a level's term: kept if it was earned again, else as the ladder says."""
    day = draft.business_date
    for name, standing in list(draft.account.tiers.items()):
        if standing.last_day > day:
            continue
        ladder = programme.ladders.get(name)
        if ladder is None:
            # The programme of today has no such ladder: the level stands until one has again.
            _keep(draft, name, NEVER, "review", 0)
            continue
        on = ladder.judged_on(day)
        counted = measured(draft, ladder, on)
        before, earned = place(draft, ladder), ladder.earned(counted)
        grace = ladder.words.grace.days
        if standing.level not in ladder.levels:
            # There is no such level any more, so nobody can keep it, nor stand one below it.
            _review_to(draft, ladder, earned, on, counted)
        elif earned >= before or ladder.words.review == "keep":
            _keep(draft, name, ladder.kept_until(on), "review", counted)
        elif grace and not standing.grace:
            _keep(draft, name, day + grace, "grace", counted)
        else:
            lower = earned if ladder.words.review == "earned_level" else before - 1
            _review_to(draft, ladder, lower, on, counted)


def _review_to(draft: Draft, ladder: Ladder, to: int, on: int, counted: int) -> None:
    """A review moves the account to a level that it has from the next day on."""
    kept, tomorrow = ladder.kept_until(on), draft.business_date + 1
    to, last_day, locked = _no_lower(draft, ladder, to, kept, tomorrow)
    move(draft, ladder, to, "review", last_day, locked=locked, counted=counted)


def _no_lower(
    draft: Draft, ladder: Ladder, to: int, last_day: int, on: int
) -> tuple[int, int, bool]:
    """A level and its last day, or a higher one that a person gave, on a day, until a later one."""
    counter = _by_hand(ladder)
    given = [
        (ladder.place(key.removeprefix(counter).partition("@")[0]), until)
        for key, (_, until) in draft.account.counts.items()
        if key.startswith(counter) and until >= on
    ]
    by_hand, until = max(given, default=(0, 0))
    return (by_hand, until, True) if by_hand > to else (to, last_day, False)


def put(draft: Draft, ladder: Ladder, to: int, last_day: int) -> None:
    """On a level by hand, whatever was said by hand before.

    Which one is remembered until its last day: whoever climbs meanwhile falls no lower.
    """
    counter = _by_hand(ladder)
    for key, (by, until) in list(draft.account.counts.items()):
        if key.startswith(counter):
            draft.add(ledger.Counted(key.partition("@")[0], 0, -by, until))
    move(draft, ladder, to, "manual", last_day, locked=True)
    if to:
        draft.add(ledger.Counted(counter + ladder.levels[to], 0, 1, last_day))


def _by_hand(ladder: Ladder) -> str:
    """Before a level: the counter that says until when a person put the account on it."""
    return f"{ladder.wallet}#by-hand/"


def _keep(draft: Draft, ladder: str, last_day: int, reason: str, counted: int) -> None:
    standing = draft.account.tiers[ladder]
    level, since = standing.level, standing.since
    draft.add(ledger.TierChanged(ladder, level, level, since, last_day, reason, counted, False))


def move(
    draft: Draft, ladder: Ladder, to: int, reason: str, last_day: int, *,
    locked: bool = False, counted: int | None = None,
) -> None:  # fmt: skip
    """From where the account stands to another level; the lowest is kept for ever.

    `counted` is what decided it; what counts on the draft's day if not said.
    """
    draft.add(
        ledger.TierChanged(
            ladder.name,
            ladder.levels[place(draft, ladder)],
            ladder.levels[to],
            draft.business_date,
            last_day if to else NEVER,
            reason,
            measured(draft, ladder) if counted is None else counted,
            locked,
        )
    )
