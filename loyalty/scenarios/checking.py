"""Expectations beside what is there: every difference is a failure that says why."""

from collections.abc import Callable, Iterator
from typing import Any

from loyalty.scenarios import because, effects, holding, ladders, quotes
from loyalty.scenarios.converting import Wrong, unknown
from loyalty.scenarios.expected import NONE, OF_QUOTES, Expectation, OfEvent, OfMember, OfVoucher
from loyalty.scenarios.failing import Failure, flow
from loyalty.scenarios.holding import Voucher
from loyalty.scenarios.world import Happened, Quoted, World
from processors.core.account import Wallet
from processors.core.ladder import WALLET
from processors.words.nearest import nearest
from schemas import ledger
from schemas.ledger import Effect


def failures(world: World, expected: Expectation) -> list[Failure]:
    """Every difference from one expectation.

    Raises:
        Wrong: it names what is not there.
    """
    if isinstance(expected, OfMember):
        return list(_of_member(world, expected))
    happened = world.named.get(expected.event)
    if happened is None:
        raise world.unheard("event", expected.event)
    # An event that came twice, the second time as a duplicate, is right if either time is.
    return min((list(_of_what_happened(world, expected, one)) for one in happened), key=len)


def _of_member(world: World, expected: OfMember) -> Iterator[Failure]:
    member = expected.member
    if member not in world.told:
        known = [name for name in world.told if not name.startswith("store:")]
        raise Wrong(f"nothing has happened to a member `{member}`{nearest(member, known)}")
    account = world.account(member)

    def failure(word: str, want: Any, got: Any, about: because.About) -> Failure:
        """Any: what is asked for is a text, a list or a set of words."""
        return Failure(
            (*expected.path, word),
            f"{member} {word}: {flow(want)}",
            flow(got),
            because.story(world, member, about),
        )

    wallets = {name for one in world.overlay.programmes for name in one.programme.wallets}
    for wallet, words in expected.wallets.items():
        if wallet not in wallets:
            raise Wrong(unknown(wallet, (*wallets, "tiers", "vouchers", "labels", "segments")))
        there = holding.points(account.wallets.get(wallet, Wallet()))
        want = _asked(words)
        got = {name: str(getattr(there, name)) for name in want}
        if want != got:
            yield failure(wallet, want, got, _of_wallet(wallet))
    for ladder, of in expected.tiers.items():
        stands = ladders.standing(world, account, ladder)
        want = _asked(of)
        got = {name: getattr(stands, name) for name in want}
        if not all(effects.same_text(want[word], got[word]) for word in want):
            yield failure("tiers", {ladder: want}, {ladder: got}, _of_ladder(ladder))
    if expected.vouchers is not None:
        held = holding.vouchers(told.record for told in world.told[member])
        if len(held) != len(expected.vouchers) or not all(
            map(_is_voucher, expected.vouchers, held)
        ):
            want_all = [_asked(one) for one in expected.vouchers]
            yield failure("vouchers", want_all, [_shown(one) for one in held], _of_vouchers)
    if expected.labels is not None and sorted(expected.labels) != account.labels:
        yield failure("labels", expected.labels, account.labels, _of_labels)
    if expected.segments is not None and sorted(expected.segments) != account.segments:
        yield failure("segments", expected.segments, account.segments, _of_segments)


def _asked(words: Any) -> dict[str, str]:
    """The words that are said, as texts.  Any: records of expected words."""
    said = {name: getattr(words, name) for name in words.__struct_fields__}
    return {name: str(value) for name, value in said.items() if value not in (None, "")}


def _is_voucher(want: OfVoucher, held: Voucher) -> bool:
    got = _shown(held)
    return all(got[word] == text for word, text in _asked(want).items())


def _shown(held: Voucher) -> dict[str, str]:
    return {
        "voucher": held.voucher,
        "status": held.status,
        "first_day": effects.date_text(held.first_day),
        "last_day": effects.date_text(held.last_day),
    }


def _of_wallet(wallet: str) -> because.About:
    return lambda effect: getattr(effect, "wallet", None) == wallet


def _of_ladder(ladder: str) -> because.About:
    counts_in = WALLET + ladder
    return lambda effect: (
        getattr(effect, "ladder", None) == ladder or getattr(effect, "wallet", None) == counts_in
    )


def _of_vouchers(effect: Effect) -> bool:
    return hasattr(effect, "voucher_id")


def _of_labels(effect: Effect) -> bool:
    return isinstance(effect, ledger.MemberLabelled)


