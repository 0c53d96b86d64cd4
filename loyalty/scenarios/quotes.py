"""The answer to a quote beside what a scenario expects of it."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from loyalty.scenarios.effects import money_text
from loyalty.scenarios.expected import NONE, OfDiscount, OfEarned, OfEvent, OfGiven, OfPresented
from loyalty.scenarios.failing import Failure, flow
from loyalty.scenarios.world import Quoted
from processors.core.till import Cut
from schemas.refusals import Refusal

Wanted = TypeVar("Wanted")


def failures(expected: OfEvent, quoted: Quoted) -> Iterator[Failure]:
    """Every difference: what is to pay, discounts, vouchers, points to be earned, prompts."""
    words, answer = expected.words, quoted.answer
    currency = quoted.event.currency

    def failure(word: str, want: Any, got: Any) -> Failure:
        """Any: what is asked for is a number, a text or a list."""
        return Failure(
            (*expected.path, word),
            f"{expected.event} {word}: {flow(want)}",
            flow(got),
            tuple(_because(quoted)),
        )

    to_pay = money_text(answer.to_pay_minor, currency)
    if words.to_pay is not None and words.to_pay != Decimal(to_pay):
        yield failure("to_pay", str(words.to_pay), to_pay)
    cuts = [_cut(cut, quoted) for cut in answer.cuts]
    if words.discounts is not None and not _all_paired(words.discounts, cuts, _is_cut):
        yield failure("discounts", [_said(one) for one in words.discounts], cuts)
    answers = {one.reference: one.refusal for one in answer.vouchers}
    shown = [{"voucher": name, "refused": why or NONE} for name, why in answers.items()]
    for presented in words.vouchers or ():
        if not _is_answer(presented, answers):
            yield failure("vouchers", [_said(presented)], shown)
    earned = [
        {"promotion": one.promotion_id, "wallet": one.wallet, "points": str(one.points)}
        for one in answer.earned
    ]
    for of in words.earns or ():
        if not any(_is_earned(of, one) for one in earned):
            yield failure("earns", [_said(of)], earned)
    given = [
        {
            "promotion": one.promotion_id,
            "kind": one.kind,
            "item": one.item,
            "quantity": str(one.quantity),
        }
        for one in answer.gives
    ]
    for gift in words.gives or ():
        said = {word: str(value) for word, value in _said(gift).items()}
        if not any(said.items() <= one.items() for one in given):
            yield failure("gives", [said], given)
    for prompt in words.prompts or ():
        if prompt not in answer.prompts:
            yield failure("prompts", [prompt], answer.prompts)
    there = {"vouchers": shown, "earns": earned, "gives": given, "prompts": answer.prompts}
    for word, got in there.items():
        if getattr(words, word) == () and got:
            yield failure(word, [], got)


def _cut(cut: Cut, quoted: Quoted) -> dict[str, Any]:
    """A discount in the words of the file.  Any: texts, and a list of line numbers."""
    lines = quoted.event.lines
    return {
        cut.source: cut.source_id,
        "amount": money_text(cut.amount_minor, quoted.event.currency),
        "lines": [str(line.line_no) for line, part in zip(lines, cut.by_line, strict=True) if part],
    }


def _said(expected: OfDiscount | OfPresented | OfEarned | OfGiven) -> dict[str, Any]:
    """The words that an entry says.  Any: texts, numbers and lists."""
    words = {name: getattr(expected, name) for name in expected.__struct_fields__}
    return {name: said for name, said in words.items() if said is not None and said != ""}


def _is_cut(want: OfDiscount, cut: dict[str, Any]) -> bool:
    return (
        (not want.promotion or cut.get("promotion") == want.promotion)
        and (not want.voucher or cut.get("voucher") == want.voucher)
        and (want.amount is None or want.amount == Decimal(cut["amount"]))
        and (want.lines is None or sorted(map(str, want.lines)) == sorted(cut["lines"]))
    )


def _is_answer(want: OfPresented, answers: dict[str, Refusal | None]) -> bool:
    if want.voucher not in answers:
        return False
    return not want.refused or want.refused == (answers[want.voucher] or NONE)


def _is_earned(want: OfEarned, earned: dict[str, str]) -> bool:
    return (
        (not want.promotion or earned["promotion"] == want.promotion)
        and (not want.wallet or earned["wallet"] == want.wallet)
        and (want.points is None or earned["points"] == str(want.points))
    )


def _all_paired(
    wanted: Sequence[Wanted],
    there: Sequence[dict[str, Any]],
    fits: Callable[[Wanted, dict[str, Any]], bool],
) -> bool:
    """Whether each of the one is one of the other and none is left, in whatever order."""
    if len(wanted) != len(there):
        return False
    if not wanted:
        return True
    return any(
        fits(wanted[0], one) and _all_paired(wanted[1:], [*there[:at], *there[at + 1 :]], fits)
        for at, one in enumerate(there)
    )


def _because(quoted: Quoted) -> Iterator[str]:
    for cut in quoted.answer.cuts:
        said = _cut(cut, quoted)
        on = ", ".join(said["lines"])
        yield f"{cut.source} {cut.source_id} takes {said['amount']} off (line {on})"
    for one in quoted.answer.vouchers:
        if one.refusal is not None:
            yield f"voucher {one.reference} does not hold: {one.refusal.sentence}"
    for earned in quoted.answer.earned:
        yield f"{earned.promotion_id} will give {earned.points} {earned.wallet}"
