"""The end of a business day: what matures, converts and ends, account by account, in order.

One record for each account that the day changes, and a last one for the partition.  A run that
died in the middle goes on where it stopped: accounts already done are no longer due.
"""

from collections.abc import Iterator
from typing import Final

from processors.core.celebrating import celebrate
from processors.core.climbing import climb, review
from processors.core.draft import Draft, mature, pending_part, repay_all, taken_from
from processors.core.evolve import settle
from processors.core.exchange import convert
from processors.core.holding import end_holds_of_day
from processors.core.judging import levels_of
from processors.core.ladder import Ladder
from processors.core.message import Decided
from processors.core.overlay import Overlay
from processors.core.packing import unpack
from processors.core.programme import Programme
from processors.core.versions import DECIDER_VERSION
from schemas import ledger
from schemas.events import BusinessDayClosed, Header
from schemas.ledger import Record
from schemas.records import replace

VOUCHERS_MAX: Final = 25
"""Most vouchers that one record ends; an account with more has several records."""
EXCHANGES_MAX: Final = 10_000
"""Most exchanges that are left to an account's further records of one close."""


def close_day(
    overlay: Overlay, event: BusinessDayClosed, digest: bytes, offset: int, first_part: int
) -> Iterator[Decided]:
    """The records of a closing day, each taken into the overlay before it is yielded."""
    day = event.header.business_date
    programme = overlay.programme_on(day)
    part = first_part
    triggers: frozenset[str] = frozenset() if programme is None else programme.triggers
    climbing = _has_other_ladders(overlay, programme)
    due = overlay.due_accounts(
        day,
        birthdays="birthday" in triggers,
        anniversaries="anniversary" in triggers,
        levels=climbing,
    )
    for account_id in due:
        again = True
        while again:
            header = replace(event.header, account_id=account_id, member_id=account_id)
            draft = _drafted(overlay, header, programme, part, climbing=climbing)
            if not draft.effects:
                break
            settle(draft.account, day)
            record = _record(event, digest, programme, account_id, draft)
            overlay.take(record, offset, draft.account)
            yield Decided(record, part, final=False)
            part += 1
            # What one record has no room for waits for the next one only if it is due.
            again = draft.account.due_on <= day
    closing = _record(event, digest, programme, "", None)
    overlay.take(closing, offset, None)
    yield Decided(closing, part, final=True)


def _has_other_ladders(overlay: Overlay, programme: Programme | None) -> bool:
    """Whether what counted before may earn other levels than it did at the last close."""
    before = overlay.programme_of_last_close()
    if programme is None or before is None:
        return False
    return [_asks(one) for one in programme.ladders.values()] != [
        _asks(one) for one in before.ladders.values()
    ]


def _asks(ladder: Ladder) -> tuple[object, ...]:
    """All of a ladder that says which level something earns."""
    return (
        ladder.name,
        ladder.measure,
        ladder.points_of,
        ladder.levels,
        ladder.starts,
        ladder.labels,
        ladder.words.window,
    )


def _drafted(
    overlay: Overlay, header: Header, programme: Programme | None, part: int, *, climbing: bool
) -> Draft:
    """What the close changes of an account in one record.

    Nobody is there to be refused what comes to more than a ledger counts, so the close gives
    nothing then.
    """
    account_id, day = header.account_id, header.business_date
    for gives in (True, False):
        account = unpack(overlay.packed(account_id))
        draft = Draft(account, f"{header.event_id}|{account_id}|{part}", day, overlay.stopped)
        _end_of_day(draft, header, programme, climbing=climbing, gives=gives)
        if not draft.has_too_many_points():
            break
    return draft


def _end_of_day(
    draft: Draft, header: Header, programme: Programme | None, *, climbing: bool, gives: bool
) -> None:
    """Holds end, levels move, tomorrow's points mature and are exchanged; the rest ends.

    Each waits for the record in which what comes before it has found room: points of the last
    hold can still be exchanged, and nothing ends that can be.  Only where a balance suffices
    without measure, what is too much for one close ends before the rest is exchanged.
    """
    day = draft.business_date
    kept: dict[str, int] = {}
    if not end_holds_of_day(draft, day):
        return
    mature(draft, day + 1)
    if programme is not None:
        rules = programme.at_levels(levels_of(draft.account, programme))
        review(draft, rules)
        if gives and climbing and draft.account.status != "closed":
            tomorrow = replace(header, business_date=day + 1)
            climb(draft, rules, tomorrow, from_what_is_gone=False)
        # What is given for the next day is for the level that begins it, as `who` asks.
        rules = programme.at_levels(levels_of(draft.account, programme))
        if gives:
            celebrate(draft, header, rules)
        if not draft.effects and draft.account.due_on > day:
            # Only a date brought it here, which it kept already or which brings nothing: a run that
            # goes on in the middle asks it again, and must find no more to do than the first one.
            return
        repay_all(draft)
        # What ends with the day is exchanged now or never, for what begins with the next one.
        more = convert(draft, rules, header, most=None, on=day + 1) if gives else 0
        if 0 < more <= EXCHANGES_MAX:
            return
        if more:
            takes = [(one.take, one.wallet) for rule in rules.converts for one in rule.exchanges]
            kept = {name: take * EXCHANGES_MAX for take, name in sorted(takes, reverse=True)}
    for name in sorted(draft.account.wallets):
        wallet = draft.account.wallets[name]
        if wallet.first_end > day:
            continue
        over = [lot for lot in wallet.lots if lot.last_day <= day]
        ending = sum([lot.left for lot in over]) - kept.get(name, 0)
        if ending > 0:
            ended = taken_from(over, ending)
            draft.touch(name)
            draft.add(
                ledger.PointsExpired(
                    name, sum(ended.points), pending_part(wallet.lots, ended), ended
                )
            )
    over_vouchers = [one for one in draft.account.vouchers if one.last_day <= day and one.uses_left]
    for one in over_vouchers[:VOUCHERS_MAX]:
        draft.add(
            ledger.VoucherExpired(
                one.voucher_id, one.voucher, one.promotion_id, one.campaign_id, one.issued_on
            )
        )


def _record(
    event: BusinessDayClosed,
    digest: bytes,
    programme: Programme | None,
    account_id: str,
    draft: Draft | None,
) -> Record:
    header = event.header
    closed: tuple[ledger.Effect, ...] = (ledger.DayClosed(header.business_date),)
    return Record(
        event_id=header.event_id,
        event_type=type(event).__name__,
        event_digest=digest,
        account_id=account_id,
        member_id=account_id,
        decision="ACCEPTED",
        before=() if draft is None else draft.outstanding(),
        effects=closed if draft is None else tuple(draft.effects),
        programme_version=0 if programme is None else programme.version,
        decider_version=DECIDER_VERSION,
        occurred_at=header.occurred_at,
        business_date=header.business_date,
        store_id=header.store_id,
        till_id=header.till_id,
        channel=header.channel,
    )
