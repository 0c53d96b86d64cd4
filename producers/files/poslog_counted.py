"""What counts of a POSLog: which transactions, and which of their lines.  Pure.

Tills say in several ways that something was begun and not sold; makers have words of their own
beside those of the standard.
"""

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
    every = list(enumerate(inside.every("LineItem"), 1))
    voided = [one for _, one in every if why_not(one)]
    counted = [(place, one) for place, one in every if not why_not(one)]
    for void in voided:
        gone = next((each for each in counted if _is_voided_by(each[1], void)), None)
        if gone is not None:
            counted.remove(gone)
    return counted


def _is_voided_by(line: Element, void: Element) -> bool:
    """Whether a line is the one that another voids; a deposit names its article, too."""
    one, other = line.first(*ARTICLES), void.first(*ARTICLES)
    if one is None or other is None or one.name != other.name:
        return False
    link = other.said("ItemLink")
    if not link or link != line.said("SequenceNumber"):
        return False
    return all(one.said(name) == other.said(name).removeprefix("-") for name in _ARTICLE)
