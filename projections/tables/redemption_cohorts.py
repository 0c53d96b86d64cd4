"""`redemption_cohorts`: what became of what was issued in one month, followed through each lot.

Every point and every voucher is in exactly one cohort, that of its issue, and leaves it in exactly
one way, so always issued = redeemed + expired + reversed + outstanding, and no share is above 1:

    redeemed     points paid with or converted; vouchers used up; less what was given back
    expired      what ended unused
    reversed     points taken out of the lot by a return, by a correction, or to pay what was owed;
                 vouchers taken back
    outstanding  what is still there, held or not

What a return finds spent already stays redeemed: it is owed or written off, and the points that
pay what is owed are reversed in the cohort they come from.  A lot whose last day moves stays in the
cohort of its issue.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from projections.tables.days import MONTH_OF
from projections.tables.place import Place
from projections.tables.writes import Change, Write, numbers, texts
from schemas.ledger import (
    HoldEnded,
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsRepaid,
    PointsRestored,
    PointsReversed,
    PointsSpent,
    Taken,
    VoucherCancelled,
    VoucherExpired,
    VoucherIssued,
    VoucherRedeemed,
    VoucherRestored,
)

_LOCK = """
    INSERT INTO redemption_cohorts AS c (
        issue_month, instrument, wallet_or_voucher, promotion_id, issued, redeemed, expired,
        reversed
    )
    SELECT DATE '1970-01-01' + u.month, u.instrument, u.wallet_or_voucher, u.promotion_id,
        0, 0, 0, 0
    FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
        AS u (month, instrument, wallet_or_voucher, promotion_id)
    ON CONFLICT (issue_month, instrument, wallet_or_voucher, promotion_id)
        DO UPDATE SET issued = c.issued
"""
_ADD = """
    UPDATE redemption_cohorts AS c
    SET issued = c.issued + u.issued,
        redeemed = c.redeemed + u.redeemed,
        expired = c.expired + u.expired,
        reversed = c.reversed + u.reversed
    FROM unnest(
        %s::int[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::bigint[]
    ) AS u (
        month, instrument, wallet_or_voucher, promotion_id, issued, redeemed, expired, reversed
    )
    WHERE c.issue_month = DATE '1970-01-01' + u.month AND c.instrument = u.instrument
        AND c.wallet_or_voucher = u.wallet_or_voucher AND c.promotion_id = u.promotion_id
"""
_ISSUED, _REDEEMED, _EXPIRED, _REVERSED = range(4)

Rows = dict[tuple[int, str, str, str], list[int]]
"""(first day of the month, instrument, wallet or voucher, promotion) → the four sums."""


def _sums(rows: Rows, key: tuple[int, str, str, str]) -> list[int]:
    sums = rows.get(key)
    if sums is None:
        sums = rows[key] = [0] * 4
    return sums


def _earned(rows: Rows, place: Place, effect: PointsEarned) -> None:
    month = MONTH_OF[place.record.business_date]
    _sums(rows, (month, "points", effect.wallet, effect.promotion_id))[_ISSUED] += effect.granted


def _spent(rows: Rows, _: Place, effect: PointsSpent | HoldEnded) -> None:
    _take(rows, effect.wallet, effect.taken, _REDEEMED)


def _restored(rows: Rows, _: Place, effect: PointsRestored) -> None:
    _take(rows, effect.wallet, effect.taken, _REDEEMED, -1)


def _expired(rows: Rows, _: Place, effect: PointsExpired) -> None:
    _take(rows, effect.wallet, effect.taken, _EXPIRED)


def _reversed(rows: Rows, _: Place, effect: PointsReversed | PointsRepaid) -> None:
    _take(rows, effect.wallet, effect.taken, _REVERSED)


def _adjusted(rows: Rows, place: Place, effect: PointsAdjusted) -> None:
    if effect.points > 0:
        key = (MONTH_OF[place.record.business_date], "points", effect.wallet, "")
        _sums(rows, key)[_ISSUED] += effect.points
    else:
        _take(rows, effect.wallet, effect.taken, _REVERSED)


def _take(rows: Rows, wallet: str, taken: Taken, column: int, sign: int = 1) -> None:
    for day, promotion_id, points in zip(
        taken.earned_on, taken.promotion_ids, taken.points, strict=True
    ):
        _sums(rows, (MONTH_OF[day], "points", wallet, promotion_id))[column] += sign * points


def _voucher_issued(rows: Rows, place: Place, effect: VoucherIssued) -> None:
    month = MONTH_OF[place.record.business_date]
    _sums(rows, (month, "voucher", effect.voucher, effect.promotion_id))[_ISSUED] += 1


def _voucher_redeemed(rows: Rows, _: Place, effect: VoucherRedeemed) -> None:
    if effect.voucher and effect.used_up:
        _of_issue(rows, effect)[_REDEEMED] += 1


def _voucher_restored(rows: Rows, _: Place, effect: VoucherRestored) -> None:
    if effect.was_used_up:
        _of_issue(rows, effect)[_REDEEMED] -= 1


def _voucher_expired(rows: Rows, _: Place, effect: VoucherExpired) -> None:
    _of_issue(rows, effect)[_EXPIRED] += 1


def _voucher_cancelled(rows: Rows, _: Place, effect: VoucherCancelled) -> None:
    _of_issue(rows, effect)[_REVERSED] += 1


def _of_issue(
    rows: Rows, effect: VoucherRedeemed | VoucherRestored | VoucherExpired | VoucherCancelled
) -> list[int]:
    """The sums of the cohort that a voucher was issued in."""
    month = MONTH_OF[effect.issued_on]
    return _sums(rows, (month, "voucher", effect.voucher, effect.promotion_id))


FOLDS: Mapping[type, Callable[[Rows, Place, Any], None]] = {
    PointsEarned: _earned,
    PointsSpent: _spent,
    PointsReversed: _reversed,
    PointsRepaid: _reversed,
    PointsExpired: _expired,
    PointsAdjusted: _adjusted,
    VoucherIssued: _voucher_issued,
    VoucherRedeemed: _voucher_redeemed,
    VoucherExpired: _voucher_expired,
    PointsRestored: _restored,
    HoldEnded: _spent,
    VoucherCancelled: _voucher_cancelled,
    VoucherRestored: _voucher_restored,
}


def writes(rows: Rows) -> Iterator[Write]:
    """The batch's sums.

    The rows are made and locked in key order, so that two projectors never wait for each other,
    and then added to: a row of one batch's changes alone would break the checks of the table.
    """
    if not rows:
        return
    keys = sorted(rows)
    months, instruments, names, promotions = zip(*keys, strict=True)
    key_arrays = (numbers(months), texts(instruments), texts(names), texts(promotions))
    sums = zip(*(rows[key] for key in keys), strict=True)
    yield Change(_LOCK, key_arrays)
    yield Change(_ADD, (*key_arrays, *map(numbers, sums)))
