"""The programme as people write it: the words outside the promotions, and the checks of them all.

The words of one promotion kind stand with that kind in `processors/rules/`.  What is checked here
becomes the canonical document: the same tree as JSON with sorted keys, which is hashed, activated,
kept in the ledger for ever and compiled by `processors.core.programme`.
"""

import json
from collections.abc import Iterable
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Any, Literal, TypeVar, get_args

from msgspec import Struct
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from processors.core.kinds import Kind, kinds
from processors.core.yaml_tree import Document, Mistake, Path, Tree, line_of, read_tree
from processors.words.exact import NotNegative, Positive, Some, Whole
from processors.words.items import Exclusion
from processors.words.nearest import nearest
from processors.words.occasion import When, Where
from processors.words.stages import Exchange
from schemas.currencies import exponent_of


def _printable(word: str) -> str:
    if not word.isprintable():
        raise ValueError("holds a control character")
    return word


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Word = Annotated[str, AfterValidator(_printable)]
"""One that reaches the ledger, Postgres and a terminal, and must be printable in all."""
Titles = dict[str, str]

_STRICT = ConfigDict(extra="forbid", frozen=True)


class EarnsOn(BaseModel):
    """The money that points are counted on, in every promotion."""

    model_config = _STRICT

    price: Literal["shelf", "paid"] = "paid"
    tax: Literal["included", "excluded"] = "included"
    not_paid_with: tuple[str, ...] = ()
    never: Exclusion | None = None


class Value(BaseModel):
    """What a wallet's points are worth: `units` of them, this `amount`."""

    model_config = _STRICT

    units: Some
    amount: Positive


class Pending(BaseModel):
    """How long points wait before they can be spent."""

    model_config = _STRICT

    days: Whole = 0
    round_to: Literal["day_end"] | None = None


class Rolling(BaseModel):
    """Points end so long after the day they were earned."""

    model_config = _STRICT

    days: Whole = 0
    months: Whole = 0
    years: Whole = 0
    round_to: Literal["month_end"] | None = None


class Expiry(BaseModel):
    """When points end; a wallet without it keeps them for ever."""

    model_config = _STRICT

    rolling: Rolling


class Pay(BaseModel):
    """Points as payment, at the wallet's value."""

    model_config = _STRICT

    min: Some = 1
    step: Some = 1
    max_share: NotNegative = Field(default="100%", validate_default=True)


class Wallet(BaseModel):
    """One kind of unit that an account holds."""

    model_config = _STRICT

    title: Titles = {}
    value: Value | None = None
    pending: Pending = Pending()
    expiry: Expiry | None = None
    pay: Pay | None = None
    when_short: Literal["owe"] = "owe"


class Off(BaseModel):
    """What a voucher takes off."""

    model_config = _STRICT

    amount: Positive


class Valid(BaseModel):
    """From the day of issue, or the next, for so many days; the last day is included."""

    model_config = _STRICT

    days: Some
    starts: Literal["same_day", "next_day"] = "same_day"


class Voucher(BaseModel):
    """A voucher, defined once and named by its id."""

    model_config = _STRICT

    title: Titles = {}
    off: Off
    valid: Valid


class Group(BaseModel):
    """How multipliers that meet on one line combine."""

    model_config = _STRICT

    combine: Literal["best", "add", "multiply", "first"]
    on: Literal["line"] = "line"


class Head(BaseModel):
    """The words that every promotion has, whatever its kind."""

    model_config = _STRICT

    id: Id
    kind: str
    title: Titles = {}
    when: When | None = None
    where: Where | None = None
    group: str | None = None
    campaign: Word = ""
    funded_by: Word = ""


class Body(BaseModel):
    """The document without its promotions."""

    model_config = _STRICT

    programme: Id
    version: Some
    title: Titles = {}
    zone: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    earns_on: EarnsOn = EarnsOn()
    wallets: Annotated[dict[Id, Wallet], Field(min_length=1)]
    vouchers: dict[Id, Voucher] = {}
    groups: dict[Id, Group] = {}


class Promotion(Struct, frozen=True):
    """One promotion, checked: its common words, its kind and its kind's own words."""

    head: Head
    kind: Kind
    words: BaseModel


class Checked(Struct, frozen=True):
    """A document without mistakes.

    Attributes:
        document: canonical JSON.
        document_hash: SHA-256 of it, hexadecimal.
        body, promotions: its parts, typed.
    """

    document: str
    document_hash: str
    body: Body
    promotions: tuple[Promotion, ...]

    @property
    def name(self) -> str:
        """The programme's name."""
        return self.body.programme

    @property
    def version(self) -> int:
        """The document's version."""
        return self.body.version


