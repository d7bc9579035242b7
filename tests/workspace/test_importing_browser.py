"""A file comes in through a real browser, from the upload to the figures; with scripts and without."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import log_in, tab
from tests.server import Server, serving, write_orders

HEAD = "Beleg;Wer;Wann;Was;Stueck;Je Stück;Spalte {mark}\n"
WAIT_MS = 60_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a business of its own, for these tests fill it."""
    with serving(tmp_path_factory.mktemp("importing")) as running:
        yield running


def write(folder: Path, name: str = "bestellungen.csv", *, first: int = 1) -> Path:
    """Write a German export: semicolons, decimal commas, umlauts of Windows, names nobody has heard of.

    The last column differs from file to file: otherwise what was said about the one before would still hold.
    """
    rows = []
    for place in range(30):
        number, when = first + place, date(2026, 1, 5) + timedelta(days=place * 3)
        rows.append(f"R{number};K{number % 7};{when:%d.%m.%Y} 09:30;Seife süß;{number % 3 + 1};4,95;\n")
    rows.append(f"R{first + 99};K1;31.02.2026 09:30;Seife süß;1;4,95;\n")
    file = folder / name
    file.write_bytes((HEAD.format(mark=first) + "".join(rows)).encode("cp1252"))
    return file


def sound(page: Page) -> str:
    """Say what is wrong with the page for those who do not see it well, or have a narrow screen."""
    found = Axe().run(page)
    # The tool leaves empty style attributes behind, of which the browser then complains.
    page.evaluate("document.querySelectorAll('[style=\"\"]').forEach(it => it.removeAttribute('style'))")
    if found.violations_count:
        return str(found.generate_report())
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return "wider than the screen" if wide else ""


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_german_export_comes_in_step_by_step(
    width: int, scheme: str, browser: Browser, shop: Server, tmp_path: Path
) -> None:
    file = write(tmp_path, f"export-{width}.csv", first=width)
    problems = []
    with tab(browser, shop, width=width, color_scheme=scheme, has_touch=width < 500) as page:
        log_in(page, "marketing")
        page.goto("/imports")
        problems.append(sound(page))
        page.locator("#file").set_input_files(file)
        page.locator("#upload button").click()
        page.wait_for_url(re.compile("/imports/new/"))
        expect(page.get_by_role("alert")).to_contain_text("was eine Bestellung wert war")
        problems.append(sound(page))
        with page.expect_response(re.compile("field_unit_price")):
            page.locator("#field_unit_price").select_option(label="Je Stück")
        expect(page.locator(".preview")).to_contain_text("09:30")
        expect(page.locator(".notice")).to_contain_text("wer bestellt hat")
        with page.expect_response(re.compile("field_customer")):
            page.locator("#field_customer").select_option(label="Wer")
        expect(page.locator(".notice")).to_have_count(0)
        with page.expect_response(re.compile("field_category")):
            page.locator("#field_category").select_option(label="Was")
        expect(page.locator("#field_category")).to_have_value("#4")
        problems.append(sound(page))
        page.locator("button[value=check]").click()
        expect(page.locator(".outcome")).to_be_visible(timeout=WAIT_MS)
        problems.append(sound(page))
        page.locator("form:has(input[name=write]) button").click()
        expect(page.locator(".outcome a[href='/']")).to_be_visible(timeout=WAIT_MS)
        problems.append(sound(page))
        assert ["30", "0", "1", "31"] == page.locator(".outcome td.n").all_inner_texts()
        expect(page.get_by_text("31.02.2026 09:30")).to_be_visible()
        page.locator(".outcome a[href='/customers']").click()
        expect(page.locator("#found tbody tr")).to_have_count(7)
    assert [problem for problem in problems if problem] == []


def test_a_page_that_was_left_shows_the_end_when_one_comes_back(browser: Browser, shop: Server, tmp_path: Path) -> None:
    file = tmp_path / "zwei-jahre.csv"
    write_orders(file, last_day=date(2026, 6, 30))
    with tab(browser, shop) as page:
        log_in(page, "owner")
        page.goto("/imports")
        page.locator("#file").set_input_files(file)
        page.locator("#upload button").click()
        page.locator("button[value=start]").click()
        page.wait_for_url(re.compile(r"/imports/\d+$"))
        page.goto("/customers")
        page.goto("/imports")
        page.get_by_role("link", name="zwei-jahre.csv").first.click()
        expect(page.locator(".outcome")).to_be_visible(timeout=WAIT_MS)


def test_the_enter_key_looks_anew_and_does_not_start_anything(browser: Browser, shop: Server, tmp_path: Path) -> None:
    with tab(browser, shop) as page:
        log_in(page, "owner")
        page.goto("/imports")
        page.locator("#file").set_input_files(write(tmp_path, "enter.csv", first=5_000))
        page.locator("#upload button").click()
        page.locator("#shop").fill("Laden")
        page.locator("#shop").press("Enter")
        page.wait_for_url(re.compile("shop=Laden"))
        expect(page.locator("#shop")).to_have_value("Laden")


def test_without_javascript_a_file_comes_in_by_forms_and_the_page_looks_again_by_itself(
    browser: Browser, shop: Server, tmp_path: Path
) -> None:
    with tab(browser, shop, java_script_enabled=False) as page:
        log_in(page, "owner")
        page.goto("/imports")
        page.locator("#file").set_input_files(write(tmp_path, "plain.csv", first=9_000))
        page.locator("#upload button").click()
        page.locator("#field_unit_price").select_option(label="Je Stück")
        page.locator("button[value=look]:visible").last.click()
        expect(page.locator("#field_unit_price")).to_have_value("#6")
        page.locator("button[value=start]").click()
        expect(page.locator(".outcome a[href='/']")).to_be_visible(timeout=WAIT_MS)


def test_a_file_that_is_too_large_is_told_so_before_it_is_sent(browser: Browser, shop: Server, tmp_path: Path) -> None:
    with tab(browser, shop) as page:
        log_in(page, "owner")
        page.goto("/imports")
        page.locator("#upload").evaluate("form => form.dataset.limit = '10'")
        page.locator("#file").set_input_files(write(tmp_path))
        page.locator("#upload button").click()
        expect(page.locator("#upload-problem")).not_to_be_empty()
        expect(page).to_have_url(re.compile("/imports$"))


def test_an_excel_file_is_refused_with_words(browser: Browser, shop: Server, tmp_path: Path) -> None:
    file = tmp_path / "mappe.xlsx"
    file.write_bytes(b"PK\x03\x04" + bytes(500))
    with tab(browser, shop, width=390) as page:
        log_in(page, "owner")
        page.goto("/imports")
        page.locator("#file").set_input_files(file)
        page.locator("#upload button").click()
        expect(page.get_by_role("alert")).to_contain_text("Excel")
        assert "" == sound(page)
