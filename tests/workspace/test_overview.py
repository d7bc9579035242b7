"""The overview says who came back in one sentence, draws the bridge, and says openly what it cannot know."""

import re
from datetime import date

import pytest
from django.utils import translation

from stammkunde.insights.silence import Silence, silent_regulars
from stammkunde.workspace.next_step import next_step
from tests.staff import Enter
from tests.workspace.stock import SECOND_QUARTER, WORKED_EXAMPLE, Stock, ordered


def heading(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html, re.S)
    assert found is not None
    return spaced(re.sub(r"<[^>]+>", "", found[1]))


def spaced(text: str) -> str:
    """Read a text without the joiners and narrow spaces that only hold it together."""
    return re.sub(r"\s+", " ", text.replace("\u2060", "").replace("\u202f", " ")).strip()


def test_one_sentence_says_who_came_back(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    html = enter("owner").get(f"/{SECOND_QUARTER}").content.decode()
    assert heading(html) == (
        "Im 2. Quartal 2026 kamen bisher 2 der 3 Kundinnen und Kunden des Quartals davor wieder "
        "(67 %, sicher 21–94 %), 1 noch nicht. 1 ist neu, 1 kehrte nach einer Pause zurück."
    )


def test_the_sentence_is_complete_in_english(enter: Enter, stock: Stock) -> None:
    stock([*WORKED_EXAMPLE, *ordered(None, "2026-06-30")])
    html = enter("analyst", language="en").get(f"/{SECOND_QUARTER}").content.decode()
    assert heading(html) == (
        "In Q2 2026, 2 of the 3 customers of the quarter before came back (67 %, surely 21–94 %), 1 did not. "
        "1 is new, 1 returned after a break."
    )


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param(
            "?from=2026-04-01&to=2026-04-30",
            "Im April 2026 haben 3 Kundinnen und Kunden bestellt. Wer davon wiederkam",
            id="a month",
        ),
        pytest.param("?from=2026-01-01&to=2026-06-30", "Im ersten Halbjahr 2026 kam", id="half a year"),
        pytest.param(
            "?from=2026-01-01&to=2026-12-31", "2026 kam der einzige Kunde des Jahres davor wieder", id="a year"
        ),
        pytest.param(
            "?from=2026-02-02&to=2026-04-20",
            "Vom 2. Februar 2026 bis 20. April 2026 kam 1 der 2 Kundinnen und Kunden der 78 Tage davor wieder",
            id="own days",
        ),
        pytest.param("?from=2026-04-09&to=2026-04-09", "Am 9. April 2026", id="one day"),
    ],
)
def test_it_speaks_of_any_period(enter: Enter, stock: Stock, address: str, said: str) -> None:
    stock(WORKED_EXAMPLE)
    assert said in heading(enter("owner").get(f"/{address}").content.decode())


