"""One promotion as decisions use it: when it acts, for whom, on what basket, how much."""

from dataclasses import dataclass

from processors.core.sections import Campaign, Head
from processors.words.caps import Cap
from processors.words.cutting import Cut
from processors.words.floor import Floor
from processors.words.occasion import Occasion
from processors.words.person import Fits
from processors.words.stages import Bonus, Exchange, Streak
from schemas.events import Header


@dataclass(frozen=True)
class Nth:
    """Which purchase: the `number`-th, or every so-manieth; of `floor` baskets; by channel."""

    number: int
    every: int
    by_channel: bool
    floor: Floor | None

    def hit(self, count: int) -> bool:
        """Whether the count-th purchase is meant."""
        return count % self.every == 0 if self.every else count == self.number


@dataclass(frozen=True)
class Control:
    """Who of a campaign's members gets nothing: buckets below `below` of 10,000, by salt."""

    salt: str
    below: int


@dataclass(frozen=True)
class Rule:
    """A promotion, compiled.

    Attributes:
        at: its place in the document.
        bit: 1 << at, in masks.
        id: what effects know it by.
        given_by: what an effect says of who gave it: `id`, campaign, and who pays.
        head: the common words.
        occasion: days, hours, stores, the campaign's days; None for always.
        fits: the person, the campaign's audience; None for everybody.
        floor: the basket; None for any.
        nth: which purchase; None for each.
        caps: its limits, in the order in which they cut.
        control: who is held out; None for nobody.
        bonuses, streaks, cuts, exchanges: its stages, but for bases and factors.
    """

    at: int
    bit: int
    id: str
    given_by: tuple[str, str, str]
    head: Head
    occasion: Occasion | None
    fits: Fits | None
    floor: Floor | None
    nth: Nth | None
    caps: tuple[Cap, ...]
    control: Control | None
    bonuses: tuple[Bonus, ...]
    streaks: tuple[Streak, ...]
    cuts: tuple[Cut, ...]
    exchanges: tuple[Exchange, ...]

    def bonus_points(self, wallet: str = "") -> int:
        """The points that its bonuses name: of one wallet, or of all of them."""
        things = [thing for bonus in self.bonuses for thing in bonus.gives]
        return sum(thing.points for thing in things if wallet in ("", thing.name))

    def holds(self, header: Header) -> bool:
        """Whether an event happened on the rule's occasion."""
        return self.occasion is None or self.occasion.holds(header)


def control_of(name: str, campaign: Campaign, programme: str) -> Control | None:
    """Who of a campaign is control; None if nobody is."""
    below = int(campaign.control * 10_000)
    return Control(f"{programme}|{name}", below) if below else None
