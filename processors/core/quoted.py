"""What the discounts of a sale do: the limits they use up, and how they differ from its quote.

A sale is a fact: it stands as it was.  If it was bought by a quote, the rules are asked again for
the same basket at the prices before promotions and vouchers, and each difference is an effect.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from processors.core.account import Account
from processors.core.capping import allowed, count, use
from processors.core.draft import Draft
from processors.core.exchange import Issuer
from processors.core.judging import counter_of, stands
from processors.core.packing import pack, unpack
from processors.core.pricing import Setting, priced, setting_of, withheld
from processors.core.programme import Programme
from processors.core.rule import Rule
from processors.core.till import Cut, Till
from processors.core.vouching import take_voucher, taken_by_vouchers
from processors.words.cutting import units_cut, units_of
from schemas import ledger
from schemas.events import Line, SaleRecorded
from schemas.records import replace
from schemas.refusals import Refusal

DIFFERENCES_MAX = 12
"""Most differences told one by one; what is beyond is told as one of `others`."""

Sums = Mapping[tuple[str, str], int]
"""Source (promotion or voucher) and its id → what it takes off."""


class Ruled(NamedTuple):
    """What the rules give for the basket of a sale.

    Attributes:
        cuts: by promotions and vouchers.
        answers: by voucher presented, why it does not hold; None if it does.
        control: rules held back from a control member, with what they would have taken off.
    """

    cuts: tuple[Cut, ...]
    answers: tuple[Refusal | None, ...]
    control: tuple[tuple[Rule, int], ...]


def ruled(
    draft: Draft,
    sale: SaleRecorded,
    programme: Programme,
    stopped: Collection[str],
    issuer: Issuer,
) -> Ruled:
    """What the rules give for a recorded basket, by the account as it stands before the sale."""
    account = unpack(pack(draft.account))
    own = Draft(account, draft.event_id, draft.business_date, checkout=draft.checkout)
    setting = setting_of(before_discounts(sale), programme, own, stopped)
    control = withheld(setting)
    till = priced(setting)
    answers = tuple(take_voucher(setting, till, one, issuer) for one in sale.vouchers)
    return Ruled(tuple(till.cuts), answers, tuple(control))


def before_discounts(sale: SaleRecorded) -> SaleRecorded:
    """The sale as it was before promotions and vouchers; what the till gave by itself stays."""
    return replace(sale, lines=tuple(_before(line) for line in sale.lines))


def _before(line: Line) -> Line:
    ours = [one for one in line.discounts if one.source in ("promotion", "voucher")]
    if not ours:
        return line
    return replace(
        line,
        discounts=tuple(one for one in line.discounts if one not in ours),
        net_minor=line.net_minor + sum(one.amount_minor for one in ours),
    )


def note_differences(draft: Draft, sale: SaleRecorded, given: Ruled) -> None:
    """One effect for each promotion or voucher that took off something else than the rules give."""
    quoted = _given(given.cuts)
    taken = _taken(sale, draft.account)
    names = sorted({*quoted, *taken})
    rows = [(name, quoted.get(name, 0), taken.get(name, 0)) for name in names]
    rows = [row for row in rows if row[1] != row[2]]
    for (_, source_id), said, took in rows[:DIFFERENCES_MAX]:
        draft.add(ledger.QuoteDiffered(sale.quote_id, source_id, said, took))
    if rest := rows[DIFFERENCES_MAX:]:
        said, took = sum(row[1] for row in rest), sum(row[2] for row in rest)
        draft.add(ledger.QuoteDiffered(sale.quote_id, "others", said, took))
    for rule, amount_minor in given.control:
        head = rule.head
        draft.add(ledger.WithheldFromControl(head.id, head.campaign, "", 0, (), amount_minor))


def _given(cuts: tuple[Cut, ...]) -> Sums:
    sums: dict[tuple[str, str], int] = {}
    for cut in cuts:
        key = (cut.source, cut.source_id)
        sums[key] = sums.get(key, 0) + cut.amount_minor
    return sums


def _taken(sale: SaleRecorded, account: Account) -> Sums:
    """What the receipt says; a voucher counts under its definition, however it is called."""
    sums: dict[tuple[str, str], int] = {}
    for line in sale.lines:
        for one in line.discounts:
            if one.source == "promotion":
                key = ("promotion", one.source_id)
                sums[key] = sums.get(key, 0) + one.amount_minor
    known = {one.voucher_id: one.voucher for one in account.vouchers}
    for name, amount in taken_by_vouchers(sale).items():
        # A tender that names none is the only voucher's that was presented.
        said = sale.vouchers[0] if not name and len(sale.vouchers) == 1 else name
        key = ("voucher", known.get(said, said))
        sums[key] = sums.get(key, 0) + amount
    return sums


def count_cuts(draft: Draft, rules: Programme, sale: SaleRecorded) -> None:
    """Move what promotions that take money off count: their limits, and which purchase it is."""
    for rule in rules.counting_cuts:
        if rule.caps:
            _use_limits(draft, rule, rules, sale)
        if rule.nth is not None and rule.nth.floor is not None:
            setting = setting_of(before_discounts(sale), rules, draft, ())
            if _counts(setting, rule):
                count(draft, counter_of(rule, sale.header), "", 1)


def _use_limits(draft: Draft, rule: Rule, rules: Programme, sale: SaleRecorded) -> None:
    units = _acted_on(rule, rules, sale)
    if units:
        items = allowed(draft, rule.id, rule.caps, units, units).items
        use(draft, rule.id, rule.caps, points=0, items=items)


def _acted_on(rule: Rule, rules: Programme, sale: SaleRecorded) -> int:
    """How many articles a promotion acted on: those it made cheaper, and those it needed for it.

    So 3 for 2 acts on three articles, whether they are one line of the receipt or three.
    """
    cheaper = units_cut(sale.lines, rule.id)
    if not cheaper:
        return 0
    till = Till(before_discounts(sale), rules)
    needed: set[int] = set()
    for cut in rule.cuts:
        if cut.together:
            found = till.articles(cut.matches, till.prices)
            needed |= till.offer(found, cut.cutting, cut.needing).needed
    return max(cheaper, sum(units_of(sale.lines[at]) for at in needed))


def _counts(setting: Setting, rule: Rule) -> bool:
    """Whether this is one of the purchases that a promotion counts."""
    header, nth = setting.basket.header, rule.nth
    if nth is None or nth.floor is None:
        return False
    if not rule.bit & setting.rules.paid_in(setting.basket.currency):
        return False
    if not rule.holds(header):
        return False
    if rule.fits is not None and not rule.fits(setting.person, header.business_date):
        return False
    till = Till(setting.basket, setting.rules)
    return stands(nth.floor, setting.basket, till.money)
