"""Rows name their members by card, phone and e-mail, and mean the same whenever they are read."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.log import LogUnavailable
from infra.postgres import connect
from infra.settings import Settings
from producers.files.opened import Opened
from producers.files.publishing import Files, Outside
from producers.people.identifiers import Identifier, card_account, reference
from producers.people.register import Register
from projections.install import install
from schemas.events import CardAssigned, CardBlocked, MemberEnrolled, MemberErased, SaleRecorded
from tests.producers.files.reading import SHOP, Outcome, Taken, publish

KEY = b"a key of the tests, and no other"
ENROLMENTS = """occurred_at,card,name,address,phone,email
2026-03-01T09:00:00,2600 0001,Ada Lovelace,12 St James's Square,+44 20 7946 0018,ada@example.org
2026-03-01T09:05:00,,Grace Hopper,,,grace@example.org
"""
Publish = Callable[..., Outcome]


@pytest.fixture
def connection(postgres: Settings) -> Iterator[psycopg.Connection]:
    """In the role `contacts` of an empty register."""
    install(postgres)
    with connect(postgres, "contacts") as opened:
        yield opened


@pytest.fixture
def register(connection: psycopg.Connection) -> Register:
    return Register(connection, KEY)


@pytest.fixture
def bring(register: Register, tmp_path: Path) -> Publish:
    """Publish a file: CSV as text, or JSON Lines of the given rows."""
    numbers = count(1)

    def published(*rows: str | dict[str, Any]) -> Outcome:
        text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
        return publish(
            tmp_path / "file",
            text.encode(),
            register=lambda: register,
            new_member=lambda: f"m-{next(numbers)}",
        )

    return published


def sale(number: int, at: str = "2026-03-14T10:00:00", **who: str) -> dict[str, Any]:
    return {"type": "SaleRecorded", "store_id": "S1", "receipt_no": number, "occurred_at": at,
            "lines": [{"sku": "TEA", "net": "3.50"}], **who}  # fmt: skip


def row(kind: str, at: str = "2026-03-20T10:00:00", **said: str) -> dict[str, Any]:
    return {"type": kind, "occurred_at": at, **said}


def owners(outcome: Outcome) -> list[str]:
    return [event.header.account_id for event in outcome.events]


def test_one_member_by_every_name(bring: Publish) -> None:
    """Card, phone and e-mail of an enrolment lead to one account, however they are written."""
    enrolled = bring(ENROLMENTS).events[0].header.account_id
    outcome = bring(
        sale(1, card="26000001"),
        sale(2, phone="0044 (0)20 7946-0018"),
        sale(3, email="ADA@Example.org"),
        sale(4, member_id=enrolled),
    )

    assert outcome.bad == []
    assert owners(outcome) == [enrolled] * 4


def test_who_enrols_in_one_row_is_known_in_the_next(bring: Publish) -> None:
    """The rows of a file are read in their order."""
    outcome = bring(
        row("MemberEnrolled", at="2026-03-01T09:00:00", phone="+15550100555"),
        sale(1, phone="+1 555 0100 555"),
    )

    assert owners(outcome) == ["m-1", "m-1"]


def test_an_unknown_card_has_an_account_which_an_enrolment_takes_over(
    bring: Publish, register: Register
) -> None:
    """What the card earned before is the member's, since it is the same account."""
    card = register.digest(Identifier("card", "26000001"))
    before = bring(sale(1, card="2600 0001"))
    after = bring(ENROLMENTS, "")

    assert owners(before) == [card_account(card)]
    enrolled, assigned = after.events[:2]
    assert isinstance(enrolled, MemberEnrolled)
    assert isinstance(assigned, CardAssigned)
    assert enrolled.header.account_id == assigned.header.account_id == card_account(card)
    assert assigned.card == reference(card)
    assert bring(sale(1, card="2600 0001")).sent == before.sent


