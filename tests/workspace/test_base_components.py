"""The components every page is built from: figure card, heat shades, navigation, brand colour, headers."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import stammkunde
from stammkunde.accounts.models import User
from stammkunde.workspace import brand, navigation
from stammkunde.workspace.figure_card import figure_card, sparkline
from tests.staff import Enter

SOURCE = Path(stammkunde.__file__).parent


@dataclass(frozen=True)
class Retention:
    """A figure as the library returns one."""

    name: str = "retention_rate"
    value: float | None = 0.62
    unit: str = "share"
    n: int | None = 2140
    interval: tuple[float, float] | None = (0.6, 0.64)
    definition: str = "(start − lost) ÷ start"
    why_unknown: str | None = None
    grade: str = "D"


def printed(source: str, **context: object) -> str:
    return Template("{% load stammkunde %}" + source).render(Context(context))


def test_a_figure_shows_value_interval_n_and_grade() -> None:
    with translation.override("de"):
        card = figure_card(Retention(), title="Wiedergekommen", trend=[0.5, 0.55, 0.62])
        html = printed("{% figure it 'Wiedergekommen' trend=trend %}", it=Retention(), trend=[0.5, 0.6])
    assert card.bar is not None
    assert (card.bar.start, card.bar.width, card.bar.point) == ("60.0", "4.0", "62.0")
    assert "n&#8239;=&#8239;2.140" in html
    assert "60–64" in html
    assert 'data-figure="retention_rate"' in html
    assert "Güte D" in html


def test_unknown_looks_different_from_zero_and_says_why() -> None:
    missing = Retention(value=None, n=None, interval=None, why_unknown="Die Daten beginnen zu spät.")
    with translation.override("de"):
        unknown = printed("{% figure it 'Wiedergekommen' %}", it=missing)
        zero = printed("{% figure it 'Wiedergekommen' %}", it=Retention(value=0.0, interval=(0.0, 0.002)))
    assert "is-unknown" in unknown
    assert "unbekannt" in unknown
    assert "Die Daten beginnen zu spät." in unknown
    assert "is-unknown" not in zero
    assert ">0<" in zero


def test_a_trend_breaks_where_nothing_is_known() -> None:
    line = sparkline([1.0, 2.0, None, 4.0, 3.0])
    assert line is not None
    assert [len(stroke.split()) for stroke in line.strokes] == [2, 2]
    assert line.last == line.strokes[-1].split()[-1]
    assert sparkline([None, 1.0, None]) is None


@given(st.lists(st.none() | st.floats(-1e9, 1e9), max_size=40))
def test_a_trend_stays_in_its_box(values: list[float | None]) -> None:
    line = sparkline(values)
    for point in [] if line is None else " ".join(line.strokes).split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= 120
        assert 0 <= y <= 28


@pytest.mark.parametrize(
    ("share", "expected"), [(None, "heat-none"), (0.0, "heat-0"), (0.5, "heat-10"), (1.0, "heat-20"), (7.0, "heat-20")]
)
def test_shades(share: float | None, expected: str) -> None:
    assert printed("{{ share|heat }}", share=share) == expected


def test_every_shade_is_in_the_style_sheet() -> None:
    style = Path(str(finders.find("workspace/style.css"))).read_text()
    assert [n for n in range(1, 21) if f".heat-{n} {{" not in style] == []


def test_no_template_carries_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|https?://")
    finds = [
        f"{file.relative_to(SOURCE)}: {found[0]}"
        for file in SOURCE.rglob("*.html")
        if (found := inline.search(file.read_text().replace("http://www.w3.org/2000/svg", "")))
    ]
    assert finds == []


@pytest.mark.parametrize("language", ["de", "de-du", "en"])
def test_every_key_after_g_leads_to_one_page(language: str) -> None:
    with translation.override(language):
        pages = [page for place in (*navigation.PLACES, navigation.SETTINGS) for page in place.pages]
        letters = [str(page.letter) for page in pages]
    assert len(set(letters)) == len(letters)
    assert all(len(letter) == 1 for letter in letters)


def test_people_see_only_the_settings_they_may_open(enter: Enter) -> None:
    def titles(role: str) -> list[str]:
        page = enter(role, language="en").get("/account").content.decode()
        return re.findall(r'<nav class="tabs".*?</nav>', page, re.DOTALL)[0].count("<a ") * ["page"]

    assert len(titles("owner")) == 5
    assert len(titles("analyst")) == 2


def test_a_place_nobody_has_built_yet_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = navigation.Place("Journey", (navigation.Page("Journey", "journey-that-does-not-exist", "j"),))
    monkeypatch.setattr(navigation, "PLACES", (empty,))
    request = RequestFactory().get("/")
    request.user = User(role="owner")
    request.resolver_match = None
    assert navigation.places(request) == []


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_any_brand_colour_can_be_read_on_light_and_on_dark(colour: brand.Colour) -> None:
    for paper in (brand.LIGHT_PAPER, brand.DARK_PAPER):
        assert brand.contrast(brand.readable(colour, on=paper), paper) >= 4.5


def test_a_readable_brand_colour_stays_as_it_is() -> None:
    assert brand.readable((15, 107, 92), on=brand.LIGHT_PAPER) == (15, 107, 92)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/login", "/account", "/nothing", "/brand.css", "/api/v1/figures"])
def test_every_answer_tells_the_browser_to_be_careful(address: str, enter: Enter) -> None:
    headers = enter("owner").get(address).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert address == "/brand.css" or "no-store" in headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        pytest.param("/nothing", 404, "Unter dieser Adresse ist nichts.", id="an address that leads nowhere"),
        pytest.param("/settings/people", 403, "Diese Seite ist Ihnen nicht zugänglich.", id="a page for others"),
    ],
)
def test_errors_say_what_to_do(address: str, status: int, says: str, enter: Enter) -> None:
    response = enter("analyst").get(address)
    assert response.status_code == status
    assert says in response.content.decode()
