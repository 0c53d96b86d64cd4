"""An account counted along from the effects of its records alone, lot by lot and limit by limit."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from processors.core.account import Account
from processors.core.lots import wallet_of
from schemas import ledger
from schemas.ledger import Effect, Record
from tests.oracle.generated import Words
from tests.oracle.playing import DiffersError
from tests.oracle.reading import period

TAKES = (ledger.PointsSpent, ledger.PointsReversed, ledger.PointsRepaid, ledger.PointsExpired)


def ensure(holds: bool, sentence: object) -> None:
    """Ends a story in which a law does not hold."""
    if not holds:
        raise DiffersError(str(sentence))


class Tally:
    """What one account has, had and used, as its effects say."""

    def __init__(self) -> None:
        self.lots: Counter[tuple[str, str]] = Counter()
        self.issued: Counter[str] = Counter()
        self.gone: Counter[str] = Counter()
        self.owed: Counter[str] = Counter()
        self.holds: dict[str, Counter[tuple[str, str]]] = {}
        self.used: Counter[tuple[str, int]] = Counter()

    def take(self, effect: Effect) -> None:
        """Follows the points of one effect."""
        match effect:
            case ledger.PointsEarned():
                self._give(effect.wallet, {effect.lot_id: effect.granted})
            case ledger.PointsAdjusted() if effect.points > 0:
                self._give(effect.wallet, {effect.lot_id: effect.points})
            case ledger.PointsAdjusted():
                self._take(effect.wallet, effect.taken)
            case ledger.PointsRestored():
                for lot_id, points in parts(effect.taken):
                    self.lots[effect.wallet, lot_id] += points
                    self.gone[effect.wallet] -= points
            case ledger.LotsMerged():
                self._merge(effect)
            case ledger.PointsOwed():
                self.owed[effect.wallet] += effect.points
            case ledger.HoldPlaced():
                self.holds[effect.hold_id] = self._hold(effect)
            case ledger.HoldEnded():
                self._release(effect)
            case _ if isinstance(effect, TAKES):
                self._take(effect.wallet, effect.taken)
                if isinstance(effect, ledger.PointsRepaid):
                    self.owed[effect.wallet] -= effect.points

    def _give(self, wallet: str, lots: dict[str, int]) -> None:
        for lot_id, points in lots.items():
            ensure(points >= 0, f"{lot_id} is given {points}")
            self.lots[wallet, lot_id] += points
            self.issued[wallet] += points

    def _take(self, wallet: str, taken: ledger.Taken) -> None:
        for lot_id, points in parts(taken):
            ensure(0 < points <= self.lots[wallet, lot_id], f"{points} are taken from {lot_id}")
            self.lots[wallet, lot_id] -= points
            self.gone[wallet] += points

    def _merge(self, effect: ledger.LotsMerged) -> None:
        """All that is in some lots is in the first of them."""
        for lot_id, points in parts(effect.taken):
            ensure(points == self.lots.pop((effect.wallet, lot_id)), f"{lot_id} is merged in part")
        self.lots[effect.wallet, effect.taken.lot_ids[0]] = sum(effect.taken.points)

    def _hold(self, effect: ledger.HoldPlaced) -> Counter[tuple[str, str]]:
        ensure(sum(effect.taken.points) == effect.points, f"{effect} holds something else")
        self._take(effect.wallet, effect.taken)
        self.gone[effect.wallet] -= effect.points
        return Counter({(effect.wallet, lot_id): points for lot_id, points in parts(effect.taken)})

    def _release(self, effect: ledger.HoldEnded) -> None:
        hold = self.holds.pop(effect.hold_id)
        ensure(
            effect.points + effect.released == sum(hold.values()), f"{effect} is of another hold"
        )
        ensure(sum(effect.taken.points) == effect.points, f"{effect} captured something else")
        for lot_id, points in parts(effect.taken):
            ensure(points <= hold[effect.wallet, lot_id], f"{effect} captured more than it held")
            hold[effect.wallet, lot_id] -= points
        self.gone[effect.wallet] += effect.points
        self.lots.update(hold)

    def agrees_with(self, account: Account) -> None:
        """The account has the lots, the holds and the debt that the effects give."""
        for name, wallet in account.wallets.items():
            ours = {lot_id: left for (of, lot_id), left in self.lots.items() if of == name and left}
            theirs = {lot.lot_id: lot.left for lot in wallet.lots}
            held = sum(points for hold in self.holds.values() for points in of_wallet(hold, name))
            ensure(min(theirs.values(), default=1) > 0, f"{name} has an empty lot")
            ensure(ours == theirs, f"{name}: {theirs}, and its effects give {ours}")
            said = (wallet.left, wallet.first_end, wallet.last_earned, wallet.matures_on)
            again = wallet_of(list(wallet.lots))
            beside = (again.left, again.first_end, again.last_earned, again.matures_on)
            ensure(said == beside, f"{name} says {said} of lots of which {beside} is true")
            ensure(wallet.left == sum(theirs.values()), f"{name} says it has {wallet.left}")
            ensure(wallet.held == held, f"{name} holds {wallet.held}, and its effects {held}")
            ensure(wallet.owed == self.owed[name] >= 0, f"{name} owes {wallet.owed}")
            rest = self.issued[name] - self.gone[name]
            ensure(rest == sum(theirs.values()) + held, f"{name}: of what was issued {rest} remain")
            available = sum(lot.left for lot in wallet.lots if not lot.pending)
            ensure(not (wallet.owed and available), f"{name} owes and has {available}")

    def within_limits(self, record: Record, words: Words) -> None:
        """What promotions and wallets gave, less what returns freed, is within their limits."""
        day = record.business_date
        for effect in record.effects:
            if isinstance(effect, ledger.Counted):
                freed = min(effect.by, 0)
                self.used[effect.counter, effect.period] += freed
        for name, one, points, times in given_by(record, words):
            for limit in caps(one, "per_sale"):
                ensure(points <= limit.get("units", points), f"{name} gave {points} on one sale")
            for limit in caps(one, "per_member"):
                (what,) = {"times", "units", "items"} & set(limit)
                every = limit.get("every")
                counter = f"{name}#{what}/{every or 'ever'}"
                key = (counter, period(day, every))
                self.used[key] += {"units": points, "times": times, "items": 0}[what]
                ensure(self.used[key] <= limit[what], f"{key} is {self.used[key]} of {limit[what]}")


def of_wallet(hold: Counter[tuple[str, str]], name: str) -> Iterator[int]:
    """The points that a hold has of a wallet."""
    return (points for (wallet, _), points in hold.items() if wallet == name)


def parts(taken: ledger.Taken) -> Iterator[tuple[str, int]]:
    """Lots, and how many points of each."""
    return zip(taken.lot_ids, taken.points, strict=True)


def caps(words: Words, scope: str) -> list[dict[str, Any]]:
    """The limits of a scope, one or several."""
    found = words.get("limits", {}).get(scope, [])
    return found if isinstance(found, list) else [found]


def given_by(record: Record, words: Words) -> list[tuple[str, Words, int, int]]:
    """What promotions, and wallets as a whole, were given by one record: points and times."""
    promotions = {one["id"]: one for one in words["promotions"]}
    points: Counter[str] = Counter()
    wallets: Counter[str] = Counter()
    acted: set[str] = set()
    for effect in record.effects:
        if isinstance(effect, ledger.PointsEarned) and effect.promotion_id:
            points[effect.promotion_id] += effect.granted
            acted |= {effect.promotion_id} if effect.granted else set()
            if promotions[effect.promotion_id]["kind"] != "convert":
                wallets[effect.wallet] += effect.granted
        if isinstance(effect, ledger.VoucherIssued) and effect.promotion_id:
            acted.add(effect.promotion_id)
    found = [(name, promotions[name], points[name], 1) for name in sorted(acted)]
    found += [(f"{name}#wallet", words["wallets"][name], wallets[name], 1) for name in wallets]
    return found
