"""A programme comes into force, if its document is one."""

from collections.abc import Iterable
from hashlib import sha256

from processors.core.document import ProgrammeInvalid
from processors.core.programme import Programme, compiled
from schemas import ledger
from schemas.events import ProgrammeActivated
from schemas.refusals import Refusal


def activation(
    event: ProgrammeActivated, activated: Iterable[Programme]
) -> ledger.ProgrammeActivated | Refusal:
    """The effect of an activation; refused if the document is not the one it claims, or none."""
    if sha256(event.document.encode()).hexdigest() != event.document_hash:
        return Refusal.INVALID_PROGRAMME
    try:
        programme = compiled(event.document)
    except ProgrammeInvalid:
        return Refusal.INVALID_PROGRAMME
    if programme.checked.document != event.document:
        return Refusal.INVALID_PROGRAMME
    for one in activated:
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
