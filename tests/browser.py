"""Drive Debian's Chromium as a person would, and fail on what a person would not see: script errors, foreign hosts."""

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.server import Server

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
    """Open an empty tab at the server, German, 1280 px wide; `page.goto("/")` goes to the server's own pages."""
    context = browser.new_context(base_url=server.url, locale="de-DE", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    tab = context.new_page()
    wrong: list[str] = []
    host = urlsplit(server.url).netloc
    tab.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    tab.on("request", lambda request: _note_foreign(request.url, host, wrong))
    yield tab
    context.close()
    assert wrong == []


def _note_foreign(url: str, host: str, wrong: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.netloc != host:
        wrong.append(f"asked a foreign host: {url}")
