"""Duplicates, conflicts, late and early events, closing days and versions of the programme."""

import pytest

from processors.core.decide import decide
from processors.core.message import Given
from processors.core.overlay import Overlay, UpgradeNeeded
from processors.core.partition import PartitionState
from schemas import events, ledger
from schemas.codec import EventRefused, encode_body, encode_event
from schemas.ledger import PointsEarned
from schemas.records import asdict
from schemas.refusals import Refusal
from tests.core.scene import PLAIN, Scene, day, line, points


def test_a_sale_sent_three_times_earns_once() -> None:
    """53 points once, and two duplicates; the same receipt with other content is a conflict."""
    scene = Scene()
    sale = scene.sale("8841", [line(1, 5325)])

    records = [scene.when(sale) for _ in range(3)]
    other = scene.when(scene.sale("8841", [line(1, 9999)]))

    assert [record.reason for record in records] == ["", "DUPLICATE", "DUPLICATE"]
    assert other.reason == Refusal.CONFLICT
    assert scene.available() == 53


def test_a_duplicate_inside_one_batch_is_seen_too() -> None:
    """What is not yet acknowledged counts for the next event of the batch."""
    scene = Scene()
    sale = scene.sale("1", [line(1, 1000)])

    decided = scene.all_of([sale, sale])

    assert [one.record.reason for one in decided] == ["", "DUPLICATE"]


def test_a_refused_event_does_not_burn_its_key() -> None:
    """An event refused for want of a membership is accepted once there is one."""
    scene = Scene()
    scene.when(scene.sale("1", [line(1, 5000)]))
    asked = scene.redemption("1", 10, 10)

    before = scene.when(asked)
    scene.enrolled(on="2026-03-14")
    after = scene.when(asked)

    assert (before.reason, after.reason) == ("NOT_ENROLLED", "")


def test_days_close_one_after_the_other() -> None:
    """The first close sets the date; then only the next day closes, and a closed one is closed."""
    scene = Scene()

    reasons = [
        scene.close(date)[-1].record.reason
        for date in ("2026-03-10", "2026-03-11", "2026-03-11", "2026-03-09", "2026-03-13")
    ]

    assert reasons == ["", "", "DAY_CLOSED", "DAY_CLOSED", "DAY_SKIPPED"]
    assert scene.state.closed_through == day("2026-03-11")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-02-03", "TOO_OLD"),
        ("2025-02-04", ""),
        ("2026-03-11", ""),
        ("2026-04-15", ""),
        ("2026-04-16", "AHEAD"),
    ],
)
def test_a_late_sale_is_late_not_wrong(on: str, expected: str) -> None:
    """400 days behind the last closed day and 35 ahead of it are taken, a day more is not."""
    scene = Scene()
    scene.close("2026-03-11")

    record = scene.when(scene.sale("1", [line(1, 1000)], on=on))

    assert record.reason == expected


def test_what_lies_in_the_wrong_partition_is_refused() -> None:
    """An account is decided in its own partition and nowhere else."""
    scene = Scene("")
    value = encode_event(scene.sale("1", [line(1, 1000)], account="A"))
    from schemas.codec import decode_event  # noqa: PLC0415  used here alone
    from schemas.topics import partition_of  # noqa: PLC0415  used here alone

    right = partition_of("A", 2)
    reasons = []
    for partition in (right, 1 - right):
        overlay = Overlay(PartitionState(partition, 2))
        (one,) = decide(overlay, Given(0, value, decode_event(value)))
        reasons.append(one.record.reason)

    assert reasons == ["", "WRONG_PARTITION"]


def test_an_unreadable_message_is_one_refusal() -> None:
    """Bytes that are no event end as one record with their digest, and change nothing."""
    scene = Scene()
    before = scene.state.digest()
    overlay = Overlay(scene.state)
    (one,) = decide(overlay, Given(9, b"junk", EventRefused(Refusal.UNREADABLE)))

    assert (one.record.decision, one.record.reason) == ("REFUSED", "UNREADABLE")
    assert one.record.effects == ()
    assert scene.state.digest() == before


