"""What a recorded sale does to an account: vouchers used, points, levels, gifts, exchanges.

In this order: what is due matures, what the programme's promotions earn is counted within their
limits, ladders count the sale, what is owed is paid, what suffices is exchanged.
"""

from collections.abc import Iterator, Sequence

from processors.core.basket import Basket, basket_of
from processors.core.capping import allowed, count, may_act, of_wallet, use, wallet_cap
from processors.core.climbing import climb, count_sale, counted_of_sale, measured
from processors.core.draft import Draft, mature, open_and_held, repay_all
from processors.core.earning import Earned, earned
from processors.core.exchange import Issuer, convert
from processors.core.giving import earn, hand_out, withheld, withhold
from processors.core.judging import Judged, judged, levels_of, one_bonus_each
from processors.core.ladder import Ladder
from processors.core.programme import Programme
from processors.core.quoted import count_cuts, note_differences, ruled
from processors.core.rejudging import items_of
from processors.core.rule import Rule
from processors.core.streaking import keep_streak
from processors.core.vouching import use_vouchers
from processors.words.allocation import largest_remainder
from schemas import ledger
from schemas.events import SaleRecorded


def sale_effects(
    draft: Draft,
    sale: SaleRecorded,
    programme: Programme,
    issuer: Issuer | None = None,
) -> None:
    """Everything that follows from a sale, into the draft.

    Args:
        draft: the account as it stands.
        sale: the receipt.
        programme: the rules in force on its business date, for the lowest levels.
        issuer: finds the terms that vouchers were issued by; those of `programme` if not said.
    """
    header = sale.header
    issued_by = issuer or (lambda _: programme)
    given = ruled(draft, sale, programme, draft.stopped, issued_by) if sale.quote_id else None
    use_vouchers(draft, sale, programme, issued_by, () if given is None else given.answers)
    if draft.account.status == "closed":
        return
    mature(draft, draft.business_date)
    before = levels_of(draft.account, programme)
    levels = _levels(draft, sale, programme, before)
    rules = programme.at_levels(levels)
    basket = basket_of(sale, rules)
    found = judged(sale, draft.account, rules, basket.money, draft.stopped, levels)
    points = _earn(draft, rules, basket, found.active)
    _give(draft, rules, basket, found)
    for counter in found.counted:
        count(draft, counter, "", 1)
    count_cuts(draft, programme.at_levels(before), sale)
    if rules.ladders:
        for ladder in rules.ladders.values():
            if not ladder.is_for(draft.account.labels):
                continue
            of_ladder = points.get(ladder.points_of or next(iter(rules.wallets)), [])
            count_sale(draft, ladder, _counted(ladder, sale, rules, basket, of_ladder))
        climb(draft, rules, header)
    _withhold(draft, rules, basket, found)
    if given is not None:
        note_differences(draft, sale, given)
    keep_alive(draft, rules, "sale")
    if found.personal or (rules.ladders and (rules.personal or programme.by_level)):
        names = tuple(name for pair in zip(rules.ladders, levels, strict=True) for name in pair)
        draft.add(ledger.SaleJudged(found.personal, names))
    repay_all(draft)
    convert(draft, rules, header)


def _levels(
    draft: Draft, sale: SaleRecorded, programme: Programme, levels: tuple[str, ...]
) -> tuple[str, ...]:
    """The levels that the sale earns at: those before it, or those that it reaches itself."""
    if all(one.words.crossing_sale == "old_rate" for one in programme.ladders.values()):
        return levels
    basket = basket_of(sale, programme)
    reached = []
    for ladder, level in zip(programme.ladders.values(), levels, strict=True):
        crosses = ladder.words.crossing_sale == "new_rate" and ladder.measure != "points"
        if crosses and ladder.is_for(draft.account.labels):
            more = sum(_counted(ladder, sale, programme, basket, ()))
            at = max(ladder.earned(measured(draft, ladder) + more), ladder.place(level))
            reached.append(ladder.levels[at])
        else:
            reached.append(level)
    return tuple(reached)


def _counted(
    ladder: Ladder, sale: SaleRecorded, rules: Programme, basket: Basket, points: Sequence[int]
) -> list[int]:
    """What a sale adds to a ladder, by line; money of another currency counts for none."""
    own = sale.currency == rules.currency or ladder.measure != "spend"
    return counted_of_sale(ladder, basket.money() if own else [], points)


def _earn(draft: Draft, rules: Programme, basket: Basket, active: int) -> dict[str, list[int]]:
    """Points counted on lines, within limits; by wallet, what they come to on each line."""
    rows = earned(basket, active, rules)
    if active & rules.limited:
        rows = _within_limits(draft, rules, basket, rows)
    if rules.capped:
        rows = _within_wallets(draft, rules, basket, rows)
    totals: dict[str, list[int]] = {}
    given: list[Earned] = []
    for at, one in enumerate(rows):
        rule = rules.rules[one.promotion_at]
        if rule is None:
            continue
        earn(draft, rules, rule, one.wallet, (one.desired, one.granted), one.trail, one.by_line)
        given.append(one)
        if at + 1 == len(rows) or rows[at + 1].promotion_at != one.promotion_at:
            _use_limits(draft, rule, basket, given)
            given = []
        if rules.ladders:
            before = totals.get(one.wallet)
            if before is None:
                totals[one.wallet] = one.by_line
            else:
                more = one.by_line
                totals[one.wallet] = [points + more[line] for line, points in enumerate(before)]
    return totals


