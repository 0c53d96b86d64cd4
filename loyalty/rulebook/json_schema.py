"""The JSON Schema of programmes, generated from the models that check them.

Editors complete and underline from it.  It keeps to what draft 7 and 2020-12 share: the servers of
editors read the older one.  An editor types scalars, which we read as text: so a word may be a
number, and a number a word in quotes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from loyalty.rulebook.docstrings import one_line, sentences
from processors.core.complaints import models_in
from processors.core.kinds import Kind, kinds
from processors.core.sections import Body, Head

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""
Ids = Mapping[str, Sequence[str]]
"""Section → the ids that a file defines; of `levels` those of all ladders."""

DRAFT = "http://json-schema.org/draft-07/schema#"
_REF = "#/definitions/"
_REFERENCES = {
    ("Give", "voucher"): "vouchers",
    ("Give", "perk"): "perks",
    ("Head", "group"): "groups",
    ("Head", "campaign"): "campaigns",
    ("Head", "tier"): "levels",
    ("Who", "tiers"): "levels",
    ("Who", "segments"): "segments",
    ("Where", "store_groups"): "store_groups",
    ("Level", "perks"): "perks",
    ("Tier", "wallet"): "wallets",
    ("Club", "wallets"): "wallets",
    ("Club", "tiers"): "tiers",
}
"""Words that name something, and the section that defines it."""
_ONE_OF = {
    "Expiry": ("rolling", "calendar", "inactivity"),
    "Limit": ("times", "units", "items"),
    "NthSale": ("is", "every"),
    "Off": ("amount", "percent"),
    "Valid": ("days", "through", "until"),
    "per_amount": ("per", "per_full"),
}
"""Of these words of a model, or a kind, exactly one is said."""
_BY_WALLET = ("give", "take", "multiply", "costs")
"""Words whose own words are wallets."""
_SAME_FOR_ALL_LEVELS = (("Body", "version"), ("Level", "from"), ("Campaign", "control"))
_OF_SEGMENTS = ("LastSale", "Sales", "Spend", "Share")
"""Models in which nothing differs by level."""


def programme_schema(ids: Ids | None = None) -> Schema:
    """The schema of a whole programme; with ids, it knows what a file defines."""
    known = ids or {}
    models: list[type[BaseModel]] = [Body, Head, *(kind.parameters for kind in kinds().values())]
    _, whole = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF + "{model}"
    )
    defined: dict[str, Schema] = whole["$defs"]
    of_models = {_name(model, defined): model for one in models for model in [one, *_inner(one)]}
    made: dict[str, Schema] = {}
    values: dict[str, Schema] = {}
    for name, model in of_models.items():
        part = _flattened(defined[name], defined)
        _describe(part, model)
        made[name] = _with_levels(name, _plain(part), values)
        _know(name, made[name], known)
    made |= {name: _or_by_level(one, known.get("levels", ())) for name, one in values.items()}
    return _assembled(made, {kind: _name(kinds()[kind].parameters, defined) for kind in kinds()})


def _inner(model: type[BaseModel]) -> list[type[BaseModel]]:
    return list(models_in(model).values())


def _name(model: type[BaseModel], defined: Mapping[str, Schema]) -> str:
    """What pydantic calls a model: by its class, or by its module too where two have one name."""
    long = f"{model.__module__}__{model.__qualname__}".replace(".", "__")
    return long if long in defined else model.__name__


def _assembled(made: dict[str, Schema], parameters: Mapping[str, str]) -> Schema:
    """The body with its promotions: one shape for each kind, told apart by its name."""
    body, head = made.pop("Body"), made.pop("Head")
    for kind in kinds().values():
        made[kind.name] = _promotion(kind, head, made.pop(parameters[kind.name]))
    body["properties"]["promotions"] = {
        "type": "array",
        "minItems": 1,
        "description": "What the programme gives and takes off; each promotion is of one kind.",
        "items": {
            "type": "object",
            "required": ["id", "kind"],
            "properties": {"kind": {"enum": list(kinds())}},
            "oneOf": [{"$ref": _REF + name} for name in kinds()],
        },
    }
    body["required"] = [*body["required"], "promotions"]
    body["description"] = "One version of a loyalty programme: the whole rule set."
    definitions = {name: made[name] for name in sorted(made)}
    for name, words in _ONE_OF.items():
        definitions[name]["oneOf"] = [{"required": [word]} for word in words]
    return {"$schema": DRAFT, "title": "programme", **body, "definitions": definitions}


def _promotion(kind: Kind, head: Schema, words: Schema) -> Schema:
    paragraph = one_line(kind.about.partition("\n\n")[0])
    properties = {**head["properties"], **words["properties"]}
    properties["kind"] = {"const": kind.name, "description": one_line(kind.about)}
    return {
        "type": "object",
        "description": paragraph,
        "additionalProperties": False,
        "required": [*head["required"], *words.get("required", ())],
        "properties": properties,
    }


def _describe(part: Schema, model: type[BaseModel]) -> None:
    """Each word gets the sentence that stands below it in the source."""
    told = sentences(model)
    for name, field in model.model_fields.items():
        word = part["properties"].get(field.alias or name)
        if word is not None and name in told:
            word["description"] = told[name]


def _flattened(part: Schema, defined: Mapping[str, Schema]) -> Schema:
    """The words of another model stand beside a part's own, where the part says so."""
    other = part.pop("flattened", None)
    if other is not None:
        part["properties"] = {**part["properties"], **defined[other]["properties"]}
    return part