def test_too_many_refusals_in_a_row_are_noticed() -> None:
    """100 broken messages in a row are borne, the next is not; a good event ends the row."""
    scene = Scene()
    overlay = Overlay(scene.state)
    for offset in range(100):
        list(decide(overlay, Given(offset, b"junk", EventRefused(Refusal.UNREADABLE))))
    overlay.commit()
    borne = scene.state.refused_too_often(100, 10_000)
    overlay = Overlay(scene.state)
    list(decide(overlay, Given(100, b"junk", EventRefused(Refusal.UNREADABLE))))
    overlay.commit()
    too_many = scene.state.refused_too_often(100, 10_000)
    scene.when(scene.sale("1", [line(1, 1000)]))

    assert (borne, too_many) == (False, True)
    assert not scene.state.refused_too_often(100, 10_000)
    assert scene.state.refused_too_often(100, 100)


def test_a_sale_is_decided_by_the_version_of_its_day() -> None:
    """From 1 April points double; a late sale of March still earns by March's rules."""
    scene = Scene()
    double = PLAIN.replace("version: 1", "version: 2").replace("{points: 1}", "{points: 2}")
    scene.activate(double, "2026-04-01")

    april = scene.when(scene.sale("1", [line(1, 1000)], on="2026-04-01"))
    march = scene.when(scene.sale("2", [line(1, 1000)], on="2026-03-31"))

    assert (april.programme_version, points(april, PointsEarned)) == (2, {"base": 20})
    assert (march.programme_version, points(march, PointsEarned)) == (1, {"base": 10})


def test_before_any_programme_a_sale_is_accepted_without_effects() -> None:
    """Where no programme is in force nothing is earned, and nothing is lost: the sale is there."""
    scene = Scene(PLAIN, since="2026-04-01")

    record = scene.when(scene.sale("1", [line(1, 1000)], on="2026-03-31"))

    assert (record.decision, record.effects, record.programme_version) == ("ACCEPTED", (), 0)
    assert record.sale is not None
    assert record.sale.net_minor == 1000


def test_a_wrong_document_leaves_the_old_one_in_force() -> None:
    """A document with mistakes, another hash or a used version is refused; the old one decides."""
    scene = Scene()
    good = scene.records[0].effects[0]
    assert isinstance(good, ledger.ProgrammeActivated)
    reasons = []
    for number, (document, digest) in enumerate(
        [(good.document, "0" * 64), ('{"programme":"plain"}', None),
         (good.document.replace('"points":"1"', '"points":"3"'), None)]
    ):  # fmt: skip
        from hashlib import sha256  # noqa: PLC0415  used here alone

        header = scene.header(f"programme|{number}", "", "2026-03-01")
        record = scene.when(
            events.ProgrammeActivated(
                header, document, digest or sha256(document.encode()).hexdigest(), 0
            )
        )
        reasons.append(record.reason)

    assert reasons == ["INVALID_PROGRAMME", "INVALID_PROGRAMME", "VERSION_CONFLICT"]
    assert len(scene.state.programmes) == 1


@pytest.mark.parametrize("since", ["2026-04-01", "2019-01-01"])
def test_an_id_stays_what_it_was_in_every_version_before(since: str) -> None:
    """What counted per amount cannot count by item in a later version, also if one lay between.

    Records know a promotion by its id alone; the version before stays in force.
    """
    scene = Scene()
    base = "  - {id: base, kind: per_amount, give: {points: 1}, per: 1.00}\n"
    second = PLAIN.replace("version: 1", "version: 2")
    scene.activate(second.replace(base, base.replace("id: base", "id: other")), "2026-03-01")
    by_item = "  - {id: base, kind: per_item, give: {points: 1}, items: {departments: [DELI]}}\n"

    record = scene.activate(
        second.replace("version: 2", "version: 3").replace(base, by_item), since
    )

    assert record.reason == "INVALID_PROGRAMME"
    assert [one.programme.version for one in scene.state.programmes] == [1, 2]


