"""The answer to a quote: on a terminal for people, and as JSON, the contract for tills."""

import json
from typing import Any

from loyalty.amounts import money
from loyalty.basket_file import Asked
from loyalty.console import out, show
from loyalty.rulebook.languages import Language
from processors.core.quote import Quote
from processors.words.exact import written
from schemas.events import Line


def contract(asked: Asked, answer: Quote, words: Language) -> str:
    """The answer as JSON; README.md says what each field means.

    Amounts are whole numbers of the currency's minor unit, quantities of thousandths.
    """
    return json.dumps(_fields(asked, answer, words), ensure_ascii=False, indent=2)


def _fields(asked: Asked, answer: Quote, words: Language) -> dict[str, Any]:
    """Any: texts, numbers and lists, as JSON has them."""
    programme = asked.programme
    return {
        "programme": programme.name,
        "version": programme.version,
        "document_hash": programme.checked.document_hash,
        "currency": asked.basket.currency,
        "to_pay_minor": answer.to_pay_minor,
        "lines": [_line(line) for line in answer.lines],
        "discounts": [
            {
                "source": cut.source,
                "source_id": cut.source_id,
                "voucher_id": cut.voucher_id,
                "amount_minor": cut.amount_minor,
                "by_line": list(cut.by_line),
                "funded_by": cut.funded_by,
            }
            for cut in answer.cuts
        ],
        "vouchers": [
            {
                "reference": one.reference,
                "accepted": one.refusal is None,
                "refusal": "" if one.refusal is None else one.refusal.value,
                "till_text": "" if one.refusal is None else words.at_till(one.refusal),
                "customer_text": "" if one.refusal is None else words.refused(one.refusal),
            }
            for one in answer.vouchers
        ],
        "earns": [
            {"promotion_id": one.promotion_id, "wallet": one.wallet, "points": one.points}
            for one in answer.earned
        ],
        "gives": [
            {
                "promotion_id": one.promotion_id,
                "kind": one.kind,
                "item": one.item,
                "quantity": one.quantity,
            }
            for one in answer.gives
        ],
        "prompts": list(answer.prompts),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "line_no": line.line_no,
        "sku": line.sku,
        "quantity_milli": line.quantity_milli,
        "gross_minor": line.gross_minor,
        "discounts": [
            {
                "source": one.source,
                "source_id": one.source_id,
                "amount_minor": one.amount_minor,
                "funded_by": one.funded_by,
            }
            for one in line.discounts
        ],
        "net_minor": line.net_minor,
    }


def tell(asked: Asked, answer: Quote, words: Language) -> None:
    """Print the answer as a till would show it."""
    currency = asked.basket.currency
    names = {cut.voucher_id: cut.source_id for cut in answer.cuts}
    rows = []
    for line in answer.lines:
        off = [
            f"{names.get(one.source_id, one.source_id) or one.source} "
            f"-{money(one.amount_minor, currency)}"
            for one in line.discounts
        ]
        quantity = written(line.quantity_milli, 3).rstrip("0").rstrip(".")
        price, net = money(line.gross_minor, currency), money(line.net_minor, currency)
        rows.append((line.line_no, line.sku, quantity, price, ", ".join(off), net))
    show(("line", "article", "quantity", "price", "discounts", "to pay"), rows)
    refused = [
        (
            one.reference,
            one.refusal.value,
            words.at_till(one.refusal),
            words.refused(one.refusal),
        )
        for one in answer.vouchers
        if one.refusal is not None
    ]
    if refused:
        show(("voucher", "refused", "for the till", "for the customer"), refused)
    out().print(f"To pay: {money(answer.to_pay_minor, currency)} {currency}", style="bold")
    for earns in answer.earned:
        sentence = f"Will earn {earns.points} {earns.wallet} by {earns.promotion_id}"
        out().print(sentence, markup=False)
    for gives in answer.gives:
        kind = gives.kind.replace("_", " ")
        sentence = f"Will bring {gives.quantity} {kind} {gives.item} by {gives.promotion_id}"
        out().print(sentence, markup=False)
    for prompt in answer.prompts:
        out().print(prompt, markup=False)
