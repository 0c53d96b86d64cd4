"""What can be wrong with a programme: each kind of mistake is refused, on its line, in words."""

from hashlib import sha256
from pathlib import Path

import pytest

from processors.core.document import ProgrammeInvalid, check
from processors.core.doubts import doubts
from schemas import events
from schemas.refusals import Refusal
from tests.core.scene import PLAIN, Scene, day, line

WHOLE = (Path(__file__).parent / "whole.yaml").read_text("utf-8")

OF_WORDS = {
    "unknown section": ("perks:\n", "parks:\n", "no word `parks` here; did you mean `perks`?"),
    "unknown kind": ("kind: convert", "kind: konvert", "no kind `konvert`; did you mean `convert`"),
    "no kind": ("kind: per_amount, ", "", "no `kind`; there are amount_off"),
    "misspelt parameter": ("buy: 2", "bye: 2", "no word `bye` here; did you mean `buy`?"),
    "misspelt common word": ("priority: 5", "priory: 5", "did you mean `priority`?"),
    "misspelt word inside": ("at_least: 50.00", "at_lest: 50.00", "did you mean `at_least`?"),
    "misspelt word of a part": ("{categories: [COFFEE]}", "{categorys: [COFFEE]}", "`categories`?"),
    "misspelt gift": ("give: {gift: MUG-1}", "give: {gft: MUG-1}", "did you mean `gift`?"),
    "word missing": (", length: 4", "", "`length` is missing"),
    "section missing": ("zone: Europe/Berlin\n", "", "`zone` is missing"),
    "id missing": ("id: base, ", "", "`id` is missing"),
    "bad id": ("id: base,", "id: Base Points,", "`Base Points` is no id: small letters"),
    "bad name of a voucher": ("  loaf: {", "  Loaf!: {", "`Loaf!` is no id"),
    "literal": ("combine: best", "combine: bst", "none of `best`, `add`, `multiply`, `first`; did"),
    "weekday": ("weekdays: [sat]", "weekdays: [saturday]", "`sun`; did you mean `sat`?"),
    "choice of a word": (
        "birthday: day",
        "birthday: dey",
        "none of `day`, `month`, {days: …}; did",
    ),
    "choice of a set": ("birthday: day", "birthday: {dais: 3}", "did you mean `days`?"),
    "window": ("window: calendar_year", "window: year", "`lifetime`, {days: …, months: …, years"),
    "kept until": ("kept_until: {months: 12}", "kept_until: {months: 0}", "must be 1 or more"),
    "limits are a word": ("{times: 1}}", "once}", "`once` is none of {times: …, units: …"),
    "set for a list": ("[Rye]", "{a: b}", "`brands`: is a list, such as [a, b]"),
    "word for a list": ("[Rye]", "Rye", "`brands`: is a list, such as [a, b], not `Rye`"),
    "list for a set": ("items: {brands: [Rye]}", "items: [Rye]", "`items`: is a set of words"),
    "list for a word": ("zone: Europe/Berlin", "zone: [a, b]", "a list is no word"),
    "true for a word": ("[Rye]", "[true]", "`true` is no word; put one in quotes"),
    "comma in a text": ("{en: Hot}", "{en: Hot, hotter}", "a text with a comma in it stands in"),
    "yes or no": ("paid: true", "paid: perhaps", "`paid`: is true or false, not `perhaps`"),
    "empty list": ("[Rye]", "[]", "`brands`: is empty"),
    "empty store group": ('["0142", "0143"]', "[]", "`market`: is empty"),
    "currency": ("currency: EUR", "currency: euros", "`euros` is no currency, such as EUR"),
    "priority": ("priority: 5", "priority: abc", "`priority`: 'abc' is not a whole number"),
    "version": ("version: 1\n", "version: v1\n", "'v1' is not a whole number"),
    "version nought": ("version: 1\n", "version: 0\n", "`version`: must be 1 or more"),
    "version of too many digits": (
        "version: 1\n",
        "version: 202603141200\n",
        "`version`: must be 2147483647 or less",
    ),
    "negative rate": ("{points: 1}, per: 1.00", "{points: -1}, per: 1.00", "must be more than 0"),
    "negative factor": ("multiply: {points: 3}", "multiply: {points: -3}", "must not be negative"),
    "no number": ("per: 1.00", "per: one", "'one' is not a number such as 1, 0.5 or 10.00"),
    "exponent": ("per: 1.00", "per: 1e2", "'1e2' is not a number"),
    "nought": ("per: 1.00", "per: 0.00", "must be more than 0"),
    "half a point": ("give: {points: 20}", "give: {points: 2.5}", "'2.5' is not a whole number"),
    "percent": ("percent: 20", "percent: 120", "`percent`: is between 0 and 100"),
    "percent of a percent": ("percent: 20", "percent: 20%%", "`20%%` has two signs"),
    "control of a percent": ("control: 10%", "control: 10%%", "two signs of a percentage"),
    "share for an amount": ("off: {amount: 5.00}", "off: {amount: 5%}", "`5%` is a share, and"),
    "share for a rate": ("per: 1.00", "per: 1%", "`1%` is a share, and here stands an amount"),
    "share for a price": ("LOAF-1: 3.20", "LOAF-1: 32%", "`32%` is a share, and here stands an"),
    "share for a basket": ("at_least: 50.00", "at_least: 50%", "`50%` is a share, and here stands"),
    "control": ("control: 10%", "control: 110%", "`control`: is between 0 and 100"),
    "share": ("max_share: 50%", "max_share: 50", "is more than all"),
    "too long a term": ("{months: 12, round", "{months: 99999, round", "must be 1200 or less"),
    "date": ("first_day: 2026-03-01", "first_day: 1.3.2026", "is not a date such as 2026-03-31"),
    "no such date": ("last_day: 2026-05-31", "last_day: 2026-05-32", "is not a date such as"),
    "far date": ("last_day: 2026-05-31", "last_day: 9026-05-31", "between 1970 and 2199"),
    "clock": ('to: "09:00"', 'to: "9 am"', "'9 am' is not a time such as 17:00"),
    "hour": ('to: "09:00"', 'to: "24:30"', "'24:30' is not a time"),
}
OF_NAMES = {
    "group": ("group: boosts, campaign", "group: boots, campaign", "no group `boots` is defined"),
    "voucher": ("{points: 500}, give: {voucher: five}", "{points: 500}, give: {voucher: fife}",
                "no voucher `fife` is defined; did you mean `five`?"),
    "wallet given": ("{points: 1}, per", "{point: 1}, per", "no wallet `point` is defined; did"),
    "wallet multiplied": ("{points: 3}", "{pints: 3}", "no wallet `pints` is defined"),
    "wallet taken": ("take: {slices: 10}", "take: {slice: 10}", "no wallet `slice` is defined"),
    "wallet of a reward": ("costs: {points: 400}", "costs: {pts: 400}", "no wallet `pts`"),
    "wallet of a club": ("wallets: [slices]", "wallets: [slice]", "no wallet `slice` is defined"),
    "wallet of a ladder": ("measure: spend\n", "measure: points\n", "say in `wallet` whose points"),
    "ladder of a club": ("joining: by_label", "tiers: [stove], joining: by_label", "no ladder"),
    "perk": ("perks: [first-loaf]", "perks: [first-loaves]", "no perk `first-loaves` is defined"),
    "segment": ("audience: {segments: [away]}", "audience: {segments: [far]}", "no segment `far`"),
    "level reached": ("tier: hot,", "tier: hott,", "no level `hott` is defined; did you mean"),
    "level of a person": ("who: {birthday: day}", "who: {tiers: [cold]}", "no level `cold`"),
    "level of a number": ("{warm: 1, hot: 1.5}", "{warm: 1, hut: 1.5}", "no level `hut` is"),
    "campaign": ("campaign: spring}", "campaign: sprung}", "no campaign `sprung` is defined; did"),
    "store group": ("store_groups: [market]", "store_groups: [markt]", "no store group `markt`"),
    "placeholder": ("{points.available}", "{points.avail}", "nothing fills `{points.avail}`"),
    "two of one id": ("id: rye", "id: base", "`base` is defined twice"),
    "two levels of one id": ("id: hot,", "id: warm,", "`warm` is defined twice"),
}  # fmt: skip
OF_SENSE = {
    "cycle of conversions": ("give: {points: 5}}\n\n", "give: {slices: 5}}\n\n",
                             "`slices` would become itself again, for ever"),
    "longer cycle": ("take: {points: 500}, give: {voucher: five}",
                     "take: {points: 500}, give: {slices: 1}", "would become itself again"),
    "small coin": ("off: {amount: 5.00}", "off: {amount: 5.005}", "EUR has no such small coin"),
    "small coin of a cut": ("amount: 0.20", "amount: 0.205", "EUR has no such small coin"),
    "small coin of a basket": ("at_least: 50.00", "at_least: 50.001", "no such small coin"),
    "level order": ("from: 200.00", "from: 0", "levels stand lowest first"),
    "lowest level": ("id: warm, from: 0", "id: warm, from: 5.00", "the lowest level is from 0"),
    "nothing is given": ("trigger: activity, activity: review, give: {points: 5}",
                         "trigger: activity, activity: review, give: {}", "nothing is given"),
    "activity without its trigger": ("trigger: activity, activity", "activity", "go together"),
    "level without its trigger": ("trigger: tier_reached, tier", "tier", "go together"),
    "window without its trigger": ("trigger: birthday, window", "window", "goes with a birthday"),
    "unfit kind at a trigger": ("kind: per_amount", "kind: per_amount, trigger: enrolment",
                                "only a `bonus` can be given for enrolment"),
    "basket at a trigger": ("trigger: activity,", "trigger: activity, basket: {units: 2},",
                            "there is no basket at activity"),
    "hours": ('{from: "06:00", to: "09:00"}', '{from: "09:00", to: "06:00"}', "before they begin"),
    "days of a campaign": ("last_day: 2026-05-31", "last_day: 2026-02-28", "before the first"),
    "days of a reward": ("last_day: 2026-12-31", "last_day: 2025-12-31", "before the first"),
    "day of a month": ("weekdays: [sat]", "month_days: [32]", "a month has 31 days at most"),
    "day of a year": ("[06-30, 12-31]", "[06-31, 12-31]", "`06-31` is no day of a year"),
    "limit of two measures": ("{items: 10, every: day}", "{items: 10, times: 1}",
                              "a limit is one of `times`, `units` and `items`"),
    "two ends": ("valid: {days: 30}", "valid: {days: 30, through: year}",
                 "say one of `days`, `through` and `until`"),
    "no end": ("valid: {days: 30}", "valid: {}", "say one of `days`, `through` and `until`"),
    "two things off": ("{amount: 5.00}, valid", "{amount: 5.00, percent: 5}, valid",
                       "say one of `amount` and `percent`"),
    "piece of an amount": ("{amount: 5.00}, valid", "{amount: 5.00, units: 1}, valid",
                           "`units` and `up_to` go with `percent`"),
    "stored value of a percentage": ("remind: {days_before: [5]}", "stored_value: true",
                                     "only an `amount` can be kept on a voucher"),
    "voucher limited by articles": ("remind: {days_before: [5]}", "limits: {per_sale: {items: 1}}",
                                    "how often a voucher is used is said in `times`"),
    "uses without end": ("remind: {days_before: [5]}", "uses: 9999999999",
                         "`uses`: must be 1000000 or less"),
    "points for a coin": ("{points: 1}, per: 1.00", "{points: 1000001}, per: 1.00",
                          "`points`: at most 10,000 points for 0.01 EUR"),
    "points for an article": ("give: {slices: 1}", "give: {slices: 1000000001}",
                              "`slices`: at most 1,000,000,000 points for an article"),
    "points at once": ("give: {points: 20}", "give: {points: 1000000001}", "points at once"),
    "points a thousandfold": ("multiply: {points: 3}", "multiply: {points: 1000.5}",
                              "`points`: at most 1,000 times"),
    "worth of points": ("units: 100, amount: 1.00", "units: 100, amount: 10000000000.01",
                        "`amount`: must be 10000000000 or less"),
    "worth of a voucher": ("off: {amount: 5.00}", "off: {amount: 99999999999.00}", "or less"),
    "worth of a donation": ("to: school, amount: 5.00", "to: school, amount: 99999999999",
                            "`amount`: must be 10000000000 or less"),
    "reminder before the issue": ("days_before: [5]", "days_before: [45]", "valid for 30 days"),
    "two rates": ("per: 1.00", "per: 1.00, per_full: 1.00", "say one of `per` and `per_full`"),
    "two expiries": ("{rolling: {months: 12, round_to: month_end}}",
                     "{rolling: {months: 12}, inactivity: {months: 1}}", "say one of `rolling`"),
    "term of nothing": ("{inactivity: {months: 6,", "{inactivity: {months: 0,", "end at once"),
    "which purchase": ("nth_sale: {every: 10}", "nth_sale: {every: 10, is: 1}", "`is` and `every`"),
    "segment of nothing": ("{last_sale: {more_than_days_ago: 60}}", "{}", "a segment needs a"),
    "pay without value": ("    value: {units: 100, amount: 1.00}\n", "", "needs a `value`"),
    "wallet called as a word": ("  crumbs:", "  gift:", "`gift` is a word of `give`"),
    "measure": ("measure: spend\n", "measure: spend\n    wallet: points\n", "`measure: points`"),
    "own points for points": ("give: {gift: MUG-1}", "give: {points: 9}", "points of one wallet"),
    "missing level": ("months: 12, round_to: month_end", "months: {by_tier: {warm: 6}}",
                      "needs a value for every level"),
    "version by level": ("version: 1\n", "version: {by_tier: {warm: 1, hot: 2}}\n",
                         "`version` is the same on every level"),
    "beginning of a level by level": ("from: 200.00", "from: {by_tier: {warm: 200, hot: 300}}",
                                      "`from` is the same on every level"),
    "segment by level": ("more_than_days_ago: 60",
                         "more_than_days_ago: {by_tier: {warm: 6, hot: 9}}",
                         "`more_than_days_ago` is the same on every level"),
    "control by level": ("control: 10%", "control: {by_tier: {warm: 10%, hot: 20%}}",
                         "`control` is the same on every level"),
    "name by level": ("id: base,", "id: {by_tier: {warm: base, hot: more}},",
                      "`id` is the same on every level"),
    "word by level": ("[Rye]", "[{by_tier: {warm: Rye, hot: Oat}}]",
                      "`by_tier` has a number or a date for each level"),
    "number by level for a word": ("[Rye]", "[{by_tier: {warm: 1, hot: 2}}]",
                                   "`by_tier` has a number or a date for each level"),
    "choice by level": ("weekdays: [sat]",
                        "nth_weekday: {number: {by_tier: {warm: 1, hot: 2}}, weekday: sat}",
                        "`by_tier` has a number or a date for each level"),
    "by_tier beside others": ("{by_tier: {warm: 1, hot: 1.5}}", "{by_tier: {warm: 1}, x: 1}",
                              "`by_tier` stands alone"),
}  # fmt: skip
DEEP = "a:" + "".join(f"\n{' ' * at}a:" for at in range(1, 60)) + " b\nperks:\n"
OF_FORM = {
    "not yaml": ("wallets:\n", "wallets: [\n", "not YAML"),
    "said twice": ("currency: EUR\n", "currency: EUR\ncurrency: USD\n", "`currency` is said twice"),
    "nested too deeply": ("[Rye]", "[" * 40 + "]" * 40, "nested too deeply"),
    "nested past reading": ("[Rye]", "[" * 100_000 + "]" * 100_000, "nested too deeply"),
    "nested in lines": ("perks:\n", DEEP, "nested too deeply"),
    "repeated place": ("[Rye]", "&a [Rye, *a]", "`*a` repeats another place: write it out"),
    "control character": ("en: Bread Club", 'en: "Bread\\eClub"', "holds a control character"),
    "character that is none": ("en: Bread Club", "en: Brötchen\x0bClub", "holds a control char"),
    "nothing behind a word": (
        ", group: boosts, campaign",
        ", limits: , group: boosts, campaign",
        "nothing is said behind `limits`: leave it out",
    ),
    "line break in a funder": ("id: feast,", 'id: feast, funded_by: "a\\nb",', "a control char"),
    "name that is a list": ("title: {en: Spring}", "title: {[en]: Spring}", "a name is expected"),
}
MISTAKES = OF_WORDS | OF_NAMES | OF_SENSE | OF_FORM
NOTHING = {
    "empty": ("", "a programme is a set of words"),
    "a list": ("- a\n- b\n", "a programme is a set of words"),
    "a word": ("hello", "a programme is a set of words"),
    "a level in place of it": ("by_tier: {warm: {}}", "`programme` is missing"),
    "no promotions": (WHOLE.partition("promotions:")[0], "`promotions` is a list, not empty"),
    "promotions of nothing": (
        WHOLE.partition("promotions:")[0] + "promotions: []\n", "`promotions` is a list, not empty",
    ),
    "a promotion that is a word": (
        WHOLE.partition("promotions:")[0] + "promotions: [base]\n", "a promotion is a set of words",
    ),
}  # fmt: skip


