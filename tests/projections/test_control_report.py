"""Given a campaign with control, when its report is asked, then it compares like with like."""

from decimal import Decimal

import pytest

from loyalty.verbs.report import known
from schemas.ledger import (
    NEVER,
    OfferMade,
    PointsEarned,
    ProgrammeActivated,
    RewardGiven,
    VoucherIssued,
    WithheldFromControl,
)
from tests.projections.history import History, Project, Query, day, receipt

IN_IT = "2017-03-15"
FIRST, LAST = "2017-03-01", "2017-03-31"
BEFORE, BEHIND = "2017-02-28", "2017-04-01"
PROGRAMME = """{
    "currency": "USD",
    "wallets": {"points": {}},
    "campaigns": {"spring": {"control": "50%", "first_day": "2017-03-01", "last_day": "LAST"}}
}"""
REPORT = """
    SELECT campaign_id, first_day::text, last_day::text, member_group, member_count, sale_count,
        sales_per_member, net_spend_per_member, currency, points_given_or_withheld,
        other_things_given_or_withheld
    FROM ({report}) AS r
"""


def tripled(points: int, lot: str, promotion: str = "triple") -> PointsEarned:
    """What a promotion of the campaign gave."""
    return PointsEarned(
        "points", lot, points, points, (), (points,), promotion, "spring", "", day(FIRST), NEVER
    )


@pytest.fixture
def campaign(history: History) -> History:
    """A campaign, of which a second programme sets the last day."""
    for version, last in enumerate(("2017-12-31", LAST), start=1):
        document = PROGRAMME.replace("LAST", last)
        programme = ProgrammeActivated("p", version, document, "hash", day(FIRST), 1)
        for partition in (0, 1):
            history.decided(partition, f"p{version}", programme, account="")
    return history


def test_treated_members_stand_beside_those_held_out(
    campaign: History, project: Project, query: Query
) -> None:
    """Ann and Al are treated and buy 3 times for 180.00 in all, of which 20.00 come back.

    Bob is control and buys twice for 90.00.  Ben, whom the campaign did not meet, is in neither
    group, and no sale before or behind its days, or in another currency, is counted.
    """
    voucher = VoucherIssued(
        "a2#2", "ten-off", "gift", "spring", "", day(FIRST), NEVER, 1000, "USD", 1
    )
    campaign.decided(0, "a0", sale=receipt(70_00), on=BEFORE)
    campaign.decided(0, "a1", tripled(200, "a1#1"), sale=receipt(100_00), on=FIRST)
    campaign.decided(0, "a2", tripled(40, "a2#1"), voucher, sale=receipt(20_00), on=IN_IT)
    campaign.decided(0, "r2", sale=receipt(20_00, of="a2"), on=BEHIND)
    campaign.decided(0, "a3", sale=receipt(70_00), on=BEHIND)
    campaign.decided(0, "a4", sale=receipt(70_00, currency="EUR"), on=IN_IT)
    campaign.decided(
        0, "l1", tripled(120, "l1#1"), RewardGiven("", "gift", "spring", "gift", "mug", 3, 0, ""),
        sale=receipt(60_00), on=IN_IT, account="al",
    )  # fmt: skip
    bonus = WithheldFromControl("triple", "spring", "points", 60, (), 0)
    gift = WithheldFromControl("gift", "spring", "", 0, ("ten-off", "mug"), 0)
    campaign.decided(1, "b1", bonus, gift, sale=receipt(30_00), on=IN_IT)
    campaign.decided(1, "b2", sale=receipt(60_00), on=LAST)
    campaign.decided(1, "n1", sale=receipt(500_00), on=IN_IT, account="ben")
    project()

    spring = ("spring", FIRST, LAST)
    assert query(REPORT.format(report=known()["control-groups"])) == [
        (*spring, "treated", 2, 3, Decimal("1.50"), Decimal("80.00"), "USD", "360 points", 2),
        (*spring, "control", 1, 2, Decimal("2.00"), Decimal("90.00"), "USD", "60 points", 2),
    ]


def test_what_is_told_of_one_group_alone_compares_nobody(
    campaign: History, project: Project, query: Query
) -> None:
    """Discounts are told of control alone, exchanges and offers of the treated: nobody is met."""
    cut = WithheldFromControl("cut", "spring", "", 0, (), 150)
    campaign.decided(1, "b1", cut, sale=receipt(30_00), on=IN_IT)
    exchanged = VoucherIssued(
        "a1#1", "ten-off", "exchange", "spring", "", day(FIRST), NEVER, 1000, "USD", 1
    )
    offer = OfferMade("spring", "ten-off", day(FIRST), day(LAST), 1, held_out=False)
    campaign.decided(0, "a1", exchanged, offer, sale=receipt(30_00), on=IN_IT)
    project()

    assert query(known()["control-groups"]) == []


def test_a_member_who_came_to_control_later_counts_as_control(
    campaign: History, project: Project, query: Query
) -> None:
    """Where the share has grown, nobody is in both groups."""
    campaign.decided(0, "a1", tripled(200, "a1#1"), sale=receipt(100_00), on=FIRST)
    bonus = WithheldFromControl("triple", "spring", "points", 60, (), 0)
    campaign.decided(0, "a2", bonus, sale=receipt(30_00), on=IN_IT)
    project()

    assert [row[3:6] for row in query(known()["control-groups"])] == [("control", 1, 2)]
