"""The register of members, opened: the database is made ready where it is not yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from secrets import token_hex
from unicodedata import normalize

from infra import postgres
from infra.identifier_key import identifier_key
from infra.settings import Settings
from loyalty.outcome import Trouble
from producers.files.keys import card_assigned, card_blocked, member_enrolled
from producers.people.identifiers import KINDS, Identifier, Kind, identifier, reference
from producers.people.register import Known, Register
from projections.install import connected


def new_member() -> str:
    """A name for a new member, by chance, which tells nothing of the person."""
    return f"m-{token_hex(10)}"


@contextmanager
def register(settings: Settings) -> Iterator[Register]:
    """The register, open inside the `with`.

    Raises:
        KeyUnusable, OtherKey: the key of the identifiers is missing, or another.
        DatabaseUnavailable: Postgres is out of reach.
    """
    with register_when_needed(settings) as opened:
        yield opened()


@contextmanager
def register_when_needed(settings: Settings) -> Iterator[Callable[[], Register]]:
    """What opens the register at its first call; closed when the `with` ends."""
    with ExitStack() as held:
        opened: list[Register] = []

        def open_once() -> Register:
            if not opened:
                key = identifier_key(settings)
                held.enter_context(postgres.server(settings))
                connection = held.enter_context(connected(settings, "contacts", "crm.told"))
                opened.append(Register(connection, key))
            return opened[0]

        yield open_once


def members_meant(settings: Settings, known: Register, word: str) -> list[str]:
    """The members that a word names as card, phone or e-mail; none if it is no such thing."""
    return sorted(_members_with(known, _identifiers(settings, word)))


def member_meant(settings: Settings, known: Register, word: str) -> str | None:
    """The one member that a word names as card, phone or e-mail; None if it names nobody.

    Raises:
        Trouble: the word leads to several members.
    """
    found = members_meant(settings, known, word)
    if len(found) > 1:
        raise Trouble(f"This leads to several members; say which: {', '.join(found)}.")
    return found[0] if found else None


def enrolled_before(settings: Settings, known: Register, told: Mapping[Kind, str]) -> str:
    """The member who has enrolled before with all of these; empty if there is none."""
    meant = [identifier(kind, word, settings.phone_prefix) for kind, word in told.items() if word]
    digests = {known.digest(one) for one in meant if one is not None}
    found = known.look_up(digests)
    members = {one.member_id for one in found.values() if one.blocked_at is None}
    if len(found) < len(meant) or len(members) != 1:
        return ""
    [member] = members
    return member if known.told([member_enrolled(member)]) else ""


def is_given(settings: Settings, known: Register, card: str, old: str) -> bool:
    """Whether the log has it that a card is one more of the member who has an old one."""
    ones = [identifier("card", word, settings.phone_prefix) for word in (card, old)]
    digests = [known.digest(one) for one in ones if one is not None]
    found = known.look_up(digests)
    if len(set(digests)) < len(ones) or len(found) < len(ones):
        return False
    given, before = (found[one] for one in digests)
    is_theirs = given == Known(before.member_id)  # and counts
    return is_theirs and bool(known.told([card_assigned(reference(digests[0]))]))


def is_blocked(settings: Settings, known: Register, card: str) -> bool:
    """Whether the log has it that a card counts no more, or will not at a moment to come."""
    one = identifier("card", card, settings.phone_prefix)
    if one is None:
        return False
    digest = known.digest(one)
    found = known.look_up([digest]).get(digest)
    is_over = found is not None and found.blocked_at is not None
    return is_over and bool(known.told([card_blocked(reference(digest))]))


def is_another(settings: Settings, known: Register, told: Mapping[Kind, str], name: str) -> bool:
    """Whether a card, phone or e-mail is that of a member who has another name than this one."""
    every = (identifier(kind, word, settings.phone_prefix) for kind, word in told.items())
    members = _members_with(known, [one for one in every if one is not None])
    return not all(_is_same_name(one.name, name) for one in known.contacts_of(members))


def _members_with(known: Register, identifiers: Iterable[Identifier]) -> set[str]:
    found = known.look_up([known.digest(one) for one in identifiers])
    return {one.member_id for one in found.values()}


def _is_same_name(known: str, told: str) -> bool:
    """Whether two names can be one person's; who is not named can be anybody."""
    words = [" ".join(normalize("NFKC", name).casefold().split()) for name in (known, told)]
    return not all(words) or words[0] == words[1]


def can_be_registered(settings: Settings, word: str) -> bool:
    """Whether a word can be a card, phone or e-mail at all."""
    return bool(_identifiers(settings, word))


def _identifiers(settings: Settings, word: str) -> list[Identifier]:
    """All that a word can be."""
    every = (identifier(kind, word, settings.phone_prefix) for kind in KINDS)
    return [one for one in every if one is not None]