def test_a_file_published_twice_is_the_same_events(bring: Publish) -> None:
    """Members that were named by chance keep their names; contacts stay as they are."""
    once = bring(ENROLMENTS)
    again = bring(ENROLMENTS)

    assert once.sent == again.sent
    assert len(once.events) == 3


def test_contacts_are_in_the_register_and_in_no_event(bring: Publish, register: Register) -> None:
    """Name, address, phone, e-mail and card number never reach the log."""
    outcome = bring(ENROLMENTS)
    sent = b"".join(outcome.sent)

    for word in (
        b"Ada",
        b"Square",
        b"794600",
        b"7946 00",
        b"example.org",
        b"26000001",
        b"2600 0001",
    ):
        assert word not in sent
    [contact] = register.contacts_of([outcome.events[0].header.account_id])
    assert (contact.name, contact.phone) == ("Ada Lovelace", "+442079460018")


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        (sale(9, phone="+15550100999"), "phone", "no member has it"),
        (sale(9, card="26000001", email="grace@example.org"), "card", "two members"),
        (row("MemberLabelled", card="99999999", label="vip"), "card", "no member has it"),
        (row("MemberEnrolled", card="26000001", phone="+15550100999"), "phone", "without it"),
        (row("MemberEnrolled", card="26000001", email="grace@example.org"), "card", "not joined"),
        (row("MemberEnrolled", member_id="mine", card="26000001"), "card", "not joined"),
        (row("MemberEnrolled", name="Nobody"), "member_id", "neither"),
        (row("CardBlocked", card="99999999"), "card", "no member has it"),
        (row("CardAssigned", card="77777777", replaces="99999999"), "replaces", "no member has it"),
        (row("CardAssigned", card="26000001", email="grace@example.org"), "card", "not joined"),
        (row("CardAssigned", member_id="m-1"), "card", "missing"),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else str(value),
)
def test_a_row_that_names_nobody_or_two_is_refused(
    wrong: dict[str, Any], field: str, reason: str, bring: Publish
) -> None:
    """No guess gives one customer's points to another."""
    bring(ENROLMENTS)
    outcome = bring({**wrong, "on": True} if "label" in wrong else wrong, sale(1, card="26000001"))

    [bad] = outcome.bad
    assert (bad.line, bad.field) == (1, field)
    assert reason in bad.reason
    assert len(outcome.events) == 1


def test_a_lost_card_is_replaced(bring: Publish, register: Register) -> None:
    """The new card leads to the member; with the old one a later sale is nobody's."""
    member = bring(ENROLMENTS).events[0].header.account_id
    early = bring(sale(1, card="26000001"))
    changed = bring(
        row("CardAssigned", replaces="26000001", card="2600 0009"),
        row("CardBlocked", card="26000001", reason="lost"),
    )
    outcome = bring(
        sale(1, card="26000001"),
        sale(2, at="2026-03-21T10:00:00", card="26000001"),
        sale(3, at="2026-03-21T10:00:00", card="26000009"),
    )

    assigned, blocked = changed.events
    assert isinstance(assigned, CardAssigned)
    assert isinstance(blocked, CardBlocked)
    assert assigned.replaces == blocked.card
    assert owners(changed) == [member, member]
    assert owners(outcome) == [member, "store:S1", member]
    assert outcome.sent[0] == early.sent[0]


def test_a_card_is_not_replaced_by_itself(bring: Publish) -> None:
    """The card would be blocked for good, and no other be there in its place."""
    bring(ENROLMENTS)
    outcome = bring(row("CardAssigned", replaces="2600-0001", card="26000001"))

    assert [(bad.field, bad.reason) for bad in outcome.bad] == [("replaces", "it is the same card")]


def test_a_card_has_one_in_its_place(bring: Publish) -> None:
    """Of two that stand in for one both would count; the newer is replaced, and files repeat."""
    bring(ENROLMENTS)
    lost = row("CardAssigned", replaces="26000001", card="26000008")
    again = row("CardAssigned", replaces="26000001", card="26000009")
    first, refused, second = bring(lost), bring(again), bring(lost)
    last = bring(row("CardAssigned", replaces="26000008", card="26000009"))

    assert [len(one.events) for one in (first, refused, second, last)] == [1, 0, 1, 1]
    assert first.sent == second.sent
    [bad] = refused.bad
    assert (bad.field, bad.reason[:26]) == ("replaces", "another card stands in for")


