"""The programme as customers read it, and what a change of it means for them."""

import pkgutil
from pathlib import Path
from string import Formatter

import pytest

from loyalty.rulebook import languages
from loyalty.rulebook.comparison import comparison
from loyalty.rulebook.entries import told
from loyalty.rulebook.languages import FIRST, language
from loyalty.rulebook.terms import terms
from processors.core.document import check
from processors.core.kinds import kinds
from schemas.ledger import PointsEarned
from schemas.refusals import Refusal
from tests.core.scene import PLAIN, Scene, line, points
from tests.core.test_mistakes import WHOLE
from tests.rules.planted import planted_kind

PROGRAMMES = [
    path
    for path in sorted((Path(__file__).parent.parent.parent / "programmes").glob("*.yaml"))
    if ".test." not in path.name
]


def page(text: str, lang: str = "en") -> str:
    """The terms of a programme."""
    return "\n".join(terms(check(text), lang))


def changes(old: str, new: str) -> str:
    """What changes from one programme to another."""
    return "\n".join(comparison(check(old), check(new), "en"))


@pytest.mark.parametrize("text", [WHOLE, *(path.read_text("utf-8") for path in PROGRAMMES)])
def test_every_definition_is_told(text: str) -> None:
    """Nothing that customers could ask about is left out, and no place is left unfilled."""
    checked = check(text)
    parts = told(checked, "en")
    said = page(text)

    assert set(parts["promotions"]) == {one.head.id for one in checked.promotions}
    assert all(entry.aspects for entry in parts["promotions"].values())
    assert set(parts["vouchers"]) == set(checked.body.vouchers)
    assert set(parts["rewards"]) == set(checked.body.rewards)
    assert set(parts["wallets"]) == set(checked.body.wallets)
    assert "None" not in said
    assert said.count("{") == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "1 point for every 1.00 EUR. For example, 20.00 EUR gives 20 points.",
        (
            "2 times the points on the brand Rye for members in away in the campaign “Spring” from "
            "1 March 2026 to 31 May 2026; one of “boosts”. For example, 20.00 EUR gives 40 "
            "points in place of 20."
        ),
        "Warm: the usual points; Hot: 1.5 times the points; one of “boosts”.",
        "1 slice for each item you pay for on ROLLS; at most 10 items a day for each member.",
        "points in the stores of market on Saturdays between 06:00 and 09:00; one of “boosts”.",
        "The voucher “five” when you spend 50.00 EUR or more.",
        "20 points on every 10th purchase.",
        "50 points for reaching Hot.",
        "20 % off on TARTS. For example, what costs 20.00 EUR costs 16.00 EUR.",
        "For every 2 you buy, 1 more free on ROLLS. For example, what costs 60.00 EUR costs 40.00",
        "2 of ROLLS and 1 of COFFEE together for 4.00 EUR.",
        (
            "500 points become the voucher “five” by themselves. For example, of 1,250 points, "
            "1,000 points become 2 of it and 250 are left."
        ),
        "The voucher “A loaf on us” for a purchase in each of 4 weeks in a row.",
        "they end 12 months after you earned them, at the end of that month",
        "they end each year on 30 June and 31 December",
        "MUG-1 as a gift for 400 points; at most 1 time for each member.",
        "**Hot**: from 200.00 EUR; with The first loaf of the morning.",
    ],
)
def test_a_definition_is_one_plain_sentence(sentence: str) -> None:
    """Made of its words, with the number that the rules compute."""
    assert sentence in page(WHOLE)


def test_a_worked_number_is_what_a_sale_earns() -> None:
    """The page says 30 for 20.00 at one and a half; the decision of such a sale says it too."""
    text = PLAIN + "  - {id: more, kind: multiplier, multiply: {points: 1.5}}\n"
    scene = Scene(text)
    record = scene.when(scene.sale("1", [line(1, 2000)]))

    assert sum(points(record, PointsEarned).values()) == 30
    assert "For example, 20.00 EUR gives 30 points in place of 20." in page(text)


