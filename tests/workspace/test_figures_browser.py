"""Overview, figures, cohorts and RFM in a real browser: narrow and wide, light and dark, without scripts, printed."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import log_in, tab
from tests.server import Server

PAGES = (
    "/",
    "/?from=2020-01-01&to=2020-01-31",
    "/figures",
    "/figures/retention_rate",
    "/figures/revenue?by=week",
    "/figures/second_order_within_90d",
    "/figures/cohorts",
    "/figures/cohorts?by=week&show=counts",
    "/customers/rfm",
    "/customers/rfm?rule=thresholds&recency0=90&recency1=30",
)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.looks
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_fit(width: int, scheme: str, browser: Browser, server: Server) -> None:
    with tab(browser, server, width=width, color_scheme=scheme, has_touch=width < 500) as page:
        log_in(page, "analyst")
        problems = {address: _look(page, address) for address in PAGES}
    assert {address: problem for address, problem in problems.items() if problem} == {}


@pytest.mark.looks
def test_pages_fit_while_there_is_no_data(browser: Browser, empty_server: Server) -> None:
    with tab(browser, empty_server, width=390) as page:
        log_in(page, "owner")
        addresses = ("/", "/figures", "/figures/retention_rate", "/figures/cohorts", "/customers/rfm")
        problems = {address: _look(page, address) for address in addresses}
        page.goto("/")
        expect(page.get_by_role("link", name="Bestellungen importieren")).to_be_visible()
    assert {address: problem for address, problem in problems.items() if problem} == {}


@pytest.mark.looks
def test_what_is_touched_is_large_enough(browser: Browser, server: Server) -> None:
    with tab(browser, server, width=390, has_touch=True, is_mobile=True) as page:
        log_in(page, "owner")
        small = {address: _too_small(page, address) for address in PAGES}
    assert {address: found for address, found in small.items() if found} == {}


@pytest.fixture
def plain_page(browser: Browser, server: Server) -> Iterator[Page]:
    """Open a tab without JavaScript in which the owner has logged in."""
    with tab(browser, server, java_script_enabled=False) as opened:
        log_in(opened, "owner")
        yield opened


def test_without_javascript_one_chooses_another_period(plain_page: Page) -> None:
    plain_page.goto("/")
    plain_page.get_by_role("navigation", name="Zeitraum").get_by_role("link", name="Monat").click()
    expect(plain_page.locator("nav.tabs a[aria-current=true]").first).to_have_text("Monat")
    there = plain_page.locator("h1").text_content()
    plain_page.get_by_role("link", name="← Früher").click()
    assert plain_page.locator("h1").text_content() != there


def test_own_days_are_sent_as_a_form_and_stay_in_the_address(plain_page: Page) -> None:
    plain_page.goto("/figures")
    plain_page.locator("details.days summary").click()
    plain_page.locator("input[type=date][name=from]").fill("2026-01-01")
    plain_page.locator("input[type=date][name=to]").fill(date(2026, 3, 15).isoformat())
    plain_page.get_by_role("navigation", name="Zeitraum").get_by_role("button", name="Anzeigen").click()
    assert plain_page.url.endswith("/figures?from=2026-01-01&to=2026-03-15")


def test_a_card_leads_to_its_figure_and_to_the_query(owner_page: Page) -> None:
    owner_page.goto("/")
    owner_page.get_by_role("link", name="Wiedergekommen", exact=True).click()
    expect(owner_page.locator("h1")).to_contain_text("Bindungsrate")
    expect(owner_page.locator("#counted pre")).to_contain_text("from orders")


def test_pictures_have_names_and_descriptions(owner_page: Page) -> None:
    owner_page.goto("/")
    for picture in owner_page.locator("svg.picture").all():
        expect(picture).to_have_attribute("role", "img")
        assert picture.locator("> title").text_content()
        assert picture.locator("> desc").text_content()


def test_a_group_leads_to_as_many_customers_as_it_counts(owner_page: Page) -> None:
    owner_page.goto("/customers/rfm")
    link = owner_page.locator("table.cards tbody a[href*='?group=']").first
    count = (link.text_content() or "").strip()
    link.click()
    expect(owner_page.locator("main")).to_contain_text(f"{count} ")


def test_the_next_step_leads_to_as_many_customers_as_it_counts(owner_page: Page) -> None:
    owner_page.goto("/")
    said = re.search(r"Als Nächstes:\s+(\d+)", owner_page.locator(".next").text_content() or "")
    assert said is not None
    owner_page.locator(".next a").click()
    expect(owner_page.locator("h1")).to_contain_text(said[1])


def test_the_table_is_downloaded(owner_page: Page) -> None:
    owner_page.goto("/figures/cohorts")
    with owner_page.expect_download() as taken:
        owner_page.get_by_role("link", name="Als CSV herunterladen").click()
    assert taken.value.suggested_filename == "stammkunde-cohorts-month.csv"


@pytest.mark.looks
def test_the_overview_prints_on_a4_without_what_only_screens_need(owner_page: Page) -> None:
    owner_page.goto("/")
    owner_page.emulate_media(media="print")
    expect(owner_page.locator("nav.tabs").first).to_be_hidden()
    expect(owner_page.locator("svg.bridge")).to_be_visible()
    assert owner_page.pdf(format="A4").count(b"/Type /Page\n") <= 6


def _look(page: Page, address: str) -> str:
    page.goto(address)
    found = Axe().run(page)
    if found.violations_count:
        return str(found.generate_report())
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return "wider than the screen" if wide else ""


def _too_small(page: Page, address: str) -> list[str]:
    page.goto(address)
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main summary, main input:not([type=hidden])")]
            .filter((each) => each.checkVisibility() && !each.closest("p, td, th, dialog, figcaption, h3, label"))
            .filter((each) => each.getBoundingClientRect().height < 43.5)
            .map((each) => each.textContent.trim() || each.name)"""
    )
    return found