def _plain(node: Any) -> Any:
    """Without what no draft needs: titles, nulls, defaults that say nothing, single choices."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    out: Schema = {}
    for name, value in node.items():
        if name in ("properties", "patternProperties"):
            # A definition whose name is not spelt so is unknown, as any other word is.
            out |= {"additionalProperties": False} if name != "properties" else {}
            out[name] = {word: _plain(schema) for word, schema in value.items()}
        elif name == "default":
            if isinstance(value, str | int) and value != "":
                out[name] = value
        elif name == "anyOf":
            choices = [_plain(one) for one in value if one != {"type": "null"}]
            if len(choices) > 1:
                out[name] = choices
            else:
                out |= choices[0] | ({"allOf": choices} if "$ref" in choices[0] else {})
        elif name != "title":
            out[name] = _plain(value)
    return _typed(out)


def _typed(node: Schema) -> Schema:
    """As an editor sees it: a word may look like a number; beside a reference stands nothing."""
    if node.get("type") == "string" and "format" not in node and "const" not in node:
        if "enum" in node:
            node.pop("type")
            node["enum"] += [int(word) for word in node["enum"] if word.isdigit()]
        elif "pattern" not in node:
            node["type"] = ["string", "number"]
        elif re.search(node["pattern"], "1"):
            node |= {"type": ["string", "integer"], "minimum": 0}
    reference = node.get("$ref")
    if reference is not None and len(node) > 1:
        node.pop("$ref")
        node["allOf"] = [{"$ref": reference}]
    return node


def _with_levels(name: str, node: Any, values: dict[str, Schema], word: str = "") -> Any:
    """Any number or date becomes a reference to itself, which may be one for each level."""
    if isinstance(node, list):
        return [_with_levels(name, one, values, word) for one in node]
    if not isinstance(node, dict) or (name, word) in _SAME_FOR_ALL_LEVELS or name in _OF_SEGMENTS:
        return node
    if "properties" in node:
        properties = {w: _with_levels(name, n, values, w) for w, n in node["properties"].items()}
        node = {**node, "properties": properties}
    for inner in ("additionalProperties", "items", "anyOf"):
        if inner in node:
            node = {**node, inner: _with_levels(name, node[inner], values, word)}
    if not _is_number_or_date(node):
        return node
    said = {key: node[key] for key in ("description", "default") if key in node}
    value = {key: one for key, one in node.items() if key not in said}
    called = _value_name(value)
    values[called] = value
    return {**said, "allOf": [{"$ref": _REF + called}]} if said else {"$ref": _REF + called}


def _is_number_or_date(node: Schema) -> bool:
    kind = node.get("type")
    numeric = isinstance(kind, list) and kind[0] != "string" and "pattern" in node
    return numeric or node.get("format") == "date"


def _value_name(value: Schema) -> str:
    """What a number or date is called: `date`, `count_from_1`, `amount_from_0`."""
    if value.get("format") == "date":
        return "date"
    number = "number" if "%" in value["pattern"] else "amount"
    name = "count" if "integer" in value["type"] else number
    bounds = (("exclusiveMinimum", "above"), ("minimum", "from"), ("maximum", "to"))
    return name + "".join(f"_{word}_{value[key]}" for key, word in bounds if key in value)


def _or_by_level(value: Schema, levels: Sequence[str]) -> Schema:
    """A number or date, or one for each level: `{by_tier: {…}}`."""
    of_levels: Schema = {"type": "object", "minProperties": 1, "additionalProperties": value}
    if levels:
        of_levels |= {"properties": dict.fromkeys(levels, value), "additionalProperties": False}
    by_tier = {
        "type": "object",
        "description": "One for each level; a promotion is not for levels that are not named.",
        "additionalProperties": False,
        "required": ["by_tier"],
        "properties": {"by_tier": of_levels},
    }
    return {"anyOf": [value, by_tier]}


def _know(name: str, part: Schema, known: Ids) -> None:
    """What a file defines becomes the choice of the words that name it."""
    for word, schema in part["properties"].items():
        section = _REFERENCES.get((name, word), "")
        names = list(known.get(section, ()))
        if names:
            described = {key: schema[key] for key in ("description",) if key in schema}
            choice: Schema = {"enum": names}
            if schema.get("type") == "array":
                choice = {**schema, "items": choice}
            part["properties"][word] = {**choice, **described}
        if word in _BY_WALLET and schema.get("type") == "object":
            _of_wallets(schema, known.get("wallets", ()))
    if name == "Give":
        _of_wallets(part, known.get("wallets", ()))


def _of_wallets(part: Schema, wallets: Sequence[str]) -> None:
    if wallets:
        value = part["additionalProperties"]
        part["properties"] = {**part.get("properties", {}), **dict.fromkeys(wallets, value)}
        part["additionalProperties"] = False