def _of_segments(effect: Effect) -> bool:
    return isinstance(effect, ledger.SegmentMoved)


_SUMS: dict[str, Callable[[Effect], bool]] = {
    "points_reversed": lambda effect: isinstance(effect, ledger.PointsReversed),
    "points_restored": lambda effect: isinstance(effect, ledger.PointsRestored),
    "points_owed": lambda effect: isinstance(effect, ledger.PointsOwed),
    "written_off": lambda effect: isinstance(effect, ledger.PointsWrittenOff),
}


def _points(effect: Effect) -> int:
    """What an effect moved of a wallet; what a ladder counts are no points of the member."""
    of_ladder = str(getattr(effect, "wallet", "")).startswith(WALLET)
    return 0 if of_ladder else int(getattr(effect, "points", 0))


def _of_what_happened(
    world: World, expected: OfEvent, happened: Happened | Quoted
) -> Iterator[Failure]:
    is_quote = isinstance(happened, Quoted)
    for word in expected.words.asked():
        if (word in OF_QUOTES) != is_quote:
            what = "a quote" if is_quote else "no quote"
            raise Wrong(f"{expected.event} is {what}, and has no `{word}`")
    if isinstance(happened, Quoted):
        return quotes.failures(expected, happened)
    return _of_event(world, expected, happened)


def _of_event(world: World, expected: OfEvent, happened: Happened) -> Iterator[Failure]:
    words = expected.words
    done = [effect for record in happened.records for effect in record.effects]
    reason = happened.records[-1].reason

    def failure(word: str, want: Any, got: str) -> Failure:
        """Any: what is asked for is a text or a set of words."""
        said = f"{expected.event} {word}: {flow(want)}"
        why = because.effects_of(world, happened.records)
        return Failure((*expected.path, word), said, got, why)

    if words.refused and words.refused != (reason or NONE):
        yield failure("refused", words.refused, reason or NONE)
    for word, meant in _SUMS.items():
        want = getattr(words, word)
        if want is not None:
            got = sum(_points(effect) for effect in done if meant(effect))
            if want != got:
                yield failure(word, want, str(got))
    if words.effects is not None:
        unmet = _first_unmet(world, words.effects, done)
        if reason and words.effects:
            yield failure("effects", words.effects[0], f"refused, {reason}")
        elif unmet is not None:
            yield failure("effects", *unmet)
        elif not words.effects and done:
            yield failure("effects", [], flow([type(effect).__name__ for effect in done]))


def _first_unmet(
    world: World, wanted: tuple[dict[str, Any], ...], done: list[Effect]
) -> tuple[dict[str, Any], str] | None:
    """The first expected effect that is not there, and the nearest one; each is another one.

    Any: the words of an effect as the file says them.
    """
    meant = [_meant(world, want) for want in wanted]
    currency = world.currency
    start = 0
    for want in meant:
        while start < len(done) and not effects.fits(done[start], want, currency):
            start += 1
        start += 1
    if start <= len(done):
        return None  # each is there, in the order of the file
    fitting: list[list[int]] = []
    for said, want in zip(wanted, meant, strict=True):
        fitting.append([at for at, one in enumerate(done) if effects.fits(one, want, currency)])
        if not _all_differ(fitting):
            return said, _nearest_effect(done, want, currency)
    return None


def _meant(world: World, want: dict[str, Any]) -> dict[str, Any]:
    """The words with event ids in place of the scenario's names.  Any: as the file says them."""
    if effects.EVENT_WORDS.isdisjoint(want):
        return want
    return {
        word: world.event_id(text) if word in effects.EVENT_WORDS else text
        for word, text in want.items()
    }


def _all_differ(fitting: list[list[int]], taken: frozenset[int] = frozenset()) -> bool:
    """Whether each can have one of those that fit it, and no two the same."""
    if not fitting:
        return True
    return any(at not in taken and _all_differ(fitting[1:], taken | {at}) for at in fitting[0])


def _nearest_effect(done: list[Effect], want: dict[str, Any], currency: str) -> str:
    """The effect that says most of what is wanted.  Any: its words as the file says them."""
    said = [effects.matching(effect, want, currency) for effect in done]
    best = max(range(len(done)), key=lambda at: said[at], default=-1)
    if best < 0 or not said[best]:
        return "no such effect" if done else "no effects"
    shown = flow(effects.shown(done[best], want, currency))
    return f"{shown}, which is another one's" if said[best] == len(want) else shown
