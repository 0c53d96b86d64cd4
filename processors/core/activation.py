"""A programme comes into force, if its document is one."""

from collections.abc import Iterable
from hashlib import sha256

from processors.core.document import ProgrammeInvalid
from processors.core.programme import Programme, compiled
from processors.core.succession import changes
from schemas import ledger
from schemas.events import ProgrammeActivated
from schemas.refusals import Refusal


def activation(
    event: ProgrammeActivated, activated: Iterable[Programme]
) -> ledger.ProgrammeActivated | Refusal:
    """The effect of an activation; refused if the document is not the one it claims, or none.

    It is none, either, if an id of it was something else in what was activated before.
    """
    if sha256(event.document.encode()).hexdigest() != event.document_hash:
        return Refusal.INVALID_PROGRAMME
    try:
        programme = compiled(event.document)
    except ProgrammeInvalid:
        return Refusal.INVALID_PROGRAMME
    if programme.checked.document != event.document:
        return Refusal.INVALID_PROGRAMME
    before = list(activated)
    if changes([one.checked for one in before], programme.checked):
        return Refusal.INVALID_PROGRAMME
    for one in before:
        # Records name what decided them by its version alone, so no two documents share one.
        if one.version == programme.version and one.checked.document_hash != event.document_hash:
            return Refusal.VERSION_CONFLICT
    return ledger.ProgrammeActivated(
        programme.name,
        programme.version,
        event.document,
        event.document_hash,
        event.effective_from,
        event.min_decider_version,
    )
