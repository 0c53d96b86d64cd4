"""One batch: the rows that its records make in every table."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from projections.tables import (
    balances,
    campaigns,
    closed_days,
    discounts_daily,
    intervals,
    member_labels,
    member_segments,
    members,
    open_points,
    points_daily,
    points_entries,
    programmes,
    redemption_cohorts,
    refusals,
    rewards_given,
    sale_lines,
    sales,
    sales_daily,
    stopped_promotions,
    tier_changes,
    tiers,
    voucher_entries,
    vouchers,
    wallet_values,
    withheld,
)
from projections.tables.place import Place
from projections.tables.writes import Write
from schemas.ledger import (
    EFFECT_TYPES,
    CardAssigned,
    CardBlocked,
    Counted,
    Effect,
    LotsMerged,
    MemberErased,
    QuoteDiffered,
    SaleJudged,
    VoucherReleased,
    VoucherReserved,
)

EffectFold = Callable[[Any, Place, Any], None]

IN_NO_TABLE: frozenset[type[Effect]] = frozenset(
    {
        CardAssigned,
        CardBlocked,
        Counted,
        LotsMerged,
        MemberErased,
        QuoteDiffered,
        SaleJudged,
        VoucherReleased,
        VoucherReserved,
    }
)
"""What later decisions and explanations ask for, and no table shows."""


class Batch:
    """What the records folded so far change in Postgres, summed up."""

    def __init__(self, lines_of: Collection[int] = (), discounts_of: Collection[int] = ()) -> None:
        """Nothing yet; the lines and the discounts of sales in these partitions are kept."""
        self.sales = sales.Rows()
        self.sale_lines = sale_lines.Rows(lines_of)
        self.sales_daily: sales_daily.Rows = {}
        self.discounts_daily = discounts_daily.Rows(discounts_of)
        self.members = members.Rows()
        self.balances: balances.Rows = {}
        self.open_points = open_points.Rows()
        self.points_entries: points_entries.Rows = []
        self.points_daily: points_daily.Rows = {}
        self.redemption_cohorts: redemption_cohorts.Rows = {}
        self.voucher_entries: voucher_entries.Rows = []
        self.vouchers = vouchers.Rows()
        self.campaigns: campaigns.Rows = {}
        self.tiers: tiers.Rows = {}
        self.tier_changes: tier_changes.Rows = []
        self.member_labels: intervals.Rows = {}
        self.member_segments: intervals.Rows = {}
        self.rewards_given: rewards_given.Rows = []
        self.withheld: withheld.Rows = []
        self.refusals: refusals.Rows = []
        self.wallet_values: wallet_values.Rows = []
        self.programmes: programmes.Rows = []
        self.closed_days: closed_days.Rows = []
        self.stopped_promotions: stopped_promotions.Rows = []
        self._folds = self._by_effect()

    def add(self, place: Place) -> None:
        """Fold one record into every table."""
        record = place.record
        if record.sale is not None:
            sales.fold(self.sales, place)
            sale_lines.fold(self.sale_lines, place)
            sales_daily.fold(self.sales_daily, place)
            discounts_daily.fold(self.discounts_daily, place)
            members.fold(self.members, place)
        if record.decision == "REFUSED":
            refusals.fold(self.refusals, place)
        folds = self._folds
        for effect in record.effects:
            for fold, rows in folds[type(effect)]:
                fold(rows, place, effect)

    def writes(self) -> Iterator[Write]:
        """What to write, in the order that lets several projectors work beside each other.

        Rows of one account come first: only one projector has them.  Sums that all projectors
        add to come last and are sorted, so that their locks are short and never form a ring.
        """
        yield from sales.writes(self.sales)
        yield from sale_lines.writes(self.sale_lines)
        yield from points_entries.writes(self.points_entries)
        yield from voucher_entries.writes(self.voucher_entries)
        yield from vouchers.writes(self.vouchers)
        yield from tier_changes.writes(self.tier_changes)
        yield from rewards_given.writes(self.rewards_given)
        yield from withheld.writes(self.withheld)
        yield from refusals.writes(self.refusals)
        yield from wallet_values.writes(self.wallet_values)
        yield from programmes.writes(self.programmes)
        yield from closed_days.writes(self.closed_days)
        yield from stopped_promotions.writes(self.stopped_promotions)
        yield from members.writes(self.members)
        yield from balances.writes(self.balances)
        yield from open_points.writes(self.open_points)
        yield from tiers.writes(self.tiers)
        yield from member_labels.writes(self.member_labels)
        yield from member_segments.writes(self.member_segments)
        yield from campaigns.writes(self.campaigns)
        yield from sales_daily.writes(self.sales_daily)
        yield from discounts_daily.writes(self.discounts_daily)
        yield from points_daily.writes(self.points_daily)
        yield from redemption_cohorts.writes(self.redemption_cohorts)

    def _by_effect(self) -> dict[type[Effect], list[tuple[EffectFold, Any]]]:
        """Effect type → the folds that it concerns, each with its rows."""
        tables = (
            (members.FOLDS, self.members),
            (balances.FOLDS, self.balances),
            (open_points.FOLDS, self.open_points),
            (points_entries.FOLDS, self.points_entries),
            (points_daily.FOLDS, self.points_daily),
            (redemption_cohorts.FOLDS, self.redemption_cohorts),
            (voucher_entries.FOLDS, self.voucher_entries),
            (vouchers.FOLDS, self.vouchers),
            (campaigns.FOLDS, self.campaigns),
            (tiers.FOLDS, self.tiers),
            (tier_changes.FOLDS, self.tier_changes),
            (member_labels.FOLDS, self.member_labels),
            (member_segments.FOLDS, self.member_segments),
            (rewards_given.FOLDS, self.rewards_given),
            (withheld.FOLDS, self.withheld),
            (refusals.FOLDS, self.refusals),
            (wallet_values.FOLDS, self.wallet_values),
            (programmes.FOLDS, self.programmes),
            (sale_lines.FOLDS, self.sale_lines),
            (discounts_daily.FOLDS, self.discounts_daily),
            (closed_days.FOLDS, self.closed_days),
            (stopped_promotions.FOLDS, self.stopped_promotions),
        )
        return {
            effect: [(folds[effect], rows) for folds, rows in tables if effect in folds]
            for effect in EFFECT_TYPES
        }
