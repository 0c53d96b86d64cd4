"""Lots are sealed between events: adding one leaves the others packed, and nobody can tell."""

from hypothesis import given
from hypothesis import strategies as st

from processors.core.account import Account
from processors.core.lot import Lot
from processors.core.lots import open_lot, order, wallet_of
from processors.core.packing import due_on, pack, unpack
from schemas.ledger import NEVER
from tests.core.scene import plain

DAYS = st.integers(20_000, 20_003)
ENDS = st.sampled_from((20_010, 20_011, NEVER))


@given(st.lists(st.tuples(DAYS, ENDS, st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_what_is_packed_does_not_tell_when_it_was_packed(
    script: list[tuple[int, int, bool, bool]],
) -> None:
    """Given lots in any order, packing after each, after some or in the end is the same."""
    packed_often, kept_open = Account(), Account()
    for account in (packed_often, kept_open):
        account.wallets["points"] = wallet_of([])
    lots = []
    for number, (earned_on, last_day, pending, again) in enumerate(script):
        spendable_on = earned_on + 14 if pending else earned_on
        for account in (packed_often, kept_open):
            lot = Lot(f"e{number}#1", 5, spendable_on, last_day, earned_on, "base", pending)
            open_lot(account.wallets["points"], lot)
        lots.append(lot)
        if again:
            packed_often = unpack(pack(packed_often))
    assert due_on(packed_often) == due_on(kept_open)
    assert pack(packed_often) == pack(kept_open)
    ours = unpack(pack(packed_often)).wallets["points"]
    assert len(ours.latest) == 1
    assert plain(ours.lots) == plain(sorted(lots, key=order))
    beside = wallet_of(ours.lots)
    for name in ("left", "first_end", "last_earned", "matures_on"):
        assert getattr(ours, name) == getattr(beside, name)
