"""Whose an event is: the member that a row names by number, card, phone or e-mail.

`names` looks all of them up in the register at once; then each draft is named in the order of the
file, so that a member who enrols in one row is known in the next.

- A card that nobody knows opens an account of its own, whose name is made of the card's hash, with
  its first sale.  Who enrols with the card later takes that account over, with all it has earned.
- A card that has an account, and a member who has another one, are not joined here: the row is
  refused, and the sentence says so.
- A card that another stands in for is not replaced a second time: both new ones would count.
- A blocked card counts no more from the moment of the block: a sale with it is nobody's.
- So is one with the card whose account became that of an erased member, from the erasure on.  What
  was bought before stays that account's, so that an old file is known for what it was.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from producers.files.drafting import finished, store_account
from producers.files.drafts import Draft
from producers.files.keys import card_replaced
from producers.files.values import Wrong
from producers.people.identifiers import Identifier, Kind, card_account, reference
from producers.people.register import Contact, Known, Register
from producers.pos import day_of_receipt, iso
from schemas import events
from schemas.events import EVERY_PARTITION, Event

_OPENS_AN_ACCOUNT = (events.SaleRecorded, events.SaleReturned)
_ONCE = (events.MemberEnrolled, events.CardAssigned, events.CardBlocked)
_JOINS = "accounts are not joined"
_NOBODY = "the row names no member: by member_id, card, phone or email"


class Naming:
    """One batch of drafts, in one turn of the register.

    Attributes:
        contacts: of those who enrolled, to be added.
        changes: of those whose contact changed.
        erased: who is to be forgotten, and when, once the log has all of the batch.
        told: the keys of what befell members and cards, which the log has then.
    """

    def __init__(
        self, register: Register, drafts: Sequence[Draft], new_member: Callable[[], str]
    ) -> None:
        """Look up what the drafts name; inside `Register.turn`."""
        self._register = register
        self._new_member = new_member
        digests = {register.digest(one) for draft in drafts for one in _all_of(draft)}
        self._known: dict[bytes, Known] = dict(register.look_up(digests))
        members: set[str] = set()
        if any(draft.kind not in _OPENS_AN_ACCOUNT for draft in drafts):
            members |= {draft.member_id for draft in drafts if draft.member_id}
            members |= {known.member_id for known in self._known.values()}
        strangers = {card_account(one) for one in digests if one not in self._known}
        self._forgotten = dict(register.forgotten(members | strangers))
        self._enrolled = {one.member_id for one in register.contacts_of(members)}
        self._added: list[tuple[bytes, Kind, str]] = []
        self.contacts: list[Contact] = []
        self.changes: list[Contact] = []
        self.erased: list[tuple[str, int]] = []
        self.told: list[str] = []
        olds = [register.digest(draft.replaced) for draft in drafts if draft.replaced is not None]
        self._replaced = set(register.told([card_replaced(reference(old)) for old in olds]))

    def events(self, draft: Draft) -> tuple[Event, ...]:
        """The event of a draft; of an enrolment with a card also the card's.

        Raises:
            Wrong: nobody, or not one member, is named by the row.
        """
        made = self._made(draft)
        self.told += [one.header.event_id for one in made if isinstance(one, _ONCE)]
        return made

    def _made(self, draft: Draft) -> tuple[Event, ...]:
        if draft.kind in EVERY_PARTITION:
            return (finished(draft, "", ""),)
        if draft.kind is events.MemberEnrolled:
            return self._enrolment(draft)
        if draft.kind is events.CardAssigned:
            return (self._assigned(draft),)
        if draft.kind is events.CardBlocked:
            return (self._blocked(draft),)
        member = self._member(draft)
        if not member:
            return (finished(draft, store_account(draft), ""),)
        if draft.kind is events.MemberErased:
            self._forget(member, draft.moment.at_ms)
        event = finished(draft, member, member)
        if draft.kind is events.MemberChanged:
            self._changed(draft, member)
        return (event,)

    def write(self) -> None:
        """Bring into the register what the batch added."""
        self._register.add(self._added)
        self._register.add_contacts(self.contacts)
        self._register.change_contacts(self.changes)

    def _member(self, draft: Draft) -> str:
        """The member named; empty for a sale or return of nobody."""
        named = {draft.member_id} if draft.member_id else set()
        unknown: Identifier | None = None
        for one in draft.identifiers:
            known = self._known.get(self._register.digest(one))
            if known is None:
                unknown = unknown or one
            elif self._is_blocked(self._register.digest(one), draft):
                if draft.kind not in _OPENS_AN_ACCOUNT:
                    raise Wrong(one.kind, "it is blocked")
            else:
                named.add(known.member_id)
        if len(named) > 1:
            raise Wrong(_field(draft), "the row names two members")
        if named:
            return named.pop()
        if draft.kind in _OPENS_AN_ACCOUNT:
            return self._opened(draft, unknown)
        if unknown is not None:
            raise Wrong(unknown.kind, "no member has it")
        raise Wrong("member_id", _NOBODY)

    def _is_blocked(self, digest: bytes, draft: Draft) -> bool:
        """Whether what is known counts no more at the moment of the draft."""
        blocked_at = self._known[digest].blocked_at
        return blocked_at is not None and draft.moment.at_ms >= blocked_at

    def _opened(self, draft: Draft, unknown: Identifier | None) -> str:
        """The account of a card that nobody knew; of a sale without a card nobody's."""
        cards = [one for one in draft.identifiers if one.kind == "card"]
        if not cards:
            if unknown is not None:
                raise Wrong(unknown.kind, "no member has it")
            return ""
        digest = self._register.digest(cards[0])
        if digest in self._known:  # it is blocked
            return ""
        account = card_account(digest)
        if account not in self._forgotten:
            self._add(cards[0], account)
            return account
        return "" if _is_bought_after(draft, self._forgotten[account]) else account

    def _enrolment(self, draft: Draft) -> tuple[Event, ...]:
        """A new member, or one who takes the account of a card over, or the same row again."""
        digests = {self._register.digest(one): one for one in draft.identifiers}
        found = {d: self._known[d].member_id for d in digests if d in self._known}
        members = set(found.values()) | ({draft.member_id} if draft.member_id else set())
        for d, one in digests.items():
            if d in found and self._is_blocked(d, draft):
                raise Wrong(one.kind, "it is blocked")
            self._refuse_what_was_erased(d)
        if len(members) > 1:
            other = next((digests[d] for d, m in found.items() if m != draft.member_id), None)
            raise Wrong("member_id" if other is None else other.kind, _another(draft))
        member = members.pop() if members else self._fresh(draft)
        if member in self._forgotten:
            raise Wrong(_field(draft), "this member was erased")
        if member in self._enrolled and len(found) < len(digests):
            missing = next(one for d, one in digests.items() if d not in found)
            raise Wrong(missing.kind, "the member has enrolled before, without it")
        made = [finished(draft, member, member)]
        for one in draft.identifiers:
            self._add(one, member)
            if one.kind == "card":
                fields = {"card": reference(self._register.digest(one)), "replaces": ""}
                card = replace(draft, kind=events.CardAssigned, fields=fields, event_id="")
                made.append(finished(card, member, member))
        self._enrolled.add(member)
        self.contacts.append(_contact(draft, member))
        return tuple(made)

    def _fresh(self, draft: Draft) -> str:
        """The name of a new account: made of the card, or by chance."""
        cards = [one for one in draft.identifiers if one.kind == "card"]
        if cards:
            return card_account(self._register.digest(cards[0]))
        if not draft.identifiers:
            raise Wrong("member_id", "the row has neither member_id nor card, phone or email")
        return self._new_member()

    def _assigned(self, draft: Draft) -> Event:
        """A further card of a member, or one in place of another."""
        card = _given(draft)
        digest = self._register.digest(card)
        old = None if draft.replaced is None else self._register.digest(draft.replaced)
        if old == digest:
            raise Wrong("replaces", "it is the same card")
        if old is not None and old not in self._known:
            raise Wrong("replaces", "no member has it")
        member = self._known[old].member_id if old is not None else self._member(draft)
        known = self._known.get(digest)
        if known is not None and known.member_id != member:
            raise Wrong("card", f"it has an account already; {_JOINS}")
        if known is not None and known.blocked_at is not None:
            raise Wrong("card", "it is blocked")
        self._refuse_what_was_erased(digest)
        fields = {"card": reference(digest), "replaces": "" if old is None else reference(old)}
        event = finished(_with(draft, fields), member, member)
        if old is not None:
            self._replace(reference(old), is_new=known is None)
        self._add(card, member)
        return event

    def _replace(self, old: str, *, is_new: bool) -> None:
        """A card stands in for an old one, unless another does so already."""
        key = card_replaced(old)
        if is_new and key in self._replaced:
            raise Wrong("replaces", "another card stands in for it already; replace that one")
        self._replaced.add(key)
        self.told.append(key)

    def _blocked(self, draft: Draft) -> Event:
        card = _given(draft)
        digest = self._register.digest(card)
        known = self._known.get(digest)
        if known is None:
            raise Wrong("card", "no member has it")
        event = finished(
            _with(draft, {"card": reference(digest)}), known.member_id, known.member_id
        )
        self._known[digest] = Known(known.member_id, known.blocked_at or draft.moment.at_ms)
        self._register.add(self._added)
        self._added = []
        self._register.block(digest, draft.moment.at_ms)
        return event

    def _refuse_what_was_erased(self, digest: bytes) -> None:
        """Another member's, the card would bring along what its old sales were, told again."""
        if digest not in self._known and card_account(digest) in self._forgotten:
            raise Wrong("card", "it counts no more; take another card")

    def _forget(self, member: str, at_ms: int) -> None:
        """In what follows nothing leads to the person; the register forgets it behind the log."""
        self.erased.append((member, at_ms))
        self._known = {d: k for d, k in self._known.items() if k.member_id != member}
        self._forgotten.setdefault(member, at_ms)

    def _changed(self, draft: Draft, member: str) -> None:
        contact = _contact(draft, member)
        if contact != Contact(member):
            if member in self._forgotten:
                raise Wrong(_field(draft), "this member was erased")
            self.changes.append(contact)
            for one in draft.identifiers:
                if one.kind != "card":  # a card is the member's by an event of its own
                    self._add(one, member)

    def _add(self, one: Identifier, member: str) -> None:
        digest = self._register.digest(one)
        if digest not in self._known:
            self._known[digest] = Known(member)
            self._added.append((digest, one.kind, member))


