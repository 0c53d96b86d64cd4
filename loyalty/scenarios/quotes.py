"""The answer to a quote beside what a scenario expects of it."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from loyalty.scenarios.effects import money_text
from loyalty.scenarios.expected import NONE, OfDiscount, OfEarned, OfEvent, OfGiven, OfPresented
from loyalty.scenarios.failing import Failure, flow
from loyalty.scenarios.world import Quoted
from processors.core.quote import Quote
from processors.core.till import Cut

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
    discounts = words.discounts
    if discounts is not None and not (
        len(discounts) == len(cuts) and _all_paired(discounts, cuts, _is_cut)
    ):
        yield failure("discounts", [_said(one) for one in discounts], cuts)
    for word, there in _lists(answer).items():
        wanted = getattr(words, word)
        strange = [one for one in wanted or () if not _all_paired([one], there, _is_said)]
        for one in strange:
            yield failure(word, [_said(one)], there)
        # Each entry is another one: what is said twice must be there twice.
        if not strange and not _all_paired(wanted or (), there, _is_said):
            yield failure(word, [_said(one) for one in wanted], there)
        if wanted == () and there:
            yield failure(word, [], there)


def _lists(answer: Quote) -> dict[str, list[Any]]:
    """What a quote lists beside discounts.  Any: entries in the words of the file, or texts."""
    return {
        "vouchers": [
            {"voucher": one.reference, "refused": one.refusal or NONE} for one in answer.vouchers
        ],
        "earns": [
            {"promotion": one.promotion_id, "wallet": one.wallet, "points": str(one.points)}
            for one in answer.earned
        ],
        "gives": [
            {
                "promotion": one.promotion_id,
                "kind": one.kind,
                "item": one.item,
                "quantity": str(one.quantity),
            }
            for one in answer.gives
        ],
        "prompts": list(answer.prompts),
    }


def _cut(cut: Cut, quoted: Quoted) -> dict[str, Any]:
    """A discount in the words of the file.  Any: texts, and a list of line numbers."""
    lines = quoted.event.lines
    return {
        cut.source: cut.source_id,
        "amount": money_text(cut.amount_minor, quoted.event.currency),
        "lines": [str(line.line_no) for line, part in zip(lines, cut.by_line, strict=True) if part],
    }


def _said(expected: OfDiscount | OfPresented | OfEarned | OfGiven | str) -> Any:
    """The words that an entry says; of a prompt its text.  Any: texts, numbers and lists."""
    if isinstance(expected, str):
        return expected
    words = {name: getattr(expected, name) for name in expected.__struct_fields__}
    return {name: said for name, said in words.items() if said is not None and said != ""}


def _is_cut(want: OfDiscount, cut: dict[str, Any]) -> bool:
    return (
        (not want.promotion or cut.get("promotion") == want.promotion)
        and (not want.voucher or cut.get("voucher") == want.voucher)
        and (want.amount is None or want.amount == Decimal(cut["amount"]))
        and (want.lines is None or sorted(map(str, want.lines)) == sorted(cut["lines"]))
    )


def _is_said(want: OfPresented | OfEarned | OfGiven | str, there: Any) -> bool:
    """Whether an entry of a quote is as expected.  Any: its words, or the text of a prompt."""
    said = _said(want)
    if isinstance(said, str):
        return bool(said == there)
    return all(there[word] == str(value) for word, value in said.items())


def _all_paired(
    wanted: Sequence[Wanted],
    there: Sequence[Any],
    fits: Callable[[Wanted, Any], bool],
) -> bool:
    """Whether each that is wanted is there, and no two are the same one.  Any: as `_lists` has."""
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
