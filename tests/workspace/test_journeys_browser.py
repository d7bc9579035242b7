"""Maps in a real browser: seen by everybody on every screen, moved by mouse and keyboard, connected without code."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import log_in, tab
from tests.server import Server
from tests.workspace.journey_shop import MAP

ALL = (
    "/journeys", "/journeys/new", "/journeys/import", "{map}", "{map}?with=before", "{map}/touchpoints/first",
    "{map}/paths", "{map}/pains", "{map}/versions", "{map}/poster", "{map}/edit", "{map}/edit/text",
    "{map}/edit/touchpoints/first", "{map}/edit/phases/buy",
)  # fmt: skip
SOME = ("{map}?with=before", "{map}/paths", "{map}/edit")


def bring(server: Server, name: str) -> str:
    """Publish the map under a name and return its address."""
    file = server.home / f"{name}.yaml"
    file.write_text(MAP.replace("journey: shop", f"journey: {name}"), encoding="utf-8")
    server.command("journey", "import", str(file))
    return f"/journeys/{name}"


def look(page: Page, address: str) -> str:
    """Say what is wrong with a page for those who do not see it well, or have a narrow screen."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('main details').forEach(folded => folded.open = true)")
    found = Axe().run(page)
    if found.violations_count:
        return str(found.generate_report())
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return "wider than the screen" if wide else ""


@pytest.mark.parametrize(
    ("width", "scheme", "addresses"),
    [(1280, "light", ALL), (390, "dark", ALL), (1280, "dark", SOME), (390, "light", SOME)],
    ids=["wide and light", "narrow and dark", "wide and dark", "narrow and light"],
)
def test_maps_are_accessible_and_fit(
    width: int, scheme: str, addresses: tuple[str, ...], browser: Browser, server: Server
) -> None:
    name = bring(server, "seen")
    with tab(browser, server, width=width, color_scheme=scheme, has_touch=width < 500) as page:
        log_in(page, "owner")
        problems = {address: look(page, address.format(map=name)) for address in addresses}
    assert {address: problem for address, problem in problems.items() if problem} == {}


def test_a_touchpoint_is_dragged_moved_by_keys_and_brought_back(owner_page: Page, server: Server) -> None:
    owner_page.goto(f"{bring(server, 'moved')}/edit")
    owner_page.locator("#piece-letter h3").drag_to(owner_page.locator("[data-phase=buy] .stock"))
    expect(owner_page.locator("[data-phase=buy] #piece-letter")).to_be_visible()
    expect(owner_page.locator(".said")).to_contain_text("nach „Kaufen“ verschoben")
    owner_page.locator("#piece-letter h3 a").focus()
    owner_page.keyboard.press("Alt+ArrowLeft")
    expect(owner_page.locator("[data-phase=meet] #piece-letter")).to_be_visible()
    expect(owner_page.locator("#piece-letter h3 a")).to_be_focused()
    owner_page.keyboard.press("Control+z")
    expect(owner_page.locator("[data-phase=buy] #piece-letter")).to_be_visible()
    owner_page.locator("#undo").click()
    expect(owner_page.locator("[data-phase=meet] #piece-letter")).to_be_visible()
    owner_page.locator("#redo").click()
    expect(owner_page.locator("[data-phase=buy] #piece-letter")).to_be_visible()


def test_what_is_removed_is_no_longer_counted_above_the_board(owner_page: Page, server: Server) -> None:
    owner_page.goto(f"{bring(server, 'lessened')}/edit")
    expect(owner_page.locator("h1")).to_contain_text("5 Kontaktpunkte")
    owner_page.locator("#piece-letter button[value='remove:letter']").click()
    expect(owner_page.locator("h1")).to_contain_text("4 Kontaktpunkte")
    owner_page.locator("#undo").click()
    expect(owner_page.locator("h1")).to_contain_text("5 Kontaktpunkte")


def test_a_signal_is_chosen_from_what_is_seen_and_shows_what_it_finds(owner_page: Page, server: Server) -> None:
    owner_page.goto(f"{bring(server, 'connected')}/edit/touchpoints/ask")
    owner_page.locator("#signal-kind").select_option("order.placed")
    expect(owner_page.locator("#signal-text")).to_have_value("order.placed")
    owner_page.locator("#signal-which").select_option("2")
    expect(owner_page.locator("#signal-text")).to_have_value("nth(order.placed, 2)")
    expect(owner_page.locator("#signal .now")).to_contain_text(re.compile(r"Dieses Signal findet [\d.]+ Kunden"))
    owner_page.locator("#signal-sort").select_option("silence")
    expect(owner_page.locator("#signal-text")).to_have_value(re.compile("then none.* for 60 days"))
    owner_page.locator("#touchpoint button[value=save]").click()
    expect(owner_page).to_have_url(re.compile("/edit$"))
    expect(owner_page.locator("#piece-ask")).to_contain_text("dann still seit 60 Tagen")


def test_without_javascript_a_map_is_begun_changed_and_published(browser: Browser, server: Server) -> None:
    with tab(browser, server, java_script_enabled=False) as page:
        log_in(page, "marketing")
        page.goto("/journeys/new")
        page.locator("#title-three-stations").fill("Ohne Skript")
        page.locator("section:has(#title-three-stations) button.primary").click()
        expect(page).to_have_url(re.compile("/journeys/ohne-skript/edit$"))
        first = page.locator(".column[data-phase]").first
        first.locator("input[id^=new-]").fill("Schaufenster")
        first.locator(".adding button").click()
        expect(page.locator("#piece-schaufenster")).to_be_visible()
        page.locator("#piece-schaufenster a").click()
        page.locator("#signal-kind").select_option("order.placed")
        page.locator("#signal button[value=check]").click()
        expect(page.locator("#signal-text")).to_have_value("order.placed")
        page.locator("button[value=save]").click()
        page.locator("#right-schaufenster").click()
        page.goto("/journeys/ohne-skript/versions")
        page.locator("button[value=publish]").click()
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("#tp-schaufenster")).to_contain_text("Menschen")