def without_register(draft: Draft) -> Event | None:
    """The event of a draft that names its member by member_id, or nobody; None for any other."""
    if draft.kind in EVERY_PARTITION:
        return finished(draft, "", "")
    needs = draft.identifiers or draft.card or draft.name or draft.address
    if needs or draft.kind in {events.MemberEnrolled, events.MemberErased}:
        return None
    if draft.member_id:
        return finished(draft, draft.member_id, draft.member_id)
    if draft.kind in _OPENS_AN_ACCOUNT:
        return finished(draft, store_account(draft), "")
    raise Wrong("member_id", _NOBODY)


def _is_bought_after(draft: Draft, at_ms: int) -> bool:
    """Whether a sale is of this moment or later, or a return of a sale of a later day."""
    sold_on = day_of_receipt(draft.fields.get("original_sale", ""))
    if not sold_on:
        return draft.moment.at_ms >= at_ms
    return sold_on > iso((at_ms // 60_000 + draft.moment.utc_offset_min) // (24 * 60))


def _all_of(draft: Draft) -> Iterator[Identifier]:
    yield from draft.identifiers
    yield from (one for one in (draft.card, draft.replaced) if one is not None)


def _given(draft: Draft) -> Identifier:
    if draft.card is None:
        raise Wrong("card", "it is missing")
    return draft.card


def _with(draft: Draft, fields: dict[str, str]) -> Draft:
    return replace(draft, fields={**draft.fields, **fields})


def _contact(draft: Draft, member: str) -> Contact:
    told: dict[Kind, str] = {one.kind: one.value for one in draft.identifiers}
    return Contact(member, draft.name, draft.address, told.get("phone", ""), told.get("email", ""))


def _field(draft: Draft) -> str:
    kinds: Iterable[str] = ("member_id",) if draft.member_id else ()
    return next(iter([*kinds, *(one.kind for one in draft.identifiers)]), "member_id")


def _another(draft: Draft) -> str:
    if draft.member_id:
        return f"it has an account already, which is not member_id; {_JOINS}"
    return f"it is another member's than the rest of the row; {_JOINS}"
