"""The laws that every promotion kind keeps, asked of one kind at a time."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from processors.core.kinds import Kind
from processors.core.yaml_text import yaml_of
from processors.words.cutting import Article, units_of
from processors.words.stages import Base, Cut, Factor, Stage
from schemas.codec import encode_event
from schemas.events import Line
from schemas.ledger import PointsEarned, Record
from schemas.records import asdict
from tests.core.scene import Scene, line

PROGRAMME = """
programme: laws
version: 1
zone: Europe/Paris
currency: EUR
wallets: {points: {}, stars: {}}
vouchers:
  ten-off: {off: {amount: 10.00}, valid: {days: 60}}
  free-pastry: {off: {percent: 100, units: 1}, valid: {days: 14}}
promotions:
"""


def programme_with(kind: Kind) -> str:
    """A small programme whose second promotion is the kind's own example."""
    base = {"id": "base", "kind": "per_amount", "give": {"points": "1"}, "per": "1.00"}
    rows = [base, {"id": "example", "kind": kind.name, **kind.example}]
    return PROGRAMME + "\n".join(f"  - {yaml_of(row, flow=True)}" for row in rows) + "\n"


def words_in(example: Mapping[str, Any]) -> dict[str, str]:
    """What a line must be for the example to mean it."""
    attributes = {
        "skus": "sku",
        "departments": "department",
        "categories": "category",
        "brands": "brand",
        "suppliers": "supplier",
    }
    found: dict[str, str] = {}
    for name, values in _pairs(example):
        if name in attributes and isinstance(values, list):
            found.setdefault(attributes[name], values[0])
    if "prices" in example:
        found["sku"] = next(iter(example["prices"]))
    return found


def _pairs(tree: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, Mapping):
        for name, value in tree.items():
            yield name, value
            yield from _pairs(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _pairs(item)


def basket(kind: Kind) -> list[Line]:
    """Lines that the example means, at prices that make rounding matter, and one other."""
    meant = {"labels": ("own-cup",), **words_in(kind.example)}
    return [
        line(1, 10_050, gross_minor=10_050, quantity_milli=3000, **meant),
        line(2, 275, gross_minor=275, **meant),
        line(3, 333, gross_minor=333, **(meant | {"category": "PASTRY"})),
        line(4, 199),
    ]


def outcome(kind: Kind, lines: Sequence[Line]) -> Record:
    """What a sale of these lines leads to under the programme with the kind's example."""
    scene = Scene(programme_with(kind))
    scene.enrolled()
    return scene.when(scene.sale("1", lines))


def granted(record: Record) -> dict[tuple[str, str], int]:
    """Promotion and wallet → points."""
    return {
        (effect.promotion_id, effect.wallet): effect.granted
        for effect in record.effects
        if isinstance(effect, PointsEarned)
    }


def stages_of(kind: Kind) -> tuple[Stage, ...]:
    """The example, built."""
    return kind.build(kind.parameters.model_validate(kind.example), 2)


def taken_off(cut: Cut, lines: Sequence[Line]) -> dict[int, int]:
    """Line number → what a cut takes off it."""
    order = sorted(range(len(lines)), key=lambda at: (lines[at].sku, lines[at].net_minor))
    articles = [
        Article(one, one.net_minor, units_of(one), order.index(at))
        for at, one in enumerate(lines)
        if cut.matches(one)
    ]
    off = cut.cutting(articles)
    return {article.line.line_no: by for article, by in zip(articles, off, strict=True)}


def worked_number(kind: Kind) -> None:
    """The docstring says what it is for, and works a number through."""
    assert re.search(r"Worked number: .*\d", kind.about, re.DOTALL) is not None


def same_input_same_output(kind: Kind) -> None:
    """The same sale under the same words is the same bytes, however often it is decided."""
    first, second = (outcome(kind, basket(kind)) for _ in range(2))

    assert first == second
    assert encode_event(Scene(programme_with(kind)).sale("1", basket(kind)))


def integers_only(kind: Kind) -> None:
    """Whatever a stage counts with, and whatever it comes to, is a whole number."""
    for stage in stages_of(kind):
        assert isinstance(stage, Stage)
        for name in ("numerator", "denominator", "take", "length", "whole"):
            assert type(getattr(stage, name, 0)) is int
        if isinstance(stage, Cut):
            assert all(type(by) is int for by in taken_off(stage, basket(kind)).values())
    for effect in outcome(kind, basket(kind)).effects:
        numbers = [value for value in asdict(effect).values() if _is_number(value)]
        assert all(type(number) in {int, bool} for number in numbers)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def parameters_survive_a_round_trip(kind: Kind) -> None:
    """The canonical text of the words reads as the same words, and they build the same."""
    again = json.loads(json.dumps(kind.example, sort_keys=True))

    assert kind.parameters.model_validate(again) == kind.parameters.model_validate(kind.example)
    rebuilt = kind.build(kind.parameters.model_validate(again), 2)
    for one, other in zip(stages_of(kind), rebuilt, strict=True):
        assert _counted(one) == _counted(other)


def _counted(stage: Stage) -> dict[str, Any]:
    """A stage without its functions, which are equal to nothing but themselves."""
    values = {one.name: getattr(stage, one.name) for one in fields(stage)}
    return {name: value for name, value in values.items() if not callable(value)}


def order_of_lines_does_not_matter(kind: Kind) -> None:
    """The cashier's order changes neither points nor prices, in all and on each line."""
    lines = basket(kind)
    turned = lines[::-1]

    assert granted(outcome(kind, lines)) == granted(outcome(kind, turned))
    for stage in stages_of(kind):
        if isinstance(stage, Cut):
            assert taken_off(stage, lines) == taken_off(stage, turned)


def an_empty_basket_gives_nothing(kind: Kind) -> None:
    """A receipt without lines breaks nothing; there is nothing to count or take off."""
    record = outcome(kind, [])

    assert record.decision == "ACCEPTED"
    for stage in stages_of(kind):
        if isinstance(stage, Base | Factor):
            assert granted(record) == {}
        if isinstance(stage, Cut):
            assert list(stage.cutting([])) == []


def a_misspelt_word_is_refused(kind: Kind) -> None:
    """A misspelt parameter never passes unseen."""
    try:
        kind.parameters.model_validate({**kind.example, "speling": "1"})
    except ValueError as refused:
        assert "speling" in str(refused)  # noqa: PT017  a planted kind is asked outside of pytest
    else:
        raise AssertionError("the word passed")


LAWS = (
    worked_number,
    same_input_same_output,
    integers_only,
    parameters_survive_a_round_trip,
    order_of_lines_does_not_matter,
    an_empty_basket_gives_nothing,
    a_misspelt_word_is_refused,
)