def test_titles_and_sentences_are_in_the_language_asked_or_the_first() -> None:
    """Where a language has no sentences, they are English, and so are titles it does not have."""
    assert "# Brotclub" in page(WHOLE, "de")
    assert "# Bread Club" in page(WHOLE, "cy")
    assert language("cy") == language(FIRST)


@pytest.mark.parametrize("name", [one.name for one in pkgutil.iter_modules(languages.__path__)])
def test_every_language_says_all_that_the_first_one_says(name: str) -> None:
    """With the same places to fill, so that no page ends in the midst."""
    first, other = language(FIRST).phrases, language(name).phrases
    own = {key for key in other if key.split()[0] in {"till", "tender"}}

    def places(text: str) -> set[str | None]:
        return {place for _, place, _, _ in Formatter().parse(text)} - {None}

    assert set(other) - own == {key for key in first if not key.startswith("tender ")}
    assert all(places(other[key]) == places(first[key]) for key in set(other) - own)


def test_a_planted_kind_has_words_too(tmp_path: Path) -> None:
    """By the stage that it acts in, without an edit of the languages."""
    with planted_kind(tmp_path) as name:
        text = PLAIN + f"  - {{id: moon, kind: {name}, multiply: {{points: 2}}}}\n"

        assert "2 times the points. For example, 20.00 EUR gives 40 points" in page(text)
    assert name not in kinds()


def test_the_same_programme_has_no_change() -> None:
    """Nothing is said but that."""
    assert changes(WHOLE, WHOLE) == "No change."


