"""Segments in a real browser: built without help, counted while typing, narrow and wide, light and dark, no script."""

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

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


def build(page: Page, title: str, text: str) -> str:
    """Save a segment by its text and return its address."""
    page.goto("/segments/new")
    page.locator("#text").fill(text)
    page.locator("#title").fill(title)
    page.locator("button[value=save]").click()
    expect(page).not_to_have_url(re.compile("/new$"))
    return page.url.split("/", 3)[3]


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_segments_are_accessible_and_fit(width: int, scheme: str, browser: Browser, server: Server) -> None:
    with tab(browser, server, width=width, color_scheme=scheme, has_touch=width < 500) as page:
        log_in(page, "owner")
        segment = "/" + build(page, f"Zweimal {width} {scheme}", "count(order.placed, last 90 days) >= 2")
        page.goto("/personas/new")
        page.locator("#persona_name").fill(f"Eva {width} {scheme}")
        page.locator("#persona_city").fill("Wien")
        page.locator("form.worksheet button.primary").click()
        persona = "/" + page.url.split("/", 3)[3]
        addresses = ["/segments", "/segments/new", segment, f"{segment}/edit", "/personas", "/personas/new", persona]
        problems = {address: look(page, address) for address in addresses}
    assert {address: problem for address, problem in problems.items() if problem} == {}


# Eva in Wien bought 80 and 40 days ago, Kaya in Graz 70 and 20 (not silent yet), Jo in Linz as Eva did (elsewhere),
# Mia in Graz once (40 days ago). All at noon by the clock of the business, so that the days of leaving are plain.
_FOUR_CUSTOMERS = """
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo
from django.db import transaction
from stammkunde.customers.models import Customer
from stammkunde.events import traits
from stammkunde.events.ingest import Draft, record
now, zone = datetime.now(UTC), ZoneInfo("Europe/Berlin")
day = lambda ago: datetime.combine(now.astimezone(zone).date() - timedelta(days=ago), time(12), zone)
with transaction.atomic():
    for name, city, orders in (
        ("Eva", "Wien", (80, 40)), ("Kaya", "Graz", (70, 20)), ("Jo", "Linz", (80, 40)), ("Mia", "Graz", (40,))
    ):
        who = Customer.objects.create(given_name=name, family_name="Verstummt", city=city, created_at=now)
        traits.note([who], now=now, at={who.pk: day(200)})
        record([
            Draft("order.placed", day(ago), "test", f"{name}-{ago}", who.pk, 400_000, "EUR") for ago in orders
        ], now=now, live=False)
"""


@pytest.fixture(scope="module")
def four_customers(server: Server) -> None:
    server.script(_FOUR_CUSTOMERS)
    server.command("mirror", "sync")


@pytest.mark.usefixtures("four_customers")
def test_bought_twice_then_silent_in_two_cities_up_to_the_day_on_which_she_leaves(owner_page: Page) -> None:
    owner_page.goto("/segments/new")
    expect(owner_page.locator("#answer .said b")).to_have_text(re.compile(r"\d"))
    owner_page.locator("#row-0-n").fill("2")
    owner_page.locator("button[value=add]").click()
    owner_page.locator("#row-1-kind").select_option("silent")
    owner_page.locator("button[value=add]").click()
    owner_page.locator("#row-2-kind").select_option("lives")
    owner_page.locator("#row-2-names").press_sequentially("Wien, Graz", delay=20)
    expect(owner_page.locator("#text")).to_have_value(
        "count(order.placed, last 90 days) >= 2\n"
        "and not any(order.placed, last 30 days)\n"
        'and customer.city in ("Wien", "Graz")'
    )
    expect(owner_page.locator("#answer .meaning")).to_contain_text("keine Bestellung in den letzten 30 Tagen")
    expect(owner_page.locator("#row-2-names")).to_be_focused()
    expect(owner_page.locator("#answer .said b")).to_have_text("1")
    expect(owner_page.locator("#answer")).to_contain_text("Eva Verstummt")
    owner_page.locator("#title").fill("Wien und Graz, verstummt")
    owner_page.locator("button[value=save]").click()
    expect(owner_page).to_have_url(re.compile("/segments/wien-und-graz-verstummt"))
    # The worker writes the members down; the page brings them by itself.
    member = owner_page.locator("#members tbody tr")
    expect(member).to_have_count(1)
    expect(member).to_contain_text("Eva Verstummt")
    expect(member).to_contain_text("2 Bestellungen in den letzten 90 Tagen")
    expect(member).to_contain_text("Stadt ist „Wien“")
    # Her first order leaves the 90 days ten days from now, at noon.
    leaves = datetime.now(ZoneInfo("Europe/Berlin")).date() + timedelta(days=10)
    expect(member).to_contain_text(f"{leaves:%d.%m.%Y}, 12:00")
    member.locator("a").click()
    belonging = owner_page.locator("#segments .belonging", has_text="Wien und Graz, verstummt")
    expect(belonging).to_contain_text("2 Bestellungen in den letzten 90 Tagen")
    expect(belonging).to_contain_text(f"bis {leaves:%d.%m.%Y}, 12:00")


def test_a_click_made_while_the_count_is_still_on_its_way_is_not_lost(owner_page: Page) -> None:
    owner_page.goto("/segments/new")
    expect(owner_page.locator("#answer .said b")).to_have_text(re.compile(r"\d"))
    owner_page.route("**/segments/new", lambda route: (time.sleep(0.6), route.continue_())[1])
    owner_page.locator("#row-0-n").fill("3")
    owner_page.locator("button[value=add]").click()
    owner_page.locator("#row-1-kind").select_option("silent")
    owner_page.locator("button[value=add]").click()
    expect(owner_page.locator("#row-2-kind")).to_be_visible()
    expect(owner_page.locator("#row-1-kind")).to_have_value("silent")
    expect(owner_page.locator("#row-0-n")).to_have_value("3")


def test_a_mistake_in_the_text_is_shown_at_once_with_the_name_that_was_meant(owner_page: Page) -> None:
    owner_page.goto("/segments/new")
    owner_page.locator("#text").fill("any(order.plced)")
    expect(owner_page.locator("#answer")).to_contain_text("Zeile 1, Spalte 5")
    expect(owner_page.locator("#answer code")).to_have_text("order.placed")
    owner_page.locator("#text").fill('any(order.placed) and customer.tone = "du"')
    expect(owner_page.locator("#row-1-kind")).to_have_value("tone")
    expect(owner_page.locator("#text")).to_be_focused()


def test_without_javascript_a_button_counts_and_rows_come_and_go(browser: Browser, server: Server) -> None:
    with tab(browser, server, java_script_enabled=False) as page:
        log_in(page, "marketing")
        page.goto("/segments/new")
        page.locator("button[value=add]").click()
        page.locator("#row-1-kind").select_option("lives")
        page.locator("button.no-script").click()
        page.locator("#row-1-names").fill("Wien")
        page.locator("button.no-script").click()
        expect(page.locator("#text")).to_have_value(re.compile(r'customer\.city in \("Wien"\)'))
        expect(page.locator("#answer .said")).to_be_visible()
        page.locator("button[value=remove-0]").click()
        expect(page.locator(".clause")).to_have_count(1)
