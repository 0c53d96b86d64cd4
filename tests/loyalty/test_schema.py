"""The JSON Schema that editors read: it is current, it takes every programme, and it knows ids."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from loyalty.rulebook.json_schema import programme_schema
from processors.core.document import ProgrammeInvalid, check
from processors.core.names import defined_in
from processors.core.yaml_tree import read_tree
from tests.core.test_mistakes import MISTAKES, OF_SENSE, OF_WORDS, WHOLE

ROOT = Path(__file__).parent.parent.parent
CHECKED_IN = ROOT / "schemas" / "programme.schema.json"
PROGRAMMES = [
    path for path in sorted((ROOT / "programmes").glob("*.yaml")) if ".test." not in path.name
]


def as_an_editor_types(tree: Any) -> Any:
    """Scalars as YAML 1.2 types them: what looks like a number is one."""
    if isinstance(tree, dict):
        return {name: as_an_editor_types(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [as_an_editor_types(item) for item in tree]
    if isinstance(tree, str) and re.fullmatch(r"-?\d+", tree):
        return int(tree)
    if isinstance(tree, str) and re.fullmatch(r"-?\d+\.\d+", tree):
        return float(tree)
    return tree


@pytest.fixture(scope="module")
def validate() -> Any:
    """The general schema, as a function that raises.  Any: the library has no types."""
    return fastjsonschema.compile(programme_schema())


@pytest.fixture(scope="module")
def validate_ids() -> Any:
    """The schema that knows the ids of the whole programme."""
    return fastjsonschema.compile(programme_schema(defined_in(read_tree(WHOLE).tree)))


def test_the_schema_that_is_checked_in_is_current() -> None:
    """`loyalty rules schema > schemas/programme.schema.json` makes it."""
    assert json.loads(CHECKED_IN.read_text("utf-8")) == programme_schema()


@pytest.mark.parametrize("path", PROGRAMMES, ids=lambda path: path.name)
def test_a_programme_of_ours_is_valid_and_names_the_schema(path: Path, validate: Any) -> None:
    """As text and as an editor types it; its first line tells editors where the schema lies."""
    text = path.read_text("utf-8")
    tree = read_tree(text).tree

    validate(tree)
    validate(as_an_editor_types(tree))
    assert text.startswith("# yaml-language-server: $schema=../schemas/programme.schema.json\n")


def test_every_word_is_valid(validate: Any) -> None:
    """A programme that says every kind of word once."""
    validate(as_an_editor_types(read_tree(WHOLE).tree))


BEYOND = {"control", "far date"}
"""What no schema can say of what an editor types: a share with its sign, the year of a date."""
OF_SHAPE = {
    "limit of two measures", "two ends", "no end", "two things off", "two rates", "two expiries",
    "which purchase", "version by level", "beginning of a level by level", "name by level",
    "segment by level", "control by level", "word by level", "number by level for a word",
    "choice by level", "by_tier beside others", "nothing behind a word",
}  # fmt: skip
"""Mistakes of sense and of form that are ones of shape, too."""


@pytest.mark.parametrize("name", sorted((OF_WORDS.keys() - BEYOND) | OF_SHAPE))
def test_what_the_check_refuses_by_its_shape_is_underlined(name: str, validate: Any) -> None:
    """An editor sees what the check sees, as far as a schema can."""
    old, new, _ = MISTAKES[name]
    tree = as_an_editor_types(read_tree(WHOLE.replace(old, new, 1)).tree)

    with pytest.raises(fastjsonschema.JsonSchemaException):
        validate(tree)


@pytest.mark.parametrize("name", sorted(OF_SENSE.keys() - OF_SHAPE))
def test_what_only_the_check_can_know_is_not_underlined(name: str, validate: Any) -> None:
    """The schema refuses shapes alone, so that whoever reads its marks can trust them."""
    old, new, _ = MISTAKES[name]

    validate(as_an_editor_types(read_tree(WHOLE.replace(old, new, 1)).tree))


@pytest.mark.parametrize(("old", "new"), [("id: base,", "id: 2026,"), ('"06:00"', '"24:00"')])
def test_what_the_check_takes_is_not_underlined(old: str, new: str, validate: Any) -> None:
    """An id of digits is one, though an editor reads a number; a day ends at 24:00."""
    text = WHOLE.replace(old, new, 1).replace('to: "09:00"', 'to: "24:00"')
    tree = read_tree(text).tree

    validate(tree)
    validate(as_an_editor_types(tree))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("group: boosts", "group: boots"),
        ("give: {voucher: five}", "give: {voucher: fife}"),
        ("give: {points: 1}", "give: {point: 1}"),
        ("give: {gift: MUG-1}", "give: {gft: MUG-1}"),
        ("perks: [first-loaf]", "perks: [loaf]"),
        ("{segments: [away]}", "{segments: [far]}"),
        ("{warm: 1, hot: 1.5}", "{warm: 1, hut: 1.5}"),
        ("store_groups: [market]", "store_groups: [markt]"),
        ("campaign: spring}", "campaign: sprung}"),
    ],
)
def test_with_a_file_the_schema_knows_its_ids(old: str, new: str, validate_ids: Any) -> None:
    """What the file defines is what can be named: editors complete it and underline the rest."""
    validate_ids(as_an_editor_types(read_tree(WHOLE).tree))

    assert old in WHOLE
    with pytest.raises(fastjsonschema.JsonSchemaException):
        validate_ids(as_an_editor_types(read_tree(WHOLE.replace(old, new, 1)).tree))


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Any:
    """Every word of a tree, with the words that lead to it."""
    if isinstance(tree, dict | list):
        for word, below in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(below, (*path, word))
    else:
        yield path


def test_a_value_differs_by_level_where_schema_and_check_have_a_number(validate: Any) -> None:
    """Whatever word has a number for each level: both take it, or both refuse it."""
    whole = read_tree(WHOLE.partition("messages:")[0]).tree
    differing = []
    for path in leaves(whole):
        tree = deepcopy(whole)
        around = tree
        for word in path[:-1]:
            around = around[word]
        said = str(around[path[-1]])
        value = said if re.match(r"\d", said) else "1"
        around[path[-1]] = {"by_tier": {"warm": value, "hot": value}}
        # One promotion alone is read so much quicker.
        at = path[1] if path[0] == "promotions" else 0
        tree["promotions"] = tree["promotions"][at : at + 1]
        if is_underlined(tree, validate) != is_refused(tree):
            differing.append(path)

    assert differing == []


def is_underlined(tree: Any, validate: Any) -> bool:
    """Whether the schema refuses it."""
    try:
        validate(tree)
    except fastjsonschema.JsonSchemaException:
        return True
    return False


def is_refused(tree: Any) -> bool:
    """Whether the check refuses it."""
    try:
        check(json.dumps(tree), zones=("Europe/Berlin",))
    except ProgrammeInvalid:
        return True
    return False


def parts(node: Any, path: str = "") -> Any:
    """Every schema inside a schema, with its path."""
    if isinstance(node, dict):
        yield path, node
        for name, value in node.items():
            yield from parts(value, f"{path}/{name}")
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from parts(value, f"{path}/{at}")


def test_the_schema_keeps_to_what_both_drafts_share() -> None:
    """No keyword of one draft alone, and nothing beside a reference: the older one ignores it."""
    only_new = {"$defs", "prefixItems", "dependentRequired", "unevaluatedProperties", "$anchor"}
    only_old = {"additionalItems", "dependencies", "id"}
    for path, part in parts(programme_schema()):
        if path.endswith("/properties"):
            continue
        assert not part.keys() & (only_new | only_old), path
        assert "$ref" not in part or len(part) == 1, path


def test_every_common_word_and_parameter_has_a_description() -> None:
    """What an editor shows beside a word is the sentence in the source."""
    schema = programme_schema()
    per_amount = schema["definitions"]["per_amount"]["properties"]

    assert per_amount["per"]["description"].startswith("The amount of money")
    assert per_amount["trigger"]["description"] == "What makes it act."
    assert per_amount["kind"]["const"] == "per_amount"