def test_what_customers_do_not_see_is_named_apart() -> None:
    """Who pays for a promotion is nothing to them."""
    said = changes(WHOLE, WHOLE.replace("id: feast,", "id: feast, funded_by: mill,"))

    assert said == "No change for customers. Changed inside: feast."


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("per: 1.00", "per: 0.50",
         "**base**: what it gives: was “1 point for every 1.00 EUR”, now “1 point for every 0.50"),
        ("items: 10, every: day", "items: 5, every: day",
         "**rolls**: limit: was “at most 10 items a day for each member”, now “at most 5 items"),
        ("last_day: 2026-05-31", "last_day: 2026-06-30",
         "**rye**: campaign: was “in the campaign “Spring” from 1 March 2026 to 31 May 2026”"),
        ("items: {brands: [Rye]}", "items: {brands: [Oat]}",
         "**rye**: on what: was “on the brand Rye”, now “on the brand Oat”"),
        ("hot: 1.5}", "hot: 2}",
         "was “warm: the usual points; Hot: 1.5 times the points”"),
        ("{months: 12, round_to: month_end}", "{months: 6, round_to: month_end}",
         "**points**: when it ends: was “they end 12 months after you earned them"),
        ("from: 200.00", "from: 300.00",
         "**Hot**: where it begins: was “from 200.00 EUR”, now “from 300.00 EUR”"),
        ("{amount: 5.00}, valid", "{amount: 4.00}, valid",
         "**five**: what it gives: was “5.00 EUR off”, now “4.00 EUR off”"),
        ("costs: {points: 400}", "costs: {points: 300}", "now “MUG-1 as a gift for 300 points”"),
        ("  - {id: tenth, kind: bonus, give: {points: 20}, nth_sale: {every: 10}}\n", "",
         "Ends: 20 points on every 10th purchase."),
        ("promotions:\n", "promotions:\n  - {id: hi, kind: bonus, give: {points: 3}}\n",
         "New: 3 points."),
    ],
)  # fmt: skip
def test_a_change_is_said_in_customers_words(old: str, new: str, sentence: str) -> None:
    """Added, ended, or changed: as it was and as it will be, and nothing else beside it."""
    assert old in WHOLE
    said = changes(WHOLE, WHOLE.replace(old, new, 1))

    assert sentence in said
    assert said.startswith("# Bread Club: what changes from version 1 to version 1\n")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("  offers: {combine: best, on: line}", "  offers: {combine: add, on: line}",
         "**offers**: how they combine: was “of those that meet on an article, only the best"),
        ("id: own-brand, kind", "id: own-brand, limits: {per_sale: {units: 9, every: day}}, kind",
         "**own-brand**: limit: now “at most 9 points for each purchase”"),
        ("title: {en: Fresh Club, es", "title: {en: Green Club, es",
         "**Green Club**: name: was “Fresh Club”, now “Green Club”"),
        ("  boosts: {combine: best, on: line}", "  boosts: {combine: best, on: sale}",
         "now “of those that meet on a purchase, only the best for you counts”"),
        ("[COFFEE]}, when: {weekdays: [wed]}, group: boosts}",
         "[COFFEE]}, when: {weekdays: [wed]}}",
         "**coffee-wednesday**: what it combines with: no longer “one of “boosts””"),
        ('downtown: ["0101", "0102"', 'downtown: ["0101"',
         "**downtown**: which stores: was “stores 0101, 0102, 0103,"),
        ("more_than_days_ago: 60", "more_than_days_ago: 90",
         "**lapsed**: who is in it: was “members who bought last more than 60 days ago and made 3"),
        ("    measure: spend\n", "    measure: spend\n    crossing_sale: new_rate\n",
         "now “the purchase that lifts you counts at the level that it reaches”"),
        ("    measure: spend\n", "    measure: spend\n    returns: at_review\n",
         "now “a return ends no level before its time is over”"),
        ("review: one_down", "review: earned_level",
         "now “a level that is not earned again falls to the one that is earned”"),
        ("grace: {days: 30}", "grace: {days: 10}",
         "**Fresh Club level**: grace: was “before it falls, it is yours for 30 days more”"),
        ("when_short: owe", "when_short: write_off",
         "**points**: returns: was “what a return takes and you no longer have comes off what you"),
        ("zone: America/New_York", "zone: America/Chicago",
         "days and hours: was “days and hours are those of America/New_York,"),
        ("  tax: included ", "  rounding: {scope: line, mode: half_up}\n  tax: included ",
         "now “what comes of it is rounded to the nearest, halves up, article by article”"),
        ("{months: 3, round_to: month_end}",
         "{months: 3, round_to: month_end}, enabled_on: 2017-01-01",
         "and none before such a term has passed from 1 January 2017 on”"),
    ],
)  # fmt: skip
def test_what_customers_feel_is_never_called_no_change(old: str, new: str, sentence: str) -> None:
    """How offers combine, who and where is meant, how a level moves, what a return asks for."""
    text = next(path for path in PROGRAMMES if path.stem == "grocery").read_text("utf-8")
    assert old in text

    said = changes(text, text.replace(old, new, 1))

    assert sentence in said
    assert len([told for told in said.splitlines() if told.startswith("- ")]) == 1


def test_a_group_of_one_combines_nothing() -> None:
    """How `rates` combine is felt by nobody while one promotion is in it."""
    text = next(path for path in PROGRAMMES if path.stem == "grocery").read_text("utf-8")
    said = changes(text, text.replace("rates: {combine: add", "rates: {combine: multiply"))

    assert said == "No change for customers. Changed inside: groups."
    assert "“rates”" not in page(text)


