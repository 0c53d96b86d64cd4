"""`loyalty publish` of documents that tills and web shops write: what is told, kept and mended."""

from pathlib import Path

from tests.loyalty.command import here

SAMPLES = Path(__file__).parent.parent / "producers" / "files" / "samples"


def without_members(name: str) -> str:
    """A sample that needs no register."""
    text = (SAMPLES / name).read_text("utf-8")
    card = "<LoyaltyAccountID>2600 0001</LoyaltyAccountID>"
    return text.replace(card, "").replace("<CustomerID>C-77</CustomerID>", "").replace(
        '"customer": {"id": 7001,', '"customer": {"id": null,'
    )  # fmt: skip


def test_a_poslog_is_published_and_what_was_refused_can_be_mended(tmp_path: Path) -> None:
    """One line for the wrong transaction; the file of rejects is a POSLog again."""
    till, rejects = tmp_path / "till.xml", tmp_path / "rejects.xml"
    whole = without_members("till.xml")
    till.write_text(whole.replace("<ExtendedAmount>-3.00<", "<ExtendedAmount>three<"), "utf-8")
    zone = ("--zone", "Europe/Paris", "--currency", "EUR")
    done = here(tmp_path / "home", "publish", str(till), *zone, "--rejects", str(rejects))

    assert done.returncode == 1
    said = "transaction 20 LineItem 1 ExtendedAmount, it is no amount; write it as 12.50"
    assert said in done.stderr
    assert "passed over: 2 no sale, 1 training, 1 voided." in done.stderr
    assert "13.00 EUR" in done.stdout

    rejects.write_text(rejects.read_text("utf-8").replace("three", "3.00"), "utf-8")
    again = here(tmp_path / "home", "publish", str(rejects), *zone)
    assert (again.returncode, again.stderr.count("count")) == (0, 0)
    assert "-3.00 EUR" in again.stdout


def test_orders_of_shopify_are_published(tmp_path: Path) -> None:
    """Sales and refunds, and a count of what was passed over."""
    orders = tmp_path / "orders.json"
    orders.write_text(without_members("orders.json"), "utf-8")
    done = here(tmp_path / "home", "publish", str(orders))

    assert done.returncode == 0
    assert "33.41 USD" in done.stdout
    assert "1 cancelled, 1 not paid yet, 1 refund of money alone, 1 test." in done.stderr
