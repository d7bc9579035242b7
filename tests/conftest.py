"""Give every test the stage it asks for: real data, a database kind, a running server, a browser."""

import os
import tarfile
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
    if config.getoption("--short"):
        away = [item for item in items if _is_left_to_the_long_form(item)]
        config.hook.pytest_deselected(items=away)
        items[:] = [item for item in items if not _is_left_to_the_long_form(item)]
    if config.getoption("--touching-database"):
        away = [item for item in items if not _touches_database(item)]
        config.hook.pytest_deselected(items=away)
        items[:] = [item for item in items if _touches_database(item)]


def _is_left_to_the_long_form(item: pytest.Item) -> bool:
    """Tell whether this is one of the many random histories of which the short form lives through every fifth."""
    seed = getattr(item, "callspec", None) and item.callspec.params.get("seed")  # type: ignore[attr-defined]
    return item.get_closest_marker("prove") is not None and isinstance(seed, int) and seed % 5 != 0


def _touches_database(item: pytest.Item) -> bool:
    wanted = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(wanted & _TOUCHING)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Name the folder of real data for tests; it is not part of the project, so a clone alone goes without."""
    if not REAL_DATA.is_dir():
        pytest.skip("no real data: set STAMMKUNDE_TEST_DATA to the folder that holds online_retail_ii, cdnow …")
    return REAL_DATA


@pytest.fixture(scope="session")
def csv_horrors(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the collections of difficult files that others have gathered."""
    folder = tmp_path_factory.mktemp("horrors")
    with tarfile.open(real_data / "csv_horrors" / "encodings_and_csv_spectrum.tar.xz") as archive:
        # Debian 12's Python does not know filters yet.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    return folder


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """Say how often a fault is tried: 20 times, or 3 in the short form."""
    return 3 if request.config.getoption("--short") else 20
