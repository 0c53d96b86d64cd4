"""A file that asks for a quote, as a basket and the state that it meets; all mistakes by line."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from loyalty.basket_words import Article, BasketFile, HeldVoucher, Member
from loyalty.outcome import Trouble
from loyalty.programmes import checked_file, text_of
from processors.core.account import Account, Standing
from processors.core.document import as_mistakes, as_model
from processors.core.lot import Lot
from processors.core.lots import wallet_of
from processors.core.overlay import InForce, Overlay
from processors.core.packing import pack
from processors.core.partition import PartitionState
from processors.core.programme import Programme, compiled
from processors.core.voucher import Voucher
from processors.core.yaml_tree import Found, place_of, read_tree
from processors.core.yaml_tree import Path as Place
from processors.words.calendar import day_of
from processors.words.exact import minor_units
from processors.words.nearest import nearest
from schemas.events import STORE_ACCOUNT, Discount, Header, Line, SaleRecorded
from schemas.ledger import NEVER

EVENT_ID = "quote"
_EVER = day_of(1900, 1, 1)
"""Since when the programme is in force: before anything that a file can say."""

Say = Callable[[Place, str], None]


class Asked(Struct, frozen=True):
    """What a file asks: the basket, the state it meets, and the programme."""

    basket: SaleRecorded
    overlay: Overlay
    programme: Programme


def read(file: Path) -> Asked:
    """The file, YAML or JSON.

    Raises:
        Trouble: it cannot be read, or holds mistakes; the text lists them all, each with its line.
        ProgrammeInvalid: its programme holds mistakes.
    """
    text = text_of(file)
    document = read_tree(text)
    found: list[Found] = list(document.mistakes)
    tree = document.tree if isinstance(document.tree, dict) else {}
    words = None if found else as_model(BasketFile, tree, (), document, found)
    if words is None:
        raise Trouble(_listed(file, text, found))

    def say(path: Place, sentence: str) -> None:
        found.append((place_of(document, path), sentence))

    try:
        programme = _programme(file.parent / words.programme)
    except Trouble as problem:
        say(("programme",), str(problem))
        raise Trouble(_listed(file, text, found)) from None
    asked = _asked(words, programme, say)
    if found:
        raise Trouble(_listed(file, text, found))
    return asked


def _listed(file: Path, text: str, found: Iterable[Found]) -> str:
    return "\n".join(str(one) for one in as_mistakes(text, str(file), found))


def _programme(file: Path) -> Programme:
    return compiled(checked_file(file).document)


def _asked(words: BasketFile, programme: Programme, say: Say) -> Asked:
    clock = words.at
    today = day_of(clock.year, clock.month, clock.day)
    date = today if words.business_date is None else words.business_date
    member = words.member
    account_id = f"{STORE_ACCOUNT}{words.store}" if member is None else member.id
    header = Header(
        event_id=EVENT_ID,
        account_id=account_id,
        member_id="" if member is None else member.id,
        # Nothing asks for the zone but hours by the store's clock, and this is the store's clock.
        occurred_at=(((today * 24 + clock.hour) * 60 + clock.minute) * 60 + clock.second) * 1000,
        utc_offset_min=0,
        business_date=date,
        store_id=words.store,
        till_id=words.till,
        channel=words.channel,
        actor="cashier",
    )
    lines = tuple(_line(at, one, programme, say) for at, one in enumerate(words.lines))
    basket = SaleRecorded(
        header, "", "", "", programme.currency, lines, (), words.vouchers, words.coupons
    )
    state = PartitionState(0, 1)
    state.programmes = (InForce(_EVER, programme),)
    if member is not None:
        state.accounts[member.id] = pack(_account(member, date, programme, say))
    return Asked(basket, Overlay(state), programme)


def _line(at: int, words: Article, programme: Programme, say: Say) -> Line:
    def minor(name: str, amount: Fraction) -> int:
        try:
            return minor_units(amount, programme.exponent)
        except ValueError:
            say(("lines", at, name), f"{programme.currency} has no such small coin")
            return 0

    gross, off = minor("gross", words.gross), minor("discount", words.discount)
    if off > gross:
        say(("lines", at, "discount"), "more is taken off than the article costs")
    quantity = words.quantity * 1000
    if quantity.denominator != 1:
        say(("lines", at, "quantity"), "a quantity has at most three decimals")
    return Line(
        at + 1,
        words.sku,
        words.department,
        words.category,
        words.brand,
        words.supplier,
        words.labels,
        int(quantity),
        gross,
        (Discount("till", "", off),) if off else (),
        gross - off,
        int(words.tax_rate * 1_000_000),
        words.flags,
    )


def _account(member: Member, date: int, programme: Programme, say: Say) -> Account:
    """The member's account, as far as the file tells of it."""
    account = Account()
    account.status = "active"
    account.enrolled_on = date if member.enrolled_on is None else member.enrolled_on
    account.birthday = member.birthday or 0
    account.sales = dict(member.sales)
    account.labels = sorted(set(member.labels))
    account.segments = sorted(set(member.segments))
    for name, points in member.points.items():
        terms = programme.wallets.get(name)
        if terms is None:
            say(("member", "points", name), _unknown("wallet", name, programme.wallets))
        elif points:
            lot = Lot(f"{EVENT_ID}#{name}", points, date, terms.last_day(date), date, "", False)
            account.wallets[name] = wallet_of([lot])
    for name, level in member.tiers.items():
        ladder = programme.ladders.get(name)
        path: Place = ("member", "tiers", name)
        if ladder is None:
            say(path, _unknown("ladder", name, programme.ladders))
        elif level not in ladder.levels:
            say(path, _unknown("level", level, ladder.levels))
        else:
            account.tiers[name] = Standing(level, date, NEVER, False)
    for at, one in enumerate(member.vouchers):
        if one.voucher in programme.vouchers:
            account.vouchers.append(_voucher(at, one, date, programme, say))
        else:
            sentence = _unknown("voucher", one.voucher, programme.vouchers)
            say(("member", "vouchers", at, "voucher"), sentence)
    return account


def _voucher(at: int, words: HeldVoucher, date: int, programme: Programme, say: Say) -> Voucher:
    terms = programme.vouchers[words.voucher]
    issued_on = date - 1 if words.issued_on is None else words.issued_on
    amount = terms.amount_minor
    if words.amount is not None:
        try:
            amount = minor_units(words.amount, programme.exponent)
        except ValueError:
            place = ("member", "vouchers", at, "amount")
            say(place, f"{programme.currency} has no such small coin")
    return Voucher(
        words.id or f"{words.voucher}#{at + 1}",
        words.voucher,
        "",
        "",
        issued_on,
        terms.first_day(issued_on) if words.first_day is None else words.first_day,
        terms.last_day(issued_on) if words.last_day is None else words.last_day,
        amount,
        programme.currency,
        words.uses or terms.uses,
    )


def _unknown(what: str, said: str, known: Iterable[str]) -> str:
    return f"the programme has no {what} `{said}`{nearest(said, known)}"
