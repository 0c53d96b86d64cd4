"""How the words of a programme are said to customers: one phrase for each word that they share."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from loyalty.rulebook.languages import Language
from processors.core.messages import in_language
from processors.core.sections import Body
from processors.words.basket import Basket, NthSale
from processors.words.give import Given
from processors.words.items import Exclusion, Items
from processors.words.limits import Limit, Limits
from processors.words.when import When, Where
from processors.words.who import Around, Term, Who
from schemas.currencies import exponent_of, money

_OF_ITEMS = ("skus", "departments", "categories", "brands", "suppliers", "labels", "flags")


class Speech(Struct, frozen=True):
    """A programme's own names and a language's sentences.

    Attributes:
        body: the sections, for titles and the currency.
        lang: the language of titles, where they have it.
        words: the sentences.
        turns: group of more than one promotion → their ids, in the order in which they are asked.
        discounts: what takes money off one after the other, in that order: groups, then offers.
        exchanges: wallet → the offers that it is exchanged by, in that order.
    """

    body: Body
    lang: str
    words: Language
    turns: Mapping[str, Sequence[str]] = {}
    discounts: Sequence[str] = ()
    exchanges: Mapping[str, Sequence[str]] = {}

    def in_currency(self, currency: str) -> "Speech":
        """The same names and sentences, with amounts in another currency."""
        return replace(self, body=self.body.model_copy(update={"currency": currency}))

    def title(self, section: Mapping[str, object], name: str) -> str:
        """What a definition is called for customers: its title, or else its id."""
        return in_language(getattr(section.get(name), "title", {}), self.lang) or name

    def level(self, name: str) -> str:
        """What a level is called."""
        levels = (one for ladder in self.body.tiers.values() for one in ladder.levels)
        found = next((one for one in levels if one.id == name), None)
        return name if found is None else in_language(found.title, self.lang) or name

    def money(self, amount: Fraction) -> str:
        """An amount in units of the currency."""
        return self.minor(round(amount * 10 ** exponent_of(self.body.currency)))

    def minor(self, amount_minor: int) -> str:
        """An amount in minor units of the currency."""
        currency = self.body.currency
        return f"{self.words.amount(money(amount_minor, currency))} {currency}"

    def points(self, number: Fraction | int, wallet: str) -> str:
        """So many of a wallet."""
        return self.words.counted(number, self.title(self.body.wallets, wallet))

    def percent(self, share: Fraction) -> str:
        """A share as people say it."""
        return f"{self.words.number(share * 100)} %"

    def term(self, days: int = 0, months: int = 0, years: int = 0) -> str:
        """A length of time."""
        said = [("years", years), ("months", months), ("days", days)]
        parts = [self.words.counted(n, self.words.say(what)) for what, n in said if n]
        return self.words.listed(parts or [self.words.counted(0, self.words.say("days"))])

    def given(self, things: Iterable[Given]) -> str:
        """What is given, all of it."""
        return self.words.listed([self._thing(thing) for thing in things])

    def _thing(self, thing: Given) -> str:
        if thing.kind == "points":
            return self.points(thing.points, thing.name)
        amount = self.minor(thing.amount_minor)
        sections: Mapping[str, Mapping[str, object]] = {
            "voucher": self.body.vouchers,
            "perk": self.body.perks,
        }
        name = self.title(sections.get(thing.kind, {}), thing.name)
        return self.words.say(f"give {thing.kind}", name=name, amount=amount)

    def items(self, items: Items | Exclusion | None) -> str:
        """Which articles."""
        if items is None:
            return self.words.say("everything")
        parts = [
            self.words.say(word, names=self.words.either(named))
            for word in _OF_ITEMS
            if (named := getattr(items, word)) is not None
        ]
        if isinstance(items, Exclusion):
            return self.words.either(parts)
        said = parts[0] if parts else self.words.say("everything")
        for more in parts[1:]:
            said = self.words.say("items and", first=said, second=more)
        if items.excluded is not None:
            said = self.words.say("but", items=said, others=self.items(items.excluded))
        return said

    def group(self, name: str | None, promotion: str) -> str:
        """What an offer combines with; empty for what meets no other."""
        if name is None or name not in self.turns:
            return ""
        if self.body.groups[name].combine != "first":
            return self.words.say("of group", name=name)
        turn = self.words.ordinal(self.turns[name].index(promotion) + 1)
        return self.words.say("turn of group", turn=turn, name=name)

    def who(self, who: Who | None) -> str:
        """For whom; empty for everybody."""
        if who is None:
            return ""
        say, either = self.words.say, self.words.either
        said = []
        if who.tiers is not None:
            said.append(say("who tiers", names=either([self.level(one) for one in who.tiers])))
        if who.labels is not None:
            said.append(say("who labels", names=either(who.labels)))
        if who.segments is not None:
            names = [self.title(self.body.segments, one) for one in who.segments]
            said.append(say("who segments", names=either(names)))
        if isinstance(who.birthday, Around):
            said.append(say("who birthday around", term=self.term(who.birthday.days)))
        elif who.birthday is not None:
            said.append(say(f"who birthday {who.birthday}"))
        if who.member_for is not None:
            said.append(say("who member_for", term=self.length(who.member_for)))
        if who.first_purchase is not None:
            said.append(say("who first" if who.first_purchase else "who not first"))
        return say("for", who=self.words.listed(said)) if said else ""

    def length(self, term: Term) -> str:
        """A length of time, as the words have it."""
        return self.term(term.days, term.months, term.years)

    def days(self, first: int | None, last: int | None) -> str:
        """From a day to a day, both included; empty for always."""
        say, date = self.words.say, self.words.date
        if first is not None and last is not None:
            key = "one day" if first == last else "from day to day"
            return say(key, first=date(first), last=date(last))
        if first is not None:
            return say("from day", first=date(first))
        return "" if last is None else say("to day", last=date(last))

    def when(self, when: When | None) -> str:
        """On which days and hours; empty for always."""
        if when is None:
            return ""
        say, words = self.words.say, self.words
        said = [self.days(when.first_day, when.last_day)]
        if when.weekdays is not None:
            names = words.listed([say(f"weekday {one}") for one in when.weekdays])
            said.append(say("weekdays", names=names))
        if when.hours is not None:
            ends = [f"{at // 60:02}:{at % 60:02}" for at in (when.hours.start, when.hours.end)]
            said.append(say("hours", start=ends[0], end=ends[1]))
        if when.month_days is not None:
            days = words.listed(
                [say("last day") if one == 31 else words.ordinal(one) for one in when.month_days]
            )
            said.append(say("month days", days=days))
        if when.every_weeks is not None:
            weeks = when.every_weeks
            number, since = words.ordinal(weeks.weeks), words.date(weeks.since)
            said.append(say("every weeks", number=number, since=since))
        if when.nth_weekday is not None:
            number = when.nth_weekday.number
            which = say("last") if number == "last" else words.ordinal(int(number))
            day = say(f"day {when.nth_weekday.weekday}")
            said.append(say("nth weekday", number=which, weekday=day))
        return " ".join(part for part in said if part)

    def where(self, where: Where | None) -> str:
        """In which stores and channels, at which tills, in which money; empty for everywhere."""
        if where is None:
            return ""
        said = [
            self.words.say(word, names=self.words.either(named))
            for word in ("stores", "store_groups", "tills", "currencies")
            if (named := getattr(where, word)) is not None
        ]
        if where.channels is not None:
            names = [self._known("channel", one) for one in where.channels]
            said.append(self.words.say("channels", names=self.words.either(names)))
        return " ".join(said)

    def _known(self, what: str, name: str) -> str:
        """A name of the world as people say it, or as it is."""
        return self.words.phrases.get(f"{what} {name}", name)

    def tenders(self, kinds: Iterable[str]) -> str:
        """Ways to pay."""
        names = [
            self.title(self.body.wallets, one)
            if one in self.body.wallets
            else self._known("tender", one)
            for one in kinds
        ]
        return self.words.either(names)

    def basket(self, basket: Basket | None) -> str:
        """What a basket must be; empty for any."""
        if basket is None:
            return ""
        say = self.words.say
        of_items = "" if basket.items is None else " items"
        items = self.items(basket.items)
        said = []
        if basket.at_least is not None:
            amount = self.money(basket.at_least)
            said.append(say(f"basket at_least{of_items}", amount=amount, items=items))
        if basket.units is not None:
            units = self.words.counted(basket.units, say("items"))
            said.append(say(f"basket units{of_items}", units=units, items=items))
        if basket.tenders is not None:
            said.append(say("basket tenders", names=self.tenders(basket.tenders)))
        if basket.coupon is not None:
            said.append(say("basket coupon", name=basket.coupon))
        return self.words.listed(said)

    def nth(self, nth: NthSale | None) -> str:
        """Which purchase; empty for each."""
        if nth is None:
            return ""
        say = self.words.say
        number = self.words.ordinal(nth.number or nth.every or 0)
        said = say("nth is" if nth.number else "nth every", number=number)
        if nth.within == "channel":
            said = say("nth channel", nth=said)
        return say("nth basket", nth=said, basket=self.basket(nth.basket)) if nth.basket else said

    def limits(self, limits: Limits | None) -> str:
        """How much at most; empty for as much as it comes to."""
        if limits is None:
            return ""
        said = []
        if limits.per_sale is not None:
            once = limits.per_sale.model_copy(update={"every": None})  # it says nothing here
            said.append(self.words.say("limits sale", limits=self._limit(once)))
        member = limits.per_member
        rows = (member,) if isinstance(member, Limit) else member or ()
        if rows:
            each = self.words.listed([self._limit(one) for one in rows])
            said.append(self.words.say("limits", limits=each))
        return self.words.listed(said)

    def _limit(self, limit: Limit) -> str:
        every = "" if limit.every is None else self.words.say(f"every {limit.every}")
        named = (("times", limit.times), ("units", limit.units), ("items", limit.items))
        most = [self.words.counted(n, self.words.say(what)) for what, n in named if n is not None]
        # What acts once more than it may gives nothing in either mode.
        cut = limit.mode == "reduce" or limit.times is not None
        return self.words.say("limit" if cut else "limit or nothing", most=most[0], every=every)
