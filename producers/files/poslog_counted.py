"""What counts of a POSLog: which transactions, and which of their lines.  Pure.

Tills say in several ways that something was begun and not sold; makers have words of their own
beside those of the standard.
"""

from collections.abc import Mapping

from producers.files.xml_parts import Element

_STATUSES = {
    "void": "voided", "voided": "voided", "postvoided": "voided",
    "aborted": "cancelled", "abandoned": "cancelled", "cancelled": "cancelled",
    "canceled": "cancelled", "deleted": "cancelled", "failed": "cancelled",
    "suspended": "suspended", "suspendeddeleted": "suspended", "suspendedretrieved": "suspended",
    "suspendedcancelled": "suspended", "suspendedcanceled": "suspended",
    "inprocess": "not finished", "planned": "not finished",
}  # fmt: skip
"""What was suspended and retrieved is sold under the number of the transaction that went on."""
_FLAGS = {
    "TrainingModeFlag": "training",
    "VoidFlag": "voided", "VoidedFlag": "voided",
    "CancelFlag": "cancelled", "DeleteFlag": "cancelled",
    "SuspendFlag": "suspended", "SuspendedFlag": "suspended",
}  # fmt: skip
_ARTICLE = ("ItemID", "ExtendedAmount", "Quantity")
SALES = ("Sale", "SaleForDelivery", "SaleForPickup")
ARTICLES = (*SALES, "Return")


def why_not(element: Element) -> str:
    """Why a transaction, or a part of one, is none that counts; empty if it is one."""
    for flag, why in _FLAGS.items():
        if element.attributes.get(flag, "").strip().lower() in {"true", "1"}:
            return why
    said = element.attributes.get("TransactionStatus") or element.said("TransactionStatus")
    return _STATUSES.get(said.strip().lower(), "")


def lines(inside: Element) -> list[tuple[int, Element]]:
    """The lines of a transaction that count, with their places from 1.

    Some tills mark the line that is voided.  Others leave it as it was and write a second one of
    the same article, which is marked and names the first in `ItemLink`: then both are gone.
    """
    voids: dict[str, list[Element]] = {}
    counted: list[tuple[int, Element]] = []
    for place, one in enumerate(inside.every("LineItem"), 1):
        if not why_not(one):
            counted.append((place, one))
        elif article := one.first(*ARTICLES):
            voids.setdefault(article.said("ItemLink"), []).append(article)
    voids.pop("", None)
    return [each for each in counted if not _is_voided(each[1], voids)]


def _is_voided(line: Element, voids: Mapping[str, list[Element]]) -> bool:
    """Whether one of those that name the line is of its article; a deposit names it, too."""
    article = line.first(*ARTICLES)
    return article is not None and any(
        void.name == article.name
        and all(article.said(name) == void.said(name).removeprefix("-") for name in _ARTICLE)
        for void in voids.get(line.said("SequenceNumber"), ())
    )
