"""Customers in a real browser: found while typing, narrow and wide, light and dark, and without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import log_in, tab
from tests.server import Server


def look(page: Page, address: str) -> str:
    """Say what is wrong with a page for those who do not see it well, or have a narrow screen."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('main details').forEach(folded => folded.open = true)")
    found = Axe().run(page)
    if found.violations_count:
        return str(found.generate_report())
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return "wider than the screen" if wide else ""


def someone(page: Page) -> str:
    """Return the address of the customer who has ordered most often."""
    page.goto("/customers?sort=-orders")
    return str(page.locator("#found tbody a").first.get_attribute("href"))


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_customers_are_accessible_and_fit(width: int, scheme: str, browser: Browser, server: Server) -> None:
    with tab(browser, server, width=width, color_scheme=scheme, has_touch=width < 500) as page:
        log_in(page, "owner")
        addresses = ["/customers", "/customers?q=nobody", "/customers?standing=silent&page=2", someone(page)]
        problems = {address: look(page, address) for address in addresses}
    assert {address: problem for address, problem in problems.items() if problem} == {}


def test_the_list_follows_what_is_typed_and_the_address_can_be_sent_on(owner_page: Page) -> None:
    owner_page.goto("/customers")
    number = owner_page.locator("#found tbody a").first.inner_text().split()[-1]
    with owner_page.expect_response(re.compile(r"/customers\?q=")):
        owner_page.locator("#filter_q").press_sequentially(number)
    expect(owner_page.locator("#sentence")).to_contain_text(f"„{number}“")
    expect(owner_page.locator("#filter_q")).to_be_focused()
    owner_page.reload()
    expect(owner_page.locator("#filter_q")).to_have_value(number)
    assert f"q={number}" in owner_page.url


def test_filters_narrow_the_list_and_the_choice_of_standing_keeps_them(owner_page: Page) -> None:
    owner_page.goto("/customers")
    with owner_page.expect_response(re.compile("min_orders=3")):
        owner_page.locator("#filter_min_orders").fill("3")
        owner_page.locator("#filter_min_orders").blur()
    owner_page.locator("#standings a:has(.regular)").click()
    expect(owner_page).to_have_url(re.compile("min_orders=3"))
    expect(owner_page).to_have_url(re.compile("standing=regular"))
    orders = owner_page.locator("#found tbody tr td:nth-child(3)").all_inner_texts()
    assert orders
    assert min(int(count) for count in orders) >= 3


def test_columns_sort_and_pages_turn(owner_page: Page) -> None:
    owner_page.goto("/customers")
    owner_page.get_by_role("link", name="Bestellungen", exact=True).click()
    expect(owner_page.locator("th[aria-sort=descending]")).to_contain_text("Bestellungen")
    first = owner_page.locator("#found tbody a").first.inner_text()
    owner_page.locator("nav.pager a[rel=next]").click()
    expect(owner_page.locator("nav.pager a[rel=prev]")).to_be_visible()
    assert first != owner_page.locator("#found tbody a").first.inner_text()


def test_a_customer_unfolds_her_orders(owner_page: Page) -> None:
    owner_page.goto(someone(owner_page))
    lines = owner_page.locator(".timeline details").first
    lines.locator("summary").click()
    expect(lines.locator("tbody tr").first).to_be_visible()
    expect(owner_page.locator("svg.purchases")).to_be_visible()


def test_without_javascript_customers_are_found_by_a_form(browser: Browser, server: Server) -> None:
    with tab(browser, server, java_script_enabled=False) as page:
        log_in(page, "service")
        page.goto("/customers")
        number = page.locator("#found tbody a").first.inner_text().split()[-1]
        page.locator("#filter_q").fill(number)
        page.locator("form.filters button").click()
        expect(page.locator("#found tbody a").first).to_contain_text(number)
        page.locator("#found tbody a").first.click()
        expect(page.locator("h1")).to_contain_text(number)