def test_what_the_log_lacks_is_not_taken_for_told(register: Register, tmp_path: Path) -> None:
    """Given a publisher that is cut off, what befell a member can be told again."""
    file = tmp_path / "enrolment"
    file.write_text(json.dumps(row("MemberEnrolled", member_id="m-7", card="26000007")), "utf-8")
    key = "member|m-7|enrolled"

    told = []
    for log in (CutOff(), Taken()):
        outside = Outside(log, lambda: register, str, lambda _: None, lambda _: None)
        with suppress(LogUnavailable):
            Files(outside, SHOP).publish(Opened(file).rows())
        told.append(register.told([key]))

    assert told == [frozenset(), {key}]


def test_nobody_takes_over_what_a_blocked_card_collected(bring: Publish) -> None:
    """Whoever finds a lost card cannot enrol with it; an enrolment of before stays what it was."""
    bring(sale(1, card="26000007"))
    early = row("MemberEnrolled", at="2026-03-15T10:00:00", card="26000007", name="Ada")
    bring(row("CardBlocked", card="26000007", reason="lost"))
    late = bring(row("MemberEnrolled", at="2026-03-21T10:00:00", card="26000007", name="Eve"))

    assert [(bad.field, bad.reason) for bad in late.bad] == [("card", "it is blocked")]
    assert bring(early).bad == []


def test_who_is_erased_does_not_come_back_with_an_old_file(
    bring: Publish, register: Register
) -> None:
    """The old files mean the same events as before, and bring no contact and no number back."""
    member = bring(ENROLMENTS).events[0].header.account_id
    early = bring(sale(1, card="26000001"))
    [erased] = bring(row("MemberErased", card="26000001", reason="asked")).events
    again = bring(sale(1, card="26000001"))
    refused = bring(ENROLMENTS)

    assert isinstance(erased, MemberErased)
    assert erased.header.event_id == f"member|{member}|erased"
    assert again.sent == early.sent
    assert [bad.reason for bad in refused.bad] == ["it counts no more; take another card"]
    assert register.contacts_of([member]) == []
    assert register.of_member(member) == {}


def test_what_is_bought_with_the_first_card_of_who_was_erased_is_the_stores(
    bring: Publish,
) -> None:
    """From the erasure on, as with a blocked card; a file of both days means the same again."""
    member = bring(ENROLMENTS).events[0].header.account_id
    both = [
        sale(1, card="26000001"),
        sale(2, at="2026-03-21T10:00:00", card="26000001"),
    ]
    early = bring(both[0])
    bring(row("MemberErased", card="26000001"))
    late = bring(both[1])
    again = bring(*both)

    assert owners(again) == [member, "store:S1"]
    assert again.sent == early.sent + late.sent


def test_what_was_bought_before_an_erasure_comes_back_to_its_account(bring: Publish) -> None:
    """A return is the account's whose sale it was, whoever brings the card along."""
    member = bring(ENROLMENTS).events[0].header.account_id
    bring(row("MemberErased", card="26000001"))

    def returned(number: int, sold_on: str) -> dict[str, Any]:
        receipt = {"original_receipt_no": str(number), "original_business_date": sold_on}
        lines = [{"line_no": 1, "quantity": "1", "net": "3.50"}]
        said = {**sale(number, at="2026-03-25T10:00:00", card="26000001"), **receipt}
        return {**said, "type": "SaleReturned", "lines": lines}

    outcome = bring(returned(1, "2026-03-14"), returned(2, "2026-03-21"))

    assert outcome.bad == []
    assert owners(outcome) == [member, "store:S1"]


