"""Drive Debian's Chromium as a person would, and fail on what a person would not see: script errors, foreign hosts."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.server import PASSWORD, Server

_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all browser tests of this process."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("no Chromium: install it (Debian: apt-get install chromium) or run `python3 boot.py test`")
    # Playwright's synchronous face keeps an event loop in this thread; Django would then refuse its own database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(_QUIET))
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """Open an empty tab at the stocked server, German, 1280 px wide; `page.goto("/")` stays there."""
    with tab(browser, server) as opened:
        yield opened


@pytest.fixture
def owner_page(browser: Browser, server: Server) -> Iterator[Page]:
    """Open a tab in which the owner has logged in."""
    with tab(browser, server) as opened:
        log_in(opened, "owner")
        yield opened


@contextmanager
def tab(
    browser: Browser, server: Server, *, width: int = 1280, locale: str = "de-DE", **options: Any
) -> Iterator[Page]:
    """Open a tab that notes what a person would not see, and fail at its end when there was such a thing."""
    context = browser.new_context(
        base_url=server.url, locale=locale, viewport={"width": width, "height": 900}, **options
    )
    context.set_default_timeout(30_000)
    opened = context.new_page()
    wrong: list[str] = []
    host = urlsplit(server.url).netloc
    opened.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    opened.on("console", lambda said: wrong.append(f"console: {said.text}") if _is_wrong(said) else None)
    opened.on("request", lambda request: _note_foreign(request.url, host, wrong))
    try:
        yield opened
    finally:
        context.close()
    assert wrong == []


def log_in(page: Page, role: str) -> None:
    """Log in as the person with this role, as a person does."""
    page.goto("/")
    page.locator("input[name=username]").fill(f"{role}@shop.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_load_state()


def _is_wrong(said: ConsoleMessage) -> bool:
    """A form that was refused (422) and a count overtaken by a newer one are logged too; that is how it should be."""
    return said.type == "error" and "status of 422" not in said.text and not said.text.startswith(_OVERTAKEN)


_OVERTAKEN = ("htmx:afterRequest, ", "htmx:sendAbort, ")


def _note_foreign(url: str, host: str, wrong: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.netloc != host:
        wrong.append(f"asked a foreign host: {url}")
