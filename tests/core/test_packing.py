"""An account between events is bytes, and comes out of them as it went in."""

from processors.core.account import Account, Hold, Offer, Reserved, Standing
from processors.core.lot import Lot
from processors.core.lots import wallet_of
from processors.core.packing import due_on, pack, packed_due_on, unpack
from processors.core.voucher import Voucher
from schemas.ledger import NEVER
from tests.core.scene import plain


def lot(number: int) -> Lot:
    """One of many lots, with a number of points that takes all the bits there may be."""
    return Lot(f"e{number}#1", 10**15 + number, 20_001, NEVER, 20_000 + number, "base", True)


def everything() -> Account:
    """An account that has something of everything."""
    account = Account()
    account.status, account.enrolled_on, account.birthday = "blocked", -300, 229
    account.merge_from, account.forget_from = 20_100, 20_200
    account.wallets["points"] = wallet_of([lot(number) for number in range(3)])
    account.wallets["points"].owed, account.wallets["points"].held = 7, 11
    account.vouchers.append(
        Voucher("e1#2", "five-off", "base", "may", 20_000, 20_001, 20_030, 500, "EUR", 2)
    )
    account.offers.append(Offer("8", 20_000, 20_020, True))
    account.sales["pos"] = 12
    account.labels, account.segments = ["eco", "größer"], ["lapsed"]
    account.counts["big-shop#times/day@20544"] = (3, 20_544)
    account.tiers["circle"] = Standing("gold", 20_000, 20_365, True, True)
    account.holds["h1"] = Hold("points", 1_700_000_000_000, [lot(9)], 20_000)
    account.reserved["h2"] = Reserved(
        "e1#2", "five-off", "base", "may", "s1", "t1", "o1", 1_700_000_000_000, 20_000
    )
    account.due_on = due_on(account)
    return account


def test_nothing_is_lost_in_the_bytes() -> None:
    """Every field of every record is there again, and packs to the same bytes."""
    account = everything()
    packed = pack(account)

    assert plain(unpack(packed)) == plain(account)
    assert pack(unpack(packed)) == packed
    assert plain(unpack(pack(Account()))) == plain(Account()) == plain(unpack(None))


def test_when_an_account_is_due_is_read_without_the_rest() -> None:
    """The first number of the bytes says it; of an unknown account nothing is due."""
    account = everything()

    assert packed_due_on(pack(account)) == account.due_on == 20_000
    assert packed_due_on(None) == NEVER