def test_the_bridge_adds_up_as_picture_and_table(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    html = enter("owner").get(f"/{SECOND_QUARTER}").content.decode()
    assert "3 Kunden davor − 1 nicht wieder + 1 neu + 1 zurück = 4 jetzt" in html
    table = re.search(r'<table class="sum">(.*?)</table>', html, re.S)
    assert table is not None
    assert re.findall(r'<td class="n">(\d+)</td>', table[1]) == ["3", "1", "1", "1", "4"]


def test_the_formula_stands_beside_the_rate_with_its_warning(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    html = spaced(enter("owner").get(f"/{SECOND_QUARTER}").content.decode())
    assert "<strong>100 %</strong>. Dabei zählt 1 Rückkehrer, als wäre er nie fort gewesen" in html
    assert "kann 100 % übersteigen" in html


def test_what_the_data_cannot_tell_is_unknown_not_zero(enter: Enter, stock: Stock) -> None:
    stock([*ordered("Ada", "2026-01-05", "2026-04-09"), *ordered("Ben", "2026-04-20"), *ordered("Cem", "2026-07-01")])
    html = enter("owner").get(f"/{SECOND_QUARTER}").content.decode()
    assert "ob neu oder nach einer Pause zurück, ist unbekannt" in heading(html)
    assert "neu oder zurück" in html
    assert "Die Daten beginnen am 5. Januar 2026" in html
    assert "lässt sich hier nicht ausrechnen" in html


def test_a_rule_without_data_says_what_it_needs_and_leads_nowhere(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    html = enter("owner").get(f"/{SECOND_QUARTER}").content.decode()
    rules = re.search(r'<table class="rules">(.*?)</table>', html, re.S)
    assert rules is not None
    rows = re.findall(r"<tr>(.*?)</tr>", rules[1], re.S)
    unknown = [row for row in rows if "noch unbekannt" in row]
    assert len(unknown) >= 2
    assert all("<a " not in row for row in unknown)


def test_without_data_there_is_one_sentence_and_the_way_to_the_import(enter: Enter) -> None:
    html = enter("owner").get("/").content.decode()
    assert "Geben Sie Stammkunde die Bestellungen Ihres Shops" in html
    assert "<svg" not in html.split("<main")[1]


@pytest.mark.parametrize(
    "orders",
    [
        pytest.param(ordered("Ada", "2026-01-05"), id="one order"),
        pytest.param(ordered("Ada", "2026-01-05", "2026-03-01", "2026-05-05"), id="one customer"),
        pytest.param([*ordered("Ada", "2026-01-05"), *ordered("Ben", "2026-01-05")], id="one day"),
        pytest.param(ordered("A", "2026-01-05") + ordered("B", "2026-02-05") + ordered("C", "2026-05-01"), id="once"),
        pytest.param(ordered(None, "2026-01-05", "2026-04-05"), id="nobody known by name"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    ["/", "/figures", "/figures/cohorts", "/customers/rfm", "/figures/retention_rate", "/figures/revenue?by=week"],
)
def test_little_data_breaks_no_page(enter: Enter, stock: Stock, orders: list[object], path: str) -> None:
    stock(orders)  # type: ignore[arg-type]
    answer = enter("analyst").get(path)
    assert answer.status_code == 200
    assert "nan" not in re.sub(r"<[^>]+>", " ", answer.content.decode()).lower().split()


def test_days_that_cannot_be_read_are_said_and_escaped(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    html = enter("owner").get("/?from=<script>alert(1)</script>&to=2026-01-01").content.decode()
    assert "<script>alert" not in html
    assert "Bitte geben Sie beide Tage an" in html


def test_the_table_goes_away_as_csv(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    answer = enter("owner").get(f"/{SECOND_QUARTER}&format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    rows = {line.split(";")[0]: line.split(";") for line in lines[1:]}
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0].startswith("name;title;from;to;value;unit;n")
    assert rows["customers_returned"][4] == "1"
    assert rows["retention_rate"][2:5] == ["2026-04-01", "2026-06-30", "0,6666666667"]


def test_regulars_who_fell_silent_are_counted_as_the_list_counts_them(stock: Stock) -> None:
    mirror = stock(
        [
            *ordered("Ada", "2026-01-01", "2026-01-15", "2026-02-01", "2026-02-15", value=25),  # silent since February
            *ordered("Ben", "2026-01-01", "2026-01-15", "2026-02-01", "2026-06-20"),  # back in his rhythm
            *ordered("Cem", "2026-01-01", "2026-01-10", "2026-01-20"),  # silent, but no regular yet
            *ordered("Dia", "2024-01-01", "2024-01-15", "2024-02-01", "2024-02-15"),  # gone for years
            *ordered("Eli", "2026-06-30"),
        ]
    )
    assert silent_regulars(mirror) == Silence(customers=1, value=100_0000)


def test_the_next_step_leads_to_those_it_is_about() -> None:
    with translation.override("de"):
        step = next_step(Silence(customers=236, value=41_800_0000), currency="EUR")
    assert step is not None
    assert "236 Stammkundinnen und Stammkunden" in step.sentence
    assert "41.800" in step.sentence
    assert step.url == "/customers?standing=silent&min_orders=4&last=365&sort=-revenue"
    assert next_step(Silence(0, 0), currency="EUR") is None


def test_the_next_step_is_of_now_and_not_shown_beside_the_past(enter: Enter, stock: Stock) -> None:
    silent = ordered("Ada", "2026-01-01", "2026-01-15", "2026-02-01", "2026-02-15")
    stock([*silent, *ordered("Eli", "2025-09-01", "2026-06-30")])
    client = enter("owner")
    assert "Als Nächstes" in client.get("/").content.decode()
    assert "Als Nächstes" not in client.get("/?from=2025-10-01&to=2025-12-31").content.decode()


def test_months_are_whole(enter: Enter, stock: Stock) -> None:
    stock([*ordered("Ada", "2026-01-20", "2026-02-20", "2026-03-20", "2026-04-20")])
    html = enter("owner").get("/?format=csv&table=months").content.decode("utf-8-sig")
    assert {line.split(";")[2] for line in html.splitlines()[1:]} == {"2026-02-01", "2026-03-01"}
    assert date(2026, 1, 1).isoformat() not in html
