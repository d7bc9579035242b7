"""Give every test the stage it asks for: real data, a database kind, a running server, a browser."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = Path(os.environ.get("STAMMKUNDE_TEST_DATA", ROOT.parent / "shared" / "data"))
_TOUCHING = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "server",
    "empty_server",
}

pytest_plugins = ["tests.server", "tests.browser", "tests.staff"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--touching-database", action="store_true", help="run only the tests that touch the database")
    parser.addoption("--short", action="store_true", help="try fewer rounds in the tests marked prove")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
    if config.getoption("--touching-database"):
        away = [item for item in items if not _touches_database(item)]
        config.hook.pytest_deselected(items=away)
        items[:] = [item for item in items if _touches_database(item)]


def _touches_database(item: pytest.Item) -> bool:
    wanted = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(wanted & _TOUCHING)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Name the folder of real data for tests; it is not part of the project, so a clone alone goes without."""
    if not REAL_DATA.is_dir():
        pytest.skip("no real data: set STAMMKUNDE_TEST_DATA to the folder that holds online_retail_ii, cdnow …")
    return REAL_DATA


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """Say how often a fault is tried: 20 times, or 3 in the short form."""
    return 3 if request.config.getoption("--short") else 20