class ProgrammeInvalid(Exception):
    """The document cannot be used; `mistakes` are all that is wrong with it."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def check(text: str, file_name: str = "programme") -> Checked:
    """Read and check a programme, YAML or canonical JSON.

    Raises:
        ProgrammeInvalid: with every mistake, by line.
    """
    document = read_tree(text)
    found: list[tuple[int, str]] = list(document.mistakes)
    if not found and not isinstance(document.tree, dict):
        found.append(
            (1, "a programme is a list of words with values, such as `programme: grocery`")
        )
    body, promotions = None, None
    if not found:
        body, promotions = _check_tree(document, found)
    if found or body is None or promotions is None:
        rows = text.splitlines() or [""]
        raise ProgrammeInvalid(
            tuple(
                Mistake(file_name, line, rows[min(line, len(rows)) - 1], sentence)
                for line, sentence in sorted(set(found))
            )
        )
    canonical = json.dumps(document.tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Checked(canonical, sha256(canonical.encode()).hexdigest(), body, tuple(promotions))


def _check_tree(
    document: Document, found: list[tuple[int, str]]
) -> tuple[Body | None, list[Promotion] | None]:
    tree = dict(document.tree)
    rows = tree.pop("promotions", None)
    body = _model(Body, tree, (), document, found, known=("promotions",))
    if not isinstance(rows, list) or not rows:
        found.append((line_of(document, ("promotions",)), "`promotions` is a list, not empty"))
        return body, None
    promotions = [
        promotion
        for at, row in enumerate(rows)
        if (promotion := _promotion(row, ("promotions", at), document, found)) is not None
    ]
    if body is not None and not found:
        _check_names(body, promotions, document, found)
    return body, promotions


def _promotion(
    row: Tree, path: Path, document: Document, found: list[tuple[int, str]]
) -> Promotion | None:
    if not isinstance(row, dict):
        found.append((line_of(document, path), "a promotion is a set of words with values"))
        return None
    known = kinds()
    kind = known.get(str(row.get("kind", "")))
    if kind is None:
        said = row.get("kind")
        hint = nearest(str(said), known)
        found.append((line_of(document, (*path, "kind")), f"there is no kind `{said}`{hint}"))
        return None
    head_words = set(Head.model_fields)
    own_words = tuple(kind.parameters.model_fields)
    head = _model(Head, {k: v for k, v in row.items() if k in head_words}, path, document, found)
    words = _model(
        kind.parameters,
        {k: v for k, v in row.items() if k not in head_words},
        path,
        document,
        found,
        known=(*head_words, *own_words),
    )
    return None if head is None or words is None else Promotion(head, kind, words)


Model = TypeVar("Model", bound=BaseModel)


def _model(
    model: type[Model],
    row: Tree,
    path: Path,
    document: Document,
    found: list[tuple[int, str]],
    known: Iterable[str] = (),
) -> Model | None:
    """The row as a model, or its mistakes, each on its line."""
    try:
        return model.model_validate(row)
    except ValidationError as problem:
        for error in problem.errors(include_url=False, include_input=False):
            here = (*path, *error["loc"])
            line = line_of(document, here)
            if error["type"] == "extra_forbidden":
                said = str(error["loc"][-1])
                words = [*known, *_words_around(model, error["loc"][:-1])]
                found.append((line, f"there is no word `{said}` here{nearest(said, words)}"))
            else:
                name = ".".join(str(part) for part in error["loc"])
                found.append((line, f"`{name}`: {error['msg'].removeprefix('Value error, ')}"))
    return None


def _words_around(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The words known where a mistake was made, as far as the model tells."""
    here: Any = model
    for part in path:
        field = getattr(here, "model_fields", {}).get(part)
        if field is None:
            continue
        inner = [field.annotation, *get_args(field.annotation)]
        here = next((kind for kind in inner if hasattr(kind, "model_fields")), here)
    return [field.alias or name for name, field in here.model_fields.items()]


def _check_names(
    body: Body, promotions: list[Promotion], document: Document, found: list[tuple[int, str]]
) -> None:
    """Every name that is used is defined, once; every amount is one the currency can pay."""
    exponent = exponent_of(body.currency)
    for section, rows in (("vouchers", body.vouchers), ("wallets", body.wallets)):
        for name, row in rows.items():
            path, money = _money(section, name, row)
            if money is not None and (money * 10**exponent).denominator != 1:
                found.append((line_of(document, path), f"{body.currency} has no such small coin"))
    seen: set[str] = set()
    for at, promotion in enumerate(promotions):
        path = ("promotions", at)
        if promotion.head.id in seen:
            found.append(
                (line_of(document, (*path, "id")), f"`{promotion.head.id}` is defined twice")
            )
        seen.add(promotion.head.id)
        if promotion.head.group is not None and promotion.head.group not in body.groups:
            _undefined(
                document, found, (*path, "group"), "group", promotion.head.group, body.groups
            )
        for stage in promotion.kind.build(promotion.words, 10**exponent):
            if stage.wallet not in body.wallets:
                _undefined(document, found, path, "wallet", stage.wallet, body.wallets)
            if isinstance(stage, Exchange) and stage.voucher not in body.vouchers:
                _undefined(document, found, path, "voucher", stage.voucher, body.vouchers)
    for name, wallet in body.wallets.items():
        if wallet.pay is not None and wallet.value is None:
            found.append(
                (line_of(document, ("wallets", name, "pay")), "a wallet that pays needs a `value`")
            )


def _money(section: str, name: str, row: Any) -> tuple[Path, Fraction | None]:
    if section == "vouchers":
        return (section, name, "off"), row.off.amount
    return (section, name, "value"), None if row.value is None else row.value.amount


def _undefined(
    document: Document,
    found: list[tuple[int, str]],
    path: Path,
    what: str,
    said: str,
    known: Iterable[str],
) -> None:
    hint = nearest(said, known)
    found.append((line_of(document, path), f"no {what} `{said}` is defined{hint}"))
