"""Every figure is listed with its definition and has a page with its series and its query."""

import re

import pytest

from stammkunde.metrics import FIGURES, query
from stammkunde.workspace.figures_list import SECTIONS
from tests.staff import Enter
from tests.workspace.stock import SECOND_QUARTER, WORKED_EXAMPLE, Stock, ordered
from tests.workspace.test_overview import heading, spaced


def test_the_list_shows_every_figure_once(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    html = enter("analyst").get(f"/figures{SECOND_QUARTER}").content.decode()
    linked = re.findall(r'<th scope="row"><a href="/figures/(\w+)\?', html)
    assert sorted(linked) == sorted(FIGURES)


def test_every_figure_has_its_section() -> None:
    assert {name for _title, names in SECTIONS for name in names} == set(FIGURES)


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_figure_has_a_page_with_definition_and_query(enter: Enter, stock: Stock, name: str) -> None:
    stock(WORKED_EXAMPLE)
    html = enter("analyst", language="en").get(f"/figures/{name}{SECOND_QUARTER}").content.decode()
    assert FIGURES[name].definition.split(".")[0].replace("'", "&#x27;") in html
    assert query(name).splitlines()[1].strip().replace(">", "&gt;").replace("<", "&lt;") in html


def test_the_page_says_the_value(enter: Enter, stock: Stock) -> None:
    stock([*WORKED_EXAMPLE, *ordered(None, "2026-07-01")])
    html = enter("owner").get(f"/figures/retention_rate{SECOND_QUARTER}").content.decode()
    assert heading(html) == "Bindungsrate im 2. Quartal 2026: 67 %, sicher 21–94 %"


def test_the_sentence_of_the_list_says_what_was_ordered(enter: Enter, stock: Stock) -> None:
    stock([*WORKED_EXAMPLE, *ordered(None, "2026-07-01")])
    html = enter("owner").get(f"/figures{SECOND_QUARTER}").content.decode()
    assert "gaben 4 Kundinnen und Kunden 4 Bestellungen auf, für 40,00 €" in heading(html)
    assert "mehr als im Quartal davor" not in spaced(html) or "%" in heading(html)


def test_a_figure_nobody_knows_is_not_found(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    assert enter("owner").get("/figures/happiness").status_code == 404


@pytest.mark.parametrize("by", ["week", "month", "quarter", "half", "year", "nonsense"])
def test_the_series_comes_in_every_unit(enter: Enter, stock: Stock, by: str) -> None:
    stock(WORKED_EXAMPLE)
    client = enter("owner")
    for name in ("revenue", "retention_rate", "revenue_net", "second_order_within_90d"):
        assert client.get(f"/figures/{name}?by={by}").status_code == 200


def test_a_comparison_begins_where_the_unit_before_is_whole(enter: Enter, stock: Stock) -> None:
    stock(ordered("Ada", "2026-01-20", "2026-02-10", "2026-03-10", "2026-04-10", "2026-05-10"))
    body = enter("owner").get("/figures/retention_rate?by=month&format=csv").content.decode("utf-8-sig")
    months = [line.split(";")[2] for line in body.splitlines()[1:]]
    assert months == ["2026-03-01", "2026-04-01"]


def test_units_that_are_not_over_are_left_out(enter: Enter, stock: Stock) -> None:
    stock(ordered("Ada", "2026-01-01", "2026-02-10", "2026-03-10"))
    body = (
        enter("owner")
        .get("/figures/orders?by=month&from=2026-03-01&to=2026-03-31&format=csv")
        .content.decode("utf-8-sig")
    )
    assert [line.split(";")[2] for line in body.splitlines()[1:]] == ["2026-01-01", "2026-02-01"]