def _use_limits(draft: Draft, rule: Rule, basket: Basket, given: Sequence[Earned]) -> None:
    """Note what one promotion used of its limits, in all wallets that it gave into together."""
    if not rule.caps:
        return
    points = sum([one.granted for one in given])
    items = items_of(basket, given[0]) if points else 0
    left = allowed(draft, rule.id, rule.caps, points, items).items
    use(draft, rule.id, rule.caps, points=points, items=left, times=int(points > 0))


def _within_limits(
    draft: Draft, rules: Programme, basket: Basket, rows: Sequence[Earned]
) -> list[Earned]:
    """Points behind the limits of their promotions, one wallet of each after the other."""
    found: list[Earned] = []
    before: dict[int, int] = {}
    for one in rows:
        rule = rules.rules[one.promotion_at]
        if rule is None or not rule.caps:
            found.append(one)
            continue
        items, given = items_of(basket, one), before.get(one.promotion_at, 0)
        left = allowed(draft, rule.id, rule.caps, one.granted, items, given)
        before[one.promotion_at] = given + left.points
        found.append(_cut(one, left.points, left.trail, basket))
    return found


def _within_wallets(
    draft: Draft, rules: Programme, basket: Basket, rows: list[Earned]
) -> list[Earned]:
    """All points behind the limits of their wallets, each promotion cut in proportion."""
    for name, wallet in rules.wallets.items():
        mine = [at for at, one in enumerate(rows) if one.wallet == name]
        total = sum(rows[at].granted for at in mine)
        if not wallet.caps or not total:
            continue
        left = allowed(draft, of_wallet(name), wallet.caps, total)
        use(draft, of_wallet(name), wallet.caps, points=left.points)
        for cap in left.trail:
            weights = [rows[at].granted for at in mine]
            cuts = _in_proportion(-cap.points, weights)
            for at, by in zip(mine, cuts, strict=True):
                if by:
                    row = rows[at]
                    rows[at] = _cut(row, row.granted - by, (wallet_cap(name, cap, -by),), basket)
    return rows


def _in_proportion(points: int, weights: list[int]) -> list[int]:
    return largest_remainder(points, weights, lambda: range(len(weights)))


def _cut(one: Earned, granted: int, trail: tuple[ledger.Cap, ...], basket: Basket) -> Earned:
    if granted == one.granted:
        return one
    by_line = largest_remainder(granted, one.by_line, basket.ranks)
    return Earned(one.promotion_at, one.wallet, one.desired, granted, one.trail + trail, by_line)


def _give(draft: Draft, rules: Programme, basket: Basket, found: Judged) -> None:
    """Bonuses and streaks of this sale; of a group of bonuses one that has not used its limits."""
    acting = found.active & rules.giving
    for at in {at for order in rules.one_bonus for at in order}:
        rule = rules.rules[at]
        if rule is not None and not may_act(draft, rule.id, rule.caps):
            acting &= ~rule.bit
    for rule in _of(rules, one_bonus_each(acting, rules)):
        for bonus in rule.bonuses:
            hand_out(draft, rules, rule, bonus.gives, basket.money())
        for streak in rule.streaks:
            keep_streak(draft, rules, rule, streak, basket.money())


def _of(rules: Programme, bits: int) -> Iterator[Rule]:
    """The rules of some bits, in document order."""
    while bits:
        rule = rules.rules[(bits & -bits).bit_length() - 1]
        bits &= bits - 1
        if rule is not None:
            yield rule


def _withhold(draft: Draft, rules: Programme, basket: Basket, found: Judged) -> None:
    """For the control of a campaign: what its promotions would have given, on this sale alone."""
    if not found.withheld:
        return
    rows = earned(basket, found.active | found.withheld, rules)
    held_out = [one for one in rows if found.withheld >> one.promotion_at & 1]
    for one in _within_limits(draft, rules, basket, held_out):
        rule = rules.rules[one.promotion_at]
        if rule is not None and one.granted:
            draft.add(withheld(rule, one.wallet, one.granted))
    every = one_bonus_each((found.active | found.withheld) & rules.giving, rules)
    for rule in _of(rules, found.withheld & every):
        withhold(draft, rule)


def keep_alive(draft: Draft, rules: Programme, by: str) -> None:
    """Points that end by inactivity end later, because of what was done.

    All of a wallet end together, what is held as well.  Something done earlier that is told late
    shortens nothing.
    """
    for name, terms in rules.wallets.items():
        lots = open_and_held(draft.account, name) if by in terms.kept_alive_by else []
        if not lots:
            continue
        ends = [lot.last_day for lot in lots if lot.last_day < ledger.NEVER]
        last_day = max([terms.last_day(draft.business_date), *ends])
        if any(lot.last_day < last_day for lot in lots):
            draft.touch(name)
            draft.add(ledger.PointsExtended(name, last_day))


def sale_context(sale: SaleRecorded) -> ledger.Sale:
    """The receipt as the ledger keeps it."""
    lines = sale.lines
    gross = sum(line.gross_minor for line in lines)
    nets = tuple(line.net_minor for line in lines)
    net = sum(nets)
    return ledger.Sale(
        sale.receipt_no,
        sale.currency,
        "",
        tuple(line.line_no for line in lines),
        tuple(line.quantity_milli for line in lines),
        nets,
        gross,
        gross - net,
        net,
        sum(tender.amount_minor for tender in sale.tenders if tender.kind == "points"),
        sale.cashier_id,
    )
