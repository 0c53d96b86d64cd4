"""What customers and tills are told in German."""

from pathlib import Path

import pytest

from loyalty.outcome import Code
from tests.core.scene import PLAIN
from tests.core.test_mistakes import WHOLE
from tests.loyalty.command import here
from tests.loyalty.test_quote import COFFEE
from tests.loyalty.test_terms import page


@pytest.mark.parametrize(
    "sentence",
    [
        "100 Punkte sind 1,00 EUR wert",
        "1 Punkt je 1,00 EUR. Zum Beispiel: 20,00 EUR geben 20 Punkte.",
        "auf die Marke Rye für Mitglieder in away in der Aktion",
        "vom 1. März 2026 bis zum 31. Mai 2026",
        "samstags zwischen 06:00 und 09:00 Uhr",
        "20 Punkte bei jedem 10. Einkauf",
        "20 % Rabatt auf TARTS. Zum Beispiel: was 20,00 EUR kostet, kostet 16,00 EUR.",
        "von 1.250 Punkte werden 1.000 Punkte zu 2 davon, und 250 bleiben übrig",
        "sie verfallen jedes Jahr am 30. Juni und 31. Dezember",
    ],
)
def test_a_page_in_german_is_german(sentence: str) -> None:
    """Numbers, dates and days are written as its readers write them."""
    assert sentence in page(WHOLE, "de")


def test_a_till_is_told_in_german_and_so_is_its_customer(tmp_path: Path) -> None:
    """The reason stays the code it is; the two sentences beside it are German."""
    file = tmp_path / "basket.yaml"
    file.write_text(COFFEE, "utf-8")

    ended = here(tmp_path, "quote", str(file), "--lang", "de")

    assert ended.returncode == Code.WELL
    for told in (
        "VOUCHER_EXPIRED",
        "Der letzte Tag des Gutscheins ist vorbei.",
        "Dieser Gutschein ist nicht mehr gültig.",
    ):
        assert told in ended.stdout


def test_a_prompt_is_german_where_no_template_says_more(tmp_path: Path) -> None:
    """A basket of 45.80, and a bonus from 50.00 on; its name is the programme's."""
    big = "  - {id: big-shop, kind: bonus, give: {points: 5}, basket: {at_least: 50.00}}\n"
    (tmp_path / "programme.yaml").write_text(PLAIN + big, "utf-8")
    file = tmp_path / "basket.yaml"
    file.write_text(
        "programme: programme.yaml\nat: 2026-03-14T09:00:00\nstore: L3\nmember: {id: M1}\n"
        "lines: [{sku: WINE, gross: 45.80}]\n",
        "utf-8",
    )

    ended = here(tmp_path, "quote", str(file), "--lang", "de")

    assert "noch 4.20 für big-shop" in ended.stdout