def test_a_programme_for_newer_code_stops_the_partition() -> None:
    """Code too old for a programme does not guess."""
    scene = Scene()

    with pytest.raises(UpgradeNeeded):
        scene.activate(
            PLAIN.replace("version: 1", "version: 2"), "2026-04-01", min_decider_version=2
        )


def test_a_close_that_died_goes_on_where_it_stopped() -> None:
    """Parts that were written before a crash are not written again, and the rest follow on."""
    whole, broken = Scene(), Scene()
    for scene in (whole, broken):
        for account in ("A", "B", "C"):
            scene.when(scene.sale(f"1{account}", [line(1, 1000)], account=account))
        scene.close("2027-03-30")
    expected = [one.record for one in whole.close("2027-03-31")]
    event = events.BusinessDayClosed(broken.header("day|2027-03-31", "", "2027-03-31", 23))
    value = encode_event(event)
    overlay = Overlay(broken.state)
    running = decide(overlay, Given(99, value, event))
    parts = [next(running)]
    overlay.commit()
    parts += decide(Overlay(broken.state), Given(99, value, event), first_part=1)

    assert [one.record for one in parts] == expected
    assert [one.part for one in parts] == [0, 1, 2, 3]


def test_refusals_have_a_sentence_each() -> None:
    """Whatever is refused, people are told why in a sentence."""
    for reason in Refusal:
        assert reason.sentence.endswith(".")


def test_everything_a_record_says_survives_its_bytes() -> None:
    """A decided record, encoded and decoded, is the same record."""
    from schemas.codec import decode_body, encode_body  # noqa: PLC0415  used here alone

    scene = Scene()
    record = scene.when(scene.sale("1", [line(1, 5050), line(2, 275)]))

    assert decode_body(encode_body(record), 0) == record
    assert asdict(record)["decision"] == "ACCEPTED"


@pytest.mark.parametrize("cut", range(1, 7))
def test_what_is_forgotten_does_not_depend_on_where_a_batch_ends(cut: int) -> None:
    """A sale lies behind the horizon from a close on: then its return finds nothing.

    Given that close between two returns of the sale, when all of it is decided in one batch or
    cut into two somewhere, then every record is the same, and so is the state.
    """
    one, two = Scene(), Scene()
    sale = one.sale("1", [line(1, 1000), line(2, 1000)], on="2025-01-10")
    happens = [
        sale,
        *(one.closing(date) for date in ("2026-02-13", "2026-02-14")),
        one.back("2", sale, {1: 1000}, on="2026-02-15"),
        one.closing("2026-02-15"),
        one.back("3", sale, {2: 1000}, on="2026-02-16"),
        one.sale("4", [line(1, 100)], on="2026-02-16"),
    ]

    whole = [each.record for each in one.all_of(happens)]
    parts = [each.record for some in (happens[:cut], happens[cut:]) for each in two.all_of(some)]

    returned = [each.reason for each in whole if each.event_type == "SaleReturned"]
    assert returned == ["", "SALE_UNKNOWN"]
    assert [encode_body(each) for each in parts] == [encode_body(each) for each in whole]
    assert one.state.digest() == two.state.digest() == one.refolded().digest()


@pytest.mark.parametrize("cut", range(1, 4))
def test_an_activation_from_long_ago_is_known_until_the_next_close(cut: int) -> None:
    """It is no event of an account, so it may be older than anything that is remembered."""
    one, two = Scene(""), Scene("")
    old = one.activation(PLAIN, "2020-01-01")
    happens = [one.closing("2026-02-13"), old, old, one.closing("2026-02-14")]

    whole = [each.record for each in one.all_of(happens)]
    parts = [each.record for some in (happens[:cut], happens[cut:]) for each in two.all_of(some)]

    assert [each.reason for each in whole] == ["", "", "DUPLICATE", ""]
    assert [encode_body(each) for each in parts] == [encode_body(each) for each in whole]
    assert one.state.digest() == two.state.digest() == one.refolded().digest()