def refused(text: str) -> ProgrammeInvalid:
    """Why it is refused."""
    with pytest.raises(ProgrammeInvalid) as told:
        check(text, "bakery.yaml", zones=("Europe/Berlin", "Europe/Paris"))
    return told.value


def test_the_whole_programme_has_no_mistake_and_no_doubt() -> None:
    """Each mistake below is one change of it."""
    checked = check(WHOLE, zones=("Europe/Berlin",))

    assert doubts(checked, WHOLE) == ()


def test_there_are_at_least_sixty_kinds_of_mistakes() -> None:
    """Far more can be wrong; these are the kinds that people make."""
    assert len(MISTAKES) + len(NOTHING) >= 60
    assert len(MISTAKES) == len(OF_WORDS) + len(OF_NAMES) + len(OF_SENSE) + len(OF_FORM)


@pytest.mark.parametrize(("old", "new", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_on_its_line(old: str, new: str, sentence: str) -> None:
    """File and line, the line itself, a caret on it, what is wrong, and the nearest known word."""
    assert old in WHOLE
    text = WHOLE.replace(old, new, 1)

    told = refused(text)

    assert sentence in str(told)
    mistake = next(one for one in told.mistakes if sentence in one.sentence)
    assert str(mistake).startswith(f"bakery.yaml:{mistake.line}: ")
    assert mistake.text == text.splitlines()[mistake.line - 1]
    assert mistake.column <= len(mistake.text)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_once(name: str) -> None:
    """One thing that is wrong is one sentence, not one for each shape that it does not have."""
    old, new, sentence = MISTAKES[name]

    told = [one for one in refused(WHOLE.replace(old, new, 1)).mistakes if sentence in one.sentence]

    assert len(told) == 1


@pytest.mark.parametrize(("text", "sentence"), NOTHING.values(), ids=NOTHING.keys())
def test_what_is_no_programme_is_told_so(text: str, sentence: str) -> None:
    """A file that holds something else gets a sentence, not a traceback."""
    assert sentence in str(refused(text))


def test_a_zone_that_does_not_exist_is_a_mistake() -> None:
    """Where the zones of the world are at hand, theirs are the only ones."""
    told = refused(WHOLE.replace("Europe/Berlin", "Europe/Berlim"))

    assert "there is no time zone `Europe/Berlim`; did you mean `Europe/Berlin`?" in str(told)


def test_mistakes_of_all_sections_are_told_at_once() -> None:
    """A voucher with a mistake hides no other mistake, and is not missing where it is used."""
    text = WHOLE
    for name in ("piece of an amount", "negative rate", "group", "hours", "placeholder"):
        old, new, _ = MISTAKES[name]
        text = text.replace(old, new, 1)

    told = refused(text).mistakes

    assert len(told) == 5
    assert [one.line for one in told] == sorted(one.line for one in told)


def test_mistakes_of_all_steps_are_told_at_once() -> None:
    """What is wrong with words hides neither an undefined name, nor what makes no sense."""
    text = WHOLE
    for old, new in {
        "zone: Europe/Berlin": "zone: Europe/Berlim",
        "currency: EUR": "currency: EURO",
        "when_short: owe": "when_short: owed",
        "give: {points: 1}, per: 1.00": "give: {point: 1}, per: 0",
        "id: rye, kind: multiplier": "id: base, kind: multiplierr",
        "campaign: spring}": "campaign: sprung}",
        "id: tenth, kind: bonus, give: {points: 20}": "id: A B, kind: bonus, give: {perk: cake}",
        "nth_sale: {every: 10}": "nthsale: {every: 10}",
        "weekdays: [sat], hours: {from": "weekdays: [sun, satt], hours: {from",
        "tier_reached, tier: hot,": "tier_reached, tier: cold,",
        "{points.available} in all": "{points.avail} in all",
    }.items():
        assert old in text
        text = text.replace(old, new, 1)

    assert [one.sentence for one in refused(text).mistakes] == [
        "there is no time zone `Europe/Berlim`; did you mean `Europe/Berlin`?",
        "`EURO` is no currency, such as EUR",
        (
            "`when_short`: `owed` is none of `owe`, `write_off`, `only_pending`, `charge_refund`; "
            "did you mean `owe`?"
        ),
        "no wallet `point` is defined; did you mean `points`?",
        "`per`: must be more than 0",
        "`base` is defined twice",
        "there is no kind `multiplierr`; did you mean `multiplier`?",
        "no campaign `sprung` is defined; did you mean `spring`?",
        (
            "`weekdays`: `satt` is none of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`; "
            "did you mean `sat`?"
        ),
        "`A B` is no id: small letters, digits and hyphens, at most 63",
        "no perk `cake` is defined",
        "there is no word `nthsale` here; did you mean `nth_sale`?",
        "no level `cold` is defined",
        "nothing fills `{points.avail}`; did you mean `points.available`?",
    ]


def test_a_programme_whose_only_wallet_is_wrong_is_checked_to_its_end() -> None:
    """It is missing nowhere, and hides nothing."""
    text = PLAIN.replace("Europe/Paris", "Europe/Pari").replace("{min: 1,", "{min: 0,")
    told = refused(text.replace("id: base,", "id: base, group: g,"))

    assert [one.sentence for one in told.mistakes] == [
        "there is no time zone `Europe/Pari`; did you mean `Europe/Paris`?",
        "`min`: must be 1 or more",
        "no group `g` is defined",
    ]


OF_A_SECTION = {
    "name of the wallets": ("\nwallets:\n", "\nwalets:\n"),
    "name of the ladders": ("\ntiers:\n", "\ntierz:\n"),
    "name of the levels": ("    levels:\n", "    lvls:\n"),
    "name of the vouchers": ("\nvouchers:\n", "\nvouchrs:\n"),
    "name of the campaigns": ("\ncampaigns:\n", "\ncampains:\n"),
    "name of the groups": ("\ngroups:\n", "\ngrops:\n"),
    "groups that are a list": ("  boosts: {combine: best, on: line}", "  - boosts"),
    "a wallet": ("    when_short: owe\n", "    when_short: owed\n"),
    "a trigger": ("trigger: activity,", "trigger: activitie,"),
    "name of a trigger": ("trigger: activity,", "trigg: activity,"),
    "kind with a trigger": ("kind: bonus, trigger: activity", "kind: bonuss, trigger: activity"),
    "name of what a trigger needs": ("activity: review", "activitie: review"),
}


@pytest.mark.parametrize(("old", "new"), OF_A_SECTION.values(), ids=OF_A_SECTION.keys())
def test_what_cannot_be_read_is_not_undefined_wherever_it_is_used(old: str, new: str) -> None:
    """One slip is one mistake: what was meant by the words around it is not known."""
    assert old in WHOLE

    assert len(refused(WHOLE.replace(old, new, 1)).mistakes) == 1


def test_a_campaign_is_defined_unless_it_was_activated_without() -> None:
    """A promotion of a campaign that is not there would hold for all, always."""
    before, campaigns, after = WHOLE.partition("campaigns:\n  spring:")
    text = before + after.partition("\n")[2]

    assert campaigns
    assert [one.sentence for one in refused(text).mistakes] == ["no campaign `spring` is defined"]
    assert check(text).body.campaigns == {}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_wrong_document_is_refused_at_activation_too(name: str) -> None:
    """Whoever publishes it unchecked: it is refused, and the version before stays in force."""
    old, new, _ = MISTAKES[name]
    scene = Scene(PLAIN)
    before = scene.state.programmes
    document = WHOLE.replace(old, new, 1)

    record = scene.when(
        events.ProgrammeActivated(
            header=scene.header("programme|wrong|2026-01-01", "", "2026-01-01"),
            document=document,
            document_hash=hash_of(document),
            effective_from=day("2026-01-01"),
        )
    )
    scene.when(scene.sale("1", [line(1, 5000)]))

    assert (record.decision, record.reason) == ("REFUSED", Refusal.INVALID_PROGRAMME)
    assert scene.state.programmes == before
    assert scene.available() == 50


def hash_of(document: str) -> str:
    """SHA-256, as an activation says it."""
    return sha256(document.encode()).hexdigest()


DOUBTS = {
    "a dear reward": ("costs: {points: 500}", "costs: {points: 800}",
                      "800 points become 5.00, but are worth 8.00"),
    "a cheap exchange": ("take: {points: 500}", "take: {points: 300}",
                         "300 points become 5.00, but are worth 3.00"),
    "an exchange by basket": (
        "give: {voucher: five}}", "give: {voucher: five}, basket: {at_least: 9.00}}",
        "`basket` does nothing for convert: points are exchanged as soon as they suffice",
    ),
    "days apart": ("campaign: spring}", "campaign: spring, when: {first_day: 2026-06-01}}",
                   "never acts: none of its days is one of campaign `spring`"),
    "all are control": ("control: 10%", "control: 100%", "everybody is control"),
    "no weekday": ("weekdays: [sat]", "weekdays: []", "no weekday is said"),
    "stored value of several uses": ("off: {amount: 5.00}",
                                     "off: {amount: 5.00}, uses: 3",
                                     "counts nothing: a stored value is used until nothing is"),
    "a voucher too late": (
        "valid: {through: month}, stored_value: true}\n\nrewards:\n",
        (
            "valid: {until: 2025-12-31}, stored_value: true}\n\nrewards:\n  late:"
            " {costs: {points: 500}, give: {voucher: five}, when: {first_day: 2026-01-01}}\n"
        ),
        "never holds: voucher `five` ends before it is given",
    ),
    "unknown moment": ("  receipt: {", "  recept: {", "nothing shows the text `recept`; did you"),
    "no expiry": ("    expiry: {rolling: {months: 12, round_to: month_end}}\n", "", ""),
    "a term from nowhere": (
        "days: 2, round_to: day_end}\n    expiry: {rolling: {months: 12, round_to: month_end",
        "until: order_fulfilled}\n    expiry: {rolling: {months: 12, since: spendable",
        "`points` never end: they wait for an event, so no day is known to count from",
    ),
    "empty place": ("{points.available} in all", "{slices.to_next_voucher} to go",
                    "`{slices.to_next_voucher}` stays empty: no voucher is made of `slices`"),
    "basket of articles alone": ("nth_sale: {every: 10}", "basket: {items: {brands: [Rye]}}",
                                 "counts nothing without `at_least` or `units` beside it"),
    "counted basket of articles alone": (
        "{every: 10}", "{every: 10, basket: {items: {brands: [Rye]}}}", "counts nothing without",
    ),
    "paid articles of a discount": ("{categories: [TARTS]}", "{categories: [TARTS], paid: true}",
                                    "counts nothing: it is a word of `per_item`"),
    "no threshold": ("{feast.missing}", "{tenth.missing}", "`{tenth.missing}` stays empty"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), DOUBTS.values(), ids=DOUBTS.keys())
def test_what_is_hardly_meant_is_a_doubt(old: str, new: str, sentence: str) -> None:
    """The document may be activated, but somebody should look at the line."""
    assert old in WHOLE
    text = WHOLE.replace(old, new, 1)
    told = doubts(check(text), text, "bakery.yaml")

    assert [one.sentence for one in told if sentence and sentence in one.sentence] == [
        one.sentence for one in told
    ]
    assert bool(told) == bool(sentence)


@pytest.mark.parametrize(
    ("old", "new"),
    [("en: Bread Club", "en: Brötchen\x0bClub"), ("title: {en: Bread", "[title]: {en: Bread")],
)
def test_what_is_no_yaml_is_told_on_its_own_line(old: str, new: str) -> None:
    """A character that no word may hold, a name that is none: not on the first line."""
    (mistake,) = refused(WHOLE.replace(old, new, 1)).mistakes[:1]

    assert mistake.line == 4
    assert "\n" not in mistake.sentence


def test_a_programme_is_not_larger_than_an_event_may_be() -> None:
    """Else the check takes what cannot be activated."""
    long = WHOLE.replace("en: Bread Club", f"en: {'ö' * 262_144}")

    assert "the programme has 5" in str(refused(long))


def test_words_that_are_refused_today_hold_where_they_were_activated() -> None:
    """A document that was activated is read for ever."""
    text = WHOLE.replace(", group: boosts, campaign", ", limits: , group: boosts, campaign")
    by_level = WHOLE.replace("[Rye]", "[{by_tier: {warm: Rye, hot: Oat}}]")

    assert check(text).promotions[1].head.limits is None
    assert len(check(by_level).variants) == 2


@pytest.mark.parametrize(
    "name",
    ["percent of a percent", "share for an amount", "points for a coin", "worth of points"],
)
def test_numbers_that_are_refused_today_hold_where_they_were_activated(name: str) -> None:
    """They go on deciding as they did."""
    old, new, _ = MISTAKES[name]

    assert check(WHOLE.replace(old, new, 1)).version == 1
