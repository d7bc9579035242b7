"""The check-up in a real browser: readable for all, narrow and wide, light and dark; answered without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import log_in, tab
from tests.server import Server

ADDRESSES = ("/checkup", "/checkup?show=connect", "/checkup/kit", "/checkup/q1", "/checkup/q5", "/checkup/s4.1")


def look(page: Page, address: str) -> str:
    """Say what is wrong with a page for those who do not see it well, or have a narrow screen."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('main details').forEach(folded => folded.open = true)")
    found = Axe().run(page)
    if found.violations_count:
        return str(found.generate_report())
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return "wider than the screen" if wide else ""


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_check_up_is_accessible_and_fits(width: int, scheme: str, browser: Browser, server: Server) -> None:
    with tab(browser, server, width=width, color_scheme=scheme, has_touch=width < 500) as page:
        log_in(page, "owner")
        problems = {address: look(page, address) for address in ADDRESSES}
    assert {address: problem for address, problem in problems.items() if problem} == {}


def test_a_person_answers_without_a_script(browser: Browser, server: Server) -> None:
    with tab(browser, server, java_script_enabled=False) as page:
        log_in(page, "service")
        page.goto("/checkup?show=person")
        page.locator("a[href='/checkup/e5.2']").click()
        page.locator("input[value=yes]").check()
        page.locator("textarea").fill("zwei Stunden, gestern nachgesehen")
        page.locator("#say button").click()
        expect(page.locator(".answered .sign")).to_have_text("ja")
        expect(page.locator("main")).to_contain_text("zwei Stunden, gestern nachgesehen")
