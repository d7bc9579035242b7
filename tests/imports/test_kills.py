"""kill -9 at any moment, as often as you like: the end is that of one undisturbed import; two at once end as one."""

import random
import time
from pathlib import Path
from typing import Any

import pytest

from tests.imports.processes import Place, finish

HEADER = "order_id,customer,date,sku,description,quantity,unit_price\n"
UNITS = 20


def orders(folder: Path, *, count: int = 2_000) -> Path:
    """Write orders of one to three lines, some of them returns, a few that make no sense."""
    chance = random.Random(7)
    file = folder / "orders.csv"
    with file.open("w", encoding="utf-8") as stream:
        stream.write(HEADER)
        for number in range(1, count + 1):
            customer = chance.choice(["", *range(1, 400)])
            day = f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            for _ in range(chance.randint(1, 3)):
                product = chance.randint(1, 300)
                quantity = -1 if chance.random() < 0.05 else "many" if chance.random() < 0.005 else chance.randint(1, 9)
                stream.write(f"{number},{customer},{day},P{product},Product {product},{quantity},{product / 10}\n")
    return file


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], dict[str, float]]:
    """Import the file without disturbance; return it, what is in the database then, and how long the phases take."""
    folder = tmp_path_factory.mktemp("undisturbed")
    file = orders(folder)
    place = Place.new(folder / "home")
    began: dict[str, float] = {}
    with place.start(file, units=UNITS) as process:
        assert process.stdout
        for line in process.stdout:
            began.setdefault(line.strip() if not line.startswith("{") else "result", time.monotonic())
    assert process.returncode == 0
    preparing, writing = began["writing"] - began["begin"], began["result"] - began["writing"]
    return file, place.contents(), {"preparing": preparing, "writing": writing}


@pytest.mark.usefixtures("transactional_db")
def test_a_few_kills(undisturbed: tuple[Path, dict[str, Any], dict[str, float]], tmp_path: Path) -> None:
    _kill_and_compare(undisturbed, tmp_path, kills=5)


@pytest.mark.prove
@pytest.mark.usefixtures("transactional_db")
def test_many_kills(undisturbed: tuple[Path, dict[str, Any], dict[str, float]], tmp_path: Path, rounds: int) -> None:
    _kill_and_compare(undisturbed, tmp_path, kills=rounds)


def _kill_and_compare(undisturbed: tuple[Path, dict[str, Any], dict[str, float]], folder: Path, *, kills: int) -> None:
    file, expected, takes = undisturbed
    place = Place.new(folder / "home")
    chance = random.Random()
    happened = 0
    for _ in range(kills):
        process = place.start(file, units=UNITS)
        wait_for = chance.choice(["begin", "writing", "writing"])
        assert process.stdout
        for line in process.stdout:
            if line.strip() == wait_for:
                break
        span = takes["preparing"] if wait_for == "begin" else takes["writing"] / kills
        time.sleep(chance.uniform(0, span))
        process.kill()
        process.communicate()
        happened += process.returncode == -9
    finish(place.start(file, units=UNITS))
    assert happened == kills
    after = place.contents()
    assert _differing(expected, after) == []
    # A process killed right after its last commit had finished its import: the next one found everything known.
    first, *more = after["imports"]
    assert [first] == expected["imports"]
    assert [0 for _ in more] == [imported for _, _, imported, *_ in more]


def _differing(expected: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name the tables that differ; to show them would fill thousands of lines."""
    return [name for name in expected if name != "imports" and expected[name] != after[name]]


@pytest.mark.usefixtures("transactional_db")
def test_two_at_once_end_as_one(undisturbed: tuple[Path, dict[str, Any], dict[str, float]], tmp_path: Path) -> None:
    file, expected, _ = undisturbed
    place = Place.new(tmp_path / "home")
    both = [place.start(file, units=UNITS) for _ in range(2)]
    results = [finish(process) for process in both]
    after = place.contents()
    assert _differing(expected, after) == []
    rows = results[0]["read"]
    assert [rows, rows] == [result["imported"] + result["duplicate"] + result["rejected"] for result in results]
    assert rows == sum(result["imported"] for result in results) + results[0]["rejected"]
    assert [0, 0] == [result["changed"] for result in results]
