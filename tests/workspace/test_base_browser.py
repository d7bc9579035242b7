"""The frame of every page in a real browser: keyboard, menu, narrow screens, light and dark, without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import log_in, tab
from tests.server import PASSWORD, Server

SETTINGS = (
    "/account",
    "/account/password",
    "/settings/business",
    "/settings/people",
    "/settings/people/add",
    "/settings/keys",
    "/settings/audit",
)


@pytest.fixture
def owner_page(browser: Browser, empty_server: Server) -> Iterator[Page]:
    """Open a tab in which the owner of a business without orders has logged in."""
    with tab(browser, empty_server) as opened:
        log_in(opened, "owner")
        yield opened


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_settings_are_accessible_and_fit(width: int, scheme: str, browser: Browser, empty_server: Server) -> None:
    with tab(browser, empty_server, width=width, color_scheme=scheme, has_touch=width < 500) as page:
        page.goto("/login")
        problems = [_look(page, "/login")]
        log_in(page, "owner")
        problems += [_look(page, address) for address in SETTINGS]
    assert [problem for problem in problems if problem] == []


def _look(page: Page, address: str) -> str:
    page.goto(address)
    found = Axe().run(page)
    if found.violations_count:
        return f"{address}: {found.generate_report()}"
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        return f"{address} is wider than the screen"
    return ""


@pytest.mark.looks
def test_what_is_touched_is_large_enough(browser: Browser, empty_server: Server) -> None:
    with tab(browser, empty_server, width=390, has_touch=True, is_mobile=True) as page:
        log_in(page, "owner")
        small = {address: _too_small(page, address) for address in SETTINGS}
    assert {address: found for address, found in small.items() if found} == {}


def _too_small(page: Page, address: str) -> list[str]:
    page.goto(address)
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("a, button, select, summary, input:not([type=checkbox], [type=hidden])")]
            .filter((each) => each.checkVisibility() && !each.closest("p, td, th, dialog"))
            .filter((each) => each.getBoundingClientRect().height < 43.5)
            .map((each) => each.textContent.trim() || each.name)"""
    )
    return found


def test_the_keyboard_searches_goes_and_shows_all(owner_page: Page) -> None:
    owner_page.goto("/account")
    owner_page.keyboard.press("/")
    expect(owner_page.locator("#search")).to_be_focused()
    owner_page.keyboard.type("g")
    expect(owner_page).to_have_url(re.compile("/account$"))
    owner_page.locator("#main").focus()
    owner_page.keyboard.press("?")
    expect(owner_page.locator("dialog#keys")).to_be_visible()
    owner_page.keyboard.press("Escape")
    expect(owner_page.locator("dialog#keys")).to_be_hidden()
    owner_page.keyboard.press("g")
    owner_page.keyboard.press("u")
    owner_page.wait_for_url(lambda url: url.endswith("/"))


def test_the_menu_behind_the_name_closes_with_escape_and_gives_the_focus_back(owner_page: Page) -> None:
    owner_page.goto("/account")
    menu = owner_page.locator("details.menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("button", name="Abmelden")).to_be_visible()
    owner_page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="Abmelden")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_the_first_tab_leads_past_the_menu(owner_page: Page) -> None:
    owner_page.goto("/account")
    owner_page.keyboard.press("Tab")
    expect(owner_page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    owner_page.keyboard.press("Enter")
    expect(owner_page.locator("#main")).to_be_focused()


def test_everything_works_without_javascript(browser: Browser, empty_server: Server) -> None:
    with tab(browser, empty_server, java_script_enabled=False) as page:
        log_in(page, "marketing")
        page.goto("/account")
        page.get_by_label("Sprache").select_option("en")
        page.get_by_role("button", name="Speichern").click()
        expect(page.get_by_text("Your account is saved.")).to_be_visible()
        page.get_by_label("Language").select_option("de")
        page.get_by_role("button", name="Save").click()
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Abmelden").click()
        expect(page.get_by_label("Passwort")).to_be_visible()


def test_an_owner_brings_somebody_in_who_then_gives_a_program_a_key(browser: Browser, empty_server: Server) -> None:
    with tab(browser, empty_server) as page:
        log_in(page, "owner")
        page.goto("/settings/people")
        page.get_by_role("link", name="Person hinzufügen").click()
        page.get_by_label("E-Mail-Adresse").fill("nina@shop.example")
        page.get_by_label("Rolle").select_option("analyst")
        page.get_by_label("Erstes Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Speichern").click()
        expect(page.get_by_text("nina@shop.example kann sich jetzt anmelden.")).to_be_visible()
    with tab(browser, empty_server) as page:
        page.goto("/login")
        page.get_by_label("E-Mail-Adresse").fill("nina@shop.example")
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        page.goto("/settings/keys")
        page.get_by_label("Wofür ist er?").fill("Tabelle im Büro")
        page.get_by_label("Kennzahlen, Kohorten").check()
        page.get_by_role("button", name="Schlüssel anlegen").click()
        token = page.locator("pre code").first.inner_text()
        answer = page.request.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {token}"})
        assert answer.ok
        page.goto("/settings/keys")
        page.locator("details.sure summary").click()
        page.get_by_role("button", name="Tabelle im Büro sperren").click()
        expect(page.get_by_text("öffnet nichts mehr")).to_be_visible()
        assert page.request.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {token}"}).status == 401


@pytest.mark.looks
def test_the_audit_log_prints_on_paper_without_the_frame(owner_page: Page) -> None:
    owner_page.goto("/settings/audit")
    owner_page.emulate_media(media="print")
    expect(owner_page.locator(".side")).to_be_hidden()
    expect(owner_page.locator("main table")).to_be_visible()