@pytest.mark.parametrize(
    "taken",
    [
        row("MemberEnrolled", card="26000001"),
        row("MemberEnrolled", member_id="m-9", card="26000001"),
        row("CardAssigned", email="grace@example.org", card="26000001"),
    ],
    ids=["enrolled", "enrolled by id", "assigned"],
)
def test_nobody_takes_over_the_first_card_of_who_was_erased(
    taken: dict[str, Any], bring: Publish
) -> None:
    """Its old sales, published again, would be a second time another member's."""
    bring(ENROLMENTS)
    bring(row("MemberErased", card="26000001"))
    outcome = bring(taken)

    assert [(bad.field, bad.reason) for bad in outcome.bad] == [
        ("card", "it counts no more; take another card")
    ]


class CutOff(Taken):
    """A log that goes away before what it was handed is durable."""

    def flush(self) -> None:
        """It is not there."""
        raise LogUnavailable("the broker is away")


def test_who_was_not_erased_in_the_log_can_be_named_again(
    bring: Publish, register: Register, tmp_path: Path
) -> None:
    """Given a publisher that is cut off before the log has it, the same row erases the person."""
    member = bring(ENROLMENTS).events[0].header.account_id
    erasure = row("MemberErased", card="26000001", reason="asked")
    file = tmp_path / "erasure"
    file.write_text(json.dumps(erasure), "utf-8")
    outside = Outside(CutOff(), lambda: register, str, lambda _: None, lambda _: None)
    with pytest.raises(LogUnavailable):
        Files(outside, SHOP).publish(Opened(file).rows())

    again = bring(erasure)

    assert [type(event) for event in again.events] == [MemberErased]
    assert owners(again) == [member]
    assert register.of_member(member) == {}


def test_one_row_erases_and_the_next_ones_know(bring: Publish) -> None:
    """Rows in one file, whoever they are of, mean what they would in files of their own."""
    member = bring(ENROLMENTS).events[0].header.account_id
    outcome = bring(
        sale(1, card="26000001"),
        row("MemberErased", card="26000001"),
        row("MemberErased", email="grace@example.org"),
        row("MemberChanged", email="grace@example.org", language="en"),
        row("MemberEnrolled", card="26000001"),
        sale(2, at="2026-03-21T10:00:00", card="26000001"),
    )

    assert owners(outcome) == [member, member, "m-1", "store:S1"]
    assert [bad.reason for bad in outcome.bad] == [
        "no member has it",
        "it counts no more; take another card",
    ]


def test_a_change_of_contact_is_the_registers_alone(bring: Publish, register: Register) -> None:
    """What is told replaces what was known; the event says nothing of it."""
    member = bring(ENROLMENTS).events[0].header.account_id
    outcome = bring(row("MemberChanged", member_id=member, address="Ockham Park", language="en"))

    [contact] = register.contacts_of([member])
    assert (contact.name, contact.address) == ("Ada Lovelace", "Ockham Park")
    assert b"Ockham" not in outcome.sent[0]


def test_a_changed_phone_leads_to_the_member(bring: Publish) -> None:
    """Given a member with a new phone and e-mail, each names the member, and so do the old ones."""
    member = bring(ENROLMENTS).events[0].header.account_id
    change = row(
        "MemberChanged", card="26000001", phone="+44 20 7946 0999", email="ada@example.com"
    )
    outcome = bring(change, sale(1, phone="+44 20 7946 0999"))

    assert owners(outcome) == [member, member]
    assert owners(bring(sale(2, email="ada@example.com"))) == [member]
    assert owners(bring(sale(3, phone="+44 20 7946 0018"))) == [member]
    assert bring(change).sent == outcome.sent[:1]


def test_sales_of_nobody_need_no_register(tmp_path: Path) -> None:
    """A shop without cards needs no database to publish."""
    [event] = publish(tmp_path / "sales.jsonl", json.dumps(sale(1)).encode()).events

    assert isinstance(event, SaleRecorded)
    assert event.header.account_id == "store:S1"