def test_of_offers_that_meet_the_terms_say_which_count() -> None:
    """At the offer stands its group, and below how the group combines; a ladder says its review."""
    text = next(path for path in PROGRAMMES if path.stem == "grocery").read_text("utf-8")
    told = page(text)

    assert "- 2 times the points on the brand Private; one of “boosts”. For" in told
    assert "**boosts**: of those that meet on an article, only the best for you counts." in told
    assert "not earned again falls to the one below it; before it falls, it is yours for 30" in told
    beauty = next(path for path in PROGRAMMES if path.stem == "beauty").read_text("utf-8")
    assert "VIB: 1.25 times the points, one of “rates”; Rouge: 1.5" in page(beauty)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{sales: {at_most: 1}}", "members who made at most 1 purchase."),
        ("{spend: {at_least: 5.00, at_most: 9.50, in_days: 28}}",
         "members who spent 5.00 EUR or more in the last 28 days and spent at most 9.50 EUR in"),
        ("{last_sale: {at_most_days_ago: 7}}", "members who bought last no more than 7 days ago."),
        ("{share_of_spend: {departments: [BREAD], at_least: 40, in_days: 90}}",
         "members who spent 40 % or more of their money in the last 90 days on BREAD."),
    ],
)  # fmt: skip
def test_a_segment_is_told_by_what_its_members_bought(words: str, told: str) -> None:
    """Each of its words, with its window of days where it has one."""
    text = WHOLE.replace("away: {last_sale: {more_than_days_ago: 60}}", f"away: {words}")

    assert f"**away**: {told}" in page(text)


@pytest.mark.parametrize("name", [one.name for one in pkgutil.iter_modules(languages.__path__)])
def test_every_language_tells_a_customer_why_a_voucher_does_not_hold(name: str) -> None:
    """In words of its own, and not in those for the till."""
    words = language(name)
    reasons = [one for one in Refusal if one.value.startswith("VOUCHER_")]

    assert reasons
    assert all(words.refused(one) != one.sentence for one in reasons)
    assert words.refused(Refusal.DAY_CLOSED) == Refusal.DAY_CLOSED.sentence


def test_where_only_the_first_counts_each_offer_says_its_turn() -> None:
    """By priority, then as they stand: who reads it knows which of two holds, and what changed."""
    text = PLAIN + (
        "  - {id: two, kind: multiplier, multiply: {points: 2}, group: boosts}\n"
        "  - {id: three, kind: multiplier, multiply: {points: 3}, group: boosts, priority: 5}\n"
        "groups: {boosts: {combine: first}}\n"
    )
    lower = text.replace("priority: 5", "priority: -5")

    assert "2 times the points; the 2nd of “boosts”." in page(text)
    assert "3 times the points; the 1st of “boosts”." in page(text)
    assert "**three**: what it combines with: was “the 1st of “boosts””, now" in changes(
        text, lower
    )
    other = changes(text, text.replace("priority: 5", "priority: 7"))
    assert other == "No change for customers. Changed inside: three."


def test_discounts_say_in_which_order_they_come_off() -> None:
    """10 % and then 5.00 off 100.00 leave 85.00, the other way round 85.50: so a swap is told."""
    tenth = (
        "  - {id: tenth, title: {en: A tenth, de: Ein Zehntel}, kind: percent_off, percent: 10}\n"
    )
    five = "  - {id: five, kind: amount_off, amount: 5.00}\n"
    deal = "  - {id: cup, kind: amount_off, amount: 0.20, group: deal}\n"
    more = "  - {id: mug, kind: amount_off, amount: 0.30, group: deal}\n"
    text = PLAIN + tenth + five
    grouped = PLAIN + tenth + five + deal + more + "groups: {deal: {combine: best}}\n"

    told = "**Discounts**: one after the other, each of what the one before left: "
    assert f"{told}A tenth and five." in page(text)
    assert f"{told}deal, A tenth and five." in page(grouped)
    assert "ließ: Ein Zehntel und five." in page(text, "de")
    assert "**Discounts**" not in page(PLAIN + tenth)
    for swapped in (PLAIN + five + tenth, text.replace("id: five", "id: five, priority: 1")):
        assert "left: A tenth and five”, now “one after the other, " in changes(text, swapped)


