"""The whole way, from a shop's export to who comes back: told once through page, worker, API and terminal.

Eva buys soap in February and again in May, Herr Kaya only in February. Olga owns the shop, Anna looks at its figures.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.server import PASSWORD, Server, serving
from tests.visitor import Visitor, get_json

T = TypeVar("T")

HEAD = "Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Artikel;Menge;Einzelpreis\n"
WINTER = (
    "900;3;jo@example.org;02.11.2025 09:00;Kerze;1;8,00\n"
    "1001;1;eva@example.org;03.02.2026 10:15;Rosenseife;2;4,50\n"
    "1001;1;eva@example.org;03.02.2026 10:15;Badesalz;1;12,90\n"
    "1002;2;kaya@example.org;20.02.2026 17:40;Tulpen;10;1.100,25\n"
)
SPRING = "1003;1;eva@example.org;12.05.2026 08:05;Rosenseife;3;4,50\n"
SPRING_FIRST = "from=2026-04-01&to=2026-06-30"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("story")) as running:
        yield running


def test_from_a_shops_export_to_who_comes_back(shop: Server, tmp_path: Path) -> None:
    # Olga has nothing yet; the overview leads her to the import.
    olga = Visitor(shop.url).log_in("owner@shop.example", PASSWORD)
    assert "/imports" in olga.look("/").page

    # She hands in the winter's export as her shop wrote it: semicolons, decimal commas, German dates.
    assert ("4 0 0 4", "3") == _hand_in(olga, _export(tmp_path / "winter.csv", WINTER))

    # Spring is not in it: of the two customers of winter, nobody came back.
    key = shop.command("key", "owner@shop.example", "--scope", "figures:read").strip()
    spring = f"{shop.url}/api/v1/figures?name=retention_rate&name=revenue&{SPRING_FIRST}"
    assert [0.0, 0.0] == _values(get_json(spring, key=key))

    # She draws a map of what her customers go through, beginning with a ready one: nobody has come a second time yet.
    sheet = tmp_path / "map.yaml"
    sheet.write_text(shop.command("journey", "ready", "five-steps", "--language", "en"), encoding="utf-8")
    assert json.loads(shop.command("journey", "check", str(sheet), "--json"))["ok"]
    assert "five-steps: version 1" in shop.command("journey", "import", str(sheet))
    stations = f"{shop.url}/api/v1/journeys/five-steps/figures"
    assert [3, 0] == _on_the_map(get_json(stations, key=key), "first_order", "second_order")

    # The next export overlaps with the last one. What was there already changes nothing; Eva's second order is new.
    both = _export(tmp_path / "both.csv", WINTER + SPRING)
    assert ("1 4 0 5", "1") == _hand_in(olga, both)
    assert ("0 5 0 5", "0") == _hand_in(olga, both)

    # Now one of two is back, and page, API and terminal say the same.
    by_api = _until(lambda: get_json(spring, key=key), lambda document: _values(document) == [0.5, 13.5])
    by_terminal = json.loads(
        shop.command("figures", "retention_rate", "revenue", "--from", "2026-04-01", "--to", "2026-06-30", "--json")
    )
    assert by_api == by_terminal
    page = _text(olga.look(f"/?{SPRING_FIRST}").page)
    assert re.search(r"kam bisher 1 der 2 Kundinnen und Kunden .* wieder", page), page[:1500]

    # Eva's second order has moved the map: she has come to the second purchase.
    assert [3, 1] == _on_the_map(get_json(stations, key=key), "first_order", "second_order")
    assert [1] == _on_the_map(
        json.loads(shop.command("journey", "figures", "five-steps", "--from", "2026-04-01", "--json")), "second_order"
    )

    # Eva's page tells both orders and what was in them; the figures' page tells what a figure means.
    olga.look("/customers?q=eva")
    eva = re.search(r'href="(/customers/\d+)"', olga.page)
    assert eva, _text(olga.page)
    told = _text(olga.look(eva.group(1)).page)
    assert "eva@example.org" in told
    assert 2 == told.count("Bestellnummer 100")
    assert "Rosenseife" in told
    assert "Wilson" in olga.look("/figures/retention_rate").page

    # Anna sees the same figures, but nobody's address.
    anna = Visitor(shop.url).log_in("analyst@shop.example", PASSWORD)
    assert "eva@example.org" not in anna.look(eva.group(1)).page
    assert 200 == anna.status
    assert "Rosenseife" in _text(anna.page)
    assert 403 == anna.look("/imports").status

    # A stranger sees nothing.
    assert "/login" in Visitor(shop.url).look(eva.group(1)).address

    # The cohorts hold the way as well: of winter's newcomers one was active in the first quarter after.
    cohorts = json.loads(shop.command("cohorts", "--by", "quarter", "--json"))["cohorts"]
    assert ("2026-Q1", 2, [2, None]) == (cohorts[1]["cohort"], cohorts[1]["size"], cohorts[1]["active"])

    # The check-up knows by itself how many stay. Who answers on social channels only Olga knows; now everybody does.
    asked = {one["id"]: one["state"] for one in get_json(f"{shop.url}/api/v1/checkup", key=key)["questions"]}
    assert ("partly", "unknown") == (asked["q1"], asked["e5.2"])
    olga.look("/checkup/e5.2").send("/checkup/e5.2", {"state": "yes", "note": "jeden Abend, in zwei Stunden"})
    assert "jeden Abend, in zwei Stunden" in anna.look("/checkup/e5.2").page
    said = json.loads(shop.command("checkup", "e5.2", "--json"))
    assert ("yes", "person", "unknown") == (said["state"], said["by"], said["data"]["state"])


def _export(file: Path, rows: str) -> Path:
    file.write_bytes((HEAD + rows).encode("cp1252"))
    return file


def _hand_in(olga: Visitor, file: Path) -> tuple[str, str]:
    """Upload a file, accept what the page understood, wait for the worker; return its counts and the new orders."""
    olga.look("/imports").send("/imports", {}, file=file)
    assert "/imports/new/" in olga.address, _text(olga.page)
    olga.send(olga.address, {"do": "start"})
    assert re.search(r"/imports/\d+$", olga.address), _text(olga.page)
    _until(lambda: olga.look(olga.address).page, lambda page: "outcome" in page)
    return _counts(olga.page)


def _counts(page: str) -> tuple[str, str]:
    """Return how many rows were imported, known, rejected and read, and the orders they made."""
    outcome = page[page.index("outcome") :]
    rows = re.findall(r'<td class="n">([\d.,]+)</td>', outcome)[:4]
    orders = re.search(r"(\d+)\s+(?:Bestellung|order)", _text(outcome))
    return " ".join(rows), orders.group(1) if orders else "0"


def _values(document: dict[str, list[dict[str, float]]]) -> list[float]:
    return [figure["value"] for figure in document["figures"]]


def _on_the_map(figures: dict[str, list[dict[str, Any]]], *touchpoints: str) -> list[int]:
    """Return how many customers were at each of these touchpoints."""
    customers = {cell["id"]: cell["customers"] for cell in figures["touchpoints"]}
    return [customers[one] for one in touchpoints]


def _until(ask: Callable[[], T], enough: Callable[[T], bool]) -> T:
    deadline = time.monotonic() + 30
    while True:
        answer = ask()
        if enough(answer) or time.monotonic() > deadline:
            assert enough(answer), str(answer)[:2000]
            return answer
        time.sleep(0.2)


def _text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
