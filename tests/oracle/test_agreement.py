"""The engine and the oracle say the same of every event of every story.

`LOYALTY_ORACLE` says of how many sales, returns and payments; `make oracle` asks of 100,000.
A story that fails is printed, and played again by `LOYALTY_STORY`.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from processors.core.overlay import Overlay
from processors.core.quote import quote
from schemas import events, ledger
from schemas.events import SaleRecorded, SaleReturned
from schemas.ledger import Record, RefundReduced
from schemas.records import replace
from tests.core.scene import Scene
from tests.oracle.generated import Story, Words, activation
from tests.oracle.oracle import Oracle, until
from tests.oracle.playing import DiffersError, from_text, hold, story, to_text

DECISIONS = int(os.environ.get("LOYALTY_ORACLE", "3000"))
ASKED = (SaleRecorded, SaleReturned, events.PointsRedeemed)


def engine_view(scene: Scene, words: Words, account_id: str) -> dict[str, Any]:
    """What the engine's account holds, in the oracle's words."""
    account = scene.account(account_id)
    ranks = {
        name: [level["id"] for level in ladder["levels"]] for name, ladder in words["tiers"].items()
    }
    held = {name: ranks[name].index(one.level) for name, one in sorted(account.tiers.items())}
    return {
        "vouchers": sorted(
            (one.voucher, one.first_day, one.last_day) for one in account.vouchers if one.uses_left
        ),
        "wallets": {
            name: (until((lot.last_day, lot.pending, lot.left) for lot in one.lots), one.owed)
            for name, one in sorted(account.wallets.items())
            if name in words["wallets"] and (one.lots or one.owed)
        },
        "levels": {name: level for name, level in held.items() if level},
    }


NONE_HOLDS = ("VOUCHER_NOT_YET_VALID", "VOUCHER_EXPIRED", "VOUCHER_USED")


def spoken(reason: str) -> str:
    """Why a voucher is refused.

    That none of a name holds is one reason, for of used ones the account forgets that there were.
    """
    return "VOUCHER_UNKNOWN" if reason in NONE_HOLDS else reason


def engine_quote(scene: Scene, basket: SaleRecorded) -> tuple[list[Any], list[Any]]:
    """What is taken off a basket, by whom and on which lines; and vouchers that are refused."""
    answer = quote(Overlay(scene.state), basket)
    refused = [(one.reference, spoken(one.refusal)) for one in answer.vouchers if one.refusal]
    return [(one.source_id, one.by_line) for one in answer.cuts], refused


def engine_used(record: Record) -> tuple[list[Any], list[Any]]:
    """The vouchers that a sale named: what was used and what it took off, what is refused."""
    effects = record.effects
    used = [one for one in effects if isinstance(one, ledger.VoucherRedeemed)]
    refused = [one for one in effects if isinstance(one, ledger.VoucherRefused)]
    return (
        [(one.voucher, one.amount_minor) for one in used],
        [(one.voucher_id, spoken(one.reason)) for one in refused],
    )


def engine_charged(record: Record) -> int:
    """What a refund is smaller by, for vouchers that were used."""
    return sum(one.amount_minor for one in record.effects if isinstance(one, RefundReduced))


def engine_gave(record: Record) -> list[Any]:
    """The points that a sale was given: promotion, wallet, and how many by line."""
    return sorted(
        (effect.promotion_id, effect.wallet, effect.points_by_line)
        for effect in record.effects
        if isinstance(effect, ledger.PointsEarned) and effect.promotion_id and effect.granted
    )


def compared(told: Story) -> list[Record]:
    """Plays a story to both; raises `DiffersError` at the first event that they see differently."""
    scene, oracle = Scene(""), Oracle()
    owners: set[str] = set()
    for event in [activation(json.dumps(told.document)), *told.events]:
        account_id, event_id = event.header.account_id, event.header.event_id
        seen: list[tuple[Any, Any]] = []
        if isinstance(event, SaleRecorded):
            basket = replace(event, header=replace(event.header, event_id="quote"), tenders=())
            seen.append((engine_quote(scene, basket), oracle.quote(basket)))
        record, expected = scene.when(event), oracle.decide(event)
        seen.append((spoken(record.reason), expected))
        accepted = record.reason == expected == ""
        if isinstance(event, SaleRecorded) and accepted:
            seen.append((engine_gave(record), oracle.gave(event_id)))
            seen.append((engine_used(record), oracle.used(event_id)))
        if isinstance(event, SaleReturned) and accepted:
            seen.append((engine_charged(record), oracle.charged.get(event_id, 0)))
        owners |= {account_id} - {""}
        whose = [account_id] if account_id else sorted(owners)
        seen += [(engine_view(scene, told.document, one), oracle.view(one)) for one in whose]
        for engine, should in seen:
            if engine != should:
                raise DiffersError(f"{event_id}\nengine: {engine}\noracle: {should}")
    return scene.records


def agree(told: Story) -> int:
    """The law: the two agree after every event; how many of them were what is asked for."""
    names = {kind.__name__ for kind in ASKED}
    return sum(record.event_type in names for record in compared(told))


@pytest.mark.timeout(0)
def test_engine_and_oracle_agree_after_every_event() -> None:
    """Accepted or refused and why; points by line; lots, what is owed, and levels."""
    assert hold(agree, DECISIONS) >= min(DECISIONS, 1)


def test_everything_worth_agreeing_on_does_happen() -> None:
    """A hundred stories reach all that the oracle knows."""
    found: Counter[str] = Counter()
    for seed in range(1_000_000, 1_000_100):
        for record in compared(story(seed)):
            found[record.reason] += 1
            found.update(type(effect).__name__ for effect in record.effects)
    effects = (
        ledger.PointsEarned, ledger.PointsMatured, ledger.PointsSpent, ledger.PointsReversed,
        ledger.PointsOwed, ledger.PointsRepaid, ledger.PointsWrittenOff, ledger.PointsRestored,
        ledger.PointsExpired, ledger.TierChanged, ledger.Counted,
        ledger.VoucherIssued, ledger.VoucherRedeemed, ledger.VoucherExpired, ledger.VoucherRefused,
        ledger.VoucherCancelled, ledger.VoucherRestored, RefundReduced,
    )  # fmt: skip
    reasons = (
        "CONFLICT", "DUPLICATE", "ALREADY_ENROLLED", "NOT_ENROLLED", "RETURN_EXCEEDS_SALE",
        "INSUFFICIENT_POINTS", "BELOW_MINIMUM", "NOT_A_STEP", "AMOUNT_DIFFERS", "ABOVE_SHARE",
        "DAY_CLOSED", "VOUCHER_UNKNOWN", "VOUCHER_EXPIRED",
        "VOUCHER_USED", "VOUCHER_NOT_YET_VALID",
    )  # fmt: skip
    wanted = [effect.__name__ for effect in effects] + list(reasons)
    assert [name for name in wanted if not found[name]] == []


def test_the_oracle_takes_nothing_from_the_engine() -> None:
    """What it shares with the engine are the events, the refusals' names, and the documents."""
    modules = (
        "account", "earning", "levels", "oracle", "pricing", "reading", "receipts", "returning",
        "vouchers",
    )  # fmt: skip
    texts = [Path(__file__).with_name(f"{name}.py").read_text("utf-8") for name in modules]

    assert not [text for text in texts if "from processors" in text or "import processors" in text]


def test_a_story_that_is_told_is_heard_as_it_was() -> None:
    """What a failure prints plays the same story again."""
    assert from_text(to_text(story(1))) == story(1)


def test_a_story_that_fails_is_told_short() -> None:
    """Of a whole story, what remains is the one sale that breaks the law."""

    def nobody_buys_for_a_hundred(told: Story) -> int:
        for event in told.events:
            lines = event.lines if isinstance(event, SaleRecorded) else ()
            if sum(line.net_minor for line in lines) > 50_00:
                raise DiffersError(event.header.event_id)
        return 1

    with pytest.raises(DiffersError) as failure:
        hold(nobody_buys_for_a_hundred, 1_000)

    lines = str(failure.value).splitlines()
    assert [line.split()[0] for line in lines[3:]] == ["SaleRecorded"]