def test_exchanges_of_one_wallet_say_in_which_order_they_are_made() -> None:
    """Of 800 points the first takes 500, and only then 300 are left for the second."""
    mug = "  - {id: mug, kind: convert, take: {points: 500}, give: {gift: MUG}}\n"
    pen = "  - {id: pen, kind: convert, take: {points: 300}, give: {gift: PEN}}\n"

    told = "**What becomes of points**: one after the other, each of what the one before left: "
    assert f"{told}mug and pen." in page(PLAIN + mug + pen)
    assert "left: mug and pen”, now “one after" in changes(PLAIN + mug + pen, PLAIN + pen + mug)
    assert "**What becomes" not in page(PLAIN + mug)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("when: {every_weeks: {weeks: 2, since: 2026-01-05}}",
         "3 points every 2nd week, from that of 5 January 2026 on."),
        ("when: {month_days: [1, 31]}", "3 points on the 1st and last day of the month."),
        ("where: {currencies: [USD, CHF]}", "3 points for purchases in USD or CHF."),
        ("limits: {per_member: {units: 9, every: day, mode: reject}}",
         "3 points; at most 9 points a day (what would be more gives nothing) for each member."),
        ("limits: {per_sale: {units: 9, every: day}}", "3 points; at most 9 points for each purch"),
    ],
)  # fmt: skip
def test_no_condition_of_an_offer_is_left_out(words: str, told: str) -> None:
    """Which of the weeks, which day a short month has, which money, what a limit cuts off."""
    assert f"- {told}" in page(
        f"{PLAIN}  - {{id: more, kind: bonus, give: {{points: 3}}, {words}}}"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("per_amount, give: {stars: 2, points: 1}, per: 1.00", "20.00 EUR gives 40 stars."),
        ("per_amount, give: {points: 1}, per: 1.00, limits: {per_sale: {units: 8}}",
         "20.00 EUR gives 8 points."),
        ("per_amount, give: {points: 1}, per: 1.00, basket: {at_least: 49.50}",
         "50.00 EUR gives 50 points."),
        ("per_amount, give: {points: 1}, per: 100, where: {currencies: [JPY]}",
         "200 JPY gives 2 points."),
        ("per_item, give: {points: 1}, items: {skus: [A]}, basket: {units: 5, tenders: [cash]}",
         "5 items give 5 points."),
        ("multiplier, multiply: {points: 3}, limits: {per_member: {units: 15}}",
         "20.00 EUR gives 35 points in place of 20."),
        ("multiplier, multiply: {points: 3}, basket: {at_least: 75}",
         "75.00 EUR gives 225 points in place of 75."),
        ("amount_off, amount: 5, basket: {at_least: 50}", "what costs 50.00 EUR costs 45.00 EUR."),
        ("amount_off, amount: 1, each: unit, limits: {per_sale: {items: 2}}",
         "what costs 60.00 EUR costs 58.00 EUR."),
        ("convert, take: {points: 300}, give: {stars: 1}, limits: {per_member: {times: 1}}",
         "of 750 points, 300 points become 1 of it and 450 are left."),
    ],
)  # fmt: skip
def test_a_worked_number_is_of_a_purchase_for_which_the_offer_holds(words: str, told: str) -> None:
    """It meets the offer's own basket, stays within its limits, and counts in its own money."""
    wallets = PLAIN.replace("promotions:", "  stars: {}\npromotions:")

    assert f"For example, {told}" in page(f"{wallets}  - {{id: more, kind: {words}}}\n")


def test_an_offer_that_gives_nothing_on_a_usual_purchase_has_no_number() -> None:
    """Not one that is untrue, and not one of more pieces than there is memory for."""
    words = ("bundle_price, price: 5, items: [{skus: [A]}], basket: {at_least: 50}",
             "buy_get_free, buy: 999999999999, free: 1")  # fmt: skip

    for one in words:
        told = page(f"{PLAIN}  - {{id: more, kind: {one}}}\n")
        assert told.count("For example") == 1


def test_what_changes_on_one_level_alone_is_a_change() -> None:
    """A word that customers do not see is named, on whatever level it is another one."""
    by_tier = "priority: {by_tier: {warm: 5, hot: 6}}"
    old = WHOLE.replace("priority: 5", by_tier)

    said = changes(old, old.replace("hot: 6", "hot: 7"))

    assert said == "No change for customers. Changed inside: birthday-double."
